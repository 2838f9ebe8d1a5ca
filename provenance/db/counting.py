"""How many rows several lists have, asked at once, each as far as it is worth counting.

A page with many numbers on it would otherwise send a statement for each.
"""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Func, IntegerField, Subquery


def counted(lists, most, distinct="", again=1):
    """How many rows each of these querysets has, by its key; one more of more than so
    many. Or how many different values of one column, of which each comes at most so
    many times ``again``.
    """
    numbers, asked = dict.fromkeys(lists, 0), {}
    for key, rows in lists.items():
        rows = rows.order_by().values(of_each=F(distinct or "pk"))
        rows = rows[: (most + 1) * again]
        try:
            asked[key] = rows.query.sql_with_params()
        except EmptyResultSet:
            continue  # nothing can match
    if asked:
        each = "DISTINCT of_each" if distinct else "of_each"
        counts = [
            f"(SELECT COUNT(*) FROM (SELECT {each} FROM ({sql}) found "  # noqa: S608  Django compiled it
            f"LIMIT {most + 1}) counted)"
            for sql, _params in asked.values()
        ]
        params = [param for _sql, params in asked.values() for param in params]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(counts)}", params)
            numbers.update(zip(asked, cursor.fetchone(), strict=True))
    return numbers


class CountUpTo(Func):
    """How many rows other queries have together, or different values of one column.

    It looks no further once it has found more of them than are worth counting.
    """

    output_field = IntegerField()
    template = "(SELECT COUNT(*) FROM (%(expressions)s LIMIT %(most)d) counted)"
    arg_joiner = " UNION ALL "

    def __init__(self, *lists, most, distinct=""):
        rows = (each.order_by().values(of_each=F(distinct or "pk")) for each in lists)
        rows = (each.distinct() if distinct else each for each in rows)
        super().__init__(*map(_Part, rows), most=most + 1)


class _Part(Subquery):
    """The rows of one of several queries that are read one behind the other."""

    template = "SELECT of_each FROM (%(subquery)s) part"

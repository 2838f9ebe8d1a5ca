"""How many rows several lists have, asked at once, each as far as it is worth counting.

A page with many numbers on it would otherwise send a statement for each.
"""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, IntegerField, Subquery

AGAIN = 10  # times that one value may come among rows, for all to be counted


def counted(lists, most, distinct=""):
    """How many rows each of these querysets has, by its key; one more of more than so
    many. Or how many different values of one column: of many rows the first count.
    """
    numbers, asked = dict.fromkeys(lists, 0), {}
    for key, rows in lists.items():
        rows = rows.order_by().values(of_each=F(distinct or "pk"))
        rows = rows[: (most + 1) * (AGAIN if distinct else 1)]
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


class CountUpTo(Subquery):
    """How many rows another query has, or different values of one column of it.

    It looks no further once it has found more of them than are worth counting.
    """

    output_field = IntegerField()
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"

    def __init__(self, rows, most, distinct=""):
        rows = rows.order_by().values(of_each=F(distinct or "pk"))
        super().__init__((rows.distinct() if distinct else rows)[: most + 1])

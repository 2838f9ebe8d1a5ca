"""How many rows several lists have, asked at once, each as far as it is worth counting.

A page with many numbers on it would otherwise send a statement for each.
"""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, IntegerField, Subquery


def counted(lists, most):
    """How many rows each of these querysets has, by its key; one more of more than so
    many.
    """
    numbers, asked = dict.fromkeys(lists, 0), {}
    for key, rows in lists.items():
        try:
            asked[key] = (
                rows.order_by().values("pk")[: most + 1].query.sql_with_params()
            )
        except EmptyResultSet:
            continue  # nothing can match
    if asked:
        counts = [
            f"(SELECT COUNT(*) FROM ({sql}) counted)"  # noqa: S608  Django compiled it
            for sql, _params in asked.values()
        ]
        params = [param for _sql, params in asked.values() for param in params]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(counts)}", params)
            numbers.update(zip(asked, cursor.fetchone(), strict=True))
    return numbers


class CountUpTo(Subquery):
    """How many rows another query has, or different values of one column of it.

    Not more rows are looked at than are worth counting.
    """

    output_field = IntegerField()

    def __init__(self, rows, most, distinct=""):
        what = "DISTINCT counted.of_each" if distinct else "*"
        rows = rows.order_by().values(of_each=F(distinct or "pk"))
        super().__init__(rows[: most + 1])
        self.template = f"(SELECT COUNT({what}) FROM (%(subquery)s) counted)"  # noqa: S608  no data

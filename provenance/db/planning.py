"""What the planner of a database knows of how full tables are, and how varied.

It plans by the rows that it counted last. PostgreSQL counts by itself, but never those
that are not committed yet, and compares each of many of them with each
(https://www.postgresql.org/docs/15/planner-stats.html). SQLite counts only when told to
(https://www.sqlite.org/lang_analyze.html), and takes an index for a good one even where
all rows have the same value.
"""

from collections import Counter

from django.db import connection
from django.db.models import Field
from django.db.models.lookups import Exact

MANY = 1_000  # rows; fewer are soon read however they are read
NOW_AND_THEN = 100  # changes
LOOKED_AT = 1_000  # rows of each index, by SQLite
# Of an empty table ANALYZE says nothing, and SQLite takes it for one of a million rows.
OF_EMPTY_TABLES = """
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT of.tbl_name, of.name, '1' || (
    SELECT group_concat(' 1', '') FROM pragma_index_info(of.name)
)
FROM sqlite_schema AS of
WHERE of.type = 'index' AND of.tbl_name NOT IN (SELECT tbl FROM sqlite_stat1)
"""


@Field.register_lookup
class Beside(Exact):
    """Equality of a row that was found by another, as is nearly always the case.

    SQLite would begin with all rows of which it holds, and never does with a plus.
    """

    lookup_name = "beside"

    def get_rhs_op(self, connection, rhs):
        return connection.operators[Exact.lookup_name] % rhs

    def as_sqlite(self, compiler, connection):
        sql, params = self.as_sql(compiler, connection)
        return f"+{sql}", params


class Growth:
    """How many rows a transaction has put into which table; on SQLite, into all.

    There all are counted at once, and by far not as fast as rows are written.
    """

    def __init__(self):
        self._rows, self._counted_at = Counter(), {}

    def grew(self, table, number):
        """Takes down new rows, and has them counted whenever they are four times as
        many.
        """
        counted = "all" if connection.vendor == "sqlite" else table
        self._rows[counted] += number
        if self._rows[counted] < self._counted_at.get(counted, MANY):
            return
        self._counted_at[counted] = 4 * self._rows[counted]
        count(table)


def count(table):
    """Has the database count the rows of a table, and how they differ; SQLite, of all.

    PostgreSQL tells one who does not own the table so, and goes on without.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # All of them take it 50 ms, and what one is joined to matters as much.
            cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
            cursor.execute("ANALYZE")
            cursor.execute(OF_EMPTY_TABLES)
            cursor.execute("ANALYZE sqlite_schema")  # has that read
        else:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def count_now_and_then(change):
    """Has SQLite count all tables with every hundredth change, which takes it 50 ms."""
    if (
        connection.vendor == "sqlite"
        and change.touched
        and not change.is_rehearsal
        and change.row.number % NOW_AND_THEN == 0
    ):
        count(change.row._meta.db_table)

"""What the planner of PostgreSQL knows of tables that a transaction is filling.

It plans by the rows that it counted last. Those that are not committed yet it has not
counted, or where it counted meanwhile it saw none of them, and compares each of many
rows with each (https://www.postgresql.org/docs/15/planner-stats.html). SQLite plans by
the indexes that there are.
"""

from collections import Counter

from django.db import connection

MANY = 10_000  # rows; fewer are soon read however they are read


class Growth:
    """How many rows a transaction has put into which table."""

    def __init__(self):
        self._rows, self._counted_at = Counter(), {}

    def grew(self, table, number):
        """Takes down new rows, and has them counted whenever they are twice as many."""
        self._rows[table] += number
        if self._rows[table] < self._counted_at.get(table, MANY):
            return
        self._counted_at[table] = 2 * self._rows[table]
        self._count(table)

    def _count(self, table):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # One who does not own the table is told so, and goes on without.
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")

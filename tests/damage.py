"""What nothing in the project writes: rows as a slip in raw SQL would leave them."""

from contextlib import contextmanager

from django.db import connection


def damage(row, **columns):
    """Writes columns past the models: no bound, no history and no rule takes notice."""
    for name, value in columns.items():
        field = row._meta.get_field(name)
        table = field.model._meta
        with connection.cursor() as cursor, _unchecked(cursor, table):
            cursor.execute(
                f'UPDATE {table.db_table} SET "{field.column}" = %s '  # noqa: S608  ours
                f"WHERE {table.pk.column} = %s",
                [value, row.pk],
            )


def remove(row):
    """Deletes a row past its model; its history does not take notice."""
    table = type(row)._meta
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table.db_table} "  # noqa: S608  ours
            f"WHERE {table.pk.column} = %s",
            [row.pk],
        )


@contextmanager
def _unchecked(cursor, table):
    """Lets a table take what its checks refuse, until the test is rolled back."""
    if connection.vendor == "sqlite":
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        yield
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
        return
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may wait for a change
    cursor.execute(
        "SELECT conname FROM pg_constraint "
        "WHERE contype = 'c' AND conrelid = %s::regclass",
        [table.db_table],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table.db_table} DROP CONSTRAINT "{name}"')
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield

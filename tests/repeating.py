"""Very many rows for tests, made by the database alone out of one."""

from django.db import connection


def repeat(first, times, **columns):
    """Writes a row so many times more, each with a key and a slug of its own.

    The database does it alone: what is tried is how many rows are read.
    """
    own = {"id": f"{first.pk} + number", "slug": "slug || '-' || number", **columns}
    names = [field.column for field in first._meta.concrete_fields]
    written = ", ".join(map(connection.ops.quote_name, names))
    read = ", ".join(own.get(name, connection.ops.quote_name(name)) for name in names)
    table = first._meta.db_table
    statement = f"""
        INSERT INTO {table} ({written})
        WITH RECURSIVE numbers(number) AS (
            SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {times}
        )
        SELECT {read} FROM {table}, numbers WHERE id = {first.pk}
        """  # noqa: S608  our names and numbers
    with connection.cursor() as cursor:
        cursor.execute(statement)

"""Writes that are not worth waiting for."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def not_waiting():
    """While this lasts a write on SQLite fails at once where another one is going on.

    PostgreSQL lets them go on beside each other.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")

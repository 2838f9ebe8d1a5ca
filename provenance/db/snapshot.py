"""Reads everything as of one moment, while others go on writing."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment():
    """All that is read in here is what was on record at its first read.

    Within a transaction it is up to that one, and this does nothing.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with _deferred():
            yield
    else:
        with transaction.atomic():
            _execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


@contextmanager
def _deferred():
    """A transaction of SQLite that only reads: atomic() would take the write lock."""
    connection.ensure_connection()
    if connection.connection.in_transaction:
        yield
        return
    _execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        # Who reads no more may have closed the connection by now.
        if connection.connection is not None and connection.connection.in_transaction:
            _execute("COMMIT")


def _execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)

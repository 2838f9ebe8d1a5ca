"""Recognises from a database error whether the disk is full or the database busy."""

import sqlite3

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

FULL = _(
    "The disk of the database is full. Nothing was written; make room and repeat it."
)
BUSY = _("The database is busy. Nothing was written; try again in a moment.")

SQLITE_FULL = {sqlite3.SQLITE_FULL}
SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# The codes of PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL_FULL = {"53100"}
POSTGRESQL_BUSY = {"40001", "40P01", "53300", "55P03"}


class NoRoom(OperationalError):
    """The disk that the database lies on is full; nothing of a change was written."""

    def __init__(self):
        super().__init__(str(FULL))


def is_full(error):
    """Whether a database had no room for what it should write."""
    on_sqlite, on_postgresql = _codes(error)
    return on_sqlite in SQLITE_FULL or on_postgresql in POSTGRESQL_FULL


def why_refused(error):
    """The status of an answer and a sentence for it; None if it is neither of these."""
    if isinstance(error, NoRoom) or is_full(error):
        return 507, FULL
    on_sqlite, on_postgresql = _codes(error)
    if on_sqlite in SQLITE_BUSY or on_postgresql in POSTGRESQL_BUSY:
        return 503, BUSY
    return None


def _codes(error):
    """What the error is called by SQLite, and by PostgreSQL."""
    cause = error.__cause__
    # The low byte is the code; what stands above it says more exactly where.
    on_sqlite = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    return on_sqlite, getattr(cause, "sqlstate", None)

"""Why a database refuses to write, told from its error: it is full, or it is busy."""

import sqlite3

from django.utils.translation import gettext_lazy as _

FULL = _("The database is full. Nothing was written; make room for it and try again.")
BUSY = _("The database is busy. Nothing was written; try again in a moment.")

SQLITE_FULL = {sqlite3.SQLITE_FULL}
SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# The codes of PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL_FULL = {"53100"}
POSTGRESQL_BUSY = {"40001", "40P01", "53300", "55P03"}


def why_refused(error):
    """The status of an answer and a sentence for it; None if it is neither of these."""
    cause = error.__cause__
    # The low byte is the code; what stands above it says more exactly where.
    on_sqlite = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    on_postgresql = getattr(cause, "sqlstate", None)
    if on_sqlite in SQLITE_FULL or on_postgresql in POSTGRESQL_FULL:
        return 507, FULL
    if on_sqlite in SQLITE_BUSY or on_postgresql in POSTGRESQL_BUSY:
        return 503, BUSY
    return None

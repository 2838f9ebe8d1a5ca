"""Why a database refuses what is asked of it: the status of an answer, and a sentence.

Codes of SQLite: https://www.sqlite.org/rescode.html; of PostgreSQL:
https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

import sqlite3
from dataclasses import dataclass

from django.db import Error, InterfaceError, OperationalError, connection
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Refusal:
    """One reason to refuse, and by what codes each database gives it.

    A code of PostgreSQL may be the beginning of several.
    """

    status: int
    sentence: str
    on_sqlite: frozenset
    on_postgresql: tuple

    def explains(self, error):
        """Whether this is why a database raised an error."""
        cause = error.__cause__
        # The low byte is the code; what stands above it says more exactly where.
        on_sqlite = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        on_postgresql = getattr(cause, "sqlstate", None) or ""
        return on_sqlite in self.on_sqlite or on_postgresql.startswith(
            self.on_postgresql
        )


FULL = Refusal(
    507,
    _(
        "The disk of the database is full. Nothing was written; make room and repeat "
        "it."
    ),
    frozenset({sqlite3.SQLITE_FULL}),
    ("53100",),
)
BUSY = Refusal(
    503,
    _("The database is busy. Nothing was written; try again in a moment."),
    frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}),
    ("40001", "40P01", "53300", "55P03"),
)
READ_ONLY = Refusal(
    503,
    _(
        "The database can only be read at the moment. Nothing was written; try again "
        "later."
    ),
    frozenset({sqlite3.SQLITE_READONLY}),
    ("25006",),
)
GONE = Refusal(
    503,
    _(
        "The database does not answer; try again in a moment. If something was to be "
        "written, look first whether it was."
    ),
    frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}),
    ("08", "57P0"),
)
REFUSALS = (FULL, BUSY, READ_ONLY, GONE)


class NoRoom(OperationalError):
    """The disk that the database lies on is full; nothing of a change was written."""

    def __init__(self):
        super().__init__(str(FULL.sentence))


class NoAnswer(OperationalError):
    """The database was lost while something was looked at; nothing was written."""


class OnlyWhatIsAnswered:
    """Within this the reasons to refuse something are those of a database at hand.

    Django takes one that is gone for one that says no where it checks constraints, so
    that a record would be refused for what is not so. Raises NoAnswer instead.
    """

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is not None and getattr(connection.connection, "closed", False):
            raise NoAnswer from error


def is_full(error):
    """Whether a database had no room for what it should write."""
    return isinstance(error, NoRoom) or FULL.explains(error)


def why_refused(error):
    """The Refusal that explains an error; None if none does."""
    if not isinstance(error, Error):
        return None
    if is_full(error):
        return FULL
    if isinstance(error, NoAnswer):
        return GONE
    if known := next((each for each in REFUSALS if each.explains(error)), None):
        return known
    return GONE if _says_no_code(error) else None


def _says_no_code(error):
    """Whether it is the driver of PostgreSQL that raised it, and no server.

    That is so where it reaches none, or has lost the one that it had.
    """
    lost = isinstance(error, OperationalError | InterfaceError)
    return lost and getattr(error.__cause__, "sqlstate", "") is None

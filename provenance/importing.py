"""Tables into the record: the one way in, for the admin, the API, folders and commands.

All tables of an import are one change: all of it is written, or none. Without an
attribution it is an edit. With one it is a reading of that source: it overwrites
nothing.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from .changes import ChangeSet, changing
from .models import Source
from .tables import Fault


@dataclass(frozen=True)
class Attribution:
    """Whose reading an import is: the source, where in it, and as of when."""

    source: Source
    locator: str = ""
    as_of: str = ""


@dataclass
class Imported:
    """What became of an import: its tables, what is wrong, and the change it made."""

    outcomes: list = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)  # of the import as a whole
    change: ChangeSet | None = None  # None if nothing was written

    @property
    def is_wrong(self):
        return bool(self.faults) or any(one.faults for one in self.outcomes)

    @property
    def digest(self):
        """Two imports with one digest do the same."""
        return "-".join(outcome.digest for outcome in self.outcomes)


def tables():
    """The resource of every table, by the name of its file, in order of loading."""
    return import_string(settings.TABLES)


def import_tables(
    sheets,
    *,
    path=ChangeSet.Path.IMPORT,
    user=None,
    reason="",
    attribution=None,
    dry_run=False,
    progress=None,
    report=None,
):
    """Reads sheets into their tables: ``(name of the table, sheet)`` in any order.

    A sheet has ``headers``, ``rows`` (how many) and ``chunks()`` of lines and rows.
    ``user`` has to be allowed each write; None is whoever runs a command. ``progress``
    is called with the number of rows read so far and of all, ``report`` with the name
    of the table and each row that is not the same.
    """
    raise NotImplementedError

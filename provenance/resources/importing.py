"""Imports tables: the one way in, for the admin, the API, folders and commands.

All tables of an import are one change: all of it is written, or none. Without an
attribution it is an edit. With one it is the reading of a source, and overwrites
nothing.
"""

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..review.permissions import may
from ..tables import Fault
from ..tracking.changes import ChangeSet, NoRoom, changing, check, close
from .attribution import Attribution, takes_attribution
from .derived import WithoutDerived
from .job import Job
from .kinds import tables
from .outcome import Outcome

__all__ = [
    "Attribution",
    "Imported",
    "NoRoom",
    "Progress",
    "Unreadable",
    "finish",
    "import_tables",
    "steps",
    "tables",
]

CHECKING, WRITING = gettext_lazy("Rows checked"), gettext_lazy("Rows done")


class Progress(NamedTuple):
    """How far some work with the rows of a file is, and which work it is."""

    done: int
    rows: int
    work: str


@dataclass(frozen=True)
class Unreadable:
    """A file that is no sheet, among others that are."""

    faults: tuple[Fault, ...]
    headers: tuple[str, ...] = ()
    rows: int = 0


@dataclass
class Imported:
    """What became of an import: its tables, what is wrong, and the change it made."""

    # What of a file is in no table, or was read though it is not as we write it.
    told: list[str] = field(default_factory=list)
    sets_aside: bool = False  # whether what is right is written without what is wrong
    outcomes: list[Outcome] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)  # of the import as a whole
    # By line what is wrong with rows that a mapping would read into tables.
    of_rows: dict[int, list[Fault]] = field(default_factory=dict)
    change: ChangeSet | None = None  # None if nothing was written

    @property
    def is_wrong(self):
        """Whether nothing of it can be written."""
        if self.faults or any(outcome.is_unread for outcome in self.outcomes):
            return True
        if self.sets_aside and any(outcome.right for outcome in self.outcomes):
            return False
        return bool(self.of_rows) or any(outcome.faults for outcome in self.outcomes)

    @property
    def of_no_table(self):
        """What is wrong with the import as a whole, or with rows as a file has them."""
        found = [*self.faults, *chain.from_iterable(self.of_rows.values())]
        return sorted(found, key=lambda fault: fault.line)

    @property
    def wrong(self):
        """The rows that are wrong: by table and line, what is wrong with them."""
        return {one.table: one.wrong for one in self.outcomes if one.wrong}

    @property
    def why(self):
        """What is wrong in each line, one for each table: as the file names it."""
        found = (self.of_rows, *(one.why for one in self.outcomes))
        return [why for why in found if why]

    @property
    def digest(self):
        """Two imports with one digest do the same."""
        return "-".join(outcome.digest for outcome in self.outcomes)

    @property
    def writes(self):
        """How many rows write something."""
        return sum(outcome.writes for outcome in self.outcomes)


def import_tables(sheets, **options):
    """Reads sheets into their tables, as ``steps`` does, and says what became of it."""
    return finish(steps(sheets, **options))


def finish(work):
    """Does all of some work that goes step by step, and returns what came of it."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def steps(
    sheets,
    *,
    path=ChangeSet.Path.IMPORT,
    user=None,
    reason="",
    attribution=None,
    dry_run=False,
    report=None,
    accept=None,
    set_aside=False,
):
    """Reads sheets into their tables; yields the Progress of that.

    ``sheets`` are pairs of the name of a table, or of its resource, and a sheet: it has
    ``headers``, ``rows`` (how many) and ``chunks()`` of lines and rows; one made of a
    foreign file also has the names of the columns there. What is ``told()`` of a sheet
    or of all of them goes into the report, and so do ``faults`` of all of them, with
    which nothing is written. ``user`` has to be allowed each write; None is whoever
    runs a command. ``report`` is called with the name of the table and each row.
    ``accept`` looks at what would become of it and says whether it is done; without it
    everything right is. With ``set_aside`` rows that are wrong, and those that need
    them, keep no other from being written. Returns Imported. Raises NoRoom if the disk
    is full; then nothing is written either.
    """
    with changing(path, user, reason) as change:
        job = Job(change, user, attribution, sets_aside=set_aside)
        look_at = check if dry_run else close
        told = None if set_aside else report
        while True:
            before, savepoint = change.noted(), transaction.savepoint()
            change.is_rehearsal = dry_run
            imported = yield from _attempt(sheets, job, told, look_at)
            change.is_rehearsal = False
            is_settled = job.settles(imported)
            is_last = is_settled and told is report
            stays = is_last and not (imported.is_wrong or dry_run)
            if stays and imported.writes and (accept is None or accept(imported)):
                transaction.savepoint_commit(savepoint)
                imported.change = change.row
                return imported
            transaction.savepoint_rollback(savepoint)
            change.forget_since(before)
            if is_last:
                return imported
            told = report if is_settled else None  # each row is told once


def _attempt(sheets, job, report, look_at):
    """Reads the sheets, and holds the change that they make against its rules.

    Yields the Progress. Returns what became of it, all of which is written still.
    """
    files = [sheets, *(sheet for _name, sheet in sheets)]
    told = chain.from_iterable(getattr(file, "told", tuple)() for file in files)
    imported = Imported(list(told), job.sets_aside)
    imported.faults += getattr(sheets, "faults", ())
    imported.of_rows = getattr(sheets, "wrong", {})
    readings = yield from _read(sheets, job, imported, report)
    if not _is_torn(imported, readings):
        # What is undone again needs nothing but the rules that could refuse it.
        imported.faults += _faults_of_change(look_at, job.change, readings)
    for reading in readings:
        reading.outcome.name_as(reading.sheet)
        title = f"{reading.outcome.title}: " if len(readings) > 1 else ""
        imported.told += [f"{title}{said}" for said in reading.outcome.told]
    return imported


def _is_torn(imported, readings):
    """Whether the rules of the change would name what only invalid rows kept out."""
    if imported.sets_aside or not imported.is_wrong:
        return imported.is_wrong
    return any(
        reading.outcome.is_unread or (reading.outcome.wrong and reading.has_parts)
        for reading in readings
    )


def _read(sheets, job, imported, report):
    """Reads each sheet into its table; yields the Progress, returns the readings."""
    done, rows = 0, sum(sheet.rows for _name, sheet in sheets)
    work = CHECKING if job.change.is_rehearsal else WRITING
    in_order = _in_order_of_loading(sheets)
    models = [resource._meta.model for _name, resource, _sheet in in_order]
    is_cited = any(map(takes_attribution, models))
    readings = []
    for name, resource, sheet in in_order:
        one = job
        if job.attribution and is_cited and _is_read_along(resource, sheet):
            one = replace(job, attribution=None, only_adds=True)
        outcome = Outcome(name, sheet.headers, report)
        if isinstance(sheet, WithoutDerived):
            outcome.told.append(sheet.passed_over)
        imported.outcomes.append(outcome)
        reading = resource.reading(sheet, one, outcome)
        readings.append(reading)
        if isinstance(sheet, Unreadable):
            reading.give_up(sheet.faults)
        elif one.attribution and (said := _refusal(resource, job.user)):
            outcome.faults.append(said)
        else:
            for count in reading.chunks():
                done += count
                yield Progress(done, rows, work)
    return readings


def _in_order_of_loading(sheets):
    """The name, a fresh resource and the sheet of each table, as they are loaded."""
    known = tables()
    order = {name: place for place, name in enumerate(known)}
    named = [
        (known.get(table, table), sheet, table if table in known else _name_of(table))
        for table, sheet in sheets
    ]
    named.sort(key=lambda found: order.get(found[2], len(order)))
    return [
        (name, resource(), _read_of(sheet, resource)) for resource, sheet, name in named
    ]


def _read_of(sheet, resource):
    """What of a sheet is read into a table."""
    if isinstance(sheet, Unreadable):
        return sheet
    return WithoutDerived.of(sheet, resource._meta.model)


def _name_of(resource_class):
    """The name of the table that a resource is, or is a part of."""
    return next(
        (name for name, known in tables().items() if issubclass(resource_class, known)),
        resource_class.__name__,
    )


def _is_read_along(resource, sheet):
    """Whether no source is cited for rows of a table, which belong to records or have
    nothing that could be overwritten.

    Such rows, as the names of people, are read along with the records: new ones are
    added, and those on record stay.
    """
    model = resource._meta.model
    belongs = getattr(model, "owner", None)
    all_key = set(sheet.headers) <= set(resource.key_columns())
    return (belongs or all_key) and not takes_attribution(model)


def _refusal(resource, user):
    """Why a table cannot be read as what a source says; None if it can."""
    model = resource._meta.model
    if not takes_attribution(model):
        message = _(
            "no source is cited for rows of this table; import it without a source."
        )
        return Fault(0, message, code="not_cited")
    if user is not None and not may(user, "add", model.citation_model()):
        return Fault(0, _("you may not add citations."), code="permission")
    return None


def _faults_of_change(look_at, change, readings):
    """What is wrong with the change as a whole, told of the row that it is of."""
    faults = []
    try:
        look_at(change)
    except ValidationError as error:
        for reason in error.error_list:
            record = getattr(reason, "record", None)
            lines = [(reading, reading.line_that_wrote(record)) for reading in readings]
            reading, line = next((found for found in lines if found[1]), (None, 0))
            code = reason.code or ""
            found = [Fault(line, said, code=code) for said in reason.messages]
            (faults if reading is None else reading.outcome.faults).extend(found)
            if reading is not None:
                reading.outcome.wrong.setdefault(line, []).extend(found)
        for reading in readings:
            reading.outcome.arrange()
    return faults

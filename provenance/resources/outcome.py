"""The result of an import or its preview: row by row, cell by cell, with all errors."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from itertools import chain

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..tables import Fault

SHOWN = 100  # rows of each kind that are kept: nobody reads more on a page


class Kind(models.TextChoices):
    """What becomes of a row."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    CLAIM = "claim", _("claim")  # a source supports what is recorded, or says otherwise
    SAME = "same", _("unchanged")
    WRONG = "wrong", _("invalid")

    def counted(self, number):
        """So many rows of the kind, in words; only what a source says is a noun."""
        if self == Kind.CLAIM:
            said = ngettext("%(number)d claim", "%(number)d claims", number)
            return said % {"number": number}
        return f"{number} {self.label}"


WRITING = (Kind.NEW, Kind.CHANGED, Kind.CLAIM)  # what becomes of rows that do anything


class How(models.TextChoices):
    """What becomes of a cell."""

    WRITTEN = "written", _("written")
    SUPPORTS = "supports", _("supports what is recorded")
    STATES = "states", _("states something else")


@dataclass(frozen=True)
class CellOutcome:
    """One cell that does something: what is recorded, and what the file says."""

    column: str
    before: str
    after: str
    how: How = How.WRITTEN


@dataclass(frozen=True)
class RowOutcome:
    """One row of a file: its line, its key, what becomes of it, and of which cells."""

    kind: Kind
    line: int
    key: str
    cells: tuple[CellOutcome, ...] = ()
    faults: tuple[Fault, ...] = ()


class Outcome:
    """What became of one table: each row is counted as one kind, and none is lost.

    ``shown`` keeps the first hundred rows of each kind. ``digest`` is of all of them:
    two outcomes with one digest do the same.
    """

    def __init__(self, table, columns=(), report=None):
        self.table, self.columns = table, tuple(columns)
        self.title = table  # with what feeds it, if a file feeds it in several ways
        self.counts = Counter(dict.fromkeys(Kind, 0))
        self.shown = {kind: [] for kind in Kind}
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self.told: list[str] = []  # what was read though it is not as we write it
        self.report = report  # called with every row
        self.wrong = {}  # by line: the faults of each invalid row
        self.why = {}  # the same, as whoever has the file reads it
        self.is_unread = False  # whether the file is no table of this kind at all
        self._hash = hashlib.sha256(table.encode())

    @property
    def digest(self):
        """A hash of what becomes of every row."""
        return self._hash.hexdigest()

    @property
    def writes(self):
        """How many rows write something."""
        return sum(self.counts[kind] for kind in WRITING)

    @property
    def right(self):
        """How many rows are as they should be, whether or not they write something."""
        return self.counts.total() - self.counts[Kind.WRONG]

    def count(self, kind, number, *said):
        """Takes down what becomes of so many rows: their lines, and what they say."""
        self.counts[kind] += number
        self._hash.update(repr((kind, said)).encode("utf-8", "surrogatepass"))

    def refuse(self, line, faults, key="", *said):
        """Takes down a row that is wrong, which is known by its key if it has one.

        Several rows that are made of one line are wrong together.
        """
        told = self.wrong.setdefault(line, [])
        new = [fault for fault in faults if fault not in told]
        told += new
        self.faults += new
        self.count(Kind.WRONG, 1, line, *said)
        if self.wants(Kind.WRONG):
            self.show(RowOutcome(Kind.WRONG, line, key, faults=tuple(new)))

    def wants(self, kind):
        """Whether a row of this kind is still shown, or told to somebody."""
        return self.report is not None or len(self.shown[kind]) < SHOWN

    def show(self, row):
        """Keeps one row, and tells it."""
        if len(self.shown[row.kind]) < SHOWN:
            self.shown[row.kind].append(row)
        if self.report:
            self.report(self.table, row)

    def tell_of_point_zeros(self, column, count):
        """Takes down how many whole numbers of a column ended in “.0”."""
        if count:
            said = ngettext(
                "“%(column)s”: “.0” was left out behind %(count)d whole number.",
                "“%(column)s”: “.0” was left out behind %(count)d whole numbers.",
                count,
            )
            self.told.append(said % {"column": column, "count": count})

    def arrange(self):
        """Puts what is told in the order of the lines, and of the columns."""
        places = {name: place for place, name in enumerate(self.columns)}
        last = len(places)
        for told in (self.faults, self.warnings):
            told.sort(key=lambda said: (said.line, places.get(said.column, last)))
        for rows in self.shown.values():
            rows.sort(key=lambda row: row.line)

    def name_as(self, sheet):
        """Names what is told as a sheet does that is made of another file.

        Who reads of a fault looks for it in the file that is at hand.
        """
        self.title, self.why = getattr(sheet, "title", self.table), self.wrong
        if foreign := getattr(sheet, "foreign_column", None):
            theirs = set(chain.from_iterable(sheet.wrong.values()))

            def named(told):
                """Each once: one cell of theirs may feed several columns of ours."""
                columns = (
                    "" if one in theirs else foreign(one.column, one.made_of)
                    for one in told
                )
                pairs = zip(told, columns, strict=True)
                return list(
                    dict.fromkeys(one.named(to or one.column) for one, to in pairs)
                )

            self.faults, self.warnings = named(self.faults), named(self.warnings)
            self.why = {line: named(told) for line, told in self.wrong.items()}

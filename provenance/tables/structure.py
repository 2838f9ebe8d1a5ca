"""The form of a table, read once to its end: every row has its place and its cells.

Rows and columns with nothing in them, and separators behind the last cell, say nothing:
they are passed over, and counted.
"""

from dataclasses import dataclass, replace
from itertools import zip_longest

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .faults import WHY, Fault, TableError, shown

MOST_CELLS = 16_384  # of one row, with all that are empty: a spreadsheet has no more


@dataclass
class Passed:
    """How much of a table was passed over, since it says nothing."""

    rows: int = 0
    columns: int = 0
    trailing: int = 0  # rows with separators behind their last cell
    above: int = 0  # rows above those that name the columns

    def told(self):
        """The same, a sentence each."""
        if self.above:
            yield (
                ngettext(
                    "%d row above the header was skipped.",
                    "%d rows above the header were skipped.",
                    self.above,
                )
                % self.above
            )
        if self.rows:
            yield (
                ngettext(
                    "%d empty row was skipped.",
                    "%d empty rows were skipped.",
                    self.rows,
                )
                % self.rows
            )
        if self.columns:
            yield (
                ngettext(
                    "%d empty column was skipped.",
                    "%d empty columns were skipped.",
                    self.columns,
                )
                % self.columns
            )
        if self.trailing:
            yield (
                ngettext(
                    "Separators behind the last cell were skipped in %d row.",
                    "Separators behind the last cell were skipped in %d rows.",
                    self.trailing,
                )
                % self.trailing
            )


class Structure:
    """What a reading of a whole file finds: its columns, how many rows, its faults."""

    def __init__(self, text, limits, header_rows=()):
        self.text, self.limits, self.header_rows = text, limits, header_rows
        self.headers, self.rows = [], 0
        self.parts = {}  # of the names of columns, a part for each header row
        self.header_line = 0  # the line of the last row that names columns
        self.passed = Passed()
        self.faults = []  # with which it is no table at all, whatever its rows are like
        self.wrong = {}  # by line: what is wrong with the form of a row
        self.torn = set()  # lines of rows that could not be parted into cells
        self.unread = set()  # those, and rows whose cells are in no columns
        self._named, self._width, self._full = [], 0, 0
        try:
            self._read(text.checked(limits))
        except TableError as error:
            self.faults += error.faults

    def row(self, cells):
        """The cells of a row that stand in columns; None if there is nothing in it."""
        if not any(map(str.strip, cells)):
            return None
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        if self._is_whole and len(cells) == self._width:
            return cells
        return [cells[place] for place in self._named]

    def beside(self, cells):
        """What of a row stands in no column."""
        blanks = (cells[place] for place in self._blanks if place < len(cells))
        return [*filter(str.strip, blanks), *cells[self._width :]]

    def readable(self, row):
        """A row with None for what is too long to be looked at, or cannot be read."""
        limit, is_read = self.limits.cell, self.text.is_read
        return [
            cell if is_read(cell) and not (limit and len(cell) > limit) else None
            for cell in row
        ]

    def _read(self, records):
        self._read_header(records)
        width, longest, most = self._width, self.limits.cell, self.limits.rows
        passed, blanks = self.passed, self._blanks
        for line, cells, length, faults in records:
            if cells is not None and not any(map(str.strip, cells)):
                passed.rows += 1
                if len(cells) > MOST_CELLS:
                    self._no_table(line, _("more than %d cells.") % MOST_CELLS)
                continue
            if self.rows == most:
                self._no_table(0, _("it has more than %d rows; split it.") % most)
            self.rows += 1
            if faults:
                self.wrong[line] = self._in_columns(faults, cells)
            if cells is None:
                self.torn.add(line)
                self.unread.add(line)
                continue
            if len(cells) != width:
                self._look_behind(line, cells)
            if blanks:
                self._look_into_blanks(line, cells)
            if longest and length > longest:
                named = [place for place in self._named if place < len(cells)]
                self._measure(line, [cells[place] for place in named])

    # the header

    def _read_header(self, records):
        line, rows = self._header(records)
        parts = list(zip(*_spread(map(self.text.restored, rows)), strict=True))
        cells = [" ".join(filter(None, names)) for names in parts]
        named = [place for place, name in enumerate(cells) if name.strip()]
        if not named:
            self._no_table(line, _("no column has a name."))
        self.header_line, self._full = line, len(cells)
        self._width = named[-1] + 1
        self._blanks = sorted({*range(self._width)} - {*named})
        # Rows that were set aside came back with what was wrong with them.
        self._named = [place for place in named if cells[place].strip() != WHY]
        self._is_whole = len(self._named) == self._width
        self.passed.columns = len(cells) - len(named)
        if self.limits.columns and len(self._named) > self.limits.columns:
            self._no_table(line, _("more than %d columns.") % self.limits.columns)
        self._take_headers(line, [cells[place] for place in self._named])
        self.faults += self.wrong.pop(line, ())
        self.parts = {cells[place]: parts[place] for place in self._named}

    def _header(self, records):
        """The rows that name the columns, and the line of the last one."""
        found = []
        for line, cells, _length, faults in records:
            if self.header_rows and line < self.header_rows[0]:
                self.passed.above += 1
                continue
            if cells is None:
                raise TableError(*faults)
            if faults:
                why = _("Without the names of the columns no row can be read.")
                raise TableError(
                    *(replace(one, message=f"{one.message} {why}") for one in faults)
                )
            if self.header_rows:
                if line != self.header_rows[len(found)]:
                    break
                found.append(cells)
                if len(found) < len(self.header_rows):
                    continue
                return line, found
            if any(map(str.strip, cells)):
                return line, [cells]
            self.passed.rows += 1
        if self.header_rows:
            wanted = self.header_rows[len(found)]
            message = _("there is no header row in line %d, where the mapping has it.")
            self._no_table(0, message % wanted)
        self._no_table(0, _("it is empty."))

    def _take_headers(self, line, names):
        self.headers = names
        self._measure(line, names)
        places = {}
        for place, name in zip(self._named, self.headers, strict=True):
            places.setdefault(name, []).append(str(place + 1))
        for name, found in places.items():
            if len(found) > 1:
                message = _(
                    "the column “%(name)s” stands there %(times)d times, in places "
                    "%(places)s."
                )
                values = {
                    "name": shown(name),
                    "times": len(found),
                    "places": ", ".join(found),
                }
                self.faults.append(Fault(line, message % values))

    # rows

    def _look_behind(self, line, cells):
        """Whether what stands behind the last column, if anything, is nothing."""
        is_short = len(cells) < self._width and not self.text.is_ragged
        if is_short or any(map(str.strip, cells[self._width :])):
            message = ngettext(
                "it has %(cells)d cell, the header has %(headers)d.",
                "it has %(cells)d cells, the header has %(headers)d.",
                len(cells),
            )
            values = {"cells": len(cells), "headers": self._width}
            self._refuse(line, message % values)
            self.unread.add(line)
        elif len(cells) > self._full:
            self.passed.trailing += 1
            if len(cells) > MOST_CELLS:
                self._refuse(line, _("more than %d cells.") % MOST_CELLS)

    def _look_into_blanks(self, line, cells):
        """Whether columns without a name are empty."""
        for place in self._blanks:
            if place < len(cells) and cells[place].strip():
                message = _(
                    "column %(place)d has a value and no name; name the column in the "
                    "header, or leave it out."
                )
                self._refuse(line, message % {"place": place + 1}, "", cells[place])
                return

    def _in_columns(self, faults, cells):
        """The faults of cells that cannot be read, with the names of their columns."""
        is_read = self.text.is_read
        unread = [place for place, cell in enumerate(cells or ()) if not is_read(cell)]
        names = dict(zip(self._named, self.headers, strict=True))
        columns = [names.get(place, "") for place in unread[: len(faults)]]
        return [
            replace(fault, column=name)
            for fault, name in zip_longest(faults, columns, fillvalue="")
        ]

    def _measure(self, line, cells):
        limit = self.limits.cell
        for name, cell in zip(self.headers, cells, strict=False):
            if limit and len(cell) > limit:
                message = _("the cell is longer than %d KiB.")
                self._refuse(line, message % (limit >> 10), name)

    def _refuse(self, line, *fault):
        self.wrong.setdefault(line, []).append(Fault(line, *fault))

    def _no_table(self, line, message):
        raise TableError(Fault(line, message))


def _spread(rows):
    """Header rows, each cell of an upper one over the columns that it spans.

    It spans all columns to its right until another begins, as spreadsheets show it.
    """
    rows = list(rows)
    if len(rows) == 1:
        return rows
    width = max(map(len, rows))
    rows = [[*map(str.strip, row), *[""] * (width - len(row))] for row in rows]
    for row in rows[:-1]:
        spanning = ""
        for place, name in enumerate(row):
            spanning = row[place] = name or spanning
    return rows

"""The form of a CSV file, read once to its end: every row has its place and its cells.

What Python's parser would forgive is a fault here: a quote in the middle of a cell, a
row that is too short, a line end that is none. After a fault reading goes on with the
next line, so that all of them are named; neither the text nor its rows are kept.
"""

import csv
import math
import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .faults import Faults, shown
from .formulas import restored

MAX_LINE = 2 << 20  # characters: a line is held whole, and no row needs as many
BARE_RETURN = re.compile(r"\r(?!\n)")

# The parser's own limit would stop it within a cell; here cells are measured.
csv.field_size_limit(2**31 - 1)


class Lines:
    """The lines of a file as the parser takes them, one fault of theirs after another.

    A line with a fault is left out in such a way that the parser begins a new row
    behind it; ``spoilt`` says that the row that it gives next is none.
    """

    def __init__(self, text, delimiter, cell_limit, faults):
        self.text, self.delimiter, self.faults = text, delimiter, faults
        self.cell_limit = cell_limit
        # Too long even if it is all quotes, each of which stands there twice.
        self.most_within = 2 * cell_limit if cell_limit else math.inf
        self.number = 0  # of the line that was given last
        self.length = 0  # of the lines that were given since a row was done
        self.opened = 0  # the line in which a quote was opened that is open still
        self.within = 0  # the length of the lines since, all of them in one cell
        self.spoilt = False
        self.apostrophe = False  # whether one stands anywhere

    def __iter__(self):
        while line := self.text.readline(MAX_LINE):
            self.number += 1
            self.length += len(line)
            self.apostrophe = self.apostrophe or "'" in line
            if "\0" in line:
                self.spoil(
                    self.number,
                    _("control character U+0000; is this CSV, saved as UTF-8?"),
                )
            if "\r" in line and BARE_RETURN.search(line):
                self.spoil(
                    self.number,
                    _(
                        "a carriage return without a line feed; save with CRLF or LF "
                        "line ends."
                    ),
                )
                line = BARE_RETURN.sub(" ", line)
            if len(line) == MAX_LINE and line[-1] != "\n":
                self.spoil(
                    self.number, _("it is longer than %d MiB.") % (MAX_LINE >> 20)
                )
                break
            if self.opened or '"' in line:
                line = self.follow_quotes(line)
            if self.within > self.most_within:
                self.spoil(
                    self.opened,
                    _(
                        "the cell that a quote opens here is longer than %d KiB; the "
                        "quote may never be closed."
                    )
                    % (self.cell_limit >> 10),
                )
                break
            yield line
        else:
            if self.opened:
                self.spoil(
                    self.opened, _("a quote that is opened here is never closed.")
                )
        if self.opened:
            yield '"'  # or the parser would stop with an error of its own

    def spoil(self, line, message):
        self.faults.add(line, message)
        self.spoilt = True

    def follow_quotes(self, line):
        """The line, or what ends its row if a quote in it is out of place.

        Between quotes, text is by turns outside and inside of quoted cells. Outside it
        is nothing, where two quotes stand for one, or goes from one delimiter to the
        next, as which the ends of a line count too.
        """
        mark, before = self.delimiter, self.opened
        body = line.removesuffix("\n").removesuffix("\r")
        parts = f"{'' if before else mark}{body}{mark}".split('"')
        outside = parts[1::2] if before else parts[::2]
        if any(part and not part[0] == mark == part[-1] for part in outside):
            self._misplaced()
            self.opened = 0
            return '"\n' if before else "\n"
        if (len(parts) % 2 == 0) == bool(before):
            self.opened = 0
        elif not before or any(outside):
            self.opened, self.within = self.number, 0
        else:
            self.within += len(line)
        return line

    def _misplaced(self):
        if self.opened:
            message = _(
                "the quote that is opened here is closed within a cell, in line %d; "
                "double a quote that stands inside a cell."
            )
            self.spoil(self.opened, message % self.number)
        else:
            self.spoil(
                self.number,
                _(
                    "a quote stands in the middle of a cell; put the cell into quotes "
                    "and double those inside it."
                ),
            )


class Structure:
    """What a reading of a whole file finds: its columns, how many rows, its faults."""

    def __init__(self, text, delimiter, limits):
        self.headers, self.rows, self.limits = [], 0, limits
        self.refused = False  # no table at all, whatever its rows are like
        self._faults = Faults()
        self._lines = Lines(text, delimiter, limits.cell, self._faults)
        self._read(self._records(delimiter))
        self.escapes = self._lines.apostrophe
        self.faults = self._faults.in_order()

    def _records(self, delimiter):
        """The line and the cells of each record, but for lines with nothing on them."""
        lines, line = self._lines, 1
        for cells in csv.reader(lines, delimiter=delimiter, strict=True):
            if cells or lines.spoilt:
                yield line, cells
            line, lines.length, lines.spoilt = lines.number + 1, 0, False

    def _read(self, records):
        lines, limits = self._lines, self.limits
        first = next(records, None)
        if lines.spoilt:
            self.refused = True  # there is nothing to read rows by
            return
        if first is None:
            self._refuse(0, _("it is empty."))
            return
        line, cells = first
        if limits.columns and len(cells) > limits.columns:
            self._refuse(line, _("more than %d columns.") % limits.columns)
            return
        self._take_headers(line, cells)
        width, longest, most = len(self.headers), limits.cell, limits.rows
        for line, cells in records:
            if self.rows == most:
                self._refuse(0, _("it has more than %d rows; split it.") % most)
                return
            self.rows += 1
            if lines.spoilt:
                continue
            if len(cells) != width:
                self._faults.add(
                    line,
                    ngettext(
                        "it has %(cells)d cell, the header has %(headers)d.",
                        "it has %(cells)d cells, the header has %(headers)d.",
                        len(cells),
                    )
                    % {"cells": len(cells), "headers": width},
                )
            if longest and lines.length > longest:
                self._measure(line, cells)

    def _take_headers(self, line, cells):
        self.headers = [restored(cell) for cell in cells]
        self._measure(line, cells)
        places = {}
        for place, name in enumerate(self.headers, 1):
            places.setdefault(name, []).append(str(place))
        for name, found in places.items():
            if len(found) > 1:
                self._refuse(
                    line,
                    _(
                        "the column “%(name)s” stands there %(times)d times, in places "
                        "%(places)s."
                    )
                    % {
                        "name": shown(name),
                        "times": len(found),
                        "places": ", ".join(found),
                    },
                )

    def _measure(self, line, cells):
        limit = self.limits.cell
        for name, cell in zip(self.headers, cells, strict=False):
            if limit and len(cell) > limit:
                self._faults.add(
                    line, _("the cell is longer than %d KiB.") % (limit >> 10), name
                )

    def _refuse(self, line, message):
        self._faults.add(line, message)
        self.refused = True

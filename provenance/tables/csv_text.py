"""CSV as it is parsed: RFC 4180, with one of three delimiters.

What Python's parser would forgive is a fault here: a quote in the middle of a cell, a
line end that is none. After a fault reading goes on with the next line, so that all of
them are named; neither the text nor its rows are kept.
"""

import csv
import math
import re

from django.utils.translation import gettext as _

from .contents import encoding_of
from .faults import Fault, TableError
from .formulas import restored

DELIMITERS = (",", ";", "\t")
MAX_LINE = 2 << 20  # characters: a line is held whole, and no row needs as many
BARE_RETURN = re.compile(r"\r(?!\n)")
# What Excel writes before the header, and takes for no row, to say the delimiter.
SEPARATOR_LINE = re.compile(r"\s*(\"?)sep=(.)\1[\r\n]*", re.IGNORECASE)
NO_NAMES = "".join((*DELIMITERS, '" \r\n'))  # what a line without any name is made of

# The parser's own limit would stop it within a cell; here cells are measured.
csv.field_size_limit(2**31 - 1)


class Lines:
    """The lines of a file as the parser takes them, one fault of theirs after another.

    A line with a fault is left out in such a way that the parser begins a new row
    behind it; ``spoilt`` says that the row that it gives next is none.
    """

    def __init__(self, text, delimiter, cell_limit, faults, number=0):
        self.text, self.delimiter, self.faults = text, delimiter, faults
        self.cell_limit = cell_limit
        # Too long even if it is all quotes, each of which stands there twice.
        self.most_within = 2 * cell_limit if cell_limit else math.inf
        self.number = number  # of the line that was given last
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


class CsvText:
    """The records of a CSV file; each reading of them begins anew.

    Between two lines that it reads, the file is the same; TableError if it is none.
    """

    is_ragged = False  # whether a row may end before the last column

    def __init__(self, origin, dialect, known=()):
        self.origin = origin
        self.encoding = encoding_of(origin, dialect.encoding)
        self.escapes = True  # whether a cell may have an apostrophe in front
        if len(dialect.header_rows) > 1:
            known = ()  # no line has the names as they are put together
        self.delimiter, self.above = self._delimiter(dialect, frozenset(known))
        self.has_separator_line = bool(self.above)

    @property
    def name(self):
        return self.encoding.name

    def told(self):
        """What was taken that is no CSV by the letter, a sentence each."""
        if self.has_separator_line:
            yield _("The first line, “sep=”, names the delimiter; it is no row.")
        if self.encoding.is_declared:
            yield _("Read as %s, as the mapping says.") % self.name

    def checked(self, limits, faults):
        """The line, the cells and the length of each record; no cells if it is wrong.

        What is wrong goes to the faults.
        """
        with self._begun() as text:
            lines = Lines(text, self.delimiter, limits.cell, faults, self.above)
            line = self.above + 1
            for cells in csv.reader(lines, delimiter=self.delimiter, strict=True):
                if cells or lines.spoilt:
                    yield line, None if lines.spoilt else cells, lines.length
                line, lines.length, lines.spoilt = lines.number + 1, 0, False
            self.escapes = lines.apostrophe

    def records(self):
        """The line and the cells of each record; all of them are known to be right."""
        with self._begun() as text:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            line = self.above + 1
            try:
                for cells in reader:
                    if cells:
                        yield line, cells
                    line = self.above + reader.line_num + 1
            except (csv.Error, UnicodeDecodeError):
                self.origin.check()  # none of both was there when it was opened
                raise

    def restored(self, cells):
        """The cells as they were before they were escaped."""
        if not self.escapes:
            return cells
        return [restored(cell) if cell[:1] == "'" else cell for cell in cells]

    def _begun(self):
        """The text behind what is above its records."""
        text = self.encoding.text_of(self.origin)
        for _line in range(self.above):
            text.readline(MAX_LINE)
        return text

    def _delimiter(self, dialect, known):
        """The mark between cells, and how many lines there are before the records.

        It is the one that the file says, or that parts the header line into the most
        cells, or known names.
        """
        wanted = dialect.header_rows[-1] if dialect.header_rows else 0
        with self.encoding.text_of(self.origin) as text:
            number, header = 1, text.readline(MAX_LINE)
            if said := SEPARATOR_LINE.fullmatch(header):
                return _said(said[2]), 1
            while header and (
                number < wanted if wanted else not header.strip(NO_NAMES)
            ):
                number, header = number + 1, text.readline(MAX_LINE)

        def parted(mark):
            line = header.rstrip("\r\n").replace("\r", " ")
            (cells,) = csv.reader([line], delimiter=mark)
            names = [restored(cell) for cell in cells]
            return sum(name in known for name in names) if known else len(names)

        return (max(DELIMITERS, key=parted) if header else DELIMITERS[0]), 0


def _said(mark):
    """The delimiter that a file says it has; TableError for one that none has."""
    if mark not in DELIMITERS:
        message = _(
            "the delimiter is “%s”; save it with commas, semicolons or tabs as "
            "delimiter."
        )
        raise TableError(Fault(1, message % mark))
    return mark

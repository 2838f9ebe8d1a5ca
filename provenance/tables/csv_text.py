"""CSV as it is parsed: RFC 4180, with one of three delimiters.

What Python's parser would forgive is a fault here: a quote in the middle of a cell, a
line end that is none. After a fault reading goes on with the next line, so that all of
them are named; behind a quote that is not closed as it should be that is the line after
the quote, for nobody knows which text it was meant to take in. Neither the text nor its
rows are kept.
"""

import csv
import math
import re
from collections import deque

from django.utils.translation import gettext as _

from .contents import UNDECODED, encoding_of
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
    """The lines of a file as the parser takes them.

    A line with a fault is left out in such a way that the parser begins a new row
    behind it; ``faults`` says what is wrong with the row that it gives next, of which
    ``row`` has the lines. ``undecoded`` says in which of them bytes are no characters,
    of which the parser knows nothing. TableError where nothing can be read any more.
    """

    def __init__(self, text, encoding, delimiter, cell_limit, number=0):
        self.text, self.encoding = text, encoding
        self.delimiter, self.cell_limit = delimiter, cell_limit
        # Too long even if it is all quotes, each of which stands there twice.
        self.most_within = 2 * cell_limit if cell_limit else math.inf
        self.number = number  # of the line that was given last
        self.opened = 0  # the line in which a quote was opened that is open still
        self.within = 0  # the length of the lines since, all of them in one cell
        self.again = deque()  # lines that were taken for text behind a quote
        self.apostrophe = False  # whether one stands anywhere
        self.begin()

    def begin(self):
        """Begins a row."""
        self.row, self.faults, self.undecoded = [], [], []

    def __iter__(self):
        while True:
            if line := self.next():
                yield self.taken(line)
            elif self.opened:
                message = _("a quote that is opened here is never closed.")
                yield self.read_again(message)
            else:
                return

    def next(self):
        """The next line as it stands; empty behind the last one."""
        line = self.again.popleft() if self.again else self.text.readline(MAX_LINE)
        if line:
            self.number += 1
            self.row.append(line)
        return line

    def taken(self, line):
        """A line as the parser takes it."""
        self.apostrophe = self.apostrophe or "'" in line
        if fault := self.encoding.fault_in(line, self.number):
            self.undecoded.append(fault)
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
            message = _("it is longer than %d MiB; what follows was not read.")
            raise TableError(Fault(self.number, message % (MAX_LINE >> 20)))
        if self.opened or '"' in line:
            line = self.follow_quotes(line)
        if self.within > self.most_within:
            message = _(
                "the cell that a quote opens here is longer than %d KiB; the quote may "
                "never be closed."
            )
            return self.read_again(message % (self.cell_limit >> 10))
        return line

    def spoil(self, line, message):
        self.faults.append(Fault(line, message))

    def read_again(self, message):
        """What ends a row in which a quote is not closed as it should be.

        Nobody knows which text it was meant to take in: the lines after it are read as
        rows, for what is wrong in them to be told as well.
        """
        behind = self.number - self.opened
        if behind:
            self.again.extendleft(reversed(self.row[-behind:]))
            del self.row[-behind:]
        for told in (self.faults, self.undecoded):
            told[:] = [fault for fault in told if fault.line <= self.opened]
        if behind:
            message = " ".join([message, _("The lines after it were read as rows.")])
        self.spoil(self.opened, message)
        self.number, self.opened, self.within = self.opened, 0, 0
        return '"\n'

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
            return self.misplaced()
        if (len(parts) % 2 == 0) == bool(before):
            self.opened, self.within = 0, 0
        elif not before or any(outside):
            self.opened, self.within = self.number, 0
        else:
            self.within += len(line)
        return line

    def misplaced(self):
        """What ends the row of a line in which a quote is out of place."""
        if self.opened:
            message = _(
                "the quote that is opened here is closed within a cell, in line %d; "
                "double a quote that stands inside a cell."
            )
            return self.read_again(message % self.number)
        self.spoil(
            self.number,
            _(
                "a quote stands in the middle of a cell; put the cell into quotes and "
                "double those inside it."
            ),
        )
        return "\n"


class CsvText:
    """The records of a CSV file; each reading of them begins anew.

    Between two lines that it reads, the file is the same; TableError if it is none.
    """

    is_ragged = False  # whether a row may end before the last column

    def __init__(self, origin, dialect, known=()):
        self.origin = origin
        self.encoding = encoding_of(origin, dialect.encoding)
        self.escapes = True  # whether a cell may have an apostrophe in front
        self.is_torn = False  # whether there are records that cannot be parted
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

    def checked(self, limits):
        """The line, the cells, the length and the faults of each record.

        One that cannot be parted into cells has none. One with bytes that are no
        characters has all of them.
        """
        self._cell_limit = limits.cell
        with self._begun() as text:
            lines = self._lines(text)
            for line, cells in self._parted(lines):
                self.is_torn = self.is_torn or cells is None
                faults = [*lines.faults, *lines.undecoded]
                yield line, cells, sum(map(len, lines.row)), faults
            self.escapes = lines.apostrophe

    def _parted(self, lines):
        """The line and the cells of each record; None if it is not right."""
        line = self.above + 1
        for cells in csv.reader(lines, delimiter=self.delimiter, strict=True):
            if cells or lines.faults:
                yield line, None if lines.faults else cells
            line = lines.number + 1
            lines.begin()

    def records(self):
        """The line and the cells of each record, as they were when it was checked.

        One that cannot be parted is a single cell.
        """
        with self._begun() as text:
            try:
                yield from self._torn(text) if self.is_torn else self._whole(text)
            except (csv.Error, UnicodeDecodeError):
                self.origin.check()  # none of both was there when it was opened
                raise

    def _whole(self, text):
        reader = csv.reader(text, delimiter=self.delimiter, strict=True)
        line = self.above + 1
        for cells in reader:
            if cells:
                yield line, cells
            line = self.above + reader.line_num + 1

    def _torn(self, text):
        lines = self._lines(text)
        for line, cells in self._parted(lines):
            yield line, ["".join(lines.row).rstrip("\r\n")] if cells is None else cells

    def _lines(self, text):
        return Lines(text, self.encoding, self.delimiter, self._cell_limit, self.above)

    @staticmethod
    def is_read(cell):
        """Whether it is known what stands in a cell."""
        return not UNDECODED.search(cell)

    @staticmethod
    def shown(cell):
        """A cell as it can be written; a sign stands for each byte that is none."""
        return UNDECODED.sub("\N{REPLACEMENT CHARACTER}", cell)

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

"""Tables as they are read: strictly, and as a stream whose size in memory is a chunk's.

Opening reads the file to its end and finds all that is wrong with its form, so that
what comes after only has to part it into cells. Rows that are wrong are named, and keep
nobody from reading the others.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from django.utils.translation import gettext as _

from .csv_text import CsvText
from .dialects import Dialect
from .faults import Fault, TableError, in_order
from .limits import UPLOAD
from .origins import Origin
from .structure import Structure
from .workbooks import Workbook

CHUNK = 1000  # rows


@dataclass(frozen=True)
class Sheet:
    """The rows of a table, as a stream, and what is wrong with their form."""

    origin: Origin = field(repr=False)
    text: CsvText | Workbook = field(repr=False)
    structure: Structure = field(repr=False)

    @property
    def wrong(self):
        """By line what is wrong with the form of rows, with which none is taken."""
        return self.structure.wrong

    @property
    def headers(self):
        return self.structure.headers

    def parts_of(self, column):
        """What the name of a column is put together of: a part for each header row."""
        return self.structure.parts[column]

    @property
    def header_line(self):
        """The line of the header, or of its last row."""
        return self.structure.header_line

    @property
    def rows(self):
        return self.structure.rows

    @property
    def faults(self):
        """All that is wrong with the form of its rows."""
        return in_order(chain.from_iterable(self.wrong.values()))

    @property
    def unread(self):
        """The lines of rows that no chunk has, since their cells are in no columns."""
        return self.structure.unread

    def whole(self):
        """The sheet itself; TableError if rows of it have not the right form."""
        if self.wrong:
            raise TableError(*self.faults)
        return self

    @property
    def encoding(self):
        """What its text is encoded in, or what kind of workbook it is."""
        return self.text.name

    @property
    def delimiter(self):
        """What stands between its cells; empty in a workbook."""
        return self.text.delimiter

    @property
    def size(self):
        return self.origin.size

    @cached_property
    def sha256(self):
        with self.origin.opened() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def told(self):
        """What was passed over, or read though it is not as we write it."""
        return [*self.text.told(), *self.structure.passed.told()]

    def chunks(self, size=CHUNK):
        """Lists of lines and of rows, in step; of all rows that have cells in columns.

        A cell that is too long to be looked at, or cannot be read, is None.
        """
        header, structure = self.header_line, self.structure
        wrong, unread = structure.wrong, structure.unread
        lines, rows = [], []
        for line, cells in self.text.records():
            if line <= header or line in unread:
                continue
            if (row := structure.row(cells)) is None:
                continue
            row = self.text.restored(row)
            lines.append(line)
            rows.append(structure.readable(row) if line in wrong else row)
            if len(rows) == size:
                self.origin.check()
                yield lines, rows
                lines, rows = [], []
        self.origin.check()
        if rows:
            yield lines, rows

    def rows_on(self, lines):
        """The line, the row and what stands in no column, on these lines.

        A row that is too short is filled up; of one that cannot be parted into cells
        the whole text stands in none.
        """
        nothing, structure = [""] * len(self.headers), self.structure
        for line, cells in self.text.records():
            if line not in lines:
                continue
            cells = [*map(self.text.shown, cells)]
            if line in structure.torn:
                yield line, nothing, self.text.restored(cells)
            elif (row := structure.row(cells)) is not None:
                beside = structure.beside(cells)
                yield line, self.text.restored(row), self.text.restored(beside)


def open_sheet(file, limits=UPLOAD, known=(), dialect=Dialect()):  # noqa: B008  frozen
    """The sheet in a file; TableError if the file as a whole is none.

    It is given as its bytes, or as its path: then it stays on the disk. ``known`` are
    names of columns, by which a delimiter is told from a mark in a name.
    """
    origin = Origin(file)
    if limits.bytes is not None and origin.size > limits.bytes:
        message = _("it is larger than %d MiB; split it.") % (limits.bytes >> 20)
        raise TableError(Fault(0, message))
    if Workbook.is_one(origin):
        text = Workbook(origin, dialect, limits)
    else:
        text = CsvText(origin, dialect, known)
    structure = Structure(text, limits, dialect.header_rows)
    sheet = Sheet(origin, text, structure)
    if structure.faults:
        of_rows = chain.from_iterable(sheet.wrong.values())
        raise TableError(*in_order([*structure.faults, *of_rows]))
    return sheet

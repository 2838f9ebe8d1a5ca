"""Tables as they are read: strictly, and as a stream whose size in memory is a chunk's.

Opening reads the file to its end and finds all that is wrong with its form, so that
what comes after only has to part it into cells.
"""

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils.translation import gettext as _

from .csv_text import CsvText
from .dialects import Dialect
from .faults import Fault, TableError
from .limits import UPLOAD
from .origins import Origin
from .structure import Structure
from .workbooks import Workbook

CHUNK = 1000  # rows


@dataclass(frozen=True)
class Sheet:
    """The rows of a table, as a stream; ``faults`` is what is wrong with them."""

    origin: Origin = field(repr=False)
    text: CsvText | Workbook = field(repr=False)
    structure: Structure = field(repr=False)
    left_out: frozenset[int] = frozenset()  # lines of rows that are not to be read

    @property
    def unequal(self):
        """By line what is wrong with the rows that are too long or too short for it;
        empty if others have not the right form either.
        """
        return self.structure.unequal

    @property
    def without_unequal(self):
        """The same without such rows."""
        return replace(self, left_out=frozenset(self.unequal))

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
        return self.structure.faults

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
        """Lists of lines and of rows, in step; TableError if a row has a fault."""
        if self.faults and not self.left_out:
            raise TableError(*self.faults)
        header, row_of = self.header_line, self.structure.row
        lines, rows = [], []
        for line, cells in self.text.records():
            if line <= header or line in self.left_out:
                continue
            if (row := row_of(cells)) is None:
                continue
            lines.append(line)
            rows.append(self.text.restored(row))
            if len(rows) == size:
                self.origin.check()
                yield lines, rows
                lines, rows = [], []
        self.origin.check()
        if rows:
            yield lines, rows

    def rows_on(self, lines):
        """The line, the row and what stands behind its last column, on these lines.

        A row that is too short is filled up.
        """
        for line, cells in self.text.records():
            if line in lines and (row := self.structure.row(cells)) is not None:
                behind = self.structure.behind(cells)
                yield line, self.text.restored(row), self.text.restored(behind)


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
    if structure.refused:
        raise TableError(*structure.faults)
    return Sheet(origin, text, structure)

"""CSV as it is read: strictly, and as a stream whose size in memory is that of a chunk.

RFC 4180, in UTF-8 or in UTF-16 with a byte order mark, with one of three delimiters.
Opening reads the file to its end and finds all that is wrong with its form, so
that what comes after only has to part it into cells.
"""

import csv
import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from .contents import Encoding, encoding_of
from .faults import Fault, TableError
from .formulas import restored
from .limits import UPLOAD
from .origins import Origin
from .structure import MAX_LINE, Structure

DELIMITERS = (",", ";", "\t")
CHUNK = 1000  # rows


@dataclass(frozen=True)
class Sheet:
    """The rows of a CSV file, as a stream; ``faults`` is what is wrong with them."""

    origin: Origin = field(repr=False)
    source: Encoding
    delimiter: str
    headers: list[str]
    rows: int
    escapes: bool  # whether a cell may have an apostrophe in front
    faults: list[Fault]

    @property
    def encoding(self):
        return self.source.name

    @property
    def size(self):
        return self.origin.size

    @cached_property
    def sha256(self):
        with self.origin.opened() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def chunks(self, size=CHUNK):
        """Lists of lines and of rows, in step; TableError if any row has a fault."""
        if self.faults:
            raise TableError(*self.faults)
        records = self._records()
        next(records)  # the header
        lines, rows = [], []
        for line, cells in records:
            lines.append(line)
            if self.escapes:
                cells = [restored(c) if c[:1] == "'" else c for c in cells]
            rows.append(cells)
            if len(rows) == size:
                self.origin.check()
                yield lines, rows
                lines, rows = [], []
        self.origin.check()
        if rows:
            yield lines, rows

    def _records(self):
        """The cells of each record, and the line on which it begins."""
        with self.source.text_of(self.origin) as text:
            reader, line = csv.reader(text, delimiter=self.delimiter, strict=True), 1
            try:
                for cells in reader:
                    if cells:
                        yield line, cells
                    line = reader.line_num + 1
            except (csv.Error, UnicodeDecodeError):
                self.origin.check()  # none of both was there when it was opened
                raise


def open_sheet(file, limits=UPLOAD, known=()):
    """The sheet in a file; TableError if the file as a whole is none.

    It is given as its bytes, or as its path: then it stays on the disk. ``known`` are
    names of columns, by which a delimiter is told from a mark in a name.
    """
    origin = Origin(file)
    if limits.bytes is not None and origin.size > limits.bytes:
        message = _("it is larger than %d MiB; split it.") % (limits.bytes >> 20)
        raise TableError(Fault(0, message))
    source = encoding_of(origin)
    with source.text_of(origin) as text:
        delimiter = _delimiter(text, frozenset(known))
    with source.text_of(origin) as text:
        found = Structure(text, delimiter, limits)
    if found.refused:
        raise TableError(*found.faults)
    form = (delimiter, found.headers, found.rows, found.escapes, found.faults)
    return Sheet(origin, source, *form)


def _delimiter(text, known):
    """The mark that parts the header line into the most cells, or known names."""
    header = text.readline(MAX_LINE)
    while header and not header.strip("\r\n"):
        header = text.readline(MAX_LINE)

    def parted(mark):
        (cells,) = csv.reader(
            [header.rstrip("\r\n").replace("\r", " ")], delimiter=mark
        )
        names = [restored(cell) for cell in cells]
        return sum(name in known for name in names) if known else len(names)

    return max(DELIMITERS, key=parted) if header else DELIMITERS[0]

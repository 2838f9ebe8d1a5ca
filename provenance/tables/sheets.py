"""CSV as it is read: strictly, and as a stream whose size in memory is that of a chunk.

RFC 4180, in UTF-8 or in UTF-16 with a byte order mark, with one of three delimiters.
Opening reads the file once to its end and finds all that is wrong with its form, so
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
from .structure import MAX_LINE, Structure

DELIMITERS = (",", ";", "\t")
CHUNK = 1000  # rows


@dataclass(frozen=True)
class Sheet:
    """The rows of a CSV file, as a stream; ``faults`` is what is wrong with them."""

    data: bytes = field(repr=False)
    source: Encoding
    delimiter: str
    headers: list[str]
    rows: int
    faults: list[Fault]

    @property
    def encoding(self):
        return self.source.name

    @property
    def size(self):
        return len(self.data)

    @cached_property
    def sha256(self):
        return hashlib.sha256(self.data).hexdigest()

    def chunks(self, size=CHUNK):
        """Lists of lines and of rows, in step; TableError if any row has a fault."""
        if self.faults:
            raise TableError(*self.faults)
        records = self._records()
        next(records)  # the header
        lines, rows, escapes = [], [], b"'" in self.data
        for line, cells in records:
            lines.append(line)
            if escapes:
                cells = [restored(c) if c[:1] == "'" else c for c in cells]
            rows.append(cells)
            if len(rows) == size:
                yield lines, rows
                lines, rows = [], []
        if rows:
            yield lines, rows

    def _records(self):
        """The cells of each record, and the line on which it begins."""
        text = self.source.text_of(self.data)
        reader, line = csv.reader(text, delimiter=self.delimiter, strict=True), 1
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1


def open_sheet(data, limits=UPLOAD, known=()):
    """The sheet in the bytes of a file; TableError if the file as a whole is none.

    ``known`` are names of columns, by which a delimiter is told from a mark in a name.
    """
    if limits.bytes is not None and len(data) > limits.bytes:
        message = _("it is larger than %d MiB; split it.") % (limits.bytes >> 20)
        raise TableError(Fault(0, message))
    source = encoding_of(data)
    delimiter = _delimiter(source.text_of(data), frozenset(known))
    found = Structure(source.text_of(data), delimiter, limits)
    if found.refused:
        raise TableError(*found.faults)
    return Sheet(data, source, delimiter, found.headers, found.rows, found.faults)


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

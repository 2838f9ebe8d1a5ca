"""Tables as CSV text: written in one way, read strictly, and the same after both.

RFC 4180: comma, double quotes where needed, CRLF, UTF-8. A cell that a spreadsheet
would run as a formula gets an apostrophe in front, and loses it again when read.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

import tablib
from django.utils.translation import gettext as _
from import_export.formats import base_formats

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 100_000, 200, 64 * 1024
MAX_FAULTS = 200  # told of one file: nobody mends more at a time
DELIMITERS = (",", ";", "\t")

# What starts a formula in some spreadsheet, full-width forms too; the apostrophes
# before it are there so that text which already begins with one comes back as it was.
FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"-[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file: where, and what would be right."""

    line: int
    message: str
    column: str = ""

    def __str__(self):
        place = _("line %d") % self.line if self.line else _("the file")
        return (
            f'{place}, column "{self.column}": {self.message}'
            if self.column
            else (f"{place}: {self.message}")
        )


class TableError(ValueError):
    """A file that is no table; ``faults`` says all that is wrong with it."""

    def __init__(self, *faults):
        self.faults = faults
        super().__init__("; ".join(str(fault) for fault in faults))


@dataclass
class Table:
    """Columns and rows of text, and the line of the file on which each row begins."""

    headers: list[str]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def escaped(cell):
    """A cell as no spreadsheet runs it; a plain number stays one."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def restored(cell):
    """A cell as it was before it was escaped."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def write_table(headers, rows):
    """The text of a CSV file."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(escaped(header) for header in headers)
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    return file.getvalue()


def read_table(data):
    """The table in the bytes of a CSV file; TableError with every fault in it."""
    text = _decoded(data)
    delimiter = _delimiter(text)
    records = list(islice(_records(text, delimiter), MAX_ROWS + 2))
    if not records:
        raise TableError(Fault(0, _("it is empty.")))
    _line, headers = records.pop(0)
    faults = list(_header_faults(headers))
    table = Table(headers)
    if len(records) > MAX_ROWS:
        raise TableError(Fault(0, _("it has more than %d rows; split it.") % MAX_ROWS))
    for line, cells in records:
        if len(faults) < MAX_FAULTS:
            faults += _row_faults(line, cells, headers)
        table.rows.append([restored(cell) for cell in cells])
        table.lines.append(line)
    if faults:
        raise TableError(*faults)
    return table


def _decoded(data):
    if len(data) > MAX_BYTES:
        raise TableError(
            Fault(0, _("it is larger than %d MiB; split it.") % (MAX_BYTES >> 20))
        )
    if data.startswith(b"PK\x03\x04") or data.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(Fault(0, _("this is a spreadsheet; save it as CSV, UTF-8.")))
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        raise TableError(
            Fault(
                before.count(b"\n") + 1,
                _(
                    "byte %(byte)s at place %(place)d is not %(encoding)s; save the "
                    "file as UTF-8."
                )
                % {
                    "byte": f"0x{data[error.start]:02X}",
                    "place": error.start - before.rfind(b"\n"),
                    "encoding": "UTF-16" if encoding == "utf-16" else "UTF-8",
                },
            )
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise TableError(
            Fault(line, _("control character U+0000; is this CSV, saved as UTF-8?"))
        )
    if lone := re.search(r"\r(?!\n)", text):
        line = text[: lone.start()].count("\n") + 1
        raise TableError(
            Fault(
                line,
                _(
                    "a carriage return without a line feed; save with CRLF or LF line "
                    "ends."
                ),
            )
        )
    return text


def _delimiter(text):
    """The mark that parts the header line into the most cells."""
    header = text.split("\n", 1)[0]
    return max(DELIMITERS, key=header.count)


def _records(text, delimiter):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    csv.field_size_limit(MAX_BYTES)
    line = 1
    try:
        for cells in reader:
            if cells:  # a line without anything on it is no row
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            message = _("a quote that is opened here is never closed.")
        else:
            message = (
                _("wrong quoting (%s); double a quote that stands inside a cell.")
                % error
            )
        raise TableError(Fault(line, message)) from None


def _header_faults(headers):
    if len(headers) > MAX_COLUMNS:
        yield Fault(1, _("more than %d columns.") % MAX_COLUMNS)
        return
    for name, times in Counter(headers).items():
        if times > 1:
            places = [
                str(place) for place, header in enumerate(headers, 1) if header == name
            ]
            yield Fault(
                1,
                _(
                    "the column “%(name)s” stands there %(times)d times, in places "
                    "%(places)s."
                )
                % {"name": name, "times": times, "places": ", ".join(places)},
            )


def _row_faults(line, cells, headers):
    if len(cells) != len(headers):
        yield Fault(
            line,
            _("it has %(cells)d cells, the header has %(headers)d.")
            % {"cells": len(cells), "headers": len(headers)},
        )
    for header, cell in zip(headers, cells, strict=False):
        if len(cell) > MAX_CELL:
            yield Fault(
                line, _("the cell is longer than %d KiB.") % (MAX_CELL >> 10), header
            )


class CSV(base_formats.CSV):
    """The one format of files, for the import and export pages of the admin."""

    def get_read_mode(self):
        return "rb"  # the encoding is told by the bytes

    def is_binary(self):
        return True

    def create_dataset(self, in_stream, **kwargs):
        return as_dataset(read_table(in_stream))

    def export_data(self, dataset, **kwargs):
        return write_table(dataset.headers or [], dataset).encode()


def as_dataset(table):
    """The table as import-export takes it, with the lines of its rows beside it."""
    dataset = tablib.Dataset(*table.rows, headers=table.headers)
    dataset.lines = table.lines
    return dataset


class Sheet:
    def __init__(self, table):
        self.table, self.headers, self.rows = table, table.headers, len(table.rows)

    def chunks(self, size=5000):
        for start in range(0, self.rows, size):
            yield (
                self.table.lines[start : start + size],
                self.table.rows[start : start + size],
            )


def open_sheet(data, limits=None, known=()):
    return Sheet(read_table(data))

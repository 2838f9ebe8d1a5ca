"""A CSV file as a whole, for those who need all its rows at once."""

from dataclasses import dataclass, field

import tablib
from import_export.formats import base_formats

from .limits import UPLOAD
from .sheets import open_sheet
from .writing import write_table


@dataclass
class Table:
    """Columns and rows of text, and the line of the file on which each row begins."""

    headers: list[str]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def read_table(data, limits=UPLOAD, known=()):
    """The table in the bytes of a CSV file; TableError with every fault in it."""
    sheet = open_sheet(data, limits, known)
    table = Table(sheet.headers)
    for lines, rows in sheet.chunks():
        table.lines += lines
        table.rows += rows
    return table


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

"""A CSV file as a whole, for those who need all its rows at once."""

from dataclasses import dataclass, field

from .limits import UPLOAD
from .sheets import open_sheet


@dataclass
class Table:
    """Columns and rows of text, and the line of the file on which each row begins."""

    headers: list[str]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def read_table(data, limits=UPLOAD, known=()):
    """The table in the bytes of a CSV file; TableError with every fault in it."""
    sheet = open_sheet(data, limits, known).whole()
    table = Table(sheet.headers)
    for lines, rows in sheet.chunks():
        table.lines += lines
        table.rows += rows
    return table

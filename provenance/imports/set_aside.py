"""The rows that an import sets aside, as a file to be corrected and sent again."""

from collections import defaultdict
from itertools import zip_longest

from ..tables import WHY, Typed

MAX_HEADER = 64 << 10  # bytes of a header that is looked at


def came_back(data):
    """Whether a file has rows that were set aside, as it was given back with them."""
    header = data[:MAX_HEADER].partition(b"\n")[0]
    return header.rstrip(b'\r ,;\t"').endswith(WHY.encode())


def rows_set_aside(sheet, wrong, decimals=()):
    """The rows of a sheet that were not written with the others, and why, as rows.

    ``wrong`` has the faults by line, for each table that the sheet feeds. The first
    rows have the names of the columns, with one for the reasons: it is passed over when
    the file comes back. What a row has behind its last column stands behind the reason,
    and a row that is too short is filled up. ``decimals`` are the separators with which
    numbers of a column are read then, where they are no points.
    """
    marks = [dict(decimals).get(name) for name in sheet.headers]
    why = defaultdict(list)
    for lines in wrong:
        for line, faults in lines.items():
            why[line] += [fault.in_its_row for fault in faults]
    parts = map(sheet.parts_of, sheet.headers)
    for names, last in zip_longest(zip(*parts, strict=True), [WHY], fillvalue=""):
        yield [*names, last]
    for line, row, behind in sheet.rows_on(why):
        cells = map(_as_it_is_read, row, marks)
        yield [*cells, " ".join(why[line]), *behind]


def _as_it_is_read(cell, mark):
    """A number of a workbook as a text from which the same number is read."""
    return cell.replace(".", mark) if mark and isinstance(cell, Typed) else cell

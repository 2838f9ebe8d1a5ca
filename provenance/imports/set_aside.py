"""The rows that an import sets aside, as a file to be corrected and sent again."""

from collections import defaultdict

from ..tables import WHY

MAX_HEADER = 64 << 10  # bytes of a header that is looked at


def came_back(data):
    """Whether a file has rows that were set aside, as it was given back with them."""
    header = data[:MAX_HEADER].partition(b"\n")[0]
    return header.rstrip(b'\r ,;\t"').endswith(WHY.encode())


def rows_set_aside(sheet, wrong):
    """The rows of a sheet that were not written with the others, and why, as rows.

    ``wrong`` has the faults by line, for each table that the sheet feeds. The first row
    has the names of the columns, with one for the reasons: it is passed over when the
    file comes back.
    """
    why = defaultdict(list)
    for lines in wrong:
        for line, faults in lines.items():
            why[line] += [fault.in_its_row for fault in faults]
    yield [*sheet.headers, WHY]
    for lines, rows in sheet.chunks():
        for line, row in zip(lines, rows, strict=True):
            if line in why:
                yield [*row, " ".join(why[line])]

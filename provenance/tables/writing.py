"""CSV as it is written: RFC 4180 with commas, CRLF and quotes only where needed."""

import csv
import io
from itertools import chain

from .formulas import escaped


def lines_of(rows):
    """Rows as CSV text, one after the other; the names of the columns are one as well.

    A row may be made while those before it are on their way.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    for row in rows:
        writer.writerow([escaped(cell) for cell in row])
        yield file.getvalue()
        file.seek(0)
        file.truncate()


def write_table(headers, rows):
    """The text of a CSV file."""
    return "".join(lines_of(chain([headers], rows)))

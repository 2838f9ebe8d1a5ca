"""CSV as it is written: RFC 4180 with commas, CRLF and quotes only where needed."""

import csv
import io

from .formulas import escaped


def write_table(headers, rows):
    """The text of a CSV file."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(escaped(header) for header in headers)
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    return file.getvalue()

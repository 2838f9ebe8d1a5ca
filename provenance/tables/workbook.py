"""Tables as a workbook of spreadsheet programs (XLSX, ECMA-376) with one sheet."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import chain
from tempfile import TemporaryFile

from django.utils.translation import gettext_lazy as _
from xlsxwriter import Workbook

from .formulas import escaped

MOST_ROWS = 1_048_576  # of a sheet, with its header
MOST_SIGNS = 32_767  # of a cell, in UTF-16
FIRST_DAY = date(1900, 3, 1)  # programs count the days before it in different ways
TOO_LONG = _(
    "A sheet has at most 1,048,576 rows, and this list is longer. Narrow it down, or "
    "take it as csv or ndjson, which have no end."
)
TOO_WIDE_A_CELL = _(
    "A cell of a sheet has at most 32,767 characters, and “%(column)s” of row %(row)d "
    "has more. Leave the column out with fields, or take the list as csv or ndjson."
)
OPTIONS = {
    "constant_memory": True,  # a row is written as soon as the next one begins
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class NoSheet(ValueError):
    """What does not fit into a sheet; a sentence says why."""


@contextmanager
def workbook_of(headers, rows, name):
    """A file with the sheet of this name, of which the rows are values or None.

    Texts are texts, and escaped as in CSV; numbers are numbers and days are days, but
    for those before ``FIRST_DAY``. NoSheet if it cannot take them: nothing is cut off.
    """
    with TemporaryFile() as file:
        with Workbook(file, OPTIONS) as book:
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 0)
            of_a_day = book.add_format({"num_format": "yyyy-mm-dd"})
            for number, row in enumerate(chain([headers], rows)):
                if number == MOST_ROWS:
                    raise NoSheet(TOO_LONG)
                for place, value in enumerate(row):
                    if not _write(sheet, number, place, value, of_a_day):
                        told = {"column": headers[place], "row": number + 1}
                        raise NoSheet(TOO_WIDE_A_CELL % told)
        file.seek(0)
        yield file


def _write(sheet, row, column, value, of_a_day):
    """Writes one cell; whether it fits."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    elif isinstance(value, date) and value >= FIRST_DAY:
        sheet.write_datetime(row, column, value, of_a_day)
    elif value is not None and (text := escaped(str(value))):
        if len(text.encode("utf-16-le")) > 2 * MOST_SIGNS:
            return False
        sheet.write_string(row, column, text)
    return True

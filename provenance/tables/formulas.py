"""Cells that a spreadsheet would run: behind an apostrophe in files, and only there."""

import re

# What starts a formula in some spreadsheet, full-width forms too; the apostrophes
# before it are there so that text which already begins with one comes back as it was.
FORMULA = re.compile(r"'*[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"-[0-9]+(?:\.[0-9]+)?")


def escaped(cell):
    """A cell as no spreadsheet runs it; a plain number stays one."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def restored(cell):
    """A cell as it was before it was escaped."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell

"""Sheets of workbooks (XLSX, XLS, ODS): what stands in their cells, by type.

A workbook is read in a process of its own, with limits to its time and memory.
"""

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xlsxwriter.utility import xl_rowcol_to_cell

from .faults import Fault, TableError, shown

SECONDS = 25  # less than servers wait for an answer
ZIP, OLE = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"), (b"\xd0\xcf\x11\xe0",)
# Names that stand unpacked in an archive, of which every workbook has one.
MEMBERS = (b"xl/workbook.xml", b"content.xml")
FAULTS = {
    "no_workbook": gettext_lazy(
        "this is an archive (ZIP) and no workbook (XLSX, ODS); unpack it first."
    ),
    "unreadable": gettext_lazy(
        "this is no workbook that can be read; save it as XLSX, ODS or CSV."
    ),
    "password": gettext_lazy(
        "the workbook is protected by a password; save it without one."
    ),
    "too_large": gettext_lazy(
        "the workbook unpacks to more than is read; save the sheet as CSV."
    ),
    "no_sheet": gettext_lazy(
        "it has no sheet “%(wanted)s”; its sheets are %(sheets)s."
    ),
    "which_sheet": gettext_lazy("it has several sheets; name one of them: %(sheets)s."),
    "no_value": gettext_lazy(
        "the formula in cell %(cell)s has no value; open the workbook in a spreadsheet "
        "program, save it, and send it again."
    ),
}


class Typed(str):
    """A number or a date that its file holds as such, in the form in which we write it.

    There are no separators and no order of parts in it to be read.
    """

    __slots__ = ()


class NoValue(str):
    """What stands for a formula that no program has worked out, and its cell."""

    def __new__(cls, text, cell):
        self = super().__new__(cls, text)
        self.cell = cell
        return self


class Workbook:
    """The records of one sheet of a workbook; their lines are the numbers of its rows.

    TableError if there is no such sheet, or if it cannot be read.
    """

    delimiter = ""
    is_ragged = True  # empty cells at the end of a row are not there

    def __init__(self, origin, dialect, limits):
        above = max(dialect.header_rows, default=1)
        most = limits.rows + above if limits.rows else 0
        with origin.opened() as file:
            data = file.read()
        if data.startswith(ZIP) and not any(member in data for member in MEMBERS):
            raise TableError(_fault("no_workbook"))
        self._written = _read_apart(data, dialect.sheet, most)
        last = self._written[self._written.rstrip(b"\n").rfind(b"\n") + 1 :]
        if last.startswith(b"{") and (fault := json.loads(last).pop("fault", "")):
            raise TableError(_fault(fault, json.loads(last), dialect.sheet))
        first = json.loads(self._written[: self._written.index(b"\n")])
        self.name, self.sheet = first["kind"], first["sheet"]

    @staticmethod
    def is_one(origin):
        """Whether a file begins as workbooks do."""
        return origin.start(4).startswith(ZIP + OLE)

    def told(self):
        """Where the table was found."""
        yield _("Read from the sheet “%s”.") % shown(self.sheet)

    def checked(self, _limits):
        """The number, the cells, the length and the faults of each row, of empty ones
        too; none is torn.
        """
        before = 0
        for number, cells in self.records():
            for empty in range(before + 1, number):
                yield empty, [], 0, ()
            faults = [
                replace(_fault("no_value", {"cell": cell.cell}), line=number)
                for cell in cells
                if not self.is_read(cell)
            ]
            yield number, cells, max(map(len, cells)), faults
            before = number

    def records(self):
        """The number and the cells of each row that is not empty."""
        lines = io.BytesIO(self._written)
        next(lines)  # says what it is
        for line in lines:
            number, cells = json.loads(line)
            yield (
                number,
                [c if type(c) is str else _unlike_text(number, *c) for c in cells],
            )

    @staticmethod
    def is_read(cell):
        """Whether it is known what stands in a cell."""
        return not isinstance(cell, NoValue)

    @staticmethod
    def shown(cell):
        """A cell as it can be written."""
        return cell

    def restored(self, cells):
        """The cells as they are: no workbook needs a text to be escaped."""
        return cells


def _unlike_text(row, value, column=None):
    """A number, a date or a word of logic; or a formula without one, in its column."""
    if column is None:
        return Typed(value)
    return NoValue(value, xl_rowcol_to_cell(row - 1, column))


def _read_apart(data, sheet, most):
    """What the reader writes of a workbook."""
    program = Path(__file__).with_name("workbook_reader.py")
    try:
        done = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-I", str(program), sheet, str(most)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TableError(_fault("too_large")) from None
    if done.returncode < 0:  # it met a limit of its own
        raise TableError(_fault("too_large"))
    if done.returncode > 0:
        raise TableError(_fault("unreadable"))
    return done.stdout


def _fault(word, said=None, wanted=""):
    """What the reader says is wrong, in a sentence."""
    said = said or {}
    sheets = ", ".join(f"“{shown(name)}”" for name in said.get("sheets", ()))
    values = {"cell": said.get("cell"), "sheets": sheets, "wanted": shown(wanted)}
    return Fault(0, str(FAULTS[word]) % values)

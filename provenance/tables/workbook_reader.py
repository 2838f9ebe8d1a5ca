"""A program that writes the rows of one sheet of the workbook on its input, as JSON.

What it reads may have been made to do harm, so that it runs by itself, with limits that
it sets to itself before it reads anything. Its arguments are the name of the sheet, ""
for the only one, and how many rows are wanted at most.

The first line says what was read: ``{"kind", "sheet"}``. Each further one is a row that
is not empty: its number, and its cells from the first that any row has. A text stands
as itself; a number, a date or a word of logic, in the one form in which we write it, in
a list of its own; and a formula that has no value in one with the number of its column.
What cannot be read is said in the last line: ``{"fault"}``, a word, and what belongs
to it.
"""

import io
import json
import re
import resource
import sys
import zipfile
import zlib
from collections import defaultdict
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, zip_longest
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MEMORY, SECONDS = 768 << 20, 15
MAX_UNPACKED = 512 << 20  # bytes of all that an archive says to hold
# How many times its own size it may say to hold, beyond so many bytes: rows that are
# all the same are packed to a thirtieth.
MAX_RATIO, A_LITTLE = 100, 32 << 20
MAX_MEMBERS = 10_000
MAX_WRITTEN = 96 << 20  # bytes
PIECE, OVERLAP = 1 << 20, 1 << 16  # of XML; no cell is longer than the latter
MOST_MARKED = 100_000  # cells with an error or a formula without a value
DIGITS = 15  # significant ones, as many as spreadsheets have

FORMULA = rb"<f\b[^>]*(?:/>|>[^<]*</f>)"
ERROR = re.compile(rb'<c ([^>]*\bt="e"[^>]*)>(?:%s)?\s*<v>([^<]{1,20})</v>' % FORMULA)
NO_VALUE = re.compile(rb"<c ([^>]*)>\s*%s\s*(?:</c>|<v\s*/>|<v></v>)" % FORMULA)
PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
A_TEXT = b't="str"'  # which a formula may leave empty
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
TABLE, OFFICE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{part}:1.0}}"
    for part in ("table", "office")
)
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
WORKSHEET, VISIBLE = SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible


class Refused(Exception):
    """What cannot be read, and why: a word, and what belongs to it."""

    def __init__(self, fault, **values):
        self.said = {"fault": fault, **values}
        super().__init__(fault)


def limit():
    """Sets an end to the memory and the time of this process; it writes no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def kind_of(data):
    """What kind of workbook it is; Refused if it is none, or too much of one."""
    if not data.startswith(b"PK"):
        return "XLS"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if "xl/workbook.xml" in names:
                found = "XLSX"
            elif {"mimetype", "content.xml"} <= names:
                kind = archive.open("mimetype").read(100)
                found = "ODS" if kind.endswith(b".spreadsheet") else ""
            else:
                found = ""
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError) as error:
        raise Refused("unreadable") from error
    if not found:
        raise Refused("no_workbook")
    unpacked = sum(member.file_size for member in members)
    most = min(MAX_UNPACKED, max(A_LITTLE, MAX_RATIO * len(data)))
    if len(members) > MAX_MEMBERS or unpacked > most:
        raise Refused("too_large")
    return found


def sheet_in(workbook, wanted):
    """The name of the sheet: the wanted one, or the only one with anything in it."""
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == WORKSHEET]
    names = [sheet.name for sheet in sheets]
    if wanted:
        if wanted not in names:
            raise Refused("no_sheet", sheets=names)
        return wanted
    names = [sheet.name for sheet in sheets if sheet.visible == VISIBLE] or names
    if len(names) > 1:
        filled = [name for name in names if workbook.get_sheet_by_name(name).height]
        names = filled or names[:1]
    if len(names) != 1:
        raise Refused("which_sheet", sheets=names)
    return names[0]


def parsed(xml):
    return ElementTree.fromstring(xml)  # noqa: S314  this process has its limits


def xml_of(archive, name):
    """The member of an archive with the cells of a sheet, unpacked as it is read."""
    book = parsed(archive.read("xl/workbook.xml"))
    key = {sheet.get("name"): sheet.get(RELATION) for sheet in book.iter()}[name]
    relations = parsed(archive.read("xl/_rels/workbook.xml.rels"))
    target = {one.get("Id"): one.get("Target") for one in relations}[key]
    path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    with archive.open(path) as file:
        before = b""
        while piece := file.read(PIECE):
            yield before + piece
            before = (before + piece)[-OVERLAP:]


def taken_for_empty(data, name):
    """The cells of an XLSX sheet that the library takes for empty ones, as written.

    They hold errors, or formulas that no program has worked out. They stand by row and
    column, from 0.
    """
    found = defaultdict(dict)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for xml in xml_of(archive, name):
            if b"<f" in xml:
                for cell in NO_VALUE.findall(xml):
                    if A_TEXT not in cell and (place := place_of(cell)):
                        put(found, *place)
            if b't="e"' in xml:
                for cell, error in ERROR.findall(xml):
                    if place := place_of(cell):
                        put(found, *place, error.decode("ascii", "replace"))
    return found


def put(found, row, column, error=""):
    """Puts an error or a formula into its place; Refused if there are very many."""
    if row not in found and len(found) == MOST_MARKED:
        raise Refused("too_large")
    found[row][column] = error or ["=", column]


def place_of(cell):
    """The row and the column of a cell in XLSX, from 0; None if it says none."""
    place = PLACE.search(cell)
    return place and (int(place[2]) - 1, column_number(place[1]))


def taken_for_empty_in_ods(data, name):
    """The same of an ODS sheet."""
    found, row, column, is_there = defaultdict(dict), 0, 0, False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("content.xml")
    if b":formula=" not in xml:
        return found
    for event, element in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):  # noqa: S314  this process has its limits
        if event == "start":
            if element.tag == f"{TABLE}table":
                row, is_there = 0, element.get(f"{TABLE}name") == name
        elif element.tag in CELLS:
            if is_there and element.get(f"{CALC}value-type") == "error":
                put(found, row, column, "".join(element.itertext()))
            elif is_there and is_formula_without_value(element):
                put(found, row, column)
            column += int(element.get(f"{TABLE}number-columns-repeated", 1))
        elif element.tag == f"{TABLE}table-row":
            row += int(element.get(f"{TABLE}number-rows-repeated", 1))
            column = 0
            element.clear()
    return found


def is_formula_without_value(element):
    return element.get(f"{TABLE}formula") and not element.get(f"{OFFICE}value-type")


def column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def cell_of(value):
    """A cell as it is written: a text, or what is none in a list of its own."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return ["TRUE" if value else "FALSE"]
    if isinstance(value, float):
        return [number(value)]
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date | time):
        return [value.isoformat()]
    return [str(value)]


def number(value):
    """A number without an exponent, in as many digits as a spreadsheet shows."""
    if value.is_integer() and abs(value) < 10**DIGITS:
        return str(int(value))
    return f"{Decimal(f'{value:.{DIGITS}g}'):f}"


def lines_of(data, wanted, most):
    """What the program writes, line by line."""
    kind = kind_of(data)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    name = sheet_in(workbook, wanted)
    look = {"XLSX": taken_for_empty, "ODS": taken_for_empty_in_ods}.get(kind)
    marked = look(data, name) if look else {}
    sheet = workbook.get_sheet_by_name(name)
    begins = sheet.start[1] if sheet.start else 0
    first = min([begins, *chain.from_iterable(marked.values())])
    yield {"kind": kind, "sheet": name}
    count = 0
    to_the_last = range(max(marked, default=-1) + 1)
    rows = zip_longest(sheet.iter_rows(), to_the_last, fillvalue=())
    for at, (values, _row) in enumerate(rows):
        cells = [*[""] * (begins - first), *map(cell_of, values)]
        for column, cell in marked.get(at, {}).items():
            cells += [""] * (column - first + 1 - len(cells))
            cells[column - first] = cell
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            yield [at + 1, cells]
            count += 1
            if most and count > most:
                return


def write(lines):
    left = MAX_WRITTEN
    for line in lines:
        text = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        left -= len(text)
        if left < 0:
            raise Refused("too_large")
        sys.stdout.buffer.write(text)


def main():
    limit()
    wanted, most = sys.argv[1], int(sys.argv[2])
    try:
        write(lines_of(sys.stdin.buffer.read(), wanted, most))
    except Refused as refused:
        said = refused.said
    except PasswordError:
        said = {"fault": "password"}
    except MemoryError:
        said = {"fault": "too_large"}
    except (
        CalamineError,
        ElementTree.ParseError,
        LookupError,
        OSError,
        RuntimeError,  # of a member that is encrypted
        zipfile.BadZipFile,
        zlib.error,
    ):
        said = {"fault": "unreadable"}
    else:
        return
    write([said])


if __name__ == "__main__":
    main()

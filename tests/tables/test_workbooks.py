"""Workbooks: what stands in their cells is read by its type, and bombs are refused."""

import io
import zipfile
from datetime import date, datetime, time

import pytest

from provenance.tables import UPLOAD, Dialect, Limits, TableError, open_sheet
from provenance.tables.workbook_reader import cell_of, column_number
from tests.workbooks import archive, ods, ods_cell, ods_of, with_cells, xls, xlsx

WRITERS = {"XLSX": xlsx, "XLS": xls, "ODS": ods}
DATOS = [
    ["slug", "name", "start", "personnel"],
    ["zz-uno", "Operación\nUno", date(2024, 4, 3), 15000],
    [],
    ["zz-dos", " =1+1", "2025", 0.5],
]


def read(data, **dialect):
    """The headers, the rows with their numbers, and what is said of a workbook."""
    sheet = open_sheet(data, dialect=Dialect(**dialect))
    rows = [
        (line, row)
        for lines, rows in sheet.chunks()
        for line, row in zip(lines, rows, strict=True)
    ]
    assert (len(rows), sheet.delimiter) == (sheet.rows, "")
    return sheet.encoding, sheet.headers, rows, sheet.told()


def fault_of(data, limits=UPLOAD, **dialect):
    with pytest.raises(TableError) as refused:
        open_sheet(data, limits, dialect=Dialect(**dialect)).whole()
    (fault,) = refused.value.faults
    return str(fault)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_workbook_says_what_its_cells_are(kind):
    assert read(WRITERS[kind](Datos=DATOS)) == (
        kind,
        DATOS[0],
        [
            (2, ["zz-uno", "Operación\nUno", "2024-04-03", "15000"]),
            (4, ["zz-dos", " =1+1", "2025", "0.5"]),
        ],
        ["Read from the sheet “Datos”.", "1 empty row was skipped."],
    )


def test_rows_that_end_early_end_in_empty_cells_and_empty_columns_are_skipped():
    rows = [["", "slug", "", "name"], ["", "a"], ["", "b", "", "B"]]
    _kind, headers, found, told = read(xlsx(Datos=rows))
    assert (headers, found) == (["slug", "name"], [(2, ["a", ""]), (3, ["b", "B"])])
    assert told[1:] == ["1 empty column was skipped."]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("uno\r\ndos\rtres", "uno\ndos\ntres"),
        ("15000.0", "15000.0"),
        (15000.0, ["15000"]),
        (-0.0, ["0"]),
        (0.1 + 0.2, ["0.3"]),
        (1e22, ["10000000000000000000000"]),
        (1.5e-7, ["0.00000015"]),
        (45385, ["45385"]),
        (True, ["TRUE"]),
        (date(2024, 4, 3), ["2024-04-03"]),
        (datetime(2024, 4, 3), ["2024-04-03"]),
        (datetime(2024, 4, 3, 9, 30), ["2024-04-03T09:30:00"]),
        (time(9, 30), ["09:30:00"]),
    ],
)
def test_a_cell_is_written_in_one_form(value, cell):
    assert cell_of(value) == cell


def test_columns_are_numbered_as_spreadsheets_letter_them():
    letters = (b"A", b"Z", b"AA", b"AZ", b"XFD")
    assert [column_number(each) for each in letters] == [0, 25, 26, 51, 16383]


# Sheets


def test_a_sheet_is_read_by_its_name_or_if_it_is_the_only_one_with_anything_in_it():
    two = {"Uno": [["slug"], ["a"]], "Dos": [["slug"], ["b"]]}
    assert read(xlsx(**two), sheet="Dos")[2] == [(2, ["b"])]
    assert read(xlsx(Uno=two["Uno"], Vacía=[]))[2] == [(2, ["a"])]
    assert fault_of(xlsx(**two)) == (
        "the file: it has several sheets; name one of them: “Uno”, “Dos”."
    )
    assert fault_of(xlsx(**two), sheet="uno") == (
        "the file: it has no sheet “uno”; its sheets are “Uno”, “Dos”."
    )


def test_an_empty_sheet_is_empty():
    assert fault_of(xlsx(Vacía=[])) == "the file: it is empty."


# Formulas


def test_a_formula_is_its_value_and_an_error_stands_there_as_it_is_shown():
    parts = [
        '<row r="1"><c r="A1" t="inlineStr"><is><t>slug</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>name</t></is></c></row>',
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c>'
        '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>',
        '<row r="3"><c r="A3"><v>3</v></c><c r="B3" t="str"><f>""</f><v></v></c></row>',
    ]
    assert read(with_cells(parts))[2] == [(2, ["2", "#DIV/0!"]), (3, ["3", ""])]


def test_a_formula_that_nobody_has_worked_out_is_not_taken_for_an_empty_cell():
    rows = [["slug", "name"], ["a", "=1+1"], ["b", "B", ""], ["", "=1+1", "=1+1"]]
    sheet = open_sheet(xlsx(Datos=rows))
    why = "has no value; open the workbook in a spreadsheet program, save it, and send"
    assert [str(fault) for fault in sheet.faults] == [
        f'line 2, column "name": the formula in cell B2 {why} it again.',
        f'line 4, column "name": the formula in cell B4 {why} it again.',
        f"line 4: the formula in cell C4 {why} it again.",
        "line 4: it has 3 cells, the header has 2.",
    ]
    assert list(sheet.chunks()) == [([2, 3], [["a", None], ["b", "B"]])]
    assert list(sheet.rows_on({2})) == [(2, ["a", "="], [])]


def test_of_ods_neither_an_error_nor_a_formula_without_a_value_is_an_empty_cell():
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    )
    none = '<table:table-cell table:formula="of:=[.A1]+1"/>'
    rows = "".join(
        f"<table:table-row>{''.join(cells)}</table:table-row>"
        for cells in (
            [ods_cell("slug"), ods_cell("name")],
            ['<table:table-cell table:number-columns-repeated="2"/>'],
            [ods_cell("a"), error],
            [ods_cell("b"), none],
        )
    )
    other = f'<table:table table:name="Notas"><table:table-row>{none}</table:table-row>'
    tables = (
        f'{other}</table:table><table:table table:name="Datos">{rows}</table:table>'
    )
    sheet = open_sheet(ods_of(tables), dialect=Dialect(sheet="Datos"))
    assert [str(fault) for fault in sheet.faults] == [
        'line 4, column "name": the formula in cell B4 has no value; open the workbook '
        "in a spreadsheet program, save it, and send it again."
    ]
    assert list(sheet.chunks()) == [([3, 4], [["a", "#DIV/0!"], ["b", None]])]


def test_a_formula_without_a_value_in_the_header_keeps_all_rows_from_being_read():
    assert fault_of(xlsx(Datos=[["slug", "=1+1"], ["a", "b"]])) == (
        "line 1: the formula in cell B1 has no value; open the workbook in a "
        "spreadsheet program, save it, and send it again. Without the names of the "
        "columns no row can be read."
    )


# What is none, and what is too much

NONE = "the file: this is no workbook that can be read; save it as XLSX, ODS or CSV."
TOO_LARGE = (
    "the file: the workbook unpacks to more than is read; save the sheet as CSV."
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, NONE),
        (archive({"xl/workbook.xml": "no XML"}), NONE),
        (
            xlsx(Datos=DATOS)[:-200],
            NONE,
        ),
    ],
    ids=["an old document", "no sheets", "a part"],
)
def test_what_is_no_workbook_is_refused(data, said):
    assert fault_of(data) == said


def test_a_workbook_that_says_to_unpack_to_very_much_is_refused_unread():
    file = io.BytesIO(xlsx(Datos=DATOS))
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("xl/more.xml", "")
        packed.getinfo("xl/more.xml").file_size = 1 << 30
    assert fault_of(file.getvalue()) == TOO_LARGE


def test_a_workbook_that_would_fill_the_memory_is_refused():
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert fault_of(with_cells(['<row r="1"><c r="A1"><v>1</v></c></row>', far])) == (
        TOO_LARGE
    )


def test_rows_that_are_only_formatted_are_no_rows():
    empty = (f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 20_000))
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>slug</t></is></c></row>'
    last = '<row r="200000"><c r="A200000" t="inlineStr"><is><t>a</t></is></c></row>'
    _kind, _headers, rows, told = read(with_cells([first, *empty, last]))
    assert rows == [(200_000, ["a"])]
    assert told[1:] == ["199998 empty rows were skipped."]


def test_a_workbook_has_no_more_rows_than_any_file():
    data = xlsx(Datos=[["slug"], ["a"], ["b"], ["c"]])
    assert fault_of(data, Limits(None, 2, 2, 9)) == (
        "the file: it has more than 2 rows; split it."
    )
    assert open_sheet(data, Limits(None, 3, 2, 9)).rows == 3

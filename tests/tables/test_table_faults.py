"""Files that are no tables, each refused by name, with its place and a remedy."""

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.tables import (
    MAX_BYTES,
    MAX_FAULTS,
    UPLOAD,
    Fault,
    TableError,
    open_sheet,
    read_table,
)


def faults_of(data):
    """What is wrong with a file, whether it is found on opening or on reading."""
    with pytest.raises(TableError) as refused:
        open_sheet(data).whole()
    return [str(fault) for fault in refused.value.faults]


def a_zip(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "/"), text)
    return file.getvalue()


ZIP = "the file: this is an archive (ZIP) and no workbook (XLSX, ODS); unpack it first."
NOT_CSV = {
    "an empty file": (b"", "the file: it is empty."),
    "a byte order mark alone": (b"\xef\xbb\xbf", "the file: it is empty."),
    "blank lines alone": (b"\r\n\r\n\n", "the file: it is empty."),
    "a spreadsheet with a bomb in it": (a_zip(xl_sheet1=" " * 30_000_000), ZIP),
    "an archive with many members": (a_zip(**{f"m{n}": "" for n in range(999)}), ZIP),
    "an empty archive": (a_zip(), ZIP),
    "an old spreadsheet": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "the file: this is no workbook that can be read; save it as XLSX, ODS or CSV.",
    ),
    "a PDF": (
        b"%PDF-1.7\n%\xe2\xe3",
        "the file: this is a PDF; send the table in it as CSV, UTF-8.",
    ),
    "a compressed table": (
        gzip.compress(b"slug,name\r\n"),
        "the file: this is compressed (gzip); unpack it first.",
    ),
    "a page": (
        b"\xef\xbb\xbf\n <!DOCTYPE html><table><tr><td>slug</td></tr></table>",
        "the file: this is HTML; save the table as CSV, UTF-8.",
    ),
    "a table of a page": (
        b"<table>\n<tr><th>slug</th></tr></table>",
        "the file: this is HTML; save the table as CSV, UTF-8.",
    ),
    "XML": (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///">]>',
        "the file: this is XML; save the table as CSV, UTF-8.",
    ),
    "JSON": (
        b'[{"slug": "a", "name": "b"}]',
        "the file: this is JSON; save the table as CSV, UTF-8.",
    ),
    "JSON of one record": (
        b'{\n  "slug": "a"\n}',
        "the file: this is JSON; save the table as CSV, UTF-8.",
    ),
    "YAML": (
        b"---\n- !!python/object/apply:os.system ['x']\n",
        "the file: this is YAML; save the table as CSV, UTF-8.",
    ),
    "UTF-16 without a mark": (
        "slug,name\r\n".encode("utf-16-le"),
        "the file: it looks like UTF-16 without a byte order mark; save the file as "
        "UTF-8.",
    ),
    "UTF-16 of the other order without a mark": (
        "slug,name\r\n".encode("utf-16-be"),
        "the file: it looks like UTF-16 without a byte order mark; save the file as "
        "UTF-8.",
    ),
    "UTF-32": (
        "slug,name\r\n".encode("utf-32"),
        "the file: this is UTF-32; save the file as UTF-8.",
    ),
    "UTF-32 without a mark": (
        "slug,name\r\n".encode("utf-32-be"),
        "the file: it looks like UTF-32 without a byte order mark; save the file as "
        "UTF-8.",
    ),
    "a byte that is none, behind letters of two bytes and a mark": (
        b"\xef\xbb\xbf" + "éé".encode() + b"\xff",
        "line 1: byte 0xFF at place 3 is not UTF-8; save the file as UTF-8. Without "
        "the names of the columns no row can be read.",
    ),
    "half a character of UTF-16": (
        b"\xff\xfe" + "slug\r\n".encode("utf-16-le") + b"a\0\x00\xdcb\0",
        "line 2: byte 0x00 at place 2 is not UTF-16; save the file as UTF-8. All "
        "behind it may be shifted, and was not read.",
    ),
    "a cut file in UTF-16": (
        "slug,name\r\na,é".encode("utf-16")[:-1],
        "line 2: byte 0xE9 at place 3 begins a character that does not end: the file "
        "is cut or not UTF-16. All behind it may be shifted, and was not read.",
    ),
    "a file that is too large": (
        b"x" * (MAX_BYTES + 1),
        "the file: it is larger than 20 MiB; split it.",
    ),
    "too many rows": (
        b"a\n" + b"x\n" * (UPLOAD.rows + 1),
        "the file: it has more than 100000 rows; split it.",
    ),
    "too many columns": (
        ",".join(f"c{n}" for n in range(201)).encode() + b"\n1\n",
        "line 1: more than 200 columns.",
    ),
    "NUL in the header": (
        b"slug,na\0me\r\na,b\r\n",
        "line 1: control character U+0000; is this CSV, saved as UTF-8?",
    ),
    "a quote in the header": (
        b'slug,"na"me\r\na,b\r\n',
        "line 1: a quote stands in the middle of a cell; put the cell into quotes and "
        "double those inside it.",
    ),
    "a header that never ends": (
        b'\nslug,"name\r\na,b\r\n',
        "line 2: a quote that is opened here is never closed. The lines after it were "
        "read as rows.",
    ),
    "a doubled column": (
        b"slug,name,slug\r\n",
        "line 1: the column “slug” stands there 2 times, in places 1, 3.",
    ),
    "a doubled column that a formula is not": (
        b"'=a,=a\r\n",
        "line 1: the column “=a” stands there 2 times, in places 1, 2.",
    ),
}


@pytest.mark.parametrize(("data", "said"), NOT_CSV.values(), ids=NOT_CSV)
def test_a_file_that_is_no_table_is_refused_by_name_when_it_is_opened(data, said):
    with pytest.raises(TableError) as refused:
        open_sheet(data)
    assert [str(fault) for fault in refused.value.faults] == [said]


UNDECODED = {
    "Latin-1": (
        "slug,name\r\n2,Amé,\r\n".encode("latin-1"),
        'line 2, column "name": byte 0xE9 at place 5 is not UTF-8; save the file as '
        "UTF-8, or name its encoding in a mapping.",
    ),
    "the code page of Windows, in a cell of several lines": (
        'slug,name\r\na,"one\r\nñ “two”"\r\n'.encode("cp1252"),
        'line 3, column "name": byte 0xF1 at place 1 is not UTF-8; save the file as '
        "UTF-8, or name its encoding in a mapping.",
    ),
    "a byte that is none, far behind": (
        "slug,ñ\r\n".encode() * 50_000 + "éé".encode() + b"\x80,",
        'line 50001, column "slug": byte 0x80 at place 3 is not UTF-8; save the file '
        "as UTF-8, or name its encoding in a mapping.",
    ),
    "half a character": (
        b"slug,name\r\na,\xed\xa0\x80\r\n",
        'line 2, column "name": byte 0xED at place 3 is not UTF-8; save the file as '
        "UTF-8, or name its encoding in a mapping.",
    ),
    "a cut file": (
        "slug,name\r\na,é".encode()[:-1],
        'line 2, column "name": byte 0xC3 at place 3 begins a character that does '
        "not end: the file is cut or not UTF-8.",
    ),
}


@pytest.mark.parametrize(("data", "said"), UNDECODED.values(), ids=UNDECODED)
def test_bytes_that_are_no_characters_are_a_fault_of_their_row_alone(data, said):
    sheet = open_sheet(data)
    assert [str(fault) for fault in sheet.faults] == [said]


def test_other_cells_of_a_row_with_such_bytes_are_read():
    sheet = open_sheet("slug,name\r\na,Amé\r\nb,B\r\n".encode("cp1252"))
    assert list(sheet.chunks()) == [([2, 3], [["a", None], ["b", "B"]])]
    assert list(sheet.rows_on({2})) == [(2, ["a", "Am\N{REPLACEMENT CHARACTER}"], [])]


READ_ON = "The lines after it were read as rows."
WRONG_ROWS = {
    "NUL": (
        b"a,b\r\n1,\0\r\n1,2\r\n",
        ["line 2: control character U+0000; is this CSV, saved as UTF-8?"],
    ),
    "a short row": (
        b"a,b,c\r\n1,2,3\r\n4\r\n",
        ["line 3: it has 1 cell, the header has 3."],
    ),
    "a long row": (
        b"a,b,c\r\n1,2,3,4\r\n",
        ["line 2: it has 4 cells, the header has 3."],
    ),
    "a row behind a cell of several lines": (
        b'a,b\r\n"1\n\n1",2\n\r\n3\n',
        ["line 6: it has 1 cell, the header has 2."],
    ),
    "a long cell": (
        b"a,b\r\n1," + b"x" * 131_073 + b"\r\n1,2,3\r\n",
        [
            'line 2, column "b": the cell is longer than 64 KiB.',
            "line 3: it has 3 cells, the header has 2.",
        ],
    ),
    "a long cell of several lines": (
        b'a,b\r\n1,"' + b"x\n" * 40_000 + b'"\r\n1,2,3\r\n',
        [
            'line 2, column "b": the cell is longer than 64 KiB.',
            "line 40003: it has 3 cells, the header has 2.",
        ],
    ),
    "a quote that is never closed": (
        b'a,b\r\n1,"2\r\n3"\r\n4,"5\r\n6,7\r\n',
        [f"line 4: a quote that is opened here is never closed. {READ_ON}"],
    ),
    "a quote that is never closed behind another cell of its row": (
        b'a,b\r\n"1\r\n2","3\r\n4,5\r\n',
        [f"line 3: a quote that is opened here is never closed. {READ_ON}"],
    ),
    "a quote that is not closed for long": (
        b'a,b\r\n1,"2\r\n' + b"3,4\r\n" * 40_000,
        [
            "line 2: the cell that a quote opens here is longer than 64 KiB; the quote "
            f"may never be closed. {READ_ON}"
        ],
    ),
    "a quote that the next one closes": (
        b'a,b\r\n1,"2\r\n3,"4"\r\n5\r\n',
        [
            "line 2: the quote that is opened here is closed within a cell, in line 3; "
            f"double a quote that stands inside a cell. {READ_ON}",
            "line 4: it has 1 cell, the header has 2.",
        ],
    ),
    "quotes in the middle of cells": (
        b'a,b\r\n1,5"\r\n"1" ,2\r\n1, "2"\r\n"1"1,2\r\n3\r\n',
        [
            f"line {line}: a quote stands in the middle of a cell; put the cell into "
            "quotes and double those inside it."
            for line in (2, 3, 4, 5)
        ]
        + ["line 6: it has 1 cell, the header has 2."],
    ),
    "carriage returns alone": (
        b'a,b\r\n1,2\r3,4\r\n"\r",5\r\n6\r\n',
        [
            f"line {line}: a carriage return without a line feed; save with CRLF or LF "
            "line ends."
            for line in (2, 3)
        ]
        + ["line 4: it has 1 cell, the header has 2."],
    ),
}


@pytest.mark.parametrize(("data", "said"), WRONG_ROWS.values(), ids=WRONG_ROWS)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_is_wrong_with_rows_is_all_said_when_they_are_read(data, said, codec):
    sheet = open_sheet(data.decode().encode(codec))
    assert sheet.headers[:2] == ["a", "b"]
    assert list(map(str, sheet.faults)) == said
    with pytest.raises(TableError):
        sheet.whole()


def test_the_header_and_the_rows_are_judged_together():
    assert faults_of(b"a,b,b\r\n1\r\n") == [
        "line 1: the column “b” stands there 2 times, in places 2, 3.",
        "line 2: it has 1 cell, the header has 3.",
    ]


def test_of_very_many_faults_the_first_are_named_and_the_others_counted():
    said = faults_of(b"a,b\n" + b"1\n" * (MAX_FAULTS + 20))
    assert len(said) == MAX_FAULTS
    assert said[-2] == f"line {MAX_FAULTS}: it has 1 cell, the header has 2."
    assert said[-1] == "the file: 21 more things are wrong with it."
    assert len(faults_of(b"a,b\n" + b"1\n" * MAX_FAULTS)) == MAX_FAULTS
    assert "more" not in faults_of(b"a,b\n" + b"1\n" * MAX_FAULTS)[-1]


def test_long_cells_of_many_lines_are_read_if_each_is_within_the_limit():
    cell = "x\n" * 32_000
    assert read_table(f'a,b\n"{cell}","{cell}"\n"{cell}",\n'.encode()).rows == [
        [cell, cell],
        [cell, ""],
    ]


def test_a_header_without_rows_is_a_table_of_none():
    sheet = open_sheet(b"a,b\r\n")
    assert (sheet.headers, sheet.rows, list(sheet.chunks())) == (["a", "b"], 0, [])


@pytest.mark.parametrize(
    "cell",
    [
        "José",
        "JosÃ©",
        "P\u0430ul",
        "Jose\u0301",
        "a\u202eb",
        "a\u200bb",
        "\ufeff",
        "\U0001f469\u200d\U0001f680",
        "e" + "\u0301" * 200,
        "-5",
        "\x07\x85\x0b\x0c\x1c\u2028",
    ],
)
def test_what_a_cell_may_hold_is_left_to_its_column(cell):
    assert read_table(f"a,b\r\n1,{cell}\r\n".encode()).rows == [["1", cell]]


@pytest.mark.parametrize("name", ["Name ", "n\u202eame", "na\u200bme", "NAME"])
def test_a_header_is_given_as_it_is_written(name):
    assert open_sheet(f"slug,{name}\r\n".encode()).headers == ["slug", name]


# Sentences ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(0, "it is empty."), "the file: it is empty."),
        (Fault(3, "no.", "name"), 'line 3, column "name": no.'),
        (Fault(3, "no such day.", "b", "2024-02-30"), "no such day (“2024-02-30”)."),
        (Fault(3, "no", "b", "x"), "no (“x”)"),
        (Fault(3, "“x” is none.", "b", "x"), "“x” is none."),
        (Fault(3, "Write a slug.", "b", " a"), "Write a slug (“ a”)."),
        (Fault(3, "no.", "b", "a\u202eb\0\n\xa0é"), r"no (“a\u202eb\x00\n\xa0é”)."),
        (Fault(3, "no.", "b", "x" * 81), f"no (“{'x' * 80}…”)."),
        (Fault(3, "no.", "c\u202e" + "d" * 100), rf'column "c\u202e{"d" * 78}…": no.'),
    ],
)
def test_a_fault_shows_its_value_unless_its_sentence_does(fault, said):
    assert str(fault).endswith(said)


@given(st.text(), st.text(min_size=1))
def test_the_value_of_a_fault_hides_nothing_and_is_short(column, value):
    said = str(Fault(1, "wrong.", column, value))
    assert said.isprintable()
    assert len(said) < 10 * 80 * 2 + 50

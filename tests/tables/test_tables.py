"""CSV files: what is written reads back the same, and what is doubtful is refused."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.tables import (
    MAX_BYTES,
    UPLOAD,
    TableError,
    escaped,
    read_table,
    restored,
    write_table,
)
from provenance.tables.formulas import FORMULA, NUMBER

# What CSV text can hold: line ends are kept as LF, and NUL is never stored.
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))


def faults_of(data):
    with pytest.raises(TableError) as refused:
        read_table(data)
    return [str(fault) for fault in refused.value.faults]


@given(CELLS)
def test_an_escaped_cell_is_restored_as_it_was(cell):
    assert restored(escaped(cell)) == cell


@given(CELLS)
def test_no_escaped_cell_starts_a_formula(cell):
    start = escaped(cell)[:1]
    assert start not in {*"=+@\t\r\n\uff1d\uff0b\uff0d\uff20"}
    assert start != "-" or NUMBER.fullmatch(cell)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("==1+1", "'==1+1"),
        ("+1", "'+1"),
        ("-1+2", "'-1+2"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("'=1", "''=1"),
        ("\uff1d1", "'\uff1d1"),
        ("-97", "-97"),
        ("-1.5", "-1.5"),
        ("'90s", "'90s"),
        ("..", ".."),
        ("~10000", "~10000"),
    ],
)
def test_what_a_spreadsheet_would_run_is_written_behind_an_apostrophe(cell, written):
    assert escaped(cell) == written
    assert restored(written) == cell


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=20))
def test_a_table_that_is_written_reads_back_the_same(rows):
    text = write_table(["a", "b", "c"], rows)
    table = read_table(text.encode())
    assert table.headers == ["a", "b", "c"]
    assert table.rows == [list(row) for row in rows if any(map(str.strip, row))]


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
def test_another_reader_of_csv_sees_the_same_cells(rows):
    text = write_table(["a", "b"], rows)
    cells = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [[restored(cell) for cell in row] for row in cells] == [
        list(r) for r in rows
    ]
    assert not any(
        FORMULA.match(cell) and not cell.startswith("'") and not NUMBER.fullmatch(cell)
        for row in cells
        for cell in row
    )


@pytest.mark.parametrize(
    "data",
    [
        "slug,name\r\na,José\r\n".encode(),
        "slug,name\na,José".encode(),
        "slug,name\r\na,José\r\n".encode("utf-8-sig"),
        "slug,name\r\na,José\r\n".encode("utf-16"),
        b"\xfe\xff" + "slug,name\r\na,José\r\n".encode("utf-16-be"),
        "slug;name\r\na;José\r\n".encode(),
        "slug\tname\r\na\tJosé\r\n".encode(),
        'slug,"name"\r\n"a","José"\r\n'.encode(),
        "slug,name\r\n\r\na,José\r\n\r\n".encode(),
    ],
)
def test_the_dialects_that_spreadsheets_write_are_read(data):
    table = read_table(data)
    assert (table.headers, table.rows) == (["slug", "name"], [["a", "José"]])


def test_each_row_knows_the_line_on_which_it_begins():
    table = read_table(b'slug,note\r\na,"one\r\ntwo\r\nthree"\r\n\r\nb,x\r\n')
    assert table.lines == [2, 6]
    assert table.rows[0][1].splitlines() == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file: it is empty."),
        (
            "slug,name\r\na,José\r\n".encode("latin-1"),
            'line 2, column "name": byte 0xE9 at place 6 is not UTF-8; save the '
            "file as UTF-8, or name its encoding in a mapping.",
        ),
        (
            "slug,name\r\na,Ñ".encode()[:-1],
            'line 2, column "name": byte 0xC3 at place 3 begins a character that '
            "does not end: the file is cut or not UTF-8.",
        ),
        (
            b"slug,name\r\na,\0\r\n",
            "line 2: control character U+0000; is this CSV, saved as UTF-8?",
        ),
        (
            b"slug,name\ra,b\r",
            "line 1: a carriage return without a line feed; save with CRLF or LF line "
            "ends.",
        ),
        (
            b'slug,name\r\na,b\r\nc,"d\r\ne,f\r\n',
            "line 3: a quote that is opened here is never closed. The "
            "lines after it were read as rows.",
        ),
        (b"a,b,c\r\n1,2,3\r\n4\r\n", "line 3: it has 1 cell, the header has 3."),
        (b"a,b,c\r\n1,2,3,4\r\n", "line 2: it has 4 cells, the header has 3."),
        (
            b"a,b,a\r\n1,2,3\r\n",
            "line 1: the column “a” stands there 2 times, in places 1, 3.",
        ),
        (
            b"a,b\r\n1," + b"x" * (UPLOAD.cell + 1) + b"\r\n",
            'line 2, column "b": the cell is longer than 64 KiB.',
        ),
        (
            b"a,b\r\n" + b"1,2\r\n" * (UPLOAD.rows + 1),
            "the file: it has more than 100000 rows; split it.",
        ),
        (b"x" * (MAX_BYTES + 1), "the file: it is larger than 20 MiB; split it."),
        (
            ",".join(f"c{n}" for n in range(201)).encode(),
            "line 1: more than 200 columns.",
        ),
    ],
)
def test_what_would_have_to_be_guessed_is_refused_with_its_place(data, said):
    assert said in faults_of(data)


def test_every_fault_is_named_at_once():
    assert faults_of(b"a,b,b\r\n1\r\n1,2,3\r\n1,2,3,4\r\n") == [
        "line 1: the column “b” stands there 2 times, in places 2, 3.",
        "line 2: it has 1 cell, the header has 3.",
        "line 4: it has 4 cells, the header has 3.",
    ]


def test_a_hostile_file_is_refused_with_a_short_answer():
    for data in (b"," * 1_000_000, b"slug\r\n" + b"a,b,c\r\n" * 50_000):
        assert sum(len(fault) for fault in faults_of(data)) < 100_000

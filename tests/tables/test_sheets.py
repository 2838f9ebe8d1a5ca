"""CSV files as streams: every dialect gives the same rows, and all of them."""

import codecs
import csv
import hashlib
import io
import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.tables import (
    FOLDER,
    MAX_FAULTS,
    UPLOAD,
    Limits,
    TableError,
    escaped,
    open_sheet,
)

ANYTHING = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")
CELLS = st.text(st.one_of(ANYTHING, st.sampled_from("\",;\t\n'= é"))).map(
    lambda cell: cell.replace("\n", "\r\n") if len(cell) % 2 else cell
)
NAMES = st.text(st.sampled_from("abcdefgh_"), min_size=1, max_size=9)
ENCODINGS = {
    "UTF-8": ("utf-8", b""),
    "UTF-8 with a byte order mark": ("utf-8", codecs.BOM_UTF8),
    "UTF-16": ("utf-16-le", codecs.BOM_UTF16_LE),
    "UTF-16 of the other order": ("utf-16-be", codecs.BOM_UTF16_BE),
}


@st.composite
def tables(draw):
    headers = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    row = st.lists(CELLS, min_size=len(headers), max_size=len(headers))
    return headers, draw(st.lists(row, max_size=12))


def rows_of(sheet, size=5000):
    return [row for _lines, rows in sheet.chunks(size) for row in rows]


def lines_of(sheet):
    return [line for lines, _rows in sheet.chunks() for line in lines]


def says_anything(row):
    return any(map(str.strip, row))


@given(
    tables(),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\r\n", "\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(sorted(ENCODINGS)),
    st.integers(0, 2),
    st.booleans(),
)
def test_a_table_is_the_same_in_every_dialect(
    table, delimiter, line_end, quoting, encoding, blank_lines, is_ended
):
    headers, rows = table
    file, begun = io.StringIO(), []
    writer = csv.writer(
        file, delimiter=delimiter, lineterminator=line_end, quoting=quoting
    )
    writer.writerow(headers)
    for row in rows:
        file.write(line_end * blank_lines)
        begun.append(file.getvalue().count("\n") + 1)
        writer.writerow(escaped(cell) for cell in row)
    text = file.getvalue()
    if not is_ended:
        text = text.removesuffix(line_end)
    codec, mark = ENCODINGS[encoding]
    data = mark + text.encode(codec)

    begun = [line for line, row in zip(begun, rows, strict=True) if says_anything(row)]
    rows = [row for row in rows if says_anything(row)]

    sheet = open_sheet(data, known=headers)

    assert (sheet.headers, sheet.rows) == (headers, len(rows))
    assert sheet.encoding == encoding.removesuffix(" of the other order")
    assert sheet.delimiter == (delimiter if len(headers) > 1 else ",")
    assert (sheet.size, sheet.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    if sheet.delimiter == delimiter:
        assert rows_of(sheet) == rows
        assert lines_of(sheet) == begun
        assert rows_of(sheet, size=3) == rows  # anew, in chunks of another size


# The grammar of RFC 4180, in which a text either is or is not. Lines with nothing on
# them are no rows, and neither are those whose cells are empty; columns without a name
# and cells behind the last column are none as long as they are empty.
def read_by_the_letter(text, mark):
    """The lines and cells of all records; None if the text is no CSV."""
    cell = re.compile(rf'"((?:[^"]|"")*)"|([^"{mark}\r\n]*)')
    end = re.compile(r"\r?\n|\Z")
    records, at, line = [], 0, 1
    while at < len(text):
        begun, cells = at, []
        while found := cell.match(text, at):
            quoted, plain = found.groups()
            cells.append(plain if quoted is None else quoted.replace('""', '"'))
            at = found.end()
            if not text.startswith(mark, at):
                break
            at += 1
        if not (ended := end.match(text, at)):
            return None
        if at > begun:
            records.append((line, cells))
        at = ended.end()
        line += text.count("\n", begun, at)
    records = [(line, cells) for line, cells in records if says_anything(cells)]
    if not records or re.search("\r(?!\n)|\0", text):
        return None
    names = records[0][1]
    named = [place for place, name in enumerate(names) if name]
    is_table = len({names[place] for place in named}) == len(named) and all(
        len(cells) > named[-1]
        and not any(cell for place, cell in enumerate(cells) if place not in named)
        for _line, cells in records
    )
    if not is_table:
        return None
    return [(line, [cells[place] for place in named]) for line, cells in records]


@given(
    st.lists(
        st.sampled_from(
            ['"', '""', '","', ",", "\n", "\r\n", "a", "b", "é", "\r", "\0"]
        )
    ).map("".join)
)
def test_a_text_is_read_if_and_only_if_the_standard_calls_it_csv(text):
    expected = read_by_the_letter(text, ",")
    try:
        sheet = open_sheet(text.encode()).whole()
        found = list(zip(lines_of(sheet), rows_of(sheet), strict=True))
    except TableError as error:
        assert error.faults
        assert expected is None
    else:
        assert expected is not None
        assert [sheet.headers, *(row for _line, row in found)] == [
            cells for _line, cells in expected
        ]
        assert [line for line, _row in found] == [line for line, _ in expected[1:]]


@given(st.binary() | st.binary().map(lambda data: b"\xff\xfe" + data))
def test_any_bytes_are_a_table_or_refused(data):
    try:
        sheet = open_sheet(data)
        unread = sheet.rows - len(rows_of(sheet))
        assert 0 <= unread <= len(sheet.wrong)
    except TableError as error:
        assert all(str(fault) for fault in error.faults)


def test_headers_are_restored_as_cells_are():
    sheet = open_sheet(b"'=a,'90s\r\n'=1+1,'90s\r\n")
    assert (sheet.headers, rows_of(sheet)) == (["=a", "'90s"], [["=1+1", "'90s"]])


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("slug,name", ","),
        ("slug;name", ";"),
        ("slug\tname", "\t"),
        ("slug;a,b,c,d;name", ";"),
        ('"slug";"name"', ";"),
        ("slug", ","),
        ("nothing;of,this;is;known", ","),
        ("slug,x;name", ","),
        ("name;slug,slug;x", ";"),
    ],
)
def test_the_delimiter_is_the_one_that_makes_known_names(header, delimiter):
    sheet = open_sheet(f"\n{header}\n".encode(), known=["slug", "name"])
    assert sheet.delimiter == delimiter


def test_without_known_names_the_delimiter_is_the_one_that_makes_the_most_cells():
    assert open_sheet(b"a;b,c;d\n").headers == ["a", "b,c", "d"]
    assert open_sheet(b'"a;b;c",d\n').headers == ["a;b;c", "d"]


def test_a_folder_of_our_own_may_hold_more_rows_than_an_upload():
    data = b"a\r\n" + b"x\r\n" * (UPLOAD.rows + 1)
    assert open_sheet(data, FOLDER).rows == UPLOAD.rows + 1
    with pytest.raises(TableError, match="more than 100000 rows"):
        open_sheet(data)


@pytest.mark.parametrize(
    ("limits", "is_within"),
    [
        (Limits(11, 2, 2, 1), True),
        (Limits(None, None, None, None), True),
        (Limits(10, 2, 2, 1), False),
        (Limits(11, 1, 2, 1), False),
        (Limits(11, 2, 1, 1), False),
    ],
)
def test_a_limit_is_the_most_that_is_allowed(limits, is_within):
    data = b"a,b\n1,2\n3,4"
    if is_within:
        assert rows_of(open_sheet(data, limits)) == [["1", "2"], ["3", "4"]]
    else:
        with pytest.raises(TableError):
            open_sheet(data, limits)


def peak_of(data, read):
    """The most memory that is held at a time beyond the bytes of the file."""
    tracemalloc.start()
    try:
        read(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_file():
    def read(data):
        sheet = open_sheet(data, FOLDER)
        assert sum(len(rows) for _lines, rows in sheet.chunks(100)) == sheet.rows

    row = ",".join(["é" * 100] * 5) + '\r\n"multi\r\nline",,,,\r\n'
    one = ("a,b,c,d,e\r\n" + row * 1_000).encode()
    fifteen = ("a,b,c,d,e\r\n" + row * 15_000).encode()
    assert len(fifteen) > 15_000_000
    assert peak_of(fifteen, read) < 1.2 * peak_of(one, read)


SIZE = UPLOAD.bytes - 8


@pytest.mark.parametrize(
    "data",
    [
        b"," * SIZE,
        b'"' * SIZE,
        b"a" * SIZE,
        b"\r" * SIZE,
        b"\0" * SIZE,
        b"a,b\n" + (b"," * 1_000_000 + b"\n") * 20,
        b"a,b\n" + (b'"' * 1_000_000 + b"\n") * 20,
        b'a,b\n1,"' + b"x,y\n" * (SIZE // 4 - 2),
        b'a,b\n1,"' + b'x,""y\n' * (SIZE // 6 - 2),
        "\U0001f600".encode() + b"a" * (SIZE - 8),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_a_bomb_is_refused_without_much_memory(data):
    def refuse(data):
        with pytest.raises(TableError) as refused:
            open_sheet(data).whole()
        assert len(refused.value.faults) <= MAX_FAULTS
        assert max(len(str(fault)) for fault in refused.value.faults) < 5_000

    assert peak_of(data, refuse) < 64 << 20

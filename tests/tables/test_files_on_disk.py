"""Tables that are read from where they lie on the disk, and are never held whole."""

import os
import re
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from provenance.tables import FOLDER, TableError, open_sheet

ROWS = "slug,note\r\n" + "".join(f"place-{n},“é”\r\n" for n in range(30_000))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_on_the_disk_is_read_as_its_bytes_are(tmp_path, codec):
    path = tmp_path / "places.csv"
    path.write_bytes(ROWS.encode(codec))
    lying, held = open_sheet(path), open_sheet(path.read_bytes())
    assert list(lying.chunks()) == list(held.chunks())
    assert (lying.size, lying.sha256) == (held.size, held.sha256)


def test_what_was_escaped_comes_back_from_the_disk_as_well(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("slug,note\r\na,'=1\r\n")
    assert list(open_sheet(path).chunks()) == [([2], [["a", "=1"]])]


def test_of_a_file_on_the_disk_only_what_is_being_read_is_in_memory(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("slug,note\r\n" + f"place,{'x' * 60_000}\r\n" * 300)
    tracemalloc.start()
    try:
        rows = sum(len(rows) for _lines, rows in open_sheet(path, FOLDER).chunks(10))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert rows == 300
    assert most < path.stat().st_size / 4


def test_a_pipe_is_read_too_though_it_can_be_read_but_once(tmp_path):
    path = tmp_path / "places.csv"
    os.mkfifo(path)
    with ThreadPoolExecutor() as beside:
        written = beside.submit(path.write_text, ROWS)
        sheet = open_sheet(path)
        assert written.result() == len(ROWS)
    assert list(sheet.chunks()) == list(open_sheet(ROWS.encode()).chunks())


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: None])
def test_what_is_no_file_is_an_error_of_the_disk(tmp_path, make):
    make(tmp_path / "places.csv")
    with pytest.raises(OSError, match=re.escape(f"{tmp_path / 'places.csv'}")):
        open_sheet(tmp_path / "places.csv")


def written_over(path, text):
    path.write_text(text)


def replaced(path, text):
    other = path.with_suffix(".new")
    other.write_text(text)
    other.replace(path)


@pytest.mark.parametrize("write", [written_over, replaced])
@pytest.mark.parametrize(
    "text", ["slug,note\r\n", ROWS[:-3], ROWS + 'a,"', "\0", ROWS + "a,b\r\n"]
)
def test_a_file_that_is_written_while_it_is_read_is_refused(tmp_path, write, text):
    path = tmp_path / "places.csv"
    path.write_text(ROWS)
    sheet = open_sheet(path)
    chunks = sheet.chunks()
    next(chunks)
    write(path, text)
    for rest in (chunks, sheet.chunks()):
        with pytest.raises(TableError, match="written while it was read"):
            list(rest)

"""A disk that can only be read: readers notice nothing, whoever writes is told once."""

import errno
from contextlib import contextmanager

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from provenance.models import SourceFile
from tests import make
from tests.curating import address, superuser
from tests.depth import cases, in_depth
from tests.digests import digest
from tests.files.test_formats import a_pdf
from tests.folders import load, write
from tests.ways_to_write import WAYS, Writers

pytestmark = pytest.mark.django_db(transaction=True)

READ_ONLY = (
    "The database can only be read at the moment. Nothing was written; try again later."
)
# A database that says of itself what it would say of its disk.
SWITCH = {
    "sqlite": "PRAGMA query_only = {}",
    "postgresql": "SET default_transaction_read_only = {}",
}


@contextmanager
def read_only():
    """While this lasts the database can only be read, by this connection."""
    switch = SWITCH[connection.vendor]
    with pytest.MonkeyPatch.context() as patch, connection.cursor() as cursor:
        patch.setattr(connection, "close", lambda: None)  # another could write
        cursor.execute(switch.format("on"))
        try:
            yield
        finally:
            cursor.execute(switch.format("off"))


@pytest.mark.proves("writes to what can only be read")
@pytest.mark.parametrize("way", cases(("a program",), tuple(WAYS)))
def test_whoever_writes_is_told_so_and_can_repeat_it(figure, way):
    writers = Writers()
    before = digest()
    with read_only():
        answer = WAYS[way](writers)
        said = answer.status_code, answer.content.decode(), answer.get("Retry-After")
        wrote = digest() != before
        is_right = said[0] == 503 and READ_ONLY in said[1] and said[2] == "1"
        figure(1, wrote or not is_right)
        assert is_right, said
        assert not wrote
    assert WAYS[way](writers).status_code < 400


@in_depth("Readers notice nothing where nothing is done.")
def test_whoever_reads_notices_nothing():
    writers = Writers()
    for asked in ("/places/nogales/", "/api/v1/places/", "/readyz", "/admin/"):
        with read_only():
            assert writers.browser.get(asked).status_code == 200, asked


@pytest.mark.proves("writes to what can only be read")
@in_depth("One of many files that are taken.")
@pytest.mark.parametrize(
    ("number", "status", "said"),
    [
        (errno.EROFS, 503, "Files can only be read at the moment."),
        (errno.ENOSPC, 507, "The disk for files is full."),
    ],
)
def test_a_file_that_its_disk_does_not_take_is_not_on_record(
    client, monkeypatch, figure, number, status, said
):
    curator, source = superuser(client), make.a_source(slug="article")
    curator.raise_request_exception = False
    page = address(type(source), "enter", source.pk)
    with monkeypatch.context() as disk:

        def refuse(*_arguments):
            raise OSError(number, "no")

        disk.setattr(FileSystemStorage, "_save", refuse)
        answer = curator.post(page, {"file": a_pdf_file()})
    is_right = answer.status_code == status and said in answer.content.decode()
    figure(1, not is_right)
    assert is_right, answer.content
    assert not SourceFile.objects.exists()
    assert curator.post(page, {"file": a_pdf_file()}).status_code == 302
    assert SourceFile.objects.exists()


def a_pdf_file():
    return SimpleUploadedFile("a.pdf", a_pdf("What it says"), "application/pdf")


@in_depth("The quick run tries it where the disk is full.")
def test_a_command_says_so_in_one_line(tmp_path):
    write(tmp_path / "in", places=["slug,name,kind", "a,A,city"])
    with read_only():
        assert load(tmp_path / "in")[2] == READ_ONLY
    assert load(tmp_path / "in")[2] is None

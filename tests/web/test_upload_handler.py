"""Uploads: in memory, never in a temporary file, and not read beyond their limit."""

import tempfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory
from django.test.client import MULTIPART_CONTENT, FakePayload

from entities.models import Place
from provenance.tables import UPLOAD
from provenance.web.upload_handler import most_bytes
from tests.curating import address, superuser

pytestmark = pytest.mark.django_db
TOO_LARGE = (
    "This is larger than is accepted, and nothing of it was read: a file may have "
    "20 MiB, the rest of a form 2.5 MiB. Go back and split it."
)


def upload(client, size):
    file = SimpleUploadedFile("places.csv", b"x" * size, "text/csv")
    data = {"file": file, "table": "places"}
    return client.post(address(Place, "import"), data)


def test_a_body_beyond_every_limit_is_answered_with_413_and_a_sentence(client):
    superuser(client)
    answer = upload(client, most_bytes())
    assert answer.status_code == 413
    assert answer.content.decode() == TOO_LARGE
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Content-Security-Policy" in answer.headers


def test_a_file_a_little_too_large_is_refused_on_its_form(client):
    superuser(client)
    answer = upload(client, UPLOAD.bytes + 1)
    assert answer.status_code == 413
    assert answer.context["form"].errors["file"] == [
        "The file is larger than 20 MiB; split it."
    ]


def test_a_form_beyond_its_limit_is_answered_with_413(client):
    superuser(client)
    data = {"private_note": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
    answer = client.post(address(Place, "add"), data)
    assert (answer.status_code, answer.content.decode()) == (413, TOO_LARGE)


def test_a_request_that_is_wrong_otherwise_stays_400(client):
    superuser(client)
    fields = {f"f{n}": "" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    answer = client.post(address(Place, "add"), fields)
    assert answer.status_code == 400


class Untouched(FakePayload):
    """A body that nobody may read."""

    def read(self, *args):
        raise AssertionError("the body was read")


def test_nothing_is_read_of_a_body_that_is_too_large(client):
    superuser(client)
    answer = client.request(
        REQUEST_METHOD="POST",
        PATH_INFO=address(Place, "import"),
        CONTENT_TYPE=MULTIPART_CONTENT,
        CONTENT_LENGTH=str(most_bytes() + 1),
        **{"wsgi.input": Untouched()},
    )
    assert answer.status_code == 413


def test_a_large_upload_makes_no_temporary_file(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    data = b"x" * (10 << 20)
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a", data)})
    file = request.FILES["file"]
    assert isinstance(file, InMemoryUploadedFile)
    assert file.read() == data

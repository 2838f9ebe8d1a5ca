"""Who signs in and out and what is taken away stands in the log, and nothing secret."""

import logging
from getpass import getuser
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.urls import reverse
from rest_framework.test import APIClient

from entities.models import Place
from provenance.models import Source, SourceFile
from tests import make
from tests.curating import address, superuser
from tests.roles import with_token

pytestmark = pytest.mark.django_db

LOGIN, SECRET = "/admin/login/", "correct horse battery staple"


@pytest.fixture
def noted(caplog):
    """What was noted until now: the message, and whose key and address are with it."""
    caplog.set_level(logging.INFO, "bordersec.audit")
    return lambda: [
        (one.getMessage(), one.user, one.client)
        for one in caplog.records
        if one.name == "bordersec.audit"
    ]


def test_signing_in_and_out_and_in_vain_is_noted(client, noted):
    ana = User.objects.create_superuser("ana", password=SECRET)
    for password in ("secretly-ana", SECRET):
        client.post(LOGIN, {"username": "ana", "password": password})
    client.post(reverse("admin:logout"))
    assert noted() == [
        ("somebody from 127.0.0.1 was refused", None, "127.0.0.1"),
        ("ana from 127.0.0.1 signed in", ana.pk, "127.0.0.1"),
        ("ana from 127.0.0.1 signed out", ana.pk, "127.0.0.1"),
    ]


def test_what_is_exported_is_noted(client, noted):
    superuser(client)
    make.a_place()
    sent = {"format": "0", "resource": "0"}
    assert client.post(address(Place, "export"), sent).status_code == 200
    assert [said for said, *_more in noted()][1:] == [
        f'ana from 127.0.0.1 took away "places.csv" at {address(Place, "export")}'
    ]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/api/v1/places/?format=csv", '"places.csv" at /api/v1/places/'),
        ("/places/?format=csv", None),
        ("/api/v1/places/", None),
        ("/api/v1/package/", '"bordersec.zip" at /api/v1/package/'),
    ],
)
def test_files_that_the_public_takes_are_noted(client, noted, address, name):
    make.a_place()
    b"".join(client.get(address, follow=True))
    taken = f"somebody from 127.0.0.1 took away {name}"
    assert [said for said, *_more in noted()] == [taken] * (name is not None)


def test_who_takes_with_a_token_is_named(noted):
    ana = User.objects.create_user("ana")
    client = with_token(APIClient(), ana)
    b"".join(client.get("/api/v1/places/?format=csv"))
    assert [user for _said, user, _client in noted()] == [ana.pk]


@pytest.mark.django_db(transaction=True)
def test_what_commands_take_or_make_is_noted(noted, tmp_path):
    User.objects.create_user("ana")
    call_command("dump", tmp_path / "record", stderr=StringIO(), stdout=StringIO())
    call_command("api_token", "ana", stderr=StringIO(), stdout=StringIO())
    me = f"{getuser()} on this machine"
    assert [said for said, *_more in noted()] == [
        f"{me} wrote the record to {tmp_path / 'record'}",
        f"{me} made a token for ana",
    ]


def test_what_is_downloaded_is_noted(client, noted):
    superuser(client)
    source = make.a_source(slug="report")
    file = SourceFile.add(source, b"It says so.", "report.txt", User.objects.get())
    answer = client.get(address(Source, "file", source.pk, file.pk))
    assert b"".join(answer.streaming_content) == b"It says so."
    answer.close()
    assert [said for said, *_more in noted()][1:] == [
        f"ana from 127.0.0.1 took away file {file.pk} of source report"
    ]

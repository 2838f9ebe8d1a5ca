"""The log has one line for each request, and nothing in it that is secret."""

import json
import os
import subprocess
import sys

import pytest

from tests import PROJECT
from tests.databases import MIGRATED

SECRET = "b7c4-secret"
ASKING = f"""
import django
django.setup()
from django.test import Client
from entities.models import Place
from provenance.tracking.changes import changing
client = Client(headers={{"Authorization": "Token {SECRET}", "Cookie": "a={SECRET}"}})
for name, address in {{
    "from-the-proxy": "/api/v1/places/?q={SECRET}",
    "a b": "/api/a%0d%0ab%1b[31m/",
}}.items():
    client.get(address, secure=True, headers={{"X-Request-ID": name}})
with changing("other"):
    Place(slug="naco", name="Naco", kind="city").save()
"""


@pytest.fixture(scope="module")
def lines(tmp_path_factory, django_db_setup, django_db_blocker, templates):
    """What a process logs that answers some requests and makes a change."""
    folder = tmp_path_factory.mktemp("log")
    with django_db_blocker.unblock(), templates.elsewhere(MIGRATED, folder) as url:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", ASKING],
            cwd=PROJECT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "bordersec.settings",
                "DATABASE_URL": url,
                "DEBUG": "0",
                "SECRET_KEY": "a-long-random-text-that-nobody-else-has-0123456789-abc",
                "ALLOWED_HOSTS": "testserver",
                "LOG": "json",
            },
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stderr


def test_each_line_is_one_object_and_each_request_has_one(lines):
    told = [json.loads(line) for line in lines.splitlines()]
    asked = [one for one in told if one["name"] == "bordersec.requests"]
    assert [(one["method"], one["path"], one["status"]) for one in asked] == [
        ("GET", "/api/v1/places/", 401),
        ("GET", "/api/a\r\nb\x1b[31m/", 404),
    ]
    assert asked[0]["request"] == "from-the-proxy"
    assert asked[1]["request"] not in ("", "a b")


def test_nothing_in_it_is_secret(lines):
    assert SECRET not in lines


def test_each_change_has_its_number(lines):
    told = [json.loads(line) for line in lines.splitlines()]
    (change,) = (one for one in told if one["name"] == "bordersec.changes")
    assert change["change"] == 1

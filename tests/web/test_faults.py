"""Faults are told to Sentry if that is asked for, and never of whom or with what."""

import json
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from provenance.web.faults import report_to, without_persons
from tests import PROJECT
from tests.depth import in_depth

FAILS = """
import json, django
django.setup()
from sentry_sdk.transport import Transport
from django.test import Client
from provenance.web import faults, health

sent = []
class Kept(Transport):
    def capture_envelope(self, envelope):
        sent.extend(item.payload.json for item in envelope.items)
faults.report_to("http://key@127.0.0.1:9/1", transport=Kept)

def fail():
    password = "in-a-frame"
    raise RuntimeError("in-a-message")
health.checked = fail
Client(raise_request_exception=False).get(
    "/readyz?q=in-a-query", headers={"cookie": "sessionid=in-a-cookie"},
    REMOTE_ADDR="198.51.100.7",
)
print(json.dumps(sent))
"""


def test_without_the_package_it_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-sentry\.txt"):
        report_to("https://key@sentry.example.org/1")


def test_only_what_is_named_is_told():
    event = {
        "event_id": "1",
        "level": "error",
        "user": {"ip_address": "198.51.100.7"},
        "breadcrumbs": {"values": [{"message": "SELECT"}]},
        "extra": {"sys.argv": ["manage.py"]},
        "exception": {"values": [{"type": "ValueError", "value": "Ana's password"}]},
        "request": {
            "method": "POST",
            "url": "https://record.example.org/admin/?token=1",
            "query_string": "token=1",
            "headers": {"Cookie": "sessionid=1"},
            "data": {"password": "1"},
        },
    }
    assert without_persons(event) == {
        "event_id": "1",
        "level": "error",
        "exception": {"values": [{"type": "ValueError"}]},
        "request": {"method": "POST", "url": "https://record.example.org/admin/"},
    }


@in_depth("It begins a process.")
def test_a_fault_is_told_as_where_it_was_and_no_more():
    done = subprocess.run(
        [sys.executable, "-c", FAILS],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
        env={
            "DJANGO_SETTINGS_MODULE": "bordersec.settings",
            "DEBUG": "0",
            "SECRET_KEY": "a-long-random-text-that-nobody-else-has-0123456789-abc",
            "ALLOWED_HOSTS": "testserver",
            "DATABASE_URL": "sqlite://:memory:",
        },
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert [one["exception"]["values"][-1]["type"] for one in told] == ["RuntimeError"]
    for secret in ("in-a-", "198.51.100.7", "sessionid"):
        assert secret not in done.stdout

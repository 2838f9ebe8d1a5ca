"""No password, token or key ever stands in a log, whatever is done with it."""

import io
import logging
import re

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice
from pythonjsonlogger.json import JsonFormatter

from provenance.models import Session
from tests.sign_in.test_second_factor import code_of

pytestmark = pytest.mark.django_db

PASSWORD, WRONG = "correct-horse-battery", "wrong-horse-battery"
NEW, MONITORING = "another-horse-battery", "the-token-of-monitoring"
LOGIN = "/admin/login/"


@pytest.fixture
def logged():
    """All that any logger says at the levels of the site, and what is beside it."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    levels = {name: logging.getLogger(name) for name in ("bordersec", "django")}
    before = {name: one.level for name, one in levels.items()}
    for one in levels.values():
        one.setLevel(logging.INFO)
    yield said.getvalue
    root.removeHandler(handler)
    for name, one in levels.items():
        one.setLevel(before[name])


def test_what_is_secret_stands_in_no_line(logged, settings):
    settings.METRICS_TOKEN = MONITORING
    ana = User.objects.create_superuser("ana", password=PASSWORD)
    browser = Client(raise_request_exception=False)
    secret = {PASSWORD, WRONG, NEW, MONITORING, settings.SECRET_KEY}

    # signing in: the password in each field, and with a second factor
    for name, password in (("ana", WRONG), (WRONG, PASSWORD), ("ana", PASSWORD)):
        browser.post(LOGIN, {"username": name, "password": password})
    browser.get(reverse("admin:second_factor"))
    code = code_of(ana)
    page = browser.post(reverse("admin:second_factor"), {"token": code})
    secret |= {code, TOTPDevice.objects.get().key}
    secret |= set(re.findall(r"<code>(\w+)</code>", page.content.decode()))
    again = Client()
    again.post(LOGIN, {"username": "ana", "password": PASSWORD, "token": code})
    sent = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    browser.post(reverse("admin:password_change"), sent)
    sent = {"password1": NEW, "password2": PASSWORD}
    browser.post(f"/admin/auth/user/{ana.pk}/password/", sent)

    # a token, where it belongs and where it does not
    told = io.StringIO()
    call_command("api_token", "ana", stdout=told, stderr=io.StringIO())
    token = told.getvalue().strip()
    secret.add(token)
    program = Client(raise_request_exception=False)
    for header in (f"Token {token}", f"Token {token}x", f"Bearer {token}"):
        for ask in (program.get, program.post):
            ask(
                f"/api/v1/places/?token={token}&format=csv",
                headers={"authorization": header},
            )
    broken = f'{{"name": "{token}'
    program.post("/api/v1/places/", broken, content_type="application/json")
    program.get("/prometheus", headers={"authorization": f"Bearer {MONITORING}"})
    program.get(f"/nothing/?password={PASSWORD}")

    secret |= {session.pk for session in Session.objects.all()}
    secret |= {cookie.value for cookie in browser.cookies.values() if cookie.value}
    browser.post(reverse("admin:logout"))
    lines = logged()
    assert "ana from 127.0.0.1 signed in" in lines
    assert [one for one in secret if one in lines] == []


@pytest.mark.django_db(transaction=True)
def test_what_is_secret_stands_in_no_line_of_a_fault(logged, monkeypatch):
    def fail(*_words, **_more):
        password = PASSWORD  # in the frame that fails
        raise RuntimeError(f"something of {len(password)} characters")

    monkeypatch.setattr("provenance.admin.signing_in.remember", fail)
    User.objects.create_superuser("ana", password=PASSWORD)
    browser = Client(raise_request_exception=False)
    answer = browser.post(LOGIN, {"username": "ana", "password": PASSWORD})
    assert answer.status_code == 500
    assert "RuntimeError" in logged()
    assert PASSWORD not in logged()
    assert settings.SECRET_KEY not in logged()

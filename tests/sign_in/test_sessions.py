"""Sessions: who has which, how they end, and who ends them."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from provenance.models import Session
from provenance.review.roles import VIEWER
from provenance.sign_in.browsers import browser_in_words
from provenance.sign_in.sessions import MOST, sessions_of
from tests.curating import superuser
from tests.roles import somebody

pytestmark = pytest.mark.django_db

SECRET, LOGIN = "correct horse battery staple", "/admin/login/"
PAGE = "/admin/sessions/"
FIREFOX = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
)
PHONE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/139.0.0.0 Mobile Safari/537.36"
)
MORNING = "2026-05-05T08:00:00Z"


@pytest.fixture
def ana():
    return User.objects.create_superuser("ana", password=SECRET)


def signed_in(user, browser=FIREFOX, address="198.51.100.7"):
    """A browser in which somebody has signed in by the page."""
    client = Client(headers={"user-agent": browser}, REMOTE_ADDR=address)
    sent = {"username": user.username, "password": SECRET}
    assert client.post(LOGIN, sent).status_code == 302
    return client


def is_signed_in(client):
    return client.get(PAGE).status_code == 200


def names(user):
    return [session.name for session in sessions_of(user)]


def test_are_listed_with_browser_address_and_times(ana):
    with time_machine.travel(MORNING, tick=False) as clock:
        signed_in(ana, PHONE, "2001:db8::1")
        clock.shift(timedelta(minutes=10))
        page = signed_in(ana).get(PAGE).content.decode()
    for told in (
        "Firefox 140 on Windows",
        "this browser",
        "198.51.100.7",
        "2026-05-05 08:10",
        "Chrome Mobile 139 on Android",
        "2001:db8::1",
        "2026-05-05 08:00",
    ):
        assert told in page
    assert page.count("this browser") == 1
    assert not any(session.pk in page for session in Session.objects.all())


@pytest.mark.parametrize("text", ["", "curl/8.9.1", "\x00", "x" * 10_000, "<b>"])
def test_whatever_a_browser_calls_itself_is_told(ana, text):
    assert browser_in_words(text)
    page = signed_in(ana, text.replace("\x00", "")).get(PAGE)
    assert page.status_code == 200
    assert "<b>" not in page.content.decode()


def test_one_is_ended_and_the_others_go_on(ana):
    here, there, third = (signed_in(ana) for _number in range(3))
    (name,) = (
        session.name
        for session in sessions_of(ana)
        if session.pk == there.session.session_key
    )
    assert here.post(PAGE, {"session": name}).url == PAGE
    assert [is_signed_in(each) for each in (here, there, third)] == [True, False, True]


def test_all_are_ended_everywhere(ana):
    here, there = signed_in(ana), signed_in(ana)
    assert here.post(PAGE, {"session": "all"}).url == LOGIN
    assert not is_signed_in(here)
    assert not is_signed_in(there)
    assert names(ana) == []


@pytest.mark.parametrize("nonsense", ["", "0", "\x00", "all ", "é" * 100])
def test_what_names_none_ends_none(ana, nonsense):
    here = signed_in(ana)
    here.post(PAGE, {"session": nonsense})
    assert is_signed_in(here)


def test_another_password_ends_all_but_the_one_in_which_it_was_chosen(ana):
    here, there = signed_in(ana), signed_in(ana)
    new = "another battery, another horse"
    sent = {"old_password": SECRET, "new_password1": new, "new_password2": new}
    assert here.post(reverse("admin:password_change"), sent).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(there)
    ana.refresh_from_db()
    assert len(names(ana)) == 1


def test_are_ended_for_another_user_by_who_may_change_that_user(ana):
    there = signed_in(ana)
    root = signed_in(User.objects.create_superuser("root", password=SECRET))
    page = f"{PAGE}{ana.pk}/"
    user = reverse("admin:auth_user_change", args=[ana.pk])
    assert page in root.get(user).content.decode()
    assert root.post(page, {"session": "all"}).url == page
    assert not is_signed_in(there)
    assert is_signed_in(root)


def test_of_another_user_are_none_of_the_business_of_others(ana):
    there = signed_in(ana)
    viewer = somebody(VIEWER, "vera")
    viewer.set_password(SECRET)
    viewer.save()
    browser = signed_in(viewer)
    for key in (ana.pk, 2**63 - 1, 10**30):
        page = f"{PAGE}{key}/"
        assert browser.get(page).status_code == 403
        assert browser.post(page, {"session": "all"}).status_code == 403
    assert is_signed_in(there)


def test_of_nobody_are_not_found(client):
    superuser(client)
    assert client.get(f"{PAGE}{10**30}/").status_code == 404


def test_signing_in_gives_another_key_than_there_was_before(ana):
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post(LOGIN, {"username": "ana", "password": SECRET})
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_end_half_a_day_after_signing_in_whatever_is_done_in_them(ana):
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = signed_in(ana)
        for _hour in range(11):
            clock.shift(timedelta(hours=1))
            session = browser.session  # what writes in it makes it last no longer
            session["written"] = str(datetime.now())
            session.save()
            assert is_signed_in(browser)
        clock.shift(timedelta(hours=1, seconds=1))
        assert not is_signed_in(browser)


def test_end_two_hours_after_the_last_request(ana):
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = signed_in(ana)
        clock.shift(timedelta(hours=1, minutes=59))
        assert is_signed_in(browser)
        clock.shift(timedelta(hours=1, minutes=59))
        assert is_signed_in(browser)
        clock.shift(timedelta(hours=2, seconds=1))
        assert not is_signed_in(browser)


def test_no_user_has_more_than_some(ana):
    first = signed_in(ana)
    for _number in range(MOST):
        Client().force_login(ana)
    assert len(names(ana)) == MOST
    assert not is_signed_in(first)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="One writes at a time there.")
@pytest.mark.django_db(transaction=True)
def test_that_somebody_is_there_is_not_waited_for(ana):
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = signed_in(ana)
        clock.shift(timedelta(hours=1))
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
            other.execute("BEGIN IMMEDIATE")
            assert is_signed_in(browser)
            assert sessions_of(ana)[0].seen.hour == 8
            other.rollback()
        assert is_signed_in(browser)
        assert sessions_of(ana)[0].seen.hour == 9

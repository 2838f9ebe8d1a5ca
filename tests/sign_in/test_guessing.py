"""Whoever guesses passwords has to wait longer and longer, and nobody else does."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import F
from django.test import Client

from provenance.sign_in.known_clients import COOKIE

pytestmark = pytest.mark.django_db
RIGHT = "right-password-1"
LIMIT = settings.AXES_FAILURE_LIMIT


@pytest.fixture(autouse=True)
def ana():
    return get_user_model().objects.create_superuser("ana", password=RIGHT)


def sign_in(client, password, address="192.0.2.1", name="ana"):
    return client.post(
        "/admin/login/?next=/admin/",
        {"username": name, "password": password},
        REMOTE_ADDR=address,
    )


def guess(times, **where):
    return [sign_in(Client(), "wrong", **where).status_code for _ in range(times)]


def later(**time):
    """Lets so much time pass since the last failure."""
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(**time))


def test_is_asked_to_wait_and_told_how_long():
    assert guess(LIMIT) == [200] * (LIMIT - 1) + [429]
    refused = sign_in(Client(), RIGHT)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 30
    said = refused.content.decode()
    assert "Too many wrong passwords for this name. Wait " in said
    later(seconds=31)
    assert sign_in(Client(), RIGHT).status_code == 302


@pytest.mark.parametrize(
    ("further", "seconds"), [(0, 30), (1, 60), (2, 120), (3, 240), (5, 900), (50, 900)]
)
def test_waits_twice_as_long_each_time(further, seconds):
    guess(LIMIT)
    for _ in range(further):
        AccessAttempt.objects.update(failures_since_start=F("failures_since_start") + 1)
    later(seconds=seconds - 5)
    assert sign_in(Client(), RIGHT).status_code == 429
    later(seconds=6)
    assert sign_in(Client(), RIGHT).status_code == 302


def test_cannot_make_a_wait_longer_by_guessing_on():
    guess(LIMIT)
    guess(3)
    assert AccessAttempt.objects.get().failures_since_start == LIMIT


def test_shuts_out_nobody_elsewhere():
    guess(LIMIT + 3)
    assert sign_in(Client(), RIGHT, "192.0.2.2").status_code == 302


def test_has_the_same_network_as_its_neighbour_in_ipv6():
    guess(LIMIT, address="2001:db8:1:1::1")
    assert guess(1, address="2001:db8:1:1:ffff::2") == [429]
    assert guess(1, address="2001:db8:1:2::1") == [200]


def test_without_an_address_is_limited_by_name():
    assert guess(LIMIT + 2, address="") == [200] * (LIMIT - 1) + [429] * 3
    get_user_model().objects.create_superuser("bea", password=RIGHT)
    assert sign_in(Client(), RIGHT, "", "bea").status_code == 302


@pytest.mark.parametrize("address", ["192.0.2.1", ""])
def test_does_not_shut_out_who_has_signed_in_before_there(client, address):
    assert sign_in(client, RIGHT, address).status_code == 302
    client.post("/admin/logout/")
    guess(LIMIT + 3, address=address)
    assert sign_in(Client(), RIGHT, address).status_code == 429
    assert sign_in(client, RIGHT, address).status_code == 302


def test_counts_what_a_known_client_does_wrong_itself(client):
    sign_in(client, RIGHT)
    client.post("/admin/logout/")
    for _ in range(LIMIT):
        refused = sign_in(client, "wrong")
    assert refused.status_code == 429
    assert sign_in(client, RIGHT).status_code == 429
    assert (
        sign_in(Client(), RIGHT).status_code == 302
    )  # by its address nothing was wrong


def test_is_not_known_by_a_cookie_of_its_own_making(client):
    guess(LIMIT)
    for forged in ("", "x", "WyJ4IixbXV0:1:2", "ana"):
        client.cookies[COOKIE] = forged
        assert sign_in(client, RIGHT).status_code == 429


def test_is_known_for_the_names_that_signed_in_there_alone(client):
    get_user_model().objects.create_superuser("bea", password=RIGHT)
    sign_in(client, RIGHT, name="bea")
    client.post("/admin/logout/")
    guess(LIMIT)
    assert sign_in(client, RIGHT).status_code == 429
    sign_in(client, RIGHT, "192.0.2.3")
    client.post("/admin/logout/")
    for name in ("ana", "bea"):
        guess(LIMIT, name=name)
        assert sign_in(client, RIGHT, name=name).status_code == 302
        client.post("/admin/logout/")


def test_leaves_no_name_in_the_cookie_and_no_script_reads_it(client):
    cookie = sign_in(client, RIGHT).cookies[COOKIE]
    assert "ana" not in cookie.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"

"""Strangers may ask the API as often as is set; who has a token is not counted."""

import pytest
from django.core.cache import cache
from django.test import Client

from provenance.api.throttling import Strangers

pytestmark = pytest.mark.django_db

API = "/api/v1/"


@pytest.fixture
def limited(monkeypatch):
    monkeypatch.setattr(Strangers, "THROTTLE_RATES", {"anon": "2/min"})
    cache.clear()
    yield
    cache.clear()


def asked(address, **headers):
    return Client(REMOTE_ADDR=address, headers=headers).get(f"{API}places/")


def test_who_asks_more_often_is_told_when_to_come_again(limited):
    statuses = [asked("192.0.2.1").status_code for _time in range(3)]
    assert statuses == [200, 200, 429]
    refused = asked("192.0.2.1")
    wait = int(refused["Retry-After"])
    assert 0 < wait <= 60
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json() == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "detail": f"Request was throttled. Expected available in {wait} seconds.",
    }
    assert asked("192.0.2.2").status_code == 200


def test_the_addresses_of_one_household_count_together(limited):
    for last in ("1", "2"):
        assert asked(f"2001:db8:1:1::{last}").status_code == 200
    assert asked("2001:db8:1:1::3").status_code == 429
    assert asked("2001:db8:1:2::1").status_code == 200


def test_who_has_a_token_is_not_counted(limited, manager):
    for _time in range(3):
        assert manager.get(f"{API}places/").status_code == 200


def test_without_a_limit_nobody_is_counted():
    for _time in range(3):
        assert asked("192.0.2.1").status_code == 200

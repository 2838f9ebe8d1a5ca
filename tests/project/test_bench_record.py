"""What lists are measured on is a record like any other."""

import json

import pytest
from django.db import connection

from provenance.checks.base import Level
from tests.bench import datasette, floor, lists
from tests.bench.record import Filling, Size
from tests.curating import superuser
from tests.depth import in_depth
from tests.planting import taken_back
from timeline.models import Event, Meeting
from timeline.records import RULES

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="The floor reads a file of SQLite."
    ),
]

FEW = Size(120, 20, 40, 30, posts=4, agencies=9, sources=9, places=9, themes=5)


@pytest.fixture(autouse=True, scope="module")
def _filled(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), taken_back():
        Filling(FEW).all()
        yield


def test_all_that_follows_is_right_in_a_record_that_is_made_to_be_measured():
    found = [one for rule in RULES for one in rule.findings()]
    # Who came in which office is drawn by lot, whenever it was.
    wrong = [one for one in found if one.level == Level.ERROR]
    assert [one for one in map(str, wrong) if " participations: " not in one] == []
    assert Event.objects.published().count() == FEW.events
    assert {row.disputed[0] for row in Event.objects.all() if row.disputed} == {"start"}


def test_the_floor_says_byte_for_byte_what_the_api_says(api, monkeypatch):
    monkeypatch.setattr(floor, "PAGE", Meeting.objects.count())
    asked = api.get("/api/v1/meetings/?limit=500")
    monkeypatch.setattr(floor, "database", lambda: connection.connection)
    said = floor.page("http://testserver/api/v1/", "0001-01-01", 0)
    assert said == asked.content


def test_datasette_is_asked_for_the_same_meetings():
    asked = {"day": "0001-01-01", "key": 0}
    rows = connection.connection.execute(datasette.statement(), asked)
    slugs = [json.loads(meeting)["slug"] for (meeting,) in rows]
    meetings = Meeting.objects.order_by("start_earliest", "pk")
    assert slugs == [meeting.slug for meeting in meetings]


@in_depth("Others ask each sort of address.")
def test_every_address_that_is_measured_is_answered(client):
    superuser(client)
    for _goal, _name, address in lists.addresses():
        if "known_at" not in address:
            assert client.get(address).status_code == 200, address

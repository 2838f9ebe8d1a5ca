"""Maps: what happened where is drawn there, counted, and told in words."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Place
from provenance.tracking.changes import changing
from tests import PROJECT, make
from tests.walking import links_on, text_of
from timeline.pages.labels import LEFT, RIGHT, labels_of
from timeline.pages.maps import Mark, map_around
from timeline.pages.projection import HEIGHT, WIDTH, projected

pytestmark = [pytest.mark.django_db, pytest.mark.database]

OUTLINES = PROJECT / "timeline" / "static" / "timeline" / "north-america.svg"


def a_place_at(name, latitude, longitude, **values):
    latitude, longitude = Decimal(str(latitude)), Decimal(str(longitude))
    return make.a_place(name, latitude=latitude, longitude=longitude, **values)


@pytest.fixture
def events():
    """Two events in Nogales, one of them a deployment; others without coordinates."""
    sonora = make.a_place("Sonora", kind="state", slug="sonora")
    nogales = a_place_at("Nogales", 31.3, -110.9, slug="nogales", parent=sonora)
    geneva = a_place_at("Geneva", 46.2, 6.1, slug="geneva")
    make.a_meeting("Call", slug="call", start="2024", place=nogales)
    make.a_deployment("Troops", start="2025-02", place=nogales)
    make.a_meeting("Talks", start="2025", place=geneva)
    make.a_milestone("Somewhere", start="2025")
    hidden = a_place_at("Hidden", 30, -110, slug="hidden", status="draft")
    make.a_meeting("Secret", start="2025", place=hidden)


def test_the_projection_puts_places_where_their_outlines_are():
    (border,) = re.findall(r'id="border".* d="([^"]+)"', OUTLINES.read_text())
    x, y = map(int, re.match(r"M(\d+) (\d+)", border).groups())
    assert (x, y) == pytest.approx(projected(-97.145, 25.961), abs=1.5)
    for right, down in re.findall(r"(-?\d+)[ ]?(-?\d+)", border.split("l", 1)[1]):
        x, y = x + int(right), y + int(down)
    assert (x, y) == pytest.approx(projected(-117.129, 32.533), abs=8)
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in OUTLINES.read_text()


def test_an_equal_area_has_an_equal_share_of_the_map():
    def area(south, west):
        """Of a degree by the sine of the latitude: as large anywhere on the globe."""
        corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
        points = [projected(west + x, south + y * 0.5) for x, y in corners]
        pairs = zip(points, [*points[1:], points[0]], strict=True)
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2

    ratio = area(60, -80) / area(20, -100)
    assert ratio == pytest.approx(0.4962 / 0.9382, rel=0.01)  # cos 60.25, cos 20.25


def test_what_happened_is_drawn_where_it_happened_and_counted(client, events):
    page = client.get("/map/")
    assert [(m.told, m.has_deployments) for m in page.context["map"].marks] == [
        ("Nogales: 2 events, 1 deployment", True)
    ]
    text = text_of(page)
    assert "5 events. 2 have no place on record." in text
    assert "Places without coordinates Sonora 2 events, 1 deployment" in text
    assert "Places beyond the map Geneva 1 event" in text
    assert "Hidden" not in page.content.decode()


def test_a_mark_leads_to_the_events_of_the_time_that_is_asked_for(client, events):
    (there,) = (
        link
        for link in links_on(client.get("/?from=2025&to=2025-06"))
        if link.startswith("/map/?")
    )
    assert there == "/map/?from=2025&to=2025-06"
    page = client.get(there)
    assert page.context["timeline"] == "/?from=2025&to=2025-06"
    (mark,) = page.context["map"].marks
    assert mark.told == "Nogales: 1 event, 1 deployment"
    assert mark.address == "/?from=2025&to=2025-06&place=nogales"
    listed = client.get(mark.address)
    assert [str(e) for y in listed.context["years"] for m in y.months for e in m.events]
    assert "Troops" in text_of(listed)
    assert "Call" not in text_of(listed)
    assert client.get("/map/?from=03/04/2024").status_code == 400


def test_places_of_nothing_have_no_map_and_say_so(client, events):
    page = client.get("/map/?from=1990&to=1991")
    assert page.context["map"] is None
    assert "No events match these filters." in text_of(page)


def test_a_map_costs_the_same_and_has_an_end_however_many_places_there_are(
    client, monkeypatch
):
    monkeypatch.setattr("timeline.pages.maps.MARKS", 5)
    monkeypatch.setattr("timeline.pages.maps.LISTED", 7)
    costs = []
    for some in range(2):
        with changing("other"):
            for number in range(9):
                slug = f"p-{some}-{number}"
                place = a_place_at(slug, 20 + number, -100 - some, slug=slug)
                make.a_meeting(start="2025", place=place)
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/map/")
        costs.append(len(queries))
        assert len(page.context["map"].marks) == 5
        assert len(page.context["rows"]) == 7
    assert costs[0] == costs[1]
    assert "11 more places, of fewer events, are not listed." in text_of(page)


def test_a_place_is_in_the_middle_of_its_map_and_others_where_they_are():
    here = a_place_at("Nogales", 31.3, -111)
    a_place_at("Tucson", 32.2, -111)
    a_place_at("Far away", -40, 100)
    drawn = map_around(here, Place.objects.published())
    marks = {mark.place.name: mark for mark in drawn.marks}
    assert marks.keys() == {"Nogales", "Tucson"}
    here = marks["Nogales"]
    assert (here.x, here.y) == pytest.approx((50, 50), abs=0.05)
    assert marks["Tucson"].y < 50  # further north
    assert {mark.name for mark in drawn.labels} == marks.keys()
    assert here.is_here
    nowhere = make.a_place("Nowhere"), a_place_at("Geneva", 46.2, 6.1)
    assert [map_around(each, Place.objects.all()) for each in nowhere] == [None, None]


def test_a_name_stands_on_the_side_where_it_has_room():
    one = Mark(make.a_place("A place"), 50, 50)
    right = Mark(make.a_place("To the right"), 53, 50)
    edge = Mark(make.a_place("At the edge of the map"), 97, 20)
    labels = labels_of([one, right, edge])
    assert [labels[mark].side for mark in (one, right, edge)] == [LEFT, RIGHT, LEFT]
    assert labels[one].start < 0 < labels[right].start
    between = [Mark(make.a_place("Between"), x, 80) for x in (40, 43, 46)]
    assert between[1] not in labels_of(between)


def test_a_name_without_room_on_a_phone_is_for_wide_screens():
    one, other = (Mark(make.a_place("A long name"), x, 50) for x in (30, 45))
    labels = labels_of([one, other])
    assert (labels[one].is_for_wide, labels[other].is_for_wide) == (True, False)

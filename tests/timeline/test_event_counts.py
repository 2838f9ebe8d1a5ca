"""How many events there were: each number is what the timeline shows narrowed to it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests import make
from timeline.models import EventTheme

pytestmark = [pytest.mark.django_db, pytest.mark.database]

AT = "/api/v1/timeline/aggregate/"


@pytest.fixture
def events():
    """Events of two years, with parties in office, places and themes."""
    mexico = make.a_country(slug="mexico")
    sonora = make.a_place("Sonora", kind="state", slug="sonora", parent=mexico)
    nogales = make.a_place("Nogales", slug="nogales", parent=sonora)
    wide = make.a_theme("Security", slug="security")
    narrow = make.a_theme("Patrols", slug="patrols", broader=wide)
    navy = make.an_agency("Navy", slug="navy")
    ana = make.an_official("Ana", slug="ana")
    office = make.an_appointment(ana, make.a_post(agency=navy))
    call = make.a_meeting("Call", slug="call", start="2025-02~", place=nogales)
    visit = make.a_meeting("Visit", slug="visit", start="2023-05", place=mexico)
    troops = make.a_deployment("Troops", slug="troops", start="2025-02-03")
    make.a_milestone("Some time", slug="some-time")
    make.a_participation(call, official=ana, appointment=office)
    make.a_participation(call, "host", agency=navy)
    make.a_participation(visit, official=ana)
    for event, theme in ((call, narrow), (call, wide), (troops, narrow)):
        EventTheme.objects.create(event=event, theme=theme)
    make.a_citation(troops, field="start", stated="2024")


def asked(**parameters):
    answer = APIClient().get(AT, parameters)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def numbers(*members, **parameters):
    """How many events each group has, by these members."""

    def told(value):
        return value["slug"] if isinstance(value, dict) else value

    rows = asked(**parameters)["results"]
    return [(*(told(row[name]) for name in members), row["events"]) for row in rows]


def test_an_answer_says_all_that_it_is_made_of(events):
    answer = asked(group_by="agency,year", type="meeting")
    assert answer == {
        "group_by": ["agency", "year"],
        "events": 2,
        "left_out": [
            {
                "reason": "agency",
                "number": 1,
                "message": "No agency is known to have taken part.",
            }
        ],
        "results": [
            {
                "period": "2025",
                "period_start": "2025-01-01",
                "period_end": "2025-12-31",
                "type": None,
                "agency": {
                    "slug": "navy",
                    "name": "Navy",
                    "url": "http://testserver/api/v1/agencies/navy/",
                },
                "official": None,
                "theme": None,
                "place": None,
                "events": 1,
                "unsure": 1,
                "disputed": 0,
                "settled": 0,
            }
        ],
    }


def test_each_number_is_that_of_the_timeline_narrowed_to_the_group(events):
    for name in ("type", "agency", "official", "theme", "place"):
        for word, number in numbers(name, group_by=name):
            shown = APIClient().get("/api/v1/timeline/", {name: word}).json()
            assert number == len(shown["results"]), (name, word)


def test_years_in_which_nothing_began_are_shown(events):
    assert numbers("period", group_by="year") == [
        ("2023", 1),
        ("2024", 0),
        ("2025", 2),
    ]
    answer = asked(group_by="year")
    assert [each["reason"] for each in answer["left_out"]] == ["period"]
    since = {"group_by": "year", "from": "2024", "to": "2026"}
    assert numbers("period", **since) == [("2024", 0), ("2025", 2), ("2026", 0)]


def test_places_are_counted_as_a_kind_of_place(events):
    assert numbers("place", group_by="country") == [("mexico", 2)]
    assert numbers("place", group_by="state,type", type="meeting") == [("sonora", 1)]


def test_disputes_are_counted(events):
    (row,) = asked(group_by="type", type="deployment")["results"]
    assert (row["events"], row["disputed"]) == (1, 1)


def test_who_is_not_public_is_in_no_group(events):
    hidden = make.an_official(slug="hidden", status="draft")
    meeting = make.a_meeting(start="2025", place=make.a_place(status="draft"))
    make.a_participation(meeting, official=hidden)
    make.a_participation(meeting, agency=make.an_agency(status="draft"))
    make.a_meeting(start="2025", status="draft")
    assert numbers("official", group_by="official") == [("ana", 2)]
    assert numbers("agency", group_by="agency") == [("navy", 1)]
    assert numbers("place", group_by="city") == [("nogales", 1)]
    assert asked()["events"] == 5


def test_two_parties_and_two_periods_are_refused(events):
    for words in ("agency,official", "year,month", "place,city"):
        answer = APIClient().get(AT, {"group_by": words})
        (error,) = answer.json()["errors"]
        assert (error["parameter"], error["code"]) == ("group_by", "not_together")


def test_many_cost_as_many_queries_as_few(events):
    counted = []
    for year in range(2000, 2003):
        meeting = make.a_meeting(start=str(year), place=make.a_place())
        make.a_participation(meeting, agency=make.an_agency())
        EventTheme.objects.create(event=meeting, theme=make.a_theme())
        with CaptureQueriesContext(connection) as caught:
            asked(group_by="agency,theme,place,year")
        counted.append(len(caught))
    assert len(set(counted)) == 1

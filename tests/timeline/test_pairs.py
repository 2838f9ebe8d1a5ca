"""Who met whom: how often, first and last, and nobody whom the public may not know."""

from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.walking import text_of
from timeline import pairs
from timeline.models import Event
from timeline.pairs import encounters

pytestmark = [pytest.mark.django_db, pytest.mark.database]

AT = "/api/v1/officials/pairs/"


def met(event, *officials):
    for official in officials:
        make.a_participation(event, official=official)
    return event


@pytest.fixture
def people():
    """Ana, Eva and Luz, who met in some meetings and one agreement."""
    ana, eva, luz = (
        make.an_official(name, slug=name.lower()) for name in ("Ana", "Eva", "Luz")
    )
    met(make.a_meeting("Call", slug="call", start="2024-05"), ana, eva)
    met(make.a_meeting("Visit", slug="visit", start="2025-02~"), ana, eva, luz)
    met(make.an_agreement("Pact", slug="pact", start="2023"), ana, eva)
    met(make.a_meeting("Some time", slug="some-time"), eva, luz)
    met(make.a_milestone("Tariffs", start="2022"), ana, luz)
    return ana, eva, luz


def listed(api, **parameters):
    answer = api.get(AT, parameters)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def told(answer):
    return [
        (row["one"]["slug"], row["other"]["slug"], row["meetings"], row["agreements"])
        for row in answer["results"]
    ]


def test_a_pair_says_how_often_and_when_the_two_met(api, people):
    root = "http://testserver/api/v1/"
    answer = listed(api, limit=1)
    assert answer.pop("next").startswith(f"{root}officials/pairs/?limit=1&cursor=")
    assert answer == {
        "previous": None,
        "counted": 4,
        "crowds": 0,
        "are_all": True,
        "results": [
            {
                "one": {"slug": "ana", "name": "Ana", "url": f"{root}officials/ana/"},
                "other": {"slug": "eva", "name": "Eva", "url": f"{root}officials/eva/"},
                "events": 3,
                "meetings": 2,
                "agreements": 1,
                "general_knowledge": 0,
                "first": {
                    "slug": "pact",
                    "title": "Pact",
                    "url": f"{root}agreements/pact/",
                    "type": "agreement",
                    "start": "2023",
                },
                "last": {
                    "slug": "visit",
                    "title": "Visit",
                    "url": f"{root}meetings/visit/",
                    "type": "meeting",
                    "start": "2025-02~",
                },
            }
        ],
    }


def test_pages_follow_one_another_both_ways(api, people):
    whole = listed(api)["results"]
    assert told(listed(api)) == [
        ("ana", "eva", 2, 1),
        ("eva", "luz", 2, 0),
        ("ana", "luz", 1, 0),
    ]
    found, answer = [], listed(api, limit=1)
    while True:
        found += answer["results"]
        if answer["next"] is None:
            break
        answer = api.get(answer["next"]).json()
    assert found == whole
    before = api.get(answer["previous"]).json()
    assert before["results"] == whole[1:2]
    assert api.get(AT, {"cursor": "WzAsIiIsIiIsMV0"}).status_code == 400


def test_they_are_narrowed_as_the_timeline_is(api, people):
    assert told(listed(api, type="agreement")) == [("ana", "eva", 0, 1)]
    assert told(listed(api, official="luz")) == [
        ("eva", "luz", 2, 0),
        ("ana", "luz", 1, 0),
    ]
    since = listed(api, **{"from": "2025", "certainty": "possible"})
    assert ("ana", "eva", 1, 0) in told(since)
    assert told(listed(api, official="ana", type="milestone")) == []
    rows = api.get(AT, {"format": "csv"}).getvalue().decode().splitlines()
    assert rows[1] == "ana,eva,3,2,1,0,pact,visit"


def test_nobody_who_is_not_public_met_anybody(api, people):
    ana, *_others = people
    met(make.a_meeting(start="2025"), ana, make.an_official(status="draft"))
    met(make.a_meeting(start="2025", status="draft"), *people)
    assert [row[:3] for row in told(listed(api))] == [
        ("ana", "eva", 2),
        ("eva", "luz", 2),
        ("ana", "luz", 1),
    ]


def test_a_crowd_makes_no_pairs_and_is_told_of(api, people, monkeypatch):
    monkeypatch.setattr(pairs, "CROWD", 2)
    answer = listed(api)
    assert (answer["counted"], answer["crowds"]) == (3, 1)
    assert told(answer) == [("ana", "eva", 1, 1), ("eva", "luz", 1, 0)]


@pytest.mark.parametrize(
    ("most", "number"), [("MOST_EVENTS", 2), ("MOST_ENCOUNTERS", 4)]
)
def test_of_very_many_the_newest_count(api, people, monkeypatch, most, number):
    monkeypatch.setattr(pairs, most, number)
    answer = listed(api)
    assert not answer["are_all"]
    assert answer["counted"] == 2
    assert told(answer)[0] == ("ana", "eva", 2, 0)


def test_every_two_who_were_together_are_a_pair(people):
    events = Event.objects.filter(type__in=pairs.TYPES)
    expected = {}
    for event in events:
        keys = sorted(row.official_id for row in event.participations.all())
        for two in combinations(keys, 2):
            expected[two] = expected.get(two, 0) + 1
    found = encounters(events).pairs
    assert {(pair.one, pair.other): pair.events for pair in found} == expected


def test_many_cost_as_many_queries_as_few(api, people):
    counted = []
    for _time in range(3):
        met(make.a_meeting(start="2025"), *people, make.an_official())
        with CaptureQueriesContext(connection) as caught:
            listed(api)
        counted.append(len(caught))
    assert len(set(counted)) == 1


def test_the_page_leads_to_what_two_did_together(client, people):
    for address in ("/officials/", "/officials/ana/"):
        assert "/officials/pairs/" in client.get(address).content.decode()
    page = client.get("/officials/pairs/")
    text = text_of(page)
    assert "Counted in 4 meetings and agreements." in text
    assert "Ana Eva 2 1 2023: Pact about February 2025: Visit" in text
    assert page.context["bars"].lanes[0].label == "Ana – Eva: 3"
    (together,) = {row["events"] for row in page.context["rows"][:1]}
    assert together == "/?official=ana&official=eva"
    assert "Visit" in text_of(client.get(together))
    narrowed = text_of(client.get("/officials/pairs/?official=luz"))
    assert "Ana Luz 1 0" in narrowed
    assert "Ana Eva" not in narrowed

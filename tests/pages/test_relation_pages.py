"""Relations as pages: who is tied to whom in which way, and how they are connected."""

from contextlib import contextmanager
from itertools import pairwise

import pytest
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from entities.models import Agency, Appointment, Official
from provenance.tracking.changes import changing
from tests import make
from tests.walking import links_on, text_of
from timeline.connections import shortest
from timeline.models import Event
from timeline.relations import bonds_among, circle_of, key_of, relations_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def came(event, *officials, role="participant"):
    for official in officials:
        make.a_participation(event, role, official=official)


@pytest.fixture
@changing("other")  # as one change, which is faster
def people():
    """Ana met Ben twice, Ben signed with Eva, whom Ana never met; Dan met nobody."""
    people = {
        name: make.an_official(name.title(), slug=name)
        for name in ("ana", "ben", "eva", "dan")
    }
    ana, ben, eva, _dan = people.values()
    came(make.a_meeting("First call", slug="first", start="2019-05"), ana, ben)
    came(make.a_meeting("Second call", slug="second", start="2024-05"), ana, ben)
    treaty = make.an_agreement("Treaty", slug="treaty", start="2021")
    came(treaty, ben, eva, role="signatory")
    return people


def told(relations):
    return {one.record.slug: one.bond.in_words for one in relations}


class TestTies:
    def test_tell_who_met_signed_commands_heads_serves_and_is_part_of_what(
        self, people
    ):
        ministry = make.an_agency("Ministry", slug="ministry")
        navy = make.an_agency("Navy", slug="navy", parent=ministry)
        make.an_appointment(people["eva"], make.a_post(agency=navy), slug="eva-navy")
        head = make.a_post(agency=navy, kind="head")
        make.an_appointment(people["ana"], head, slug="ana-navy")
        patrol = make.a_deployment("Patrol", start="2024")
        came(patrol, people["dan"], role="ordering-authority")
        make.a_participation(patrol, "force", agency=navy)
        ties = {
            (one.record.slug, one.bond.in_words, one.bond.tie in one.bond.backwards)
            for one in relations_of(navy)
        }
        assert ties == {
            ("dan", "commands 1 time", True),
            ("ana", "head by 1 appointment", True),
            ("eva", "1 office there", True),
            ("ministry", "is part of", False),
        }
        assert told(relations_of(people["ben"])) == {
            "ana": "met 2 times",
            "eva": "signed 1 agreement",
        }

    def test_are_those_of_the_time_that_is_asked_for(self, client, people):
        page = client.get("/officials/ben/network/?from=2020&to=2022")
        assert told(page.context["relations"]) == {"eva": "signed 1 agreement"}
        assert client.get("/officials/ben/network/?from=2022/1").status_code == 400

    def test_of_those_around_are_drawn_as_well(self, client, people):
        came(make.a_meeting(start="2023"), people["ana"], people["eva"])
        came(make.a_meeting(start="2023"), people["dan"], people["eva"])
        page = client.get("/officials/ben/network/")
        edges = {
            (edge.one.record.slug, edge.other.record.slug): edge.bond.in_words
            for edge in page.context["edges"]
        }
        assert edges == {
            ("ben", "ana"): "met 2 times",
            ("ben", "eva"): "signed 1 agreement",
            ("ana", "eva"): "met 1 time",
        }
        thick = {edge.thickness for edge in page.context["edges"]}
        assert min(thick) < max(thick) == 6
        assert "Ana – Eva : met 1 time" in text_of(page)
        assert "/?official=ana&official=eva" in links_on(page)

    def test_tell_the_same_from_either_end(self, people):
        for one in Official.objects.all():
            for relation in relations_of(one):
                pair = [one, relation.record]
                ((_keys, bond),) = bonds_among(pair).items()
                assert bond.numbers == relation.bond.numbers

    def test_show_nothing_that_is_hidden(self, client, people):
        people["ana"].status = "draft"
        people["ana"].save()
        make.an_agency("Secret", slug="secret", status="draft")
        navy = make.an_agency(
            "Navy", slug="navy", parent=Agency.objects.get(slug="secret")
        )
        assert relations_of(navy) == []
        assert set(told(relations_of(people["ben"]))) == {"eva"}
        events = Event.objects.published()
        assert shortest(people["dan"], people["ben"], events).steps == ()
        for address in ("/officials/ben/network/", "/officials/pairs/", "/connection/"):
            assert "Ana" not in client.get(address).content.decode()

    def test_more_words_than_are_searched_for_are_refused(self, client, people):
        for text in ("a b c d e f g h i j", "x" * 150):
            answer = client.get("/connection/", {"one": text, "other": "ben"})
            assert answer.status_code == 400

    def test_those_who_never_met_have_no_matrix(self, client):
        for number in range(40):  # in pairs, and more than a matrix has
            one, other = make.an_official(), make.an_official()
            meeting = make.a_meeting(start=f"{1950 + number}")
            for official in (one, other):
                make.a_participation(meeting, official=official)
        assert client.get("/officials/pairs/").status_code == 200

    def test_are_told_as_they_were_known(self, client, people):
        then = {
            at: client.get(f"{at}known_at=now")["Location"]
            for at in ("/officials/ben/network/?", "/connection/?one=ana&other=eva&")
        }
        people["ben"].status = "withdrawn"
        people["ben"].save()
        assert client.get("/officials/ben/network/").status_code == 404
        page = client.get(then["/officials/ben/network/?"])
        assert set(told(page.context["relations"])) == {"ana", "eva"}
        page = client.get("/connection/?one=ana&other=eva")
        assert page.context["steps"] == []
        page = client.get(then["/connection/?one=ana&other=eva&"])
        assert "From Ana to Eva in 2 steps" in text_of(page)

    def test_cost_the_same_however_many_there_are(self, client, people):
        costs = []
        for _some in range(2):
            with changing("other"):
                meeting = make.a_meeting(start="2022")
                came(meeting, *(make.an_official() for _n in range(20)), people["ben"])
            with CaptureQueriesContext(connection) as queries:
                page = client.get("/officials/ben/network/")
            costs.append(len(queries))
            assert len(page.context["nodes"]) == 17
            assert len(page.context["edges"]) <= 16 + 60
            assert len(page.content) < 200_000
        assert costs[0] == costs[1]


class TestShortestConnection:
    def steps(self, one, other):
        found = shortest(one, other, Event.objects.published())
        keys = dict(Official.objects.values_list("pk", "slug"))
        events = dict(Event.objects.values_list("pk", "slug"))
        return [(keys[s.one], events[s.event], keys[s.other]) for s in found.steps]

    def test_goes_over_whom_each_met_by_the_newest_event(self, people):
        ana, _ben, eva, dan = people.values()
        path = [("ana", "second", "ben"), ("ben", "treaty", "eva")]
        assert self.steps(ana, eva) == path
        back = [(two, event, one) for one, event, two in reversed(path)]
        assert self.steps(eva, ana) == back
        assert self.steps(ana, dan) == []
        assert self.steps(ana, ana) == []
        came(make.a_meeting(slug="direct", start="2001"), ana, eva)
        assert self.steps(ana, eva) == [("ana", "direct", "eva")]

    def test_is_as_short_as_a_search_of_everything_finds(self):
        officials = [make.an_official(slug=f"o-{n}") for n in range(12)]
        pairs = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 5), (5, 6), (6, 4), (7, 8), (9, 0)]
        with changing("other"):
            for one, other in pairs:
                came(make.a_meeting(start="2020"), officials[one], officials[other])
        far = {0: 0}
        while new := {
            b: far[a] + 1
            for pair in pairs
            for a, b in (pair, pair[::-1])
            if a in far and b not in far
        }:
            far |= new
        for number, official in enumerate(officials):
            steps = self.steps(officials[0], official)
            assert len(steps) == far.get(number, 0)
            assert all(one[2] == two[0] for one, two in pairwise(steps))

    def test_is_not_by_events_to_which_too_many_came(self, people, monkeypatch):
        monkeypatch.setattr("timeline.connections.CROWD", 2)
        eva, dan = people["eva"], people["dan"]
        came(make.a_meeting(slug="congress"), *people.values())
        assert self.steps(eva, dan) == []

    def test_has_an_end(self, people, monkeypatch):
        events = Event.objects.published()
        monkeypatch.setattr("timeline.connections.MOST_STEPS", 1)
        found = shortest(people["ana"], people["eva"], events)
        assert (found.steps, found.is_whole) == ((), False)
        monkeypatch.undo()
        monkeypatch.setattr("timeline.connections.MOST_EVENTS", 1)
        found = shortest(people["ana"], people["eva"], events)
        assert (found.steps, found.is_whole) == ((), False)

    def test_is_told_in_words_with_its_events(self, client, people):
        page = client.get("/connection/?one=ana&other=eva")
        text = text_of(page)
        assert "From Ana to Eva in 2 steps" in text
        assert "Ana and Ben : Second call May 2024" in text
        assert {"/meetings/second/", "/agreements/treaty/"} <= set(links_on(page))
        page = client.get("/connection/?one=ana&other=ben")
        assert "Ana met Ben" in text_of(page)
        page = client.get("/connection/?one=ana&other=eva&from=2022")
        assert "Nobody whom Ana met is connected with Eva" in text_of(page)

    def test_is_asked_for_by_names(self, client, people):
        make.an_official("Eva Luna", slug="eva-luna")
        answer = client.get("/connection/", {"one": "Ana", "other": "ben"})
        assert answer["Location"] == "/connection/?one=ana&other=ben"
        page = client.get("/connection/?one=ana&other=Eva L")
        assert page["Location"] == "/connection/?one=ana&other=eva-luna"
        page = client.get("/connection/?one=ana&other=nobody")
        assert "No official of this name is on record." in text_of(page)


def test_a_matrix_says_who_met_whom_how_often(client, people):
    page = client.get("/officials/pairs/")
    matrix = [
        (str(one), [cell and cell.number for cell in cells])
        for one, cells in page.context["matrix"]
    ]
    assert matrix == [
        ("Ben", [None, 2, 1]),
        ("Ana", [2, None, None]),
        ("Eva", [1, None, None]),
    ]
    assert "/?official=ana&official=ben" in links_on(page)
    assert client.get("/officials/pairs/?official=ana").context["matrix"] is None


def test_the_matrix_has_an_end(client, monkeypatch):
    monkeypatch.setattr("timeline.pages.pairs.IN_MATRIX", 4)
    came(make.a_meeting(), *(make.an_official() for _number in range(6)))
    page = client.get("/officials/pairs/")
    assert [len(cells) for _one, cells in page.context["matrix"]] == [4] * 4


def test_the_years_of_a_circle_are_those_of_its_events(people):
    assert circle_of(people["ben"]).years == (2019, 2024)
    assert circle_of(people["dan"]).years is None
    assert key_of(people["dan"]) == (Official, people["dan"].pk)


def test_of_one_at_very_many_events_the_newest_are_counted_and_this_is_said(
    client, people, monkeypatch
):
    monkeypatch.setattr("timeline.relations.MOST_EVENTS", 1)
    assert told(relations_of(people["ana"])) == {"ben": "met 1 time"}
    assert told(relations_of(people["ben"])) == {"ana": "met 1 time"}
    monkeypatch.setattr("timeline.pages.network.MOST_EVENTS", 1)
    said = "Counted in the newest 1 events; choose a time to count in others."
    assert said in text_of(client.get("/officials/ben/network/"))
    assert said not in text_of(client.get("/officials/eva/network/"))
    assert client.get("/officials/ben/network.json").json()["are_all"] is False


def test_of_one_with_very_many_offices_the_newest_are_counted_and_this_is_said(
    client, people, monkeypatch
):
    for slug, start in (("then", "1990"), ("now", "2020")):
        post = make.a_post(agency=make.an_agency(slug=slug))
        make.an_appointment(people["dan"], post, start=start)
    for module in ("relations", "pages.network"):
        monkeypatch.setattr(f"timeline.{module}.MOST_OFFICES", 1)
    assert told(relations_of(people["dan"])) == {"now": "1 office there"}
    said = "Of the offices the newest 1 are counted."
    assert said in text_of(client.get("/officials/dan/network/"))
    assert client.get("/officials/dan/network.json").json()["are_all"] is False


def test_among_some_the_newest_events_of_any_of_them_are_counted(people, monkeypatch):
    monkeypatch.setattr("timeline.relations.MOST_EVENTS", 2)
    ana, ben, eva = (people[name] for name in ("ana", "ben", "eva"))
    among = bonds_among([ana, ben, eva])
    assert {
        (one[1], other[1]): bond.in_words for (one, other), bond in among.items()
    } == {(ana.pk, ben.pk): "met 1 time", (ben.pk, eva.pk): "signed 1 agreement"}


def test_among_some_no_event_is_read_that_is_older_than_enough_others(
    people, monkeypatch
):
    monkeypatch.setattr("timeline.relations.MOST_EVENTS", 1)
    with CaptureQueriesContext(connection) as asked:
        bonds_among([people["ben"], people["eva"]])
    lists = [q["sql"] for q in asked if "attended" in q["sql"]]
    assert ["2024-05-01" in sql for sql in lists] == [False, True]


def test_of_offices_only_those_of_the_closest_are_read(people):
    navy = make.an_agency()
    for name in ("ana", "ana", "ben", "eva"):
        make.an_appointment(people[name], make.a_post(agency=navy))
    read = []

    def note(instance, **_sent):
        read.append(instance.official_id)

    with noted(post_init, note, Appointment):
        circle = circle_of(navy, most=1)
    assert told(circle.relations) == {"ana": "2 offices there"}
    assert (circle.number, read) == (3, [people["ana"].pk] * 2)


@contextmanager
def noted(signal, receiver, sender):
    """While this lasts the signal reaches the receiver."""
    signal.connect(receiver, sender=sender)
    try:
        yield
    finally:
        signal.disconnect(receiver, sender=sender)


def test_a_page_lists_the_closest_and_files_have_all(client, people, monkeypatch):
    monkeypatch.setattr("timeline.pages.network.LISTED", 1)
    page = client.get("/officials/ben/network/")
    assert [one.record.slug for one in page.context["relations"]] == ["ana"]
    assert page.context["number"] == 2
    relations = client.get("/officials/ben/network.json").json()["relations"]
    assert [each["slug"] for each in relations] == ["ana", "eva"]

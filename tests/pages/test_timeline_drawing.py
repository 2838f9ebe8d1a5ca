"""The drawing of the timeline: as sure as the record is, in a window of its time."""

from datetime import date

import pytest

from entities.models import Agency, Official
from tests import make
from tests.walking import text_of
from timeline.pages.lanes import MOST

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def events():
    """A visit, a call and a deployment, with who was there."""
    navy = make.an_agency("Navy", slug="navy")
    ana = make.an_official("Ana", slug="ana")
    office = make.an_appointment(ana, make.a_post(agency=navy))
    call = make.a_meeting("Call", slug="call", start="2025-02")
    visit = make.a_meeting("Visit", slug="visit", start="2024-05-06")
    troops = make.a_deployment("Troops", slug="troops", start="2025-02-03")
    make.a_participation(call, official=ana, appointment=office)
    make.a_participation(call, "host", agency=navy)
    make.a_participation(visit, official=ana)
    make.a_participation(troops, "force", agency=navy)
    make.a_citation(call)
    return {"call": call, "visit": visit, "troops": troops}


def drawn(client, address):
    """What is drawn of a page of the timeline, by its label."""
    picture = client.get(address).context["picture"]
    return {mark.label: mark for mark in picture.drawing.marks}


def test_tells_certain_likely_disputed_settled_and_general_knowledge_apart(client):
    source = make.a_source(slug="article")
    for title, start in (
        ("Certain", "2025-02-03"),
        ("Likely", "2025-02-04?"),
        ("Possible", "2025-02"),
        ("Open", "2025-03-01"),
        ("Settled", "2025-03-02"),
    ):
        event = make.a_milestone(title, slug=title.lower(), start=start)
        make.a_citation(event, source, field="start")
        stated = {"field": "start", "stated": "2020", "locator": "below"}
        if title == "Settled":
            stated |= {"assessment": "mistaken", "note": "A slip."}
        if title in ("Open", "Settled"):
            make.a_citation(event, source, **stated)
    make.a_citation(make.a_milestone("General", start="2025-03-03"), source)
    found = drawn(client, "/")
    assert {
        label: (
            mark.has_core,
            mark.has_likely_core,
            mark.dispute,
            mark.is_general,
        )
        for label, mark in found.items()
    } == {
        "Certain": (True, False, "", False),
        "Likely": (False, True, "", False),
        "Possible": (False, False, "", False),
        "Open": (True, False, "open", False),
        "Settled": (True, False, "settled", False),
        "General": (False, True, "", True),
    }
    body = client.get("/").content.decode()
    for key in ("core", "likely", "envelope", "general", "flag", "flag settled"):
        assert f'class="key {key}"' in body
    assert 'aria-label="Settled: 2 March 2025 (dispute settled)"' in body
    general = "General: 3 March 2025 (not from the sources)"
    assert f'aria-label="{general}"' in body


def test_shows_disputes_of_what_only_a_kind_of_event_has(client):
    talk = make.a_meeting("Talk", format="call", start="2025")
    make.a_citation(talk, field="format", stated="visit")
    mark = drawn(client, "/")["Talk"]
    assert mark.dispute == "open"
    assert "Disputed: format" in mark.about.details
    listed = client.get("/").content.decode()
    assert '<span class="state open">disputed</span>' in listed


def test_tells_of_each_mark_who_was_there_and_from_how_many_sources(client, events):
    about = drawn(client, "/")["Call"].about
    assert about.details == (
        *("Navy, Ana", "1 source", "Its date is not from the sources."),
    )
    make.a_link(events["call"], "resulted-in", events["troops"])
    details = drawn(client, "/")["Troops"].about.details
    assert details[-1] == "Call – resulted in this"
    (line,) = client.get("/").context["picture"].connections
    assert (line.one, line.other) == ("/meetings/call/", "/deployments/troops/")


def test_has_statements_those_of_one_occasion_together(client, events):
    ana = Official.objects.get(slug="ana")
    for number in range(3):
        slug = f"said-{number}"
        make.a_statement(slug=slug, official=ana, event=events["call"], start="2025")
    make.a_statement("Ana says more.", slug="more", official=ana, start="2025-02-09")
    found = drawn(client, "/")
    assert {"3 statements: Call", "Ana says more."} <= found.keys()
    together = found["3 statements: Call"]
    assert together.address == "/statements/?event=call"
    assert client.get(together.address).status_code == 200
    assert "3 statements: Call" in drawn(client, "/?lanes=official&official=ana")
    assert "3 statements: Call" not in drawn(client, "/?type=meeting")


def test_is_of_the_window_that_is_asked_for_with_ways_around_it(client, events):
    assert drawn(client, "/?from=2024&to=2024").keys() == {"Visit"}
    context = client.get("/?from=2024-05&to=2024-07").context
    window = context["picture"].window
    assert (window.first, window.last) == (date(2024, 5, 1), date(2024, 7, 31))
    ways = {key: address for key, _label, address in context["ways"]}
    assert ways.keys() == {"earlier", "later", "in", "out", "whole"}
    for key, address in ways.items():
        other = client.get(address).context["picture"].window
        inside = window.first <= other.first and other.last <= window.last
        assert inside == (key == "in"), address
        assert (other.first < window.first) == (key in ("earlier", "out", "whole"))
        assert (other.last > window.last) == (key in ("later", "out", "whole"))
    whole = {key: to for key, _label, to in client.get("/").context["ways"]}
    assert {key for key, address in whole.items() if address} == {"in"}


def test_gives_busy_months_more_room_or_none_if_that_is_asked(client, events):
    make.a_milestone("Long ago", start="1990")
    axis = client.get("/").context["picture"].axis
    even = client.get("/?scale=even").context["picture"].axis
    assert even.is_even and not axis.is_even
    assert axis.at(date(2024, 1, 1)) < 60 < 90 < even.at(date(2024, 1, 1))


def test_shows_how_many_there_are_where_they_are_too_many(client, monkeypatch, events):
    monkeypatch.setattr("timeline.pages.drawing.MARKS", 2)
    make.a_meeting("Reply", start="2024-05")

    def bars(address):
        picture = client.get(address).context["picture"]
        assert picture.drawing is None
        return {
            lane.label: [
                (one.bar.label, one.bar.number, one.bar.height) for one in lane.bars
            ]
            for lane in picture.lanes
        }

    assert bars("/?from=2024&to=2025") == {
        "Deployment": [("February 2025", 1, 50)],
        "Meeting": [("May 2024", 2, 100), ("February 2025", 1, 50)],
    }
    assert bars("/?lanes=agency&from=2024&to=2025") == {
        "": [("May 2024", 2, 100), ("February 2025", 2, 100)]
    }
    make.a_participation(events["troops"], agency=make.an_agency("Army", slug="army"))
    one, both = ("February 2025", 1, 50), ("February 2025", 2, 100)
    assert bars("/?lanes=agency") == {"Army": [one], "Navy": [both]}
    monkeypatch.setattr("timeline.pages.drawing.MARKS", 1)
    one = ("February 2025", 1, 100)
    assert bars("/?lanes=compared&agency=army,navy") == {
        "Army": [],
        "Army and Navy": [one],
        "Navy": [one],
    }
    monkeypatch.setattr("timeline.pages.drawing.MARKS", 2)
    picture = client.get("/?from=2024&to=2025").context["picture"]
    for each in picture.bars:
        assert client.get(each.address).context["picture"].drawing


def test_has_no_lane_without_end(client):
    for number in range(MOST + 3):
        place = make.a_place(f"Place {number:02}", slug=f"place-{number}")
        make.a_milestone(start="2025", place=place)
    page = client.get("/?lanes=place")
    assert len(page.context["picture"].drawing.lanes) == MOST
    assert "3 rows with fewer events are not drawn." in text_of(page)


def test_sets_two_agencies_side_by_side(client, events):
    army = make.an_agency("Army", slug="army")
    make.a_participation(events["troops"], agency=army)
    make.a_participation(make.a_meeting("Parade", start="2024-09"), agency=army)
    make.a_statement("The Army says so.", agency=army, start="2024-10")
    chosen = client.get("/?one=army&other=navy&from=2024&to=2025")
    assert chosen.status_code == 302
    page = client.get(chosen["Location"])
    lanes = page.context["picture"].drawing.lanes
    assert {lane.label: {mark.label for mark in lane.marks} for lane in lanes} == {
        "Army": {"Parade", "The Army says so."},
        "Army and Navy": {"Troops"},
        "Navy": {"Call"},
    }
    assert [lane.label for lane in lanes] == ["Army", "Army and Navy", "Navy"]
    assert page.context["period"] == ("2024", "2025")
    assert client.get("/?one=army&other=nobody", follow=True).status_code == 400


def test_asks_for_two_agencies_where_it_is_to_compare_others(client, events):
    mexico, states = make.a_country("Mexico"), make.a_country("United States")
    navy = Agency.objects.get(slug="navy")
    navy.country = mexico
    navy.save()
    for name, country, number in (("Police", mexico, 2), ("Army", states, 1)):
        agency = make.an_agency(name, slug=name.lower(), country=country)
        for of_it in range(number):
            call = make.a_meeting(f"{name} {of_it}", start="2024-09")
            make.a_participation(call, agency=agency)
    asked = client.get("/?lanes=compared&from=2024")
    assert asked["Location"] == "/?from=2024&lanes=compared&agency=navy%2Carmy"
    for agency, pair in (("police", ["police", "army"]), ("army", ["army", "navy"])):
        page = client.get(f"/?lanes=compared&agency={agency}")
        assert "Choose two agencies to see them side by side." in text_of(page)
        assert page.context["picture"].drawing is None
        assert page.context["pair"] == pair
    three = client.get("/?lanes=compared&agency=army,navy,police")
    assert "Choose two agencies" in text_of(three)


def test_is_of_one_kind_where_kinds_are_no_lanes(client, events):
    assert client.get("/").context["kinds"] == []
    kinds = client.get("/?lanes=agency").context["kinds"]
    to = {label: address for label, address, _here in kinds}
    assert drawn(client, to["Deployment"]).keys() == {"Troops"}
    assert drawn(client, to["All kinds"]).keys() == {"Call", "Visit", "Troops"}


def test_leads_to_what_is_disputed_settled_or_general_knowledge_alone(client, events):
    make.a_citation(events["visit"], field="start", stated="2020")
    context = client.get("/").context
    to = {label: address for label, address, _here in context["certainty"]}
    assert drawn(client, to["disputed"]).keys() == {"Visit"}
    assert "In dispute: open" in text_of(client.get(to["disputed"]))
    assert client.get(to["dispute settled"]).context["picture"] is None
    assert drawn(client, to["not from the sources"]).keys() == {"Call", "Visit"}
    again = client.get(to["disputed"]).context["certainty"]
    assert [(here, address) for _l, address, here in again if here] == [(True, "/")]


def test_is_at_an_address_of_its_own_too(client, events):
    page = client.get("/timeline/")
    assert page.context["front"] is None
    assert drawn(client, "/timeline/").keys() == drawn(client, "/").keys()


def test_draws_what_began_in_a_window_where_too_much_had_begun_before(
    client, monkeypatch, events
):
    monkeypatch.setattr("timeline.pages.drawing.MARKS", 2)
    for year in (2001, 2002, 2003):
        make.a_deployment(f"Since {year}", start=str(year), end="..")
    page = client.get("/?from=2024&to=2024")
    picture = page.context["picture"]
    assert [mark.label for mark in picture.drawing.marks] == ["Visit"]
    assert "Only what began in this time is drawn" in text_of(page)


def test_says_so_where_statements_are_too_many_to_be_drawn(client, monkeypatch, events):
    monkeypatch.setattr("timeline.pages.drawing.MARKS", 3)
    for number in range(4):
        make.a_statement(slug=f"said-{number}", start="2025-02-05")
    page = client.get("/")
    assert {*drawn(client, "/")} == {"Call", "Visit", "Troops"}
    assert "There are too many statements to draw them" in text_of(page)


@pytest.mark.parametrize("certainty", ["definite", "likely", "possible"])
@pytest.mark.parametrize("when", ["from=2025", "as_of=2025-02", "to=2024"])
def test_is_narrowed_by_how_surely_it_was_then(when, certainty, client):
    make.a_meeting(start="2025-02")
    assert client.get(f"/?{when}&certainty={certainty}").status_code == 200

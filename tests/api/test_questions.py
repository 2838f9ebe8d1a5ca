"""What a reader would ask of the curated record, asked over HTTP."""

import csv

import pytest

from entities.models import AgencyName
from tests.depth import cases
from tests.folders import FIXTURES

pytestmark = pytest.mark.usefixtures("record")


@pytest.fixture
def ask(api):
    """The records that a collection answers with."""

    def ask_for(collection, **query):
        query = {name.removesuffix("_"): value for name, value in query.items()}
        answer = api.get(f"/api/v1/{collection}/", {"limit": 500, **query})
        assert answer.status_code == 200, answer.json()
        assert answer.json()["next"] is None
        return answer.json()["results"]

    return ask_for


def slugs(records):
    return {record["slug"] for record in records}


def test_who_headed_sedena_on_2025_04_16(ask):
    (held,) = ask(
        "appointments",
        agency="sedena",
        post="secretary-of-national-defense",
        as_of="2025-04-16",
    )
    assert held["official"]["name"] == "Ricardo Trevilla Trejo"
    assert held["holds"] == "yes"


@pytest.mark.parametrize(
    ("day", "name", "holds"),
    # When Renuart came and went is general knowledge; sources speak of Guillot later.
    [
        ("2009-10-15", "Renuart", "likely"),
        ("2024-03-01", "Guillot", "likely"),
        ("2025-04-16", "Guillot", "yes"),
    ],
)
def test_who_commanded_usnorthcom(ask, day, name, holds):
    (held,) = ask("appointments", post="commander-usnorthcom", as_of=day)
    assert name in held["official"]["name"]
    assert held["holds"] == holds
    assert held["post"]["slug"] == "commander-usnorthcom"


def test_every_meeting_that_guillot_took_part_in(ask):
    found = ask("meetings", official="gregory-guillot")
    assert slugs(found) == {
        "tcfr-roundtable-2024-11-21",
        "guillot-morales-call-2025-02",
        "guillot-trevilla-call-2025-02",
        "guillot-trevilla-call-2025-04-16",
        "guillot-sandoval-ojeda-call",
    }
    offices = {
        meeting["slug"]: {
            office["slug"].removeprefix("guillot-commander-")
            for row in meeting["participations"]
            if row["official"] and row["official"]["slug"] == "gregory-guillot"
            for office in row["appointments"]
        }
        for meeting in found
    }
    assert offices == {
        "tcfr-roundtable-2024-11-21": {"norad", "usnorthcom"},
        "guillot-morales-call-2025-02": {"usnorthcom"},
        "guillot-trevilla-call-2025-02": {"usnorthcom"},
        "guillot-trevilla-call-2025-04-16": {"norad", "usnorthcom"},
        "guillot-sandoval-ojeda-call": {"usnorthcom"},
    }


def test_whether_the_undated_call_is_one_of_those_of_february_2025(ask):
    (call,) = ask("meetings", official="jose-rafael-ojeda")
    assert call["start"] == ""
    assert {(link["kind"], link["event"]["slug"]) for link in call["links"]} == {
        ("possibly-same-as", "guillot-morales-call-2025-02"),
        ("possibly-same-as", "guillot-trevilla-call-2025-02"),
    }
    (dispute,) = ask("disputes", type="meeting")
    assert (dispute["record"]["slug"], dispute["field"], dispute["state"]) == (
        call["slug"],
        "participations",
        "open",
    )


@pytest.mark.parametrize(
    ("day", "agency", "name"),
    [
        ("2009-10-15", "sedena", "SEDENA"),
        ("2009-10-15", "semar", "SEMAR"),
        ("2025-04-16", "sedena", "DEFENSA"),
        ("2025-04-16", "semar", "MARINA"),
    ],
)
def test_what_a_ministry_called_itself_in_a_month_that_a_document_tells_of(
    day, agency, name
):
    acronyms = AgencyName.objects.filter(
        agency__slug=agency, text__in=("DEFENSA", "MARINA", "SEDENA", "SEMAR")
    )
    held = {row.text: row.holds(day) for row in acronyms}
    assert {text for text, holds in held.items() if holds == "yes"} == {name}


def test_which_places_are_in_the_area_of_focus_of_the_command(ask):
    (found,) = ask("agencies", q="area of focus")
    areas = {place["slug"] for place in found["areas"]}
    assert areas >= {"canada", "mexico", "bahamas", "gulf-of-mexico"}
    assert slugs(ask("places", area_of=found["slug"])) == areas


def test_how_many_us_troops_were_at_the_border_in_early_2025_by_source(ask):
    (counted,) = ask(
        "observations", metric="us-troops-at-border", from_="2025-01", to="2025-03"
    )
    by_source = {
        citation["source"]["slug"]: (
            citation["stated"] or counted["value"],
            citation["agreement"],
        )
        for citation in counted["citations"]
        if citation["field"] == "value"
    }
    assert by_source == {
        "coordinated-border-patrols-2025": ("15000", "agrees"),
        "watch-usnorthcom-mexican-leaders": ("~10000", "contradicts"),
    }
    assert counted["disputed"] == ["value"]


def test_the_timeline_from_2008_to_2009(ask):
    entries = ask("timeline", from_="2008", to="2009")
    assert {
        "gsomia-semar-2008",
        "high-level-visits-2008-2009",
        "vice-chiefs-visit-2009-03",
    } <= slugs(entries)
    for entry in entries:
        assert (entry["start_earliest"] or "") <= "2009-12-31"
        assert (entry["end_latest"] or "9999") >= "2008-01-01"
    order = [entry["start_earliest"] or "" for entry in entries]
    assert order == sorted(order)
    sure = ask("timeline", from_="2008", to="2009", certainty="definite")
    assert slugs(sure) < slugs(entries)
    assert "gsomia-semar-2008" in slugs(sure)


def test_everything_that_the_fact_sheet_of_2009_supports(ask):
    sheet = "usnorthcom-fact-sheet-2009-10"
    supported = ask("citations", source=sheet)
    assert {row["source"]["slug"] for row in supported} == {sheet}
    places = sorted(
        (row["type"], row["record"]["slug"], row["field"], row["locator"])
        for row in supported
    )
    assert places == cited_places(sheet)
    records = {(row["type"], row["record"]["slug"]) for row in supported}
    assert ("agreement", "gsomia-semar-2008") in records
    assert ("appointment", "renuart-commander-usnorthcom") in records
    assert ("observation", "usnorthcom-mexico-visits-2008-2009") in records
    events = {
        slug
        for kind, slug in records
        if kind in ("meeting", "agreement", "deployment", "milestone")
    }
    assert slugs(ask("timeline", source=sheet)) == events


def test_what_rests_on_the_fact_sheet_of_2009_alone(ask):
    sheet = "usnorthcom-fact-sheet-2009-10"
    rows = ask(f"sources/{sheet}/support")
    alone = {
        (row["type"], row["record"]["slug"], row["field"])
        for row in rows
        if row["rests"] == "alone"
    }
    assert {
        ("agreement", "gsomia-semar-2008", ""),
        ("appointment", "renuart-commander-usnorthcom", "official"),
        ("observation", "usnorthcom-mexico-visits-2008-2009", "value"),
    } <= alone
    assert ("agency", "usnorthcom", "") not in alone
    cited = {(row["type"], row["record"]["slug"]) for row in rows}
    assert cited <= {(row[0], row[1]) for row in cited_places(sheet)}
    for row in rows:
        assert (row["left"]["independent"] == 0) == (row["rests"] == "alone")


def test_what_the_watch_reports_of_a_release_does_not_confirm_it(ask):
    """The article quotes the release: two citations, and one confirmation."""
    (release,) = [
        row
        for row in ask("sources/defensa-release-2025-04/support", type="meeting")
        if row["field"] == ""
    ]
    assert release["rests"] == "group"
    (left,) = release["left"]["sources"]
    assert left["slug"] == "watch-usnorthcom-mexican-leaders"
    calls = ask("meetings", fields="slug,support")
    support = {call["slug"]: call["support"] for call in calls}
    whole = support[release["record"]["slug"]][""]
    assert whole["citations"] > whole["independent"] == 1


def test_where_two_articles_of_2025_differ(ask):
    watch, patrols = (
        "watch-usnorthcom-mexican-leaders",
        "coordinated-border-patrols-2025",
    )
    rows = ask(f"sources/{watch}/comparison", with_=patrols)
    troops = {
        (row["record"]["slug"], row["field"]): (
            [citation["stated"] for citation in row["one"]],
            [citation["stated"] or row["recorded"] for citation in row["other"]],
        )
        for row in rows
        if row["outcome"] == "differ" and row["type"] == "observation"
    }
    assert (["~10000"], ["15000"]) in troops.values()


def cited_places(source):
    """What the curators wrote down that a source is cited for, and where in it."""
    text = (FIXTURES / "citations.csv").read_text(encoding="utf-8")
    return sorted(
        (row["type"], row["record"], row["field"], row["locator"])
        for row in csv.DictReader(text.splitlines())
        if row["source"] == source
    )


def test_which_agencies_match_marina(ask):
    (found,) = ask("agencies", q="marina")
    assert found["slug"] == "semar"
    assert "MARINA" in {name["text"] for name in found["names"]}
    (hit,) = ask("search", q="marina", type="agency")
    assert (hit["slug"], hit["matched"]) == ("semar", "MARINA")


def test_what_the_calls_of_february_2025_led_to(ask, api):
    calls = [
        meeting
        for meeting in ask("meetings", from_="2025-02", to="2025-02")
        if meeting["format"] == "video-call"
    ]
    assert len(calls) == 2
    results = [
        link["event"]
        for call in calls
        for link in call["links"]
        if link["kind"] == "resulted-in"
    ]
    one, other = results
    assert one == other
    result = one
    assert result["type"] == "agreement"
    understanding = api.get(result["url"]).json()
    assert understanding["slug"] == "joint-statement-of-understanding-2025"
    assert understanding["provisions"]
    assert {
        (link["kind"], link["event"]["slug"]) for link in understanding["linked_from"]
    } >= {("resulted-in", "guillot-trevilla-call-2025-02")}


NO_LISTS = (  # which have tests of their own
    *("docs", "search", "package", "reconcile", "popolo", "followthemoney"),
)


def test_every_address_in_every_answer_leads_somewhere(api):
    """Nothing that a page shows is a dead end."""
    waiting, seen = ["http://testserver/api/v1/"], set()
    while waiting and len(seen) < cases(100, 10_000):
        address = waiting.pop()
        if address in seen or any(f"/{name}/" in address for name in NO_LISTS):
            continue
        seen.add(address)
        listing = address.count("/") == 6 and "schema" not in address
        answer = api.get(address, {"limit": 500} if listing else {})
        assert answer.status_code == 200, address
        waiting += addresses_in(answer.json())
    assert len(seen) >= cases(100, 200)


def addresses_in(value):
    """The addresses of this site anywhere in an answer."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from addresses_in(inner)
    elif str(value).startswith("http://testserver/api/v1/"):
        yield value

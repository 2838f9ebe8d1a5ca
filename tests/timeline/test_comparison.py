"""Two dates compared: what surely changed, what may have, and what is all the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from provenance.values.dates import PartialDate
from tests import make
from tests.walking import text_of
from timeline import comparison

pytestmark = [pytest.mark.django_db, pytest.mark.database]

AT = "/api/v1/compare/"


@pytest.fixture
def navy():
    """A ministry that was renamed, and whose head changed."""
    navy = make.an_agency("Navy", slug="navy")
    make.an_agency_name(navy, "SEMAR", start="2000", end="2019-12-31")
    make.an_agency_name(navy, "MARINA", start="2020-01-01", end="..")
    make.an_agency_name(navy, "Marine", "translation", start="2020", end="..")
    post = make.a_post("Secretary", slug="secretary", agency=navy)
    for name, start, end in (
        ("Ana", "2005", "2012-11-30"),
        ("Eva", "2024-10-01", ".."),
    ):
        make.an_appointment(make.an_official(name), post, start=start, end=end)
    make.an_appointment(make.an_official("Luz"), post, "nominee", start="2025")
    return navy


def asked(api, one="2009-10", other="2025-04", **parameters):
    answer = api.get(AT, {"from": one, "to": other, **parameters})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def told(answer, aspect):
    """The changes of one kind: of what, how surely, and what held on each date."""

    def held(several):
        return [f"{one['what']} {one['holds']}" for one in several]

    return [
        (
            row["subject"]["label"],
            row["changed"],
            held(row["before"]),
            held(row["after"]),
        )
        for row in answer["results"]
        if row["aspect"] == aspect
    ]


def counted(answer, aspect):
    (row,) = (row for row in answer["aspects"] if row["aspect"] == aspect)
    return row["changed"], row["maybe"], row["same"]


def test_an_office_that_changed_hands_says_whose_it_was_and_is(api, navy):
    answer = asked(api)
    assert told(answer, "offices") == [
        ("Secretary", "yes", ["Ana yes"], ["Eva yes"]),
    ]
    (row,) = (row for row in answer["results"] if row["aspect"] == "offices")
    assert row["about"] == "Navy"
    assert row["subject"] == {
        "type": "post",
        "slug": "secretary",
        "label": "Secretary",
        "url": "http://testserver/api/v1/posts/secretary/",
    }
    assert row["after"][0]["record"]["type"] == "official"
    assert counted(answer, "offices") == (1, 0, 0)


def test_what_is_not_certain_may_have_changed(api, navy):
    assert told(asked(api, "2012-11"), "offices") == [
        ("Secretary", "yes", ["Ana yes"], ["Eva yes"])
    ]
    assert told(asked(api, "2012"), "offices") == [
        ("Secretary", "yes", ["Ana maybe"], ["Eva yes"])
    ]
    assert told(asked(api, "2012", "2024-10"), "offices") == [
        ("Secretary", "yes", ["Ana maybe"], ["Eva yes"])
    ]
    assert told(asked(api, "2012", "2024"), "offices") == [
        ("Secretary", "maybe", ["Ana maybe"], ["Eva maybe"])
    ]
    same = asked(api, "2006", "2009")
    assert told(same, "offices") == []
    assert counted(same, "offices") == (0, 0, 1)


def test_names_in_use_are_compared_and_no_translations(api, navy):
    assert told(asked(api), "names") == [
        ("Navy", "yes", ["SEMAR yes"], ["MARINA yes"]),
    ]


def test_agreements_say_how_far_they_had_come(api):
    stages = {"signed": "2008-05", "entered_into_force": "2010", "terminated": "2025"}
    make.an_agreement(
        "Pact", slug="pact", state="terminated", start="2008-05", **stages
    )
    make.an_agreement("Note", slug="note", state="signed", start="2024-02-03")
    answer = asked(api)
    assert told(answer, "agreements") == [
        ("Note", "yes", [], ["concluded yes"]),
        ("Pact", "yes", ["signed yes"], ["in force maybe", "terminated maybe"]),
    ]
    assert asked(api, "2024-03")["results"][0]["about"] == "now terminated"


@pytest.mark.parametrize(
    ("state", "held"),
    [
        ("terminated", ["signed maybe", "terminated maybe"]),
        ("expired", ["signed maybe", "expired maybe"]),
        ("in-force", ["signed maybe", "in force maybe"]),
        ("signed", ["signed yes"]),
        ("", ["signed yes"]),
    ],
)
def test_a_later_state_without_a_date_may_have_come(state, held):
    signed = "2008-05"
    pact = make.an_agreement("Pact", state=state, start=signed, signed=signed)
    states = comparison.states_on(pact, PartialDate("2025"))
    assert [f"{one.what} {one.holds}" for one in states] == held
    assert not [*comparison.states_on(pact, PartialDate("2007"))]


def test_an_end_without_a_date_follows_what_was_concluded():
    pact = make.an_agreement("Pact", state="terminated", start="2008-05")
    states = comparison.states_on(pact, PartialDate("2025"))
    assert [(one.what, one.holds) for one in states] == [
        ("concluded", "maybe"),
        ("terminated", "maybe"),
    ]


def test_a_stage_whose_date_no_source_states_has_likely_come(api):
    pact = make.an_agreement("Pact", state="", start="2008-05", signed="2008-05")
    make.a_citation(pact, field="start")
    (row,) = asked(api, "2007")["results"]
    assert (row["changed"], row["before"]) == ("maybe", [])
    (held,) = row["after"]
    assert (held["what"], held["holds"]) == ("signed", "likely")
    assert held["general_knowledge"]
    table = api.get(AT, {"from": "2007", "to": "2025", "format": "csv"})
    assert b'"signed (likely, general knowledge)"' in table.getvalue()
    make.a_citation(pact, field="signed", stated="2008-05")
    (held,) = asked(api, "2007")["results"][0]["after"]
    assert (held["holds"], held["general_knowledge"]) == ("yes", False)


def test_deployments_and_figures_say_what_they_were(api):
    make.a_deployment("Troops", start="2008", end="2011", personnel="~500")
    metric = make.a_metric("Troops at the border", slug="troops")
    for when, value in (("2009-10", "100"), ("2025-04", "~105")):
        make.an_observation(metric, value, start=when, end=when)
    other = make.a_metric("Ships", slug="ships", unit="ships")
    for when, value in (("2009-10", "1"), ("2025-04", "9")):
        make.an_observation(other, value, start=when, end=when)
    make.an_observation(start="2025", end="2026")
    answer = asked(api)
    assert told(answer, "deployments") == [
        ("Troops", "yes", ["about 500 persons yes"], [])
    ]
    assert told(answer, "metrics") == [
        ("Ships", "yes", ["1 ships yes"], ["9 ships yes"]),
        ("Troops at the border", "maybe", [], ["10,000 persons yes"]),
        (
            "Troops at the border",
            "maybe",
            ["100 persons yes"],
            ["about 105 persons yes"],
        ),
    ]


def test_figures_of_different_parts_are_not_compared(api):
    metric = make.a_metric("Crossings", slug="crossings")
    sex = make.a_dimension(slug="sex")
    codes = [make.a_code(sex, word, word) for word in ("F", "M")]
    for when, values in (("2009-10", ("1", "5")), ("2025-04", ("2", "5"))):
        for value, code in zip(values, codes, strict=True):
            observation = make.an_observation(metric, value, start=when, end=when)
            make.a_code_of(observation, code)
    answer = asked(api)
    assert told(answer, "metrics") == [
        ("Crossings", "yes", ["1 persons yes"], ["2 persons yes"])
    ]
    assert answer["results"][0]["about"] == "F, actual"


def test_figures_of_two_places_of_one_name_are_not_compared(api):
    metric = make.a_metric(slug="troops")
    for when, value in (("2009-10", "1"), ("2025-04", "9")):
        here = make.a_place("Nogales")
        make.an_observation(metric, value, start=when, end=when, place=here)
    assert counted(asked(api), "metrics") == (0, 2, 0)


def test_figures_of_windows_of_other_lengths_are_not_compared_if_they_add_up(api):
    metric = make.a_metric("Crossings", slug="crossings", kind="count")
    for start, end, value in (
        ("2009", "2009", "1200"),
        ("2025-04", "2025-04", "100"),
        ("2009-10-01", "2009-11-09", "40"),
        ("2025-04-01", "2025-05-20", "50"),
    ):
        make.an_observation(metric, value, start=start, end=end)
    answer = asked(api)
    assert counted(answer, "metrics") == (0, 4, 0)
    assert {row["about"] for row in answer["results"]} == {
        "actual, year",
        "actual, month",
        "actual, another length",
    }


def test_a_dispute_of_two_reporters_is_no_change(api):
    metric = make.a_metric(slug="troops")
    for when, name, value in (("2009-10", "Army", "100"), ("2025-04", "Navy", "200")):
        make.an_observation(
            metric, value, start=when, end=when, reported_by=make.an_agency(name)
        )
    answer = asked(api)
    assert counted(answer, "metrics") == (0, 2, 0)
    assert [row["about"] for row in answer["results"]] == [
        "actual, Army",
        "actual, Navy",
    ]


def test_figures_that_contradict_each_other_on_one_date_tell_of_no_sure_change(api):
    metric = make.a_metric(slug="troops")
    make.an_observation(metric, "100", start="2009", end="2025")
    make.an_observation(metric, "300", start="2009", end="2009")
    assert counted(asked(api), "metrics") == (0, 1, 0)


def test_it_is_narrowed_to_an_agency_and_what_is_below_it(api, navy):
    fleet = make.an_agency("Fleet", slug="fleet", parent=navy)
    make.an_appointment(
        make.an_official("Isa"),
        make.a_post("Admiral", agency=fleet),
        start="2020",
        end="..",
    )
    make.an_appointment(start="2020", end="..")
    narrowed = told(asked(api, agency="navy"), "offices")
    assert {subject for subject, *_rest in narrowed} == {"Secretary", "Admiral"}
    assert len(told(asked(api), "offices")) == 3


def test_what_is_not_public_is_not_compared(api, navy):
    hidden = make.an_agency("Hidden", status="draft")
    make.an_agency_name(hidden, "Before", start="2000", end="2010")
    make.an_appointment(
        make.an_official("Nobody", status="draft"), start="2020", end=".."
    )
    make.an_appointment(start="2020", end="..", status="draft")
    make.a_deployment(start="2008", end="2011", status="draft")
    place = make.a_place("Secret", status="draft")
    make.an_observation(start="2025", end="2026", place=place)
    answer = asked(api)
    assert [counted(answer, name)[:2] for name in ("offices", "names")] == [(1, 0)] * 2
    (figure,) = (row for row in answer["results"] if row["aspect"] == "metrics")
    assert figure["about"] == "actual"


@pytest.mark.parametrize("hidden", ["code", "dimension"])
def test_no_answer_names_a_code_that_is_not_public(api, client, hidden):
    status = {hidden: "draft"}
    sex = make.a_dimension(status=status.get("dimension", "published"))
    code = make.a_code(sex, "XYZZY", "Xyzzy", status=status.get("code", "published"))
    metric = make.a_metric()
    for when, value in (("2009-10", "1"), ("2025-04", "9")):
        observation = make.an_observation(metric, value, start=when, end=when)
        make.a_code_of(observation, code)
    query = "?from=2009-10&to=2025-04"
    assert counted(asked(api), "metrics") == (1, 0, 0)
    for answer in (
        api.get(f"{AT}{query}"),
        api.get(f"{AT}{query}&format=csv"),
        client.get(f"/compare/{query}"),
    ):
        assert answer.status_code == 200
        assert "xyzzy" not in answer.getvalue().decode().lower()


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ({}, "from", "required"),
        ({"from": "2009", "to": "1999"}, "to", "invalid"),
        ({"from": "03/04/2009", "to": "2025"}, "from", "invalid"),
        (
            {"from": "2009", "to": "2025", "agency": "nobody"},
            "agency",
            "no_such_record",
        ),
    ],
)
def test_questions_that_make_no_sense_are_refused(api, client, query, name, code):
    answer = api.get(AT, query)
    assert answer.status_code == 400
    error, *_others = answer.json()["errors"]
    assert (error["parameter"], error["code"]) == (name, code)
    if query:  # without, the page proposes two dates
        assert client.get("/compare/", query).status_code == 400


def test_much_is_cut_and_too_much_is_refused(api, navy, monkeypatch):
    for _time in range(3):
        make.an_appointment(start="2020", end="..")
    monkeypatch.setattr(comparison, "LISTED", 2)
    answer = asked(api)
    assert counted(answer, "offices") == (4, 0, 0)
    assert len(told(answer, "offices")) == 2
    monkeypatch.setattr(comparison, "MOST", 2)
    refused = api.get(AT, {"from": "2009", "to": "2025"})
    (error,) = refused.json()["errors"]
    assert (error["parameter"], error["code"]) == ("agency", "too_many")
    assert asked(api, agency="navy")


def test_much_costs_as_many_queries_as_little(api, navy):
    counts = []
    for _time in range(2):
        make.an_appointment(start="2020")
        told_by = {"place": make.a_place(), "reported_by": make.an_agency()}
        make.an_observation(start="2025", end="2026", **told_by)
        make.a_deployment(start="2008")
        with CaptureQueriesContext(connection) as caught:
            asked(api)
        counts.append(len(caught))
    assert len(set(counts)) == 1


def test_the_page_sets_them_side_by_side(client, navy):
    assert "/compare/" in client.get("/").content.decode()
    moved = client.get("/compare/")
    assert moved.status_code == 302
    assert client.get(moved["Location"]).status_code == 200
    page = client.get("/compare/?from=2009-10&to=2025-04")
    text = text_of(page)
    assert "Secretary Navy Ana Eva yes" in text
    assert "Changed: 1; may have changed: 0; the same on both dates: 0." in text
    assert "October 2009" in text
    table, *_others = page.context["tables"]
    rows = client.get(table[1]).getvalue().decode().splitlines()
    assert "offices,secretary,Navy,yes,Ana,Eva" in rows
    for _label, address in page.context["tables"]:
        assert client.get(address).getvalue()

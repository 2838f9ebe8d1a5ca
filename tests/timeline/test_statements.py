"""Statements: who said what, where and of whom; on pages, in the API, in files."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests import make
from tests.folders import FIXTURES
from timeline.models import (
    Statement,
    StatementAgency,
    StatementCapacity,
    StatementEvent,
    StatementTheme,
)

pytestmark = pytest.mark.django_db


def found(**asked):
    """The slugs of the statements that the API finds."""
    answer = Client().get("/api/v1/statements/", asked)
    assert answer.status_code == 200, answer.content
    return [one["slug"] for one in answer.json()["results"]]


def page(address):
    return Client().get(address).content.decode()


def the_praise():
    """What a commander says of a ministry at a meeting, of an agreement."""
    ana, command = make.an_official(slug="ana"), make.an_agency(slug="command")
    office = make.an_appointment(ana, make.a_post(agency=command), slug="ana-commands")
    statement = make.a_statement(
        slug="praise",
        official=ana,
        event=make.a_meeting(slug="meeting"),
        publication=make.a_source(slug="release"),
        start="2025-04",
    )
    ministry = make.an_agency("Ministry", slug="ministry")
    agreement = make.an_agreement(slug="agreement")
    theme = make.a_theme(slug="patrols", broader=make.a_theme(slug="security"))
    for kind, named in (
        (StatementCapacity, office),
        (StatementAgency, ministry),
        (StatementEvent, agreement),
        (StatementTheme, theme),
    ):
        kind.objects.create(statement=statement, **{kind.named: named})
    return statement


def test_a_statement_says_who_said_what_where_in_which_office_and_of_whom():
    the_praise()
    shown = Client().get("/api/v1/statements/praise/").json()
    assert {name: shown[name] for name in ("summary", "kind", "start", "end")} == {
        "summary": "Ana praises the patrols",
        "kind": "praise",
        "start": "2025-04",
        "end": "",
    }
    named = ("official", "agency", "event", "publication")
    assert [shown[name] and shown[name]["slug"] for name in named] == [
        *("ana", None, "meeting", "release")
    ]
    lists = ("capacities", "themes", "about_officials", "about_agencies")
    assert [[one["slug"] for one in shown[name]] for name in lists] == [
        *(["ana-commands"], ["patrols"], [], ["ministry"])
    ]
    assert [one["slug"] for one in shown["about_events"]] == ["agreement"]


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "praise"},
        {"official": "ana"},
        {"agency": "command"},  # in office there
        {"capacity": "ana-commands"},
        {"event": "meeting"},
        {"publication": "release"},
        {"theme": "security"},  # by the narrower one
        {"about_agency": "ministry,command"},
        {"about_event": "agreement"},
        {"from": "2025-01", "to": "2025-12"},
        {"as_of": "2025-04-16"},
        {"q": "patrols"},
    ],
    ids=lambda asked: ",".join(asked),
)
def test_statements_are_found_by_all_that_they_name(asked):
    the_praise()
    make.a_statement("Bo denies it", "denial", start="1999")
    assert found(**asked) == ["praise"]


def test_all_but_those_of_an_agency_are_found():
    the_praise()
    make.a_statement(slug="other", agency=make.an_agency(slug="navy"))
    assert found(agency="navy") == ["other"]
    assert found(agency__n="command") == ["other"]
    assert found(agency="command,navy") == ["other", "praise"]


def test_a_statement_is_a_point_and_is_over_after_its_day():
    make.a_statement(slug="one", start="2025-04-16")
    assert found(as_of="2025-04-16") == ["one"]
    assert found(as_of="2025-04-17") == []


@pytest.mark.parametrize(
    "address",
    [
        *("/officials/ana/", "/agencies/command/", "/agencies/ministry/"),
        *("/meetings/meeting/", "/agreements/agreement/"),
        *("/themes/patrols/", "/themes/security/"),
    ],
)
def test_pages_of_speakers_events_themes_and_subjects_show_it(address):
    the_praise()
    shown = page(address)
    assert '<a href="/statements/praise/">Ana praises the patrols</a>' in shown


def test_no_page_shows_one_that_is_not_published():
    statement = the_praise()
    statement.status = "draft"
    statement.save()
    for address in ("/officials/ana/", "/meetings/meeting/", "/themes/patrols/"):
        assert "Ana praises" not in page(address)


def test_one_of_somebody_who_is_not_published_names_nobody(client):
    hidden = {"status": "draft"}
    statement = make.a_statement(
        slug="by-somebody",
        official=make.an_official("Canary Ruiz", slug="canary", **hidden),
        event=make.a_meeting("Canary talks", slug="canary-talks", **hidden),
        publication=make.a_source("Canary release", slug="canary-release", **hidden),
    )
    make.a_citation(statement)
    for start in ("", "/api/v1"):
        for address in ("/statements/by-somebody/", "/statements/"):
            body = client.get(start + address).content.decode()
            assert "by-somebody" in body and "anary" not in body


def test_in_an_office_that_is_hidden_it_is_not_found_by_its_agency():
    office = the_praise().capacities.get()
    office.status = "draft"
    office.save()
    assert found(agency="command") == []
    assert "Ana praises" not in page("/agencies/command/")


def test_either_an_official_or_an_agency_says_it():
    with pytest.raises(ValidationError, match="an official or an agency, and not both"):
        Statement(summary="?", kind="denial", slug="nobody").full_clean()


def test_nobody_speaks_in_the_office_of_somebody_else():
    office = make.an_appointment(slug="of-another")
    row = StatementCapacity(statement=make.a_statement(), appointment=office)
    with pytest.raises(ValidationError, match="is an appointment of"):
        row.full_clean()


def test_the_curated_record_has_the_statements_of_the_five_documents(record):
    cited = {
        source
        for statement in Statement.objects.prefetch_related("citations__source")
        for source in (one.source.slug for one in statement.citations.all())
    }
    assert cited >= {
        "coordinated-border-patrols-2025",
        "growing-security-challenges",
        "tcfr-roundtable-2024-11-21",
        "usnorthcom-fact-sheet-2009-10",
        "watch-usnorthcom-mexican-leaders",
    }
    assert set(Statement.objects.values_list("kind", flat=True)) == (
        set(Statement.Kind.values) - {"denial"}  # nobody denies anything in them
    )
    assert found(official="ricardo-trevilla", kind="praise") == [
        "trevilla-praises-both-militaries"
    ]
    assert "benitez-manaut-on-public-trust" in found(about_official="claudia-sheinbaum")
    text = (FIXTURES / "statements.csv").read_text(encoding="utf-8")
    assert text.count("\n") == 1 + Statement.objects.count()

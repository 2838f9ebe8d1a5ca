"""Dates that no source says: likely, never definite, and marked everywhere."""

import re
from itertools import product

import pytest

from entities.models import Appointment
from tests import make
from tests.reading import ask

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MARK = "not from the sources"


def a_report(**values):
    values.setdefault("published", "2024-11-21")
    return make.a_source("A report", **values)


@pytest.fixture
def tenure():
    """One of which sources say when it ended, and that it had begun by November."""
    held = make.an_appointment(slug="held", start="2024-02-05", end="2025-04-16")
    make.a_citation(held, a_report(), field="start", stated="[..2024-11-21]")
    make.a_citation(held, field="end")
    return held


def test_what_rests_on_it_is_likely_until_a_source_speaks_of_its_beginning(tenure, api):
    told = {day: tenure.holds(day) for day in ("2024-01", "2024-06", "2025-01")}
    assert told == {"2024-01": "no", "2024-06": "likely", "2025-01": "yes"}
    for day, certainties in (
        ("2024-06", ("possible", "likely")),
        ("2025-01", ("possible", "likely", "definite")),
    ):
        for certainty in ("possible", "likely", "definite"):
            found = ask(api, "appointments", as_of=day, certainty=certainty)
            assert found == (["held"] if certainty in certainties else [])
    (row,) = api.get("/api/v1/appointments/?as_of=2024-06").json()["results"]
    assert (row["holds"], row["general_knowledge"]) == ("likely", ["start"])


def test_lists_are_narrowed_by_it(tenure, api):
    known = make.an_appointment(slug="known", start="2024")
    make.a_citation(known, field="start")
    assert ask(api, "appointments", general_knowledge="yes") == ["held"]
    assert ask(api, "appointments", general_knowledge="no") == ["known"]
    assert ask(api, "appointments", general_knowledge__n="no") == ["held"]


def test_of_what_nobody_is_cited_for_yet_nothing_is_said(api):
    make.an_appointment(slug="held", start="2024-02-05", end="2025-04-16")
    (row,) = api.get("/api/v1/appointments/?as_of=2024-06").json()["results"]
    assert (row["holds"], row["general_knowledge"]) == ("yes", [])


def test_a_draft_says_nothing_and_so_does_who_was_cited_for_another_date():
    held = make.an_appointment(start="2024-02-05", end="2025")
    make.a_citation(held)
    make.a_citation(held, make.a_source(status="draft"), field="start")
    make.a_citation(held, field="end")
    assert Appointment.objects.get().general_knowledge == ["start"]
    held.end = "2026"
    held.save()
    assert Appointment.objects.get().general_knowledge == ["start", "end"]


def test_a_query_and_a_record_give_the_same_answer():
    starts = (None, "", "2024-03", "[..2024-06]")
    ends = (None, "", "[2024-06..]")
    for first, last in product(starts, ends):
        held = make.an_appointment(start="2024-02", end="2024-09")
        make.a_citation(held)
        for name, stated in (("start", first), ("end", last)):
            if stated is not None:
                source = a_report(published="2024-07")
                make.a_citation(held, source, field=name, stated=stated)
    meeting = make.a_meeting(start="2024-05")
    make.a_citation(meeting, field="start")
    for model in (Appointment, type(meeting)):
        for day in ("2024-02", "2024-03", "2024-05", "2024-08", "2024-10"):
            sure = set(model.objects.as_of(day, "definite"))
            likely = set(model.objects.as_of(day, "likely"))
            for record in model.objects.all():
                holds = record.holds(day)
                assert (record in sure) == (holds == "yes"), (record, day)
                assert (record in likely) == (holds in ("yes", "likely"))


def test_each_place_on_pages_is_marked(tenure, client):
    def marked(address):
        page = client.get(address).content.decode()
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).count(MARK)

    # The line beneath the kind, and the field.
    assert marked("/appointments/held/") == 2
    # The office held last, and in the drawing: what its marks mean, and the tenure.
    assert marked(f"/officials/{tenure.official.slug}/") == 3
    event = make.a_milestone("Election", slug="election", start="2024-11-05")
    make.a_citation(event)
    assert marked("/milestones/election/") == 2
    # The legend and its filter, the mark in the drawing, and the row of the list.
    assert marked("/?from=2024-11&to=2024-11") == 4
    navy = make.an_agency("Navy", slug="navy")
    for text in ("SEMAR", "Secretaría de Marina"):
        make.an_agency_name(navy, text)
    make.a_citation(navy, field="names", stated="Semar")
    assert marked("/agencies/navy/") == 1

"""Who takes part in the capacity of several offices counts for each of them."""

import pytest
from django.db import transaction

from provenance.history.undo import undo
from provenance.merging import merge
from provenance.tracking.changes import ChangeSet
from provenance.tracking.time_travel import as_known_at
from tests import make
from tests.both_ways import written_both_ways
from tests.folders import faults_in, read_in
from tests.walking import text_of
from timeline.attendance import out_of_step
from timeline.chronicle import counts, with_agency
from timeline.models import Capacity, Event, Meeting, Participation
from timeline.records import TABLES
from timeline.relations import relations_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def offices():
    """A general who commands two commands, in two appointments."""
    general = make.an_official("Ana Núñez", slug="general")
    return [
        make.an_appointment(
            general,
            make.a_post(f"Commander of {name}", make.an_agency(name, slug=slug)),
            slug=f"commander-{slug}",
        )
        for name, slug in (("Norad", "norad"), ("Northcom", "northcom"))
    ]


@pytest.fixture
def call():
    """A call that the general made for both commands."""
    call = make.a_meeting("Call", slug="call", start="2019")
    first, second = offices()
    make.a_capacity(make.a_participation(call, appointment=first), second)
    return call


def attended(slug):
    agency = make.Agency.objects.get(slug=slug)
    return [event.slug for event in with_agency(Event.objects.all(), agency)]


def test_each_agency_has_the_event_in_its_lists_counts_and_relations(call, api):
    assert list(out_of_step()) == []
    for slug in ("norad", "northcom"):
        assert attended(slug) == ["call"]
        found = api.get(f"/api/v1/meetings/?agency={slug}").json()["results"]
        assert [one["slug"] for one in found] == ["call"]
        related = relations_of(make.Agency.objects.get(slug=slug))
        assert {(one.record.slug, len(one.events)) for one in related} == {
            ("general", 1),
            ("northcom" if slug == "norad" else "norad", 1),
        }
    assert counts(Event.objects.all(), "agency") == [
        ("norad", "Norad", 1),
        ("northcom", "Northcom", 1),
    ]


def test_the_page_names_each_office_but_for_what_is_hidden(call, client):
    page = text_of(client.get("/meetings/call/"))
    assert "Ana Núñez participant Commander of Norad Commander of Northcom" in page
    hidden = Capacity.objects.last().appointment
    hidden.status = "withdrawn"
    hidden.save()
    page = text_of(client.get("/meetings/call/"))
    assert "Commander of Norad" in page
    assert "Commander of Northcom" not in page
    assert attended("northcom") == []


def test_one_cell_of_a_table_has_them_all_and_takes_them_back(call):
    (row,) = TABLES["participations"]().text_rows()
    assert row[-1] == "commander-norad|commander-northcom"
    header = "event,official,agency,role,appointments\n"
    table = f"{header}call,general,,participant,{row[-1]}\n"
    assert read_in("participations", table).counts["same"] == 1
    table = f"{header}call,general,,participant,commander-northcom\n"
    assert read_in("participations", table).counts["changed"] == 1
    assert (attended("norad"), attended("northcom")) == ([], ["call"])
    assert call.participations.get().appointments.get().slug == "commander-northcom"
    make.an_official(slug="other")
    both = "commander-norad|commander-northcom"
    table = f"{header}call,other,,host,{both}\n"
    (said, *_second) = faults_in(read_in("participations", table))
    assert said == (
        'line 2, column "appointments": “commander-norad” is an appointment of '
        "Ana Núñez."
    )


def test_the_api_writes_what_it_reads(call, writer, api):
    body = api.get("/api/v1/meetings/call/").json()
    (row,) = body["participations"]
    assert [one["slug"] for one in row["appointments"]] == [
        "commander-norad",
        "commander-northcom",
    ]
    for kind in ("meeting", "timeline"):
        ours, pythons = written_both_ways(kind)
        assert ours == pythons
    rows = [
        {
            "role": "participant",
            "official": "general",
            "appointments": ["commander-norad"],
        }
    ]
    answer = writer.patch("/api/v1/meetings/call/", {"participations": rows}).json()
    (row,) = answer["participations"]
    assert [one["slug"] for one in row["appointments"]] == ["commander-norad"]
    assert answer["version"] > body["version"]
    assert (attended("norad"), attended("northcom")) == (["call"], [])
    undo(ChangeSet.objects.first())
    assert attended("northcom") == ["call"]


def test_of_the_past_it_is_told_as_it_was(call):
    then = ChangeSet.objects.first().at
    Capacity.objects.all().delete()
    assert attended("norad") == []
    version = Meeting.objects.get().version
    with as_known_at(then), transaction.atomic():
        assert attended("norad") == ["call"]
        assert Meeting.objects.get().version < version


def test_of_two_who_are_one_the_offices_of_both_stay(call):
    winner = Participation.objects.get().official
    loser = make.an_official(status="draft")
    third = make.an_appointment(loser, slug="third", status="draft")
    make.a_participation(call, appointment=third)
    winner.refresh_from_db(), loser.refresh_from_db()
    merge(winner, loser)
    row = Participation.objects.get()
    assert {one.slug for one in row.appointments.all()} == {
        "commander-norad",
        "commander-northcom",
        "third",
    }
    undo(ChangeSet.objects.first())
    assert {part.appointments.count() for part in Participation.objects.all()} == {1, 2}


def test_an_event_that_is_merged_takes_the_offices_along(call):
    other = make.a_meeting("Call", slug="other", status="draft")
    office = Capacity.objects.first().appointment
    row = make.a_participation(other, "host", appointment=office)
    call.refresh_from_db(), other.refresh_from_db()
    merge(call, other)
    assert Capacity.objects.get(participation=row).event_id == call.pk
    assert list(out_of_step()) == []

"""A slug that changes: the record keeps its history, and old addresses lead to it."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from entities.models import Agency
from provenance.models import Redirect
from provenance.models.renaming import all_bearing, current_slug, rename
from provenance.resources.importing import import_tables
from provenance.tables import open_sheet, write_table
from tests import make

pytestmark = pytest.mark.django_db


def redirects():
    return list(Redirect.objects.values_list("type", "slug", "target"))


def test_a_renamed_record_is_found_by_its_former_slug():
    agency = make.an_agency(slug="sedena")
    rename(agency, "defensa")
    assert current_slug(Agency, "sedena") == "defensa"
    assert current_slug(Agency, "semar") is None
    assert Agency.objects.get().slug == "defensa"
    assert agency.history.first().history_change_reason == "renamed from sedena"


def test_several_slugs_lead_to_their_records_and_one_that_nothing_bore_to_none():
    agency, other = make.an_agency(slug="sedena"), make.an_agency(slug="semar")
    assert all_bearing(Agency.objects, ["nobody"]) == {}
    rename(agency, "defensa")
    assert all_bearing(Agency.objects, ["sedena", "semar", "nobody"]) == {
        "sedena": (agency.pk, "defensa"),
        "semar": (other.pk, "semar"),
    }


def test_a_record_renamed_twice_is_found_by_both_former_slugs():
    agency = make.an_agency(slug="a")
    rename(agency, "b")
    rename(agency, "c")
    assert redirects() == [("agency", "a", "c"), ("agency", "b", "c")]


def test_a_record_can_have_its_former_slug_back():
    agency = make.an_agency(slug="a")
    rename(agency, "b")
    rename(agency, "a")
    assert redirects() == [("agency", "b", "a")]


def test_no_other_record_can_take_a_slug_that_leads_elsewhere():
    rename(make.an_agency(slug="a"), "b")
    other = Agency(slug="a", name="Another", kind="ministry")
    with pytest.raises(ValidationError, match="“a” is the former slug of “b”"):
        other.full_clean()


@pytest.mark.parametrize("slug", ["taken", "Not a slug", ""])
def test_a_slug_that_is_taken_or_none_is_refused_and_nothing_is_renamed(slug):
    make.an_agency(slug="taken")
    agency = make.an_agency(slug="a")
    with pytest.raises(ValidationError):
        rename(agency, slug)
    agency.refresh_from_db()
    assert (agency.slug, redirects()) == ("a", [])


def test_a_command_renames_or_says_why_not(capsys):
    make.an_agency(slug="a")
    call_command("rename", "agency", "a", "b")
    assert capsys.readouterr().out == "agency a is b now.\n"
    with pytest.raises(CommandError, match="no agency “a”; it is “b” now"):
        call_command("rename", "agency", "a", "c")
    with pytest.raises(CommandError, match="Write a slug"):
        call_command("rename", "agency", "b", "C c")


def test_what_a_source_states_by_slug_still_means_the_same():
    admiral, general = make.an_official(slug="admiral"), make.an_official(slug="gen")
    call = make.a_meeting(requested_by=admiral)
    make.a_participation(call, official=admiral)
    make.a_participation(call, official=general)
    asked = make.a_citation(call, field="requested_by", stated="admiral")
    took_part = make.a_citation(call, field="participations", stated="admiral|gen")
    about = make.a_citation(call, field="summary", stated="admiral")

    rename(admiral, "raymundo-morales")

    for citation in (asked, took_part, about):
        citation.refresh_from_db()
    assert (asked.stated, took_part.stated, about.stated) == (
        "raymundo-morales",
        "gen|raymundo-morales",
        "admiral",
    )
    assert asked.agreement == took_part.agreement == "agrees"


def test_a_slug_that_leads_elsewhere_is_not_proposed_for_another_record():
    rename(make.an_agency(slug="sedena"), "defensa")
    make.an_agency(slug="sedena-2")
    assert Agency(name="SEDENA", kind="ministry").propose_slug() == "sedena-3"


def test_a_rename_leaves_alone_what_names_others_or_nobody():
    theme = make.a_theme(slug="sedena")
    make.an_agency(slug="sedena")
    call, agency = make.a_meeting(), make.an_agency()
    party = make.a_citation(call, field="participations", stated="sedena")
    name = make.a_citation(agency, field="names", stated="sedena")
    about = make.a_citation(call, field="themes", stated="sedena")

    rename(theme, "the-ministry")

    for citation in (party, name, about):
        citation.refresh_from_db()
    assert (party.stated, name.stated, about.stated) == (
        "sedena",
        "sedena",
        "the-ministry",
    )


def test_a_slug_that_a_record_bears_is_not_imported_as_a_former_one():
    make.an_agency(slug="sedena")
    make.an_agency(slug="semar")
    make.a_meeting(slug="call")

    def imported(*rows):
        text = write_table(["type", "slug", "target"], rows)
        (outcome,) = import_tables([("redirects", open_sheet(text.encode()))]).outcomes
        return [(fault.line, fault.column, fault.message) for fault in outcome.faults]

    said = "A record has the slug “%s” now; rename that record instead."
    assert imported(
        ("agency", "sedena", "semar"),
        ("agency", "old", "semar"),
        ("place", "sedena", "nogales"),
        ("milestone", "call", "other"),  # events of all kinds share their slugs
    ) == [(2, "slug", said % "sedena"), (5, "slug", said % "call")]
    assert redirects() == []
    assert imported(("agency", "old", "semar")) == []
    assert redirects() == [("agency", "old", "semar")]

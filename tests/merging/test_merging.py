"""Two records become one: everything moves, nothing that either says is lost."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from entities.models import Agency, AgencyName, Appointment
from provenance.evidence.settling import settle_between
from provenance.merging import merge, plan
from provenance.models import Attestation, Distinction, Redirect, SourceReport
from provenance.models.renaming import rename
from provenance.review.duplicates import distinguish
from provenance.tracking.changes import ChangeSet
from provenance.tracking.dependent_columns import StaleRecord
from tests import make
from timeline.models import (
    EventLink,
    Participation,
    Provision,
)
from timeline.records import RECORDS

pytestmark = pytest.mark.django_db


def as_read(record):
    return type(record).objects.get(pk=record.pk)


def join(winner, loser, reason="the same"):
    """Merges two records as somebody does who has just read them."""
    return merge(as_read(winner), as_read(loser), reason)


def merged(winner, loser):
    """The winner as it stands after the merge."""
    join(winner, loser)
    return as_read(winner)


def cited(record):
    """What sources say of a record: each field, source, place and statement."""
    rows = record.citations.order_by("field", "source__slug", "locator")
    return [(row.field, row.source.slug, row.locator, row.stated) for row in rows]


def sources(*slugs):
    return [make.a_source(slug=slug) for slug in slugs]


class TestWhatMoves:
    @pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
    def test_everything_that_names_the_loser_names_the_winner(self, model):
        winner, loser = make.two_to_merge(model)
        for relation in model._meta.related_objects:
            if relation.many_to_many or relation.field.remote_field.parent_link:
                continue
            if issubclass(relation.related_model, Attestation):
                continue  # derived anew
            assert relation.one_to_many, relation
        done = join(winner, loser)
        assert not type(loser).objects.filter(slug=loser.slug).exists()
        assert (done.winner.slug, done.blocks) == (winner.slug, ())

    def test_an_official_takes_offices_parts_and_identifiers_along(self):
        winner, loser = make.an_official("Ana Núñez"), make.an_official("Ana Nunez")
        held = make.an_appointment(loser)
        part = make.a_participation(official=loser, appointment=held)
        asked = make.a_meeting(requested_by=loser)
        loser.identifiers.create(scheme="wikidata", value="Q1")
        make.an_official_name(loser, "A. N.", kind="acronym")

        winner = merged(winner, loser)

        for row in (held, part, asked):
            row.refresh_from_db()
        assert held.official == part.official == asked.requested_by == winner
        assert (part.appointments.get(), asked.version, held.version) == (held, 2, 2)
        assert [str(row) for row in winner.identifiers.all()] == ["wikidata: Q1"]
        assert [(row.text, row.kind) for row in winner.names.all()] == [
            ("A. N.", "acronym"),
            ("Ana Nunez", "short"),
            ("Ana Núñez", "official"),
        ]

    def test_a_place_takes_events_agencies_and_what_lies_in_it_along(self):
        winner, loser = make.a_country("Mexico"), make.a_country("México")
        event = make.a_deployment(place=loser)
        agency, city = make.an_agency(country=loser), make.a_place(parent=loser)
        observed = make.an_observation(place=loser)
        join(winner, loser)
        for row in (event, agency, city, observed):
            row.refresh_from_db()
        assert event.place == agency.country == city.parent == observed.place == winner

    def test_an_event_takes_all_its_rows_along(self):
        winner, loser = make.a_meeting(), make.a_meeting()
        theme, other = make.a_theme(), make.a_theme()
        winner.themes.add(theme)
        loser.themes.add(theme, other)
        party = make.a_participation(loser)
        agreement = make.an_agreement(concluded_at=loser)
        link = make.a_link(loser)
        make.a_link(loser, target=winner)
        make.a_link(winner, target=loser)
        led = make.a_link(target=loser)

        join(winner, loser)

        for row in (party, agreement, link, led):
            row.refresh_from_db()
        assert party.event.specific == agreement.concluded_at == winner
        assert (link.event_id, led.target_id) == (winner.pk, winner.pk)
        assert set(winner.themes.all()) == {theme, other}
        assert EventLink.objects.count() == 2  # none links it with itself

    def test_a_source_takes_what_it_is_cited_for_along(self):
        winner, loser, third = sources("a", "b", "c")
        place = make.a_place()
        make.a_citation(place, winner, field="name", locator="p. 1", note="first")
        make.a_citation(place, loser, field="name", locator="p. 1", note="second")
        make.a_citation(place, loser, field="kind", stated="state")
        SourceReport.objects.create(source=loser, reported=winner)
        SourceReport.objects.create(source=third, reported=loser)
        join(winner, loser)
        assert cited(place) == [
            ("kind", "a", "", "state"),
            ("name", "a", "p. 1", ""),
            ("name", "a", "p. 1 (2)", ""),
        ]
        row = SourceReport.objects.get()
        assert (row.source, row.reported) == (third, winner)

    def test_provisions_line_up_behind_those_of_the_winner(self):
        winner, loser = make.an_agreement(), make.an_agreement()
        make.a_provision(winner, 1, "Patrols.")
        make.a_provision(winner, 2, "Talks.")
        make.a_provision(loser, 1, "Talks.")
        make.a_provision(loser, 2, "Calls.")
        make.a_provision(loser, 3, "Visits.")
        join(winner, loser)
        rows = Provision.objects.filter(agreement=winner)
        assert [(row.position, row.text) for row in rows] == [
            (1, "Patrols."),
            (2, "Talks."),
            (3, "Calls."),
            (4, "Visits."),
        ]


class TestWhatFallsTogether:
    def test_a_part_that_both_took_is_one_and_keeps_the_office(self):
        winner, loser = make.an_official(), make.an_official()
        call = make.a_meeting()
        held = make.an_appointment(loser)
        make.a_participation(call, official=winner)
        make.a_participation(call, official=loser, appointment=held)
        join(winner, loser)
        row = Participation.objects.get()
        assert (row.official, row.appointments.get()) == (winner, held)

    def test_two_offices_in_one_become_one_with_all_that_is_said_of_them(self):
        winner, loser = make.an_official(), make.an_official()
        post, (a, b) = make.a_post(), sources("a", "b")
        kept = make.an_appointment(winner, post, start="2024", slug="kept")
        gone = make.an_appointment(
            loser, post, start="2024", slug="gone", rank="General", end="2025"
        )
        make.a_citation(gone, a, field="rank")
        make.a_citation(kept, b)
        call = make.a_meeting()
        make.a_participation(call, official=winner, appointment=kept)
        make.a_participation(call, official=loser, appointment=gone)

        join(winner, loser)

        kept = Appointment.objects.get()
        assert (kept.slug, kept.rank, str(kept.end)) == ("kept", "General", "2025")
        assert cited(kept) == [("", "b", "", ""), ("rank", "a", "", "")]
        assert Participation.objects.get().appointments.get() == kept
        assert Redirect.objects.get(type="appointment").target == "kept"
        assert kept.private_note == ""

    def test_of_a_name_with_two_times_the_other_time_is_noted(self):
        winner, loser = make.an_agency("Navy"), make.an_agency("Navy")
        make.an_agency_name(winner, "SEMAR", start="2000")
        make.an_agency_name(loser, "SEMAR", start="2001", end="2025")
        winner = merged(winner, loser)
        row = AgencyName.objects.get(text="SEMAR")
        assert (str(row.start), str(row.end)) == ("2000", "2025")
        assert winner.private_note == (
            f"Merged with “{loser.slug}”:\nagency name SEMAR, start: 2001"
        )

    def test_citations_that_say_the_same_are_one(self):
        winner, loser = make.a_place(), make.a_place()
        (a,) = sources("a")
        make.a_citation(winner, a, locator="p. 1")
        make.a_citation(loser, a, locator="p. 1", quotation="a border town")
        winner = merged(winner, loser)
        assert cited(winner) == [("", "a", "p. 1", "")]
        assert winner.citations.get().quotation == "a border town"

    def test_citations_that_are_assessed_otherwise_stay_two(self):
        winner, loser = make.a_place(kind="city"), make.a_place(kind="city")
        (a,) = sources("a")
        said = {"field": "kind", "locator": "p. 1", "stated": "state", "note": "Why."}
        make.a_citation(winner, a, assessment="mistaken", **said)
        make.a_citation(loser, a, assessment="outdated", **said)
        winner = merged(winner, loser)
        assert [each.assessment for each in winner.citations.order_by("locator")] == [
            *("mistaken", "outdated")
        ]

    def test_citations_of_one_place_that_say_two_things_stay_two(self):
        winner = make.a_place(kind="city")
        loser = make.a_place(kind="site")
        (a,) = sources("a")
        make.a_citation(winner, a, field="kind", locator="p. 1")
        make.a_citation(loser, a, field="kind", locator="p. 1")
        make.a_citation(loser, a, field="kind", stated="region")
        make.a_citation(winner, a, field="kind", stated="state")
        winner = merged(winner, loser)
        assert cited(winner) == [
            ("kind", "a", "", "state"),
            ("kind", "a", "(2)", "region"),
            ("kind", "a", "p. 1", ""),
            ("kind", "a", "p. 1 (2)", "site"),
        ]


class TestWhatTheyDifferIn:
    def test_an_empty_field_takes_the_value_with_its_citations(self):
        winner, loser = make.a_country(), make.a_country(iso_code="MX")
        make.a_citation(loser, *sources("a"), field="iso_code")
        winner = merged(winner, loser)
        assert winner.iso_code == "MX"
        assert cited(winner) == [("iso_code", "a", "", "")]
        assert not winner.citations.get().needs_another_look

    def test_a_value_that_differs_becomes_what_its_sources_state(self):
        winner = make.a_deployment(personnel="15000")
        loser = make.a_deployment(personnel="~10000")
        make.a_citation(winner, *sources("a"), field="personnel")
        make.a_citation(loser, *sources("b"), field="personnel")
        winner = merged(winner, loser)
        assert str(winner.personnel) == "15000"
        assert cited(winner) == [
            ("personnel", "a", "", ""),
            ("personnel", "b", "", "~10000"),
        ]
        assert winner.disputed == ["personnel"]
        claim = winner.citations.get(source__slug="b")
        assert claim.checked_against == "15000"
        dispute = winner.disputes.get()
        assert (dispute.field, dispute.state) == ("personnel", "open")

    def test_without_a_citation_of_the_field_the_sources_for_the_whole_state_it(self):
        winner = make.a_deployment(personnel="15000")
        loser = make.a_deployment(personnel="~10000")
        make.a_citation(loser, *sources("b"), locator="p. 2", as_of="2025")
        winner = merged(winner, loser)
        assert cited(winner) == [
            ("", "b", "p. 2", ""),
            ("personnel", "b", "p. 2", "~10000"),
        ]
        assert winner.private_note == ""

    def test_without_any_source_it_is_kept_in_the_private_note(self):
        winner = make.a_deployment(personnel="15000", private_note="Ours.")
        loser = make.a_deployment(personnel="~10000", private_note="Theirs.")
        winner = merged(winner, loser)
        assert winner.private_note == (
            f"Ours.\n\nTheirs.\n\nMerged with “{loser.slug}”:\npersonnel: ~10000"
        )

    def test_our_own_words_are_stated_by_no_source_for_the_whole(self):
        winner = make.a_meeting("A call", summary="They spoke.")
        loser = make.a_meeting("Call", summary="They talked.\n\nLong.")
        make.a_citation(loser, *sources("b"))
        winner = merged(winner, loser)
        assert cited(winner) == [("", "b", "", "")]
        assert winner.private_note == (
            f"Merged with “{loser.slug}”:\ntitle: Call\nsummary: They talked.\n\nLong."
        )

    def test_what_sources_say_otherwise_of_the_loser_they_go_on_saying(self):
        winner = make.a_deployment(personnel="15000")
        loser = make.a_deployment(personnel="~10000")
        make.a_citation(
            loser,
            *sources("b"),
            field="personnel",
            stated="500",
            assessment="outdated",
            note="An early count.",
        )
        winner = merged(winner, loser)
        row = winner.citations.get()
        assert (row.stated, row.assessment, row.note) == (
            "500",
            "outdated",
            "An early count.",
        )
        assert winner.private_note.endswith("personnel: ~10000")

    def test_a_name_becomes_one_more_name_with_who_says_so(self):
        winner = make.an_agency("Secretariat of National Defense")
        loser = make.an_agency("Ministry of Defense")
        make.a_citation(loser, *sources("b"), field="name")
        winner = merged(winner, loser)
        assert winner.listed("names") == [
            "Ministry of Defense",
            "Secretariat of National Defense",
        ]
        assert winner.name_on("2020") == "Secretariat of National Defense"
        assert cited(winner) == [("names", "b", "", "Ministry of Defense")]
        assert winner.disputed == []

    def test_who_is_cited_for_a_list_still_states_that_list(self):
        ana, eva = make.an_official(slug="ana"), make.an_official(slug="eva")
        winner, loser = make.a_meeting(), make.a_meeting()
        make.a_participation(winner, official=ana)
        make.a_participation(loser, official=eva)
        make.a_citation(loser, *sources("b"), field="participations")
        winner = merged(winner, loser)
        assert cited(winner) == [("participations", "b", "", "eva")]
        assert winner.citations.get().agreement == "compatible"

    def test_a_value_that_would_break_a_rule_is_not_taken_over(self):
        winner = make.a_deployment(end="2010")
        loser = make.a_deployment(start="2012", mission="Relief")
        winner = merged(winner, loser)
        assert (str(winner.start), winner.mission) == ("", "Relief")
        assert winner.private_note.endswith("start: 2012")

    def test_a_draft_publishes_no_note_of_its_own(self):
        winner = make.a_place(public_note="Ours.")
        loser = make.a_place(public_note="Theirs.", status="draft")
        winner = merged(winner, loser)
        assert winner.public_note == "Ours."
        assert winner.private_note.endswith("public_note: Theirs.")

    def test_two_public_notes_are_read_one_after_the_other(self):
        winner, loser = make.a_place(public_note="A."), make.a_place(public_note="B.")
        assert merged(winner, loser).public_note == "A.\n\nB."

    def test_what_was_said_of_a_dispute_between_records_is_noted(self):
        winner, loser = make.a_post(), make.a_post(slug="gone", seats=1)
        for start, end in (("2018", "2024"), ("2020", "2022")):
            make.an_appointment(post=loser, start=start, end=end)
        settle_between(loser.disputes.get(), "unresolved", "Two at once.")
        loser.refresh_from_db()
        winner = merged(winner, loser)
        assert "dispute (holder), : unresolved, Two at once." in winner.private_note


class TestWhatStandsByItsSlug:
    def test_the_slug_and_all_that_led_to_it_lead_to_the_winner(self):
        winner, loser = make.an_agency(slug="a"), make.an_agency(slug="c")
        rename(loser, "b")
        join(winner, loser)
        assert list(Redirect.objects.values_list("slug", "target")) == [
            ("b", "a"),
            ("c", "a"),
        ]

    def test_what_sources_state_by_it_still_means_the_same(self):
        winner, loser = make.an_official(slug="a"), make.an_official(slug="b")
        call = make.a_meeting(requested_by=loser)
        row = make.a_citation(call, field="requested_by")
        other = make.a_citation(make.a_meeting(), field="participations", stated="b|c")
        join(winner, loser)
        for citation in (row, other):
            citation.refresh_from_db()
        assert (row.checked_against, row.needs_another_look) == ("a", False)
        assert other.stated == "a|c"

    def test_what_it_is_not_the_same_as_the_winner_is_not_either(self):
        a, b, c = (make.a_place(slug=slug) for slug in "abc")
        distinguish(b, c, "Two towns.")
        distinguish(a, b)
        join(a, b)
        row = Distinction.objects.get()
        assert (row.one, row.other, row.note) == ("a", "c", "Two towns.")

    def test_a_get_of_it_is_sent_on(self, api):
        winner, loser = make.an_agency(slug="defensa"), make.an_agency(slug="sedena")
        join(winner, loser)
        answer = api.get("/api/v1/agencies/sedena/")
        assert answer.status_code == 308
        assert answer["Location"].endswith("/api/v1/agencies/defensa/")


class TestWhatStandsInTheWay:
    def refused(self, winner, loser, message):
        before = ChangeSet.objects.count()
        assert message in plan(winner, loser).blocks[0]
        with pytest.raises(ValidationError, match="“"):
            join(winner, loser)
        assert ChangeSet.objects.count() == before

    def test_records_of_different_kinds(self):
        call, treaty = make.a_meeting(slug="call"), make.an_agreement(slug="treaty")
        self.refused(call, treaty, "“treaty” (agreement) and “call” (meeting)")

    def test_one_record(self):
        place = make.a_place(slug="nogales")
        self.refused(place, place, "“nogales” is already one")

    def test_a_published_record_does_not_vanish_into_a_draft(self):
        draft = make.a_place(slug="draft", status="draft")
        self.refused(draft, make.a_place(slug="known"), "“known” is published")

    def test_neither_stands_above_the_other(self):
        country = make.a_country(slug="mexico")
        city = make.a_place(slug="city", parent=make.a_place(parent=country))
        for winner, loser in ((country, city), (city, country)):
            self.refused(winner, loser, "“city” is below “mexico”")

    def test_a_published_office_does_not_vanish_either(self):
        winner, loser = make.an_official(), make.an_official()
        post = make.a_post()
        make.an_appointment(winner, post, status="draft")
        make.an_appointment(loser, post, slug="known")
        self.refused(winner, loser, "“known” is published")

    def test_two_holders_of_a_post_are_no_obstacle(self):
        agency = make.an_agency()
        winner, loser = (make.a_post(agency=agency, seats=1) for _ in range(2))
        for post in (winner, loser):
            make.an_appointment(post=post, start="2024", end="..")
        assert merged(winner, loser).appointments.count() == 2

    @pytest.mark.parametrize("changed", [0, 1])
    def test_a_record_that_was_written_since_it_was_read(self, changed):
        both = make.an_agency(slug="a"), make.an_agency(slug="b")
        again = Agency.objects.get(pk=both[changed].pk)
        make.an_agency_name(again)
        with pytest.raises(StaleRecord):
            merge(*both)
        assert Agency.objects.count() == 2

    def test_a_record_that_is_gone(self):
        winner, loser = make.an_agency(), make.an_agency()
        Agency.objects.get(pk=loser.pk).delete()
        with pytest.raises(StaleRecord):
            merge(winner, loser)


def test_a_merge_is_one_change_with_its_reason():
    winner, loser = make.an_agency("Navy"), make.an_agency("Armada")
    make.a_citation(loser)
    make.a_post(agency=loser)
    before = ChangeSet.objects.count()
    join(winner, loser, "one ministry")
    assert ChangeSet.objects.count() == before + 1
    change = ChangeSet.objects.first()
    assert (change.path, change.reason) == ("merge", "one ministry")
    assert winner.history.first().change_set == change
    assert Agency.history.get(history_type="-").change_set == change


def test_a_plan_writes_nothing():
    winner, loser = make.an_official("Ana"), make.an_official("Anna")
    make.an_appointment(loser)
    make.a_citation(loser, field="name")
    before = ChangeSet.objects.count()
    made = plan(winner, loser)
    assert [title for title, _count, _rows in made.relations] == [
        "appointments (official)"
    ]
    assert ChangeSet.objects.count() == before


class TestTheCommand:
    def test_prints_the_plan_and_merges(self, capsys):
        winner, loser = (
            make.an_agency("Navy", slug="a"),
            make.an_agency("Armada", slug="b"),
        )
        make.a_post(agency=loser)
        make.a_citation(loser)
        call_command("merge", "agency", "b", "a", "--dry-run")
        shown = (
            "name: Armada: one more name (stays: Navy)\n"
            "moves: 1 posts (agency)\n"
            "moves: 1 citation\n"
        )
        assert capsys.readouterr().out == f"{shown}Nothing was written.\n"
        assert Agency.objects.count() == 2
        call_command("merge", "agency", "b", "a", "--reason", "one ministry")
        assert capsys.readouterr().out == f"{shown}agency b is merged into a.\n"
        assert Agency.objects.get() == winner

    def test_says_why_it_does_not(self):
        make.an_agency(slug="a", status="draft")
        rename(make.an_agency(slug="b"), "c")
        for arguments, message in (
            (("b", "a"), "no agency “b”; it is “c” now"),
            (("x", "a"), "no agency “x”."),
            (("c", "a"), "“c” is published"),
        ):
            with pytest.raises(CommandError, match=message):
                call_command("merge", "agency", *arguments, "--reason", "x")
        with pytest.raises(CommandError, match="--reason"):
            call_command("merge", "agency", "c", "a")

"""Disputes: found on every path, settled with a reason, open again with new values."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entities.models import Agency
from provenance.evidence.disputes import derive
from provenance.evidence.settling import confirm, settle, settle_between
from provenance.models import ChangeSet, Dispute, Source
from provenance.models.renaming import rename
from provenance.tracking.changes import changing, close
from tests import make
from tests.curating import row, save, superuser
from tests.depth import examples
from tests.folders import load, read_in, write
from tests.writing import program
from timeline.models import Event, Observation

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def found(**known):
    """Every dispute: what it is about, of which kind it is, and how it stands."""
    return sorted(
        (dispute.record.slug, dispute.field, dispute.kind, dispute.state)
        for kind in Dispute.__subclasses__()
        for dispute in kind.objects.filter(**known)
    )


def found_anew():
    """Every dispute, derived once more from nothing."""
    before = found()
    call_command("refresh_disputes", stdout=io.StringIO())
    after = found()
    assert before == after
    return after


@pytest.fixture
def agency():
    return make.an_agency(name="SEMAR", slug="semar", kind="ministry")


class TestWhatASourceContradicts:
    def test_is_a_dispute_from_then_on(self, agency):
        make.a_citation(agency, field="name", stated="MARINA")
        assert found() == [("semar", "name", "value", "open")]
        (dispute,) = agency.disputes.all()
        assert dispute.opened_at == ChangeSet.objects.first().at

    @pytest.mark.parametrize("stated", ["SEMAR", "semar", ""])
    def test_is_not_what_it_supports(self, agency, stated):
        make.a_citation(agency, field="name", stated=stated)
        assert not found()

    def test_is_of_the_kind_date_where_dates_are_apart(self, agency):
        agency.founded = "1940"
        agency.save()
        make.a_citation(agency, field="founded", stated="1940-12")
        assert not found()
        make.a_citation(agency, field="founded", stated="1939")
        assert found() == [("semar", "founded", "date", "open")]

    def test_is_stale_where_the_source_does_not_know_of_the_end(self):
        appointment = make.an_appointment(slug="ojeda", start="2018", end="2024-09-30")
        make.a_citation(appointment, field="end", stated="..")
        make.a_citation(appointment, field="start", stated="2019")
        assert found() == [
            ("ojeda", "end", "stale", "open"),
            ("ojeda", "start", "date", "open"),
        ]

    def test_is_stale_where_the_source_names_who_held_the_office_before(self):
        post = make.a_post("Secretary of the Navy")
        before = make.an_official(slug="before")
        stranger = make.an_official(slug="stranger")
        make.an_appointment(before, post, start="2018-12-01", end="2024-10-01")
        now = make.an_appointment(post=post, slug="now", start="2024-10-01")
        make.a_citation(now, field="official", stated="before")
        assert found() == [("now", "official", "stale", "open")]
        now.citations.get().delete()
        make.a_citation(now, field="official", stated=stranger.slug)
        assert found() == [("now", "official", "value", "open")]

    def test_turns_stale_when_the_predecessor_is_put_on_record(self):
        post = make.a_post()
        before = make.an_official(slug="before")
        now = make.an_appointment(post=post, slug="now", start="2024-10-01")
        make.a_citation(now, field="official", stated="before")
        meeting = make.a_meeting(slug="call", start="2025-02")
        make.a_participation(meeting, official=now.official)
        make.a_citation(meeting, field="participations", stated="before")
        assert {kind for _slug, _field, kind, _state in found()} == {"value"}
        earlier = make.an_appointment(before, post, start="2018", end="2024-09")
        assert {kind for _slug, _field, kind, _state in found()} == {"stale"}
        earlier.post = make.a_post()
        earlier.save()
        assert {kind for _slug, _field, kind, _state in found()} == {"value"}

    def test_is_of_the_kind_scope_where_something_else_was_measured(self):
        observation = make.an_observation(slug="troops", population="guardsmen")
        make.a_citation(observation, field="population", stated="soldiers")
        assert found() == [("troops", "population", "scope", "open")]

    def test_is_gone_when_the_record_follows_the_source(self, agency):
        make.a_citation(agency, field="name", stated="MARINA")
        agency.name = "MARINA"
        agency.save()
        assert not found()


class TestEveryWay:
    """Each writes the contradiction, and each takes it away again."""

    def test_of_writing_a_citation(self, agency):
        citation = make.a_citation(agency, field="name")
        citation.stated = "MARINA"
        citation.save(update_fields=["stated"])
        assert found_anew() == [("semar", "name", "value", "open")]
        citation.delete()
        assert not found_anew()

    def test_of_writing_many(self, agency):
        kind = agency.citations.model
        citation = kind(record=agency, source=make.a_source(), field="name", stated="X")
        kind.objects.bulk_create([citation])
        assert found_anew() == [("semar", "name", "value", "open")]
        citation = kind.objects.get()
        citation.stated = "SEMAR"
        kind.objects.bulk_update([citation], ["stated"])
        assert not found_anew()
        agency.refresh_from_db()
        agency.name = "MARINA"
        Agency.objects.bulk_update([agency], ["name"])
        assert found_anew() == [("semar", "name", "value", "open")]
        kind.objects.all().delete()
        assert not found_anew()

    def test_of_the_form(self, agency, client):
        source = make.a_source()
        said = row("citations", source=source.pk, field="name", stated="MARINA")
        assert save(superuser(client), agency, **said).status_code == 302
        assert found_anew() == [("semar", "name", "value", "open")]
        save(client, agency, name="Marina")
        assert not found_anew()

    def test_of_the_api(self, agency, django_user_model):
        writer = program(django_user_model.objects.create_superuser("writer"))
        body = {"type": "agency", "record": "semar", "source": make.a_source().slug}
        body |= {"field": "name", "stated": "MARINA"}
        assert writer.post("/api/v1/citations/", body).status_code == 201
        assert found_anew() == [("semar", "name", "value", "open")]

    def test_of_a_table(self, agency, tmp_path):
        make.a_source(slug="sheet")
        head = "type,record,field,source,locator,stated"
        rows = [head, "agency,semar,name,sheet,p. 1,MARINA"]
        _said, _seen, failure = load(write(tmp_path / "one", citations=rows))
        assert failure is None
        assert found_anew() == [("semar", "name", "value", "open")]
        rows = ["slug,status,name,kind", "semar,published,MARINA,ministry"]
        load(write(tmp_path / "two", agencies=rows))
        assert not found_anew()

    def test_but_not_of_a_preview(self, agency):
        make.a_citation(agency, field="name", stated="SEMAR")
        data = "slug,status,name,kind\r\nsemar,published,MARINA,ministry\r\n"
        read_in("agencies", data, dry_run=True)
        assert not found_anew()
        assert agency.history.count() == 2

    def test_of_another_slug(self):
        official, other = make.an_official(slug="ana"), make.an_official(slug="eva")
        appointment = make.an_appointment(official, slug="office")
        make.a_citation(appointment, field="official", stated="eva")
        make.a_citation(appointment, field="official")
        rename(other, "eva-ruiz")
        rename(official, "ana-nunez")
        assert found_anew() == [("office", "official", "value", "open")]

    def test_of_putting_back_a_past_version(self, agency):
        make.a_citation(agency, field="name", stated="MARINA")
        agency.refresh_from_db()
        agency.name = "MARINA"
        agency.save()
        assert not found()
        agency.history.last().instance.save()
        assert found_anew() == [("semar", "name", "value", "open")]


WRITES = st.lists(
    st.tuples(
        st.sampled_from(["name", "state", "assess", "unstate", "delete"]),
        st.sampled_from(["SEMAR", "MARINA", "Semár", "Navy"]),
    ),
    max_size=8,
)


def test_what_no_source_speaks_of_is_not_read_to_be_compared():
    meeting = make.a_meeting(start="1990")
    make.a_participation(meeting)
    make.a_citation(meeting, field="start", stated="1991")
    with changing("other"), CaptureQueriesContext(connection) as asked:
        derive(Event, {meeting.pk})
    assert not [q["sql"] for q in asked if "timeline_participation" in q["sql"]]
    assert [slug for slug, *_what in found()] == [meeting.slug]


@settings(
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(writes=WRITES)
def test_what_each_change_derives_is_what_all_together_give(writes):
    agency = make.an_agency(name="SEMAR")
    for verb, text in writes:
        agency.refresh_from_db()
        citation = agency.citations.last()
        if verb == "name":
            agency.name = text
            agency.save()
        elif verb == "state" or citation is None:
            make.a_citation(agency, field="name", stated=text)
        elif verb == "assess":
            citation.assessment, citation.note = "translation", text
            citation.save()
        elif verb == "unstate":
            citation.stated = ""
            citation.save()
        else:
            citation.delete()
    found_anew()
    agency.citations.all().delete()


class TestSettling:
    def test_needs_an_assessment_and_a_note(self, agency):
        citation = make.a_citation(agency, field="name", stated="MARINA")
        for assessment, note in (("", "Why."), ("mistaken", ""), ("wrong", "Why.")):
            with pytest.raises(ValidationError):
                settle(agency.citations.get(), assessment, note)
        settle(citation, "translation", "The short name.")
        assert found_anew() == [("semar", "name", "value", "settled")]

    def test_is_of_contradictions_only(self, agency):
        citation = make.a_citation(agency, field="name", stated="Semar")
        with pytest.raises(ValidationError, match="does not contradict"):
            settle(citation, "mistaken", "Why.")

    def test_takes_every_statement(self, agency):
        one = make.a_citation(agency, field="name", stated="MARINA")
        make.a_citation(agency, field="name", stated="Navy")
        settle(one, "translation", "The short name.")
        assert found() == [("semar", "name", "value", "open")]

    def test_leaves_open_what_is_unresolved(self, agency):
        citation = make.a_citation(agency, field="name", stated="MARINA")
        settle(citation, "unresolved", "Nobody knows.")
        assert found() == [("semar", "name", "value", "open")]

    def test_is_undone_by_another_value(self, agency):
        citation = make.a_citation(agency, field="name", stated="MARINA")
        settle(citation, "translation", "The short name.")
        opened = agency.disputes.get().opened_at
        agency.refresh_from_db()
        agency.name = "Navy"
        agency.save()
        (dispute,) = agency.disputes.all()
        assert dispute.state == "open"
        assert dispute.opened_at > opened
        settle(agency.citations.get(), "translation", "The short name still.")
        assert found_anew() == [("semar", "name", "value", "settled")]


class TestAnotherLook:
    def test_is_asked_for_where_a_source_was_cited_for_another_value(self, agency):
        make.a_citation(agency, field="name")
        make.a_citation(agency, field="kind")
        make.a_citation(agency)
        agency.refresh_from_db()
        agency.name = "MARINA"
        agency.save()
        assert found_anew() == [("semar", "name", "unconfirmed", "open")]
        assert found(public_state="") == found()  # a task for curators
        confirm(agency.citations.get(field="name"))
        assert not found_anew()

    def test_is_not_asked_for_when_the_value_comes_back(self, agency):
        make.a_citation(agency, field="name")
        for name in ("MARINA", "SEMAR"):
            agency.refresh_from_db()
            agency.name = name
            agency.save()
        assert not found()


class TestHolders:
    @pytest.fixture
    def post(self):
        return make.a_post(slug="secretary", seats=1)

    def test_are_disputed_where_more_than_there_are_seats_certainly_held_it(self, post):
        make.an_appointment(post=post, slug="a", start="2018", end="2024-10-01")
        later = make.an_appointment(post=post, slug="b", start="2024-06-01", end="2025")
        assert found_anew() == [("secretary", "", "holder", "open")]
        assert post.disputes.get().against == "2024-06-01..2024-10-01; a; b"
        later.start = "2024-10-01"
        later.save()
        assert not found_anew()

    def test_are_not_where_it_may_only_be(self, post):
        make.an_appointment(post=post, start="2018", end="2024")
        make.an_appointment(post=post, start="2024", end="2025")
        make.an_appointment(post=post, start="2024-03", end="2024-05", kind="acting")
        assert not found()

    def test_are_looked_at_again_at_the_post_that_somebody_left(self, post):
        make.an_appointment(post=post, start="2018", end="2024-10-01")
        other = make.an_appointment(post=post, start="2020", end="2021")
        assert found()
        other.post = make.a_post()
        other.save()
        assert not found_anew()

    def test_are_settled_until_the_facts_change(self, post):
        make.an_appointment(post=post, slug="a", start="2018", end="2024-10-01")
        later = make.an_appointment(post=post, slug="b", start="2024-06-01", end="2025")
        settle_between(post.disputes.get(), "other-scope", "They shared it.")
        assert found_anew() == [("secretary", "", "holder", "settled")]
        later.start = "2024-07-01"
        later.save()
        assert found_anew() == [("secretary", "", "holder", "open")]

    def test_of_drafts_are_no_matter_of_the_public(self, post):
        make.an_appointment(post=post, start="2018", end="2024-10-01")
        make.an_appointment(post=post, start="2020", end="2021", status="draft")
        assert found(state="open", public_state="") == found() != []

    def test_of_drafts_open_nothing_again_for_the_public(self, post):
        make.an_appointment(post=post, start="2018", end="2024-10-01")
        make.an_appointment(post=post, start="2020", end="2021")
        settle_between(post.disputes.get(), "other-scope", "They shared it.")
        make.an_appointment(post=post, start="2022", end="2023", status="draft")
        assert found(state="open", public_state="settled") == found() != []

    def test_are_hidden_from_the_public_with_the_official(self, post):
        official = make.an_official()
        make.an_appointment(official, post, start="2018", end="2024-10-01")
        make.an_appointment(post=post, start="2020", end="2021")
        assert found(public_state="open")
        official.status = "withdrawn"
        official.save()
        assert not found(public_state="open")

    def test_are_looked_at_in_every_time_that_is_overfull(self, post):
        for start, end in (("2010", "2012"), ("2011", "2013")):
            make.an_appointment(post=post, slug=f"a-{start}", start=start, end=end)
        for start, end in (("2020", "2022"), ("2020-06", "2023")):
            make.an_appointment(post=post, slug=f"b-{start}", start=start, end=end)
        against = post.disputes.get().against
        assert "a-2010" in against
        assert "b-2020" in against


class TestObservations:
    SAME = {"population": "soldiers", "start": "2025-01", "end": "2025-02"}

    def test_conflict_if_they_are_of_the_same_and_cannot_both_be_true(self):
        metric = make.a_metric()
        make.an_observation(metric, "15000", slug="a", **self.SAME)
        other = make.an_observation(metric, "~10000", slug="b", **self.SAME)
        assert found_anew() == [("a", "", "value", "open"), ("b", "", "value", "open")]
        other.value = "14000..16000"
        other.save()
        assert not found_anew()

    @pytest.mark.parametrize(
        "values",
        [
            {"start": "2025-02"},
            {"end": "2025-06"},
            {"population": "guardsmen"},
            {"modality": "planned"},
            {"baseline_start": "2024"},
        ],
    )
    def test_do_not_conflict_if_something_else_was_measured(self, values):
        metric = make.a_metric()
        make.an_observation(metric, "85", **self.SAME)
        make.an_observation(metric, "97", **{**self.SAME, **values})
        assert not found_anew()

    def test_are_looked_at_again_when_one_moves_away(self):
        metric = make.a_metric()
        make.an_observation(metric, "85", **self.SAME)
        other = make.an_observation(metric, "97", **self.SAME)
        other.metric = make.a_metric()
        other.save()
        assert not found_anew()


def test_more_records_are_published_at_once_than_one_condition_takes():
    with changing(ChangeSet.Path.ACTION) as change:
        drafts = Source.objects.bulk_create(
            Source(slug=f"source-{number}", title="A law", kind="law")
            for number in range(1100)
        )
        close(change)
    with changing(ChangeSet.Path.ACTION) as change:
        for source in drafts:
            source.status = Source.Status.PUBLISHED
        Source.objects.bulk_update(drafts, ["status"])
        close(change)
    assert Source.objects.published().count() == 1100


def test_a_draft_source_opens_nothing_for_the_public(agency):
    source = make.a_source(status="draft")
    make.a_citation(agency, source, field="name", stated="MARINA")
    make.a_citation(agency, field="kind", stated="command")
    assert found(public_state="open") == [("semar", "kind", "value", "open")]
    assert found(public_state="") == [("semar", "name", "value", "open")]
    source.status = "published"
    source.save()
    assert found(public_state="") == []


def test_what_a_statement_names_is_hidden_with_it(agency):
    other = make.a_country(slug="guatemala")
    agency.country = make.a_country()
    agency.save()
    make.a_citation(agency, field="country", stated="guatemala")
    assert found(public_state="open")
    other.status = "withdrawn"
    other.save()
    assert not found(public_state="open")
    other.status = "published"
    other.save()
    agency.country.status = "withdrawn"
    agency.country.save()
    assert not found(public_state="open")


def test_the_contradictions_of_the_curated_record_are_all_found_and_none_too_many(
    record,
):
    understanding = "joint-statement-of-understanding-2025"
    assert found() == [
        ("guillot-sandoval-ojeda-call", "participations", "value", "open"),
        (understanding, "participations", "value", "open"),
        (understanding, "state", "value", "open"),
        ("mexican-troops-at-border-2025-02", "population", "scope", "settled"),
        ("mexican-troops-at-border-2025-02", "start", "date", "open"),
        ("mexico-border-deployment-2025", "start", "date", "open"),
        ("morales-secretary-of-the-navy", "post", "value", "settled"),
        ("trump-executive-measures-2025", "summary", "value", "open"),
        ("us-border-deployment-2025", "personnel", "value", "open"),
        ("us-troops-at-border-2025-01", "value", "value", "open"),
    ]
    assert found(public_state="") == []
    assert found_anew()
    # Falls of 85 and of 97 percent over different windows are two facts.
    falls = Observation.objects.filter(value__in=["-85", "-97"])
    assert falls.count() >= 2
    assert not any(fall.disputes.exists() for fall in falls)


def test_what_is_open_has_been_looked_at_and_says_why(record):
    contradicting = [
        citation
        for kind in Dispute.__subclasses__()
        for dispute in kind.objects.all()
        for citation in dispute.record.citations.filter(field=dispute.field)
        if citation.stated and citation.agreement == "contradicts"
    ]
    assert contradicting
    for citation in contradicting:
        assert citation.assessment and citation.note, citation


def test_the_first_page_of_open_disputes_is_read_off_an_index():
    agency = make.an_agency()
    make.a_citation(agency, field="name", stated="X")
    rows = agency.disputes.model.objects.filter(state="open")
    page = rows.order_by("-opened_at", "-id")[:50]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(page) == 1
    assert len(queries) == 1
    if connection.vendor == "sqlite":
        plan = page.explain()
        assert "USING INDEX" in plan
        assert "TEMP B-TREE" not in plan

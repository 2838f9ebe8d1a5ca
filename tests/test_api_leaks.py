"""Only the published record is public: by no address, filter, word or difference."""

import re
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from knox.models import get_token_model

from provenance.models import Source
from provenance.tracking.changes import changing
from tests import make
from tests.damage import damage
from tests.planting import (
    CANARY,
    HIDDEN,
    everything_that_can_be_read,
    public_record,
    secrets,
)
from timeline.models import EventTheme

pytestmark = pytest.mark.django_db


@contextmanager
def taken_back():
    """What is done in here is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class TestLeaks:
    def test_a_stranger_cannot_tell_that_there_is_anything_else(self, api):
        public = public_record()
        before = everything_that_can_be_read(api)
        assert len(before) > 50
        with taken_back():
            hidden = secrets(public)
            after = everything_that_can_be_read(api)
            addresses = [f"/api/v1/{r.collection}/{r.slug}/" for r in hidden]
            assert {api.get(a).content for a in addresses} == {
                api.get("/api/v1/officials/nobody/").content
            }
        for address, answer in after.items():
            assert CANARY not in str(answer), address
        assert before.keys() == after.keys()
        for address in before:
            if isinstance(address, tuple) and "headers" in address:
                continue  # a version is in them as well
            assert without_version(before[address]) == without_version(after[address])

    def test_an_unknown_slug_and_a_hidden_one_are_answered_alike(self, api):
        for status in HIDDEN:
            make.an_agency(slug=f"navy-{status}", status=status)
            for question in ("posts/?agency=", "citations/?record="):
                hidden = api.get(f"/api/v1/{question}navy-{status}")
                unknown = api.get(f"/api/v1/{question}nave-{status}")
                assert hidden.status_code == 400
                assert hidden.content == unknown.content.replace(b"nave", b"navy")

    def test_a_relation_that_is_not_public_counts_as_empty(self, api):
        hidden = make.a_place(slug="hidden", status="draft")
        meeting = make.a_meeting(slug="call", place=hidden)
        make.a_citation(meeting, field="place", stated=make.a_place().slug)
        shown = api.get("/api/v1/meetings/call/").json()
        assert shown["place"] is None
        assert shown["citations"][0]["agreement"] == "compatible"
        assert shown["disputed"] == []
        (row,) = api.get("/api/v1/citations/").json()["results"]
        assert row["agreement"] == "compatible"
        assert api.get(row["self"]).json() == row

    def test_what_hidden_sources_say_disputes_nothing(self, api):
        meeting = make.a_meeting(slug="call", start="2020")
        source = make.a_source(status="draft")
        make.a_citation(meeting, source, field="start", stated="1999")
        assert api.get("/api/v1/meetings/call/").json()["disputed"] == []

    def test_a_statement_is_shown_unless_a_record_that_it_names_is_hidden(self, api):
        meeting = make.a_meeting(slug="call")
        make.an_official(slug="ana-nunez")
        make.an_agency(slug="navy")
        for slug in ("ana", "nunez", "navy"):  # parts of a slug; one borne twice
            make.an_official(slug=slug, status="draft")
        shown = make.a_citation(
            meeting, field="participations", stated="navy|ana-nunez"
        )
        left_out = make.a_citation(
            meeting, field="participations", stated="ana-nunez|ana"
        )
        for address in ("meetings/call/", "timeline/call/"):
            record = api.get(f"/api/v1/{address}").json()
            keys = [citation["key"] for citation in record["citations"]]
            assert keys == [f"meeting-{shown.pk}"]
        (row,) = api.get("/api/v1/citations/").json()["results"]
        assert row["key"] == f"meeting-{shown.pk}"
        for key in (f"meeting-{left_out.pk}", "meeting-0"):
            assert api.get(f"/api/v1/citations/{key}/").status_code == 404

    def test_a_place_that_is_not_public_joins_nothing(self, api):
        mexico = make.a_country(slug="mexico")
        hidden = make.a_place(parent=mexico, status="draft")
        below = make.a_place(slug="below", parent=hidden)
        make.a_meeting(place=hidden)
        make.a_meeting(place=below)
        answer = api.get("/api/v1/timeline/?place=mexico").json()
        assert answer["results"] == []


def without_version(answer):
    """An answer without the traces that writing to a record of its own leaves."""
    return (
        re.sub(rb'"(updated_at|version)":[^,}]*', b"", answer[1])
        if (isinstance(answer, tuple))
        else answer
    )


class TestWhoMayChangeThings:
    @pytest.fixture
    def curator(self, api, django_user_model):
        user = django_user_model.objects.create_superuser("curator")
        _token, text = get_token_model().objects.create(user=user)
        api.credentials(HTTP_AUTHORIZATION=f"Token {text}")
        return api

    def test_sees_drafts_and_private_notes_one_by_one(self, curator):
        make.an_official(slug="ana", status="draft", private_note="Ask again.")
        shown = curator.get("/api/v1/officials/ana/")
        assert shown.json()["status"] == "draft"
        assert shown.json()["private_note"] == "Ask again."
        assert "no-store" in shown["Cache-Control"]

    def test_gets_the_lists_that_everybody_gets(self, curator):
        make.an_official(slug="ana", status="draft", private_note="Ask again.")
        make.an_official(slug="bea", private_note="Ask again.")
        (shown,) = curator.get("/api/v1/officials/").json()["results"]
        assert shown["slug"] == "bea"
        assert not {"status", "private_note"} & shown.keys()

    def test_sees_whole_rows_so_that_nothing_is_lost_in_writing_them_back(
        self, curator
    ):
        hidden = make.an_official("Bea", slug="bea", status="draft")
        make.a_participation(make.a_meeting(slug="call"), official=hidden)
        (row,) = curator.get("/api/v1/meetings/call/").json()["participations"]
        assert row["official"]["slug"] == "bea"

    def test_sees_quotations_of_one_citation(self, curator):
        citation = make.a_citation(make.a_meeting(), quotation="Word for word")
        shown = curator.get(f"/api/v1/citations/meeting-{citation.pk}/").json()
        assert shown["quotation"] == "Word for word"
        (listed,) = curator.get("/api/v1/citations/").json()["results"]
        assert "quotation" not in listed


COLLECTIONS = [kind.collection for kind in make.RECORDS]


@changing("other")  # as one change, which is faster
def a_full_record(maker, number):
    """A record with rows of every kind that it can have."""
    record = maker(slug=f"full-{number}")
    if not isinstance(record, Source):
        for name in ("", *record.citable[:1]):
            make.a_citation(record, field=name, locator=f"para. {number}")
    if hasattr(record, "participations") and hasattr(record, "themes"):
        appointment = make.an_appointment()
        make.a_participation(
            record, official=appointment.official, appointment=appointment
        )
        make.a_participation(record, agency=make.an_agency())
        make.a_link(record, target=make.a_milestone())
        make.a_link(make.a_milestone(), target=record)
        EventTheme.objects.create(event=record, theme=make.a_theme())
        record.place = make.a_place()
        record.save()
    if hasattr(record, "provisions") and record.collection == "agreements":
        make.a_provision(record)
    if record.collection == "agencies":
        make.an_agency_name(record)
    if record.collection == "officials":
        make.an_official_name(record)
    if record.collection == "sources":
        record.reports.add(make.a_source())
    return record


def queries_of(api, address):
    with CaptureQueriesContext(connection) as asked:
        answer = api.get(address)
    assert answer.status_code == 200, answer.json()
    return len(asked), len(answer.json()["results"])


class TestQueries:
    """As many for a page of ten as for a page of one."""

    @pytest.mark.parametrize("collection", COLLECTIONS)
    @pytest.mark.parametrize("query", ["", "&fields=slug"])
    def test_of_a_collection(self, api, collection, query):
        makers = {kind.collection: maker for kind, maker in make.RECORDS.items()}
        for number in range(10):
            a_full_record(makers[collection], number)
        address = f"/api/v1/{collection}/?limit={{}}{query}"
        one, _rows = queries_of(api, address.format(1))
        ten, rows = queries_of(api, address.format(10))
        assert rows == 10
        assert one == ten
        assert ten <= 8

    def test_of_the_timeline(self, api):
        for number in range(10):
            maker = [make.a_meeting, make.a_deployment][number % 2]
            a_full_record(maker, number)
        one, _rows = queries_of(api, "/api/v1/timeline/?limit=1")
        ten, rows = queries_of(api, "/api/v1/timeline/?limit=10")
        assert (rows, one) == (10, ten)
        assert ten == 4

    @pytest.mark.parametrize("kind", ["meeting", "agency", "observation"])
    def test_of_the_citations(self, api, kind):
        makers = {model.type_name(): maker for model, maker in make.RECORDS.items()}
        for number in range(10):
            a_full_record(makers[kind], number)
        one, _rows = queries_of(api, f"/api/v1/citations/?type={kind}&limit=1")
        ten, rows = queries_of(api, f"/api/v1/citations/?type={kind}&limit=10")
        assert (rows, one) == (10, ten)
        assert ten <= 5

    def test_of_the_search(self, api):
        for number in range(10):
            a_full_record(make.an_agency, number)
        one, _rows = queries_of(api, "/api/v1/search/?q=ministry&type=agency&limit=1")
        ten, rows = queries_of(api, "/api/v1/search/?q=ministry&type=agency&limit=10")
        assert (rows, one, ten) == (10, 3, 3)

    @pytest.mark.parametrize(
        "question", ["citations/?", "citations/?source=sheet&", "search/?q=e&"]
    )
    def test_of_a_list_of_all_kinds(self, api, question):
        """One record of every kind, then ten: two on a page, or all of them."""
        source, asked = make.a_source(slug="sheet"), set()
        for numbers in (range(1), range(1, 10)):
            for kind, maker in make.RECORDS.items():
                for number in numbers:
                    record = a_full_record(maker, f"{kind.type_name()}-{number}")
                    if kind is not Source:
                        make.a_citation(record, source)
                    damage(record, search_text="e")
            for limit in (2, 500):
                count, rows = queries_of(api, f"/api/v1/{question}limit={limit}")
                asked.add(count)
                assert (rows == 2) == (limit == 2)
        assert len(asked) == 1
        assert rows >= 10 * len(make.RECORDS) - 10
        assert asked.pop() <= 3 * len(make.RECORDS)


def test_no_record_is_found_by_a_source_that_only_a_draft_would_explain(api):
    article = make.a_source(slug="article")
    agency, draft = make.an_agency(), make.a_country(status="draft")
    make.a_citation(agency, article, field="country", stated=draft.slug)
    address = "/api/v1/agencies/?source=article"
    assert api.get(address).json()["results"] == []
    make.a_citation(agency, article, locator="para. 2")
    assert len(api.get(address).json()["results"]) == 1

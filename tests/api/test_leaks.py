"""Only the published record is public: by no address, filter, word or difference."""

import pytest
from knox.models import get_token_model

from tests import make
from tests.planting import (
    HIDDEN,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class TestLeaks:
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

    def test_a_row_that_leads_to_what_is_hidden_is_left_out(self, api):
        meeting = make.a_meeting(slug="call")
        make.a_participation(meeting, official=make.an_official(status="draft"))
        make.a_participation(meeting, agency=make.an_agency(slug="navy"))
        (row,) = api.get("/api/v1/meetings/call/").json()["participations"]
        assert row["agency"]["slug"] == "navy"

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


def test_no_record_is_found_by_a_source_that_only_a_draft_would_explain(api):
    article = make.a_source(slug="article")
    agency, draft = make.an_agency(), make.a_country(status="draft")
    make.a_citation(agency, article, field="country", stated=draft.slug)
    address = "/api/v1/agencies/?source=article"
    assert api.get(address).json()["results"] == []
    make.a_citation(agency, article, locator="para. 2")
    assert len(api.get(address).json()["results"]) == 1

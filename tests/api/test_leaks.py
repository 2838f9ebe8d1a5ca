"""Only the published record is public: by no address, filter, word or difference."""

import json

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from knox.models import get_token_model
from rest_framework.test import APIClient

from entities.models import Agency
from provenance.registry.kinds import record_types
from provenance.review.roles import VIEWER
from tests import make
from tests.depth import cases
from tests.planting import CANARY, HIDDEN, public_record, secrets
from tests.reading import slugs
from tests.roles import somebody, with_token
from timeline.models import Event, Observation

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

    def test_sees_drafts_in_lists_as_one_by_one(self, curator):
        for number, status in enumerate(["published", *HIDDEN]):
            make.an_official(slug=f"o-{number}", status=status, private_note="Ask.")
        for order in ("slug", "-slug", "name", "-updated_at"):
            page = curator.get(f"/api/v1/officials/?limit=3&ordering={order}").json()
            shown = page["results"] + curator.get(page["next"]).json()["results"]
            one_by_one = [curator.get(each["self"]).json() for each in shown]
            assert shown == [
                {k: v for k, v in each.items() if k != "support"} for each in one_by_one
            ]
            assert {each["status"] for each in shown} == {"published", *HIDDEN}

    def test_narrows_lists_by_status_and_by_what_is_hidden(self, curator):
        post = make.a_post(slug="chief", status="draft")
        make.an_appointment(post=post, slug="held", status="in-review", start="2020")
        make.an_appointment(post=post, slug="holds", start="2021", end="..")
        for query, found in {
            "post=chief": ["held", "holds"],
            "post=chief&status=in-review": ["held"],
            "status__n=published,withdrawn": ["held"],
            "as_of=2022&status=published": ["holds"],
            "ordering=-start&from=2021": ["holds", "held"],
        }.items():
            address = f"/api/v1/appointments/?{query}"
            assert slugs(curator.get(address)) == found, query
            table = curator.get(f"{address}&format=csv").getvalue().decode()
            assert [row.split(",")[0] for row in table.split()[1:]] == found
            assert table.startswith("slug,status,official,")

    @pytest.mark.parametrize("address", ["meetings/", "timeline/"])
    def test_narrows_lists_of_events_to_who_took_part(self, curator, address):
        ana, navy = make.an_official(slug="ana"), make.an_agency(slug="navy")
        for slug in ("published", "draft"):
            call = make.a_meeting(slug=slug, status=slug, start="2025")
            make.a_participation(call, official=ana)
            make.a_participation(call, agency=navy)
        for party in ("official=ana", "agency=navy", "official=ana&agency=navy"):
            for more, found in (
                ("", ["published", "draft"]),
                ("&ordering=-start", ["draft", "published"]),
                ("&from=2025", ["published", "draft"]),
                ("&status=draft", ["draft"]),
            ):
                asked = f"/api/v1/{address}?{party}{more}"
                assert slugs(curator.get(asked)) == found, asked

    def test_reads_a_page_of_many_drafts_by_as_few_queries_as_of_few(
        self, curator, django_assert_num_queries
    ):
        for number in range(12):
            make.a_citation(make.a_meeting(slug=f"m-{number}", status="draft"))
        counts = []
        for limit in (2, 12):
            with CaptureQueriesContext(connection) as caught:
                curator.get(f"/api/v1/meetings/?limit={limit}")
            counts.append(len(caught))
        assert counts[0] == counts[1]

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
        assert curator.get("/api/v1/citations/").json()["results"] == [shown]
        table = curator.get("/api/v1/citations/?format=csv").getvalue().decode()
        assert table.splitlines()[1].endswith(",Word for word")
        curator.credentials()
        (public,) = curator.get("/api/v1/citations/").json()["results"]
        del shown["quotation"]
        assert public == shown

    @pytest.fixture
    def disputed(self):
        """An agency in each status, each in dispute and found by one word."""
        for status in ("published", *HIDDEN):
            agency = make.an_agency("Navy", slug=f"navy-{status}", status=status)
            make.a_citation(agency, field="name", stated="Army")
        hidden = make.a_source(slug="hidden", status="draft")
        make.a_citation(Agency.objects.get(slug="navy-published"), hidden)

    LISTS = ("citations/?", "disputes/?", "search/?q=navy&")

    def found(self, client, query):
        """The slugs that a list has, as pages and as a table; once for each page."""
        address = f"/api/v1/{query}"
        pages = client.get(f"{address}&limit=500").json()["results"]
        lines = client.get(f"{address}&format=ndjson").getvalue().splitlines()
        assert [json.loads(line) for line in lines] == pages
        return sorted(
            each["slug"] if "slug" in each else each["record"]["slug"] for each in pages
        )

    @pytest.mark.usefixtures("disputed")
    @pytest.mark.parametrize("address", LISTS)
    def test_finds_drafts_in_lists_of_what_is_of_every_kind(self, curator, address):
        everything = [f"navy-{status}" for status in ("published", *HIDDEN)]
        shown = self.found(curator, address)
        assert set(shown) == set(everything)
        twice = ["navy-published"] * shown.count("navy-published")
        for query, expected in {
            "status=draft": ["navy-draft"],
            "status=draft,withdrawn": ["navy-draft", "navy-withdrawn"],
            "status__n=published,withdrawn": ["navy-draft", "navy-in-review"],
            "status=published": twice,
        }.items():
            assert self.found(curator, f"{address}{query}") == expected, query

    @pytest.mark.usefixtures("disputed")
    def test_is_shown_the_same_there_as_one_by_one(self, curator):
        for address in ("citations/?", "disputes/?"):
            for each in curator.get(f"/api/v1/{address}").json()["results"]:
                whole = curator.get(each["self"]).json()
                assert each == {name: whole[name] for name in each}
        for hit in curator.get("/api/v1/search/?q=navy").json()["results"]:
            assert hit["status"] == hit["slug"].removeprefix("navy-")
            assert curator.get(hit["url"]).status_code == 200
        assert self.found(curator, "disputes/?state=open&field=name&status=draft")
        assert not self.found(curator, "disputes/?state=settled")
        assert self.found(curator, "citations/?source=hidden") == ["navy-published"]
        assert self.found(curator, "disputes/?source=hidden") == ["navy-published"]
        assert self.found(curator, "citations/?record=navy-draft") == ["navy-draft"]
        assert self.found(curator, "disputes/?record=navy-draft") == ["navy-draft"]

    @pytest.mark.usefixtures("disputed")
    @pytest.mark.parametrize("address", LISTS)
    def test_of_some_kinds_sees_no_draft_of_others(self, address):
        user = User.objects.create_user("paula", is_staff=True)
        for name in ("change_place", "change_placecitation"):
            user.user_permissions.add(Permission.objects.get(codename=name))
        client = with_token(APIClient(), user)
        make.a_citation(make.a_place("Navy yard", slug="yard", status="draft"))
        assert set(self.found(client, address)) <= {"navy-published", "yard"}
        assert set(self.found(client, f"{address}status=draft")) <= {"yard"}
        assert not self.found(client, "disputes/?source=hidden")
        assert self.found(client, f"{address}status=published") == self.found(
            APIClient(), address
        )

    @pytest.mark.parametrize("address", LISTS)
    def test_reads_drafts_of_every_kind_by_as_few_queries_as_of_few(
        self, curator, address
    ):
        for number in range(6):
            agency = make.an_agency("Navy", slug=f"n-{number}", status="draft")
            make.a_citation(agency, field="name", stated="Army")
        counts = []
        for limit in (2, 4):  # the first kind fills them, and no other is asked
            with CaptureQueriesContext(connection) as caught:
                page = curator.get(f"/api/v1/{address}limit={limit}").json()
            assert len(page["results"]) == limit
            counts.append(len(caught))
        assert counts[0] == counts[1]


class TestWhoMayNotChangeThings:
    @pytest.mark.parametrize("who", ["anonymous", "viewer"])
    def test_is_told_of_no_draft_by_a_list_in_any_form(self, who):
        secrets(public_record())
        client = APIClient()
        if who == "viewer":
            client = with_token(client, somebody(VIEWER, "vera"))
        statuses = {
            "status=published": 200,
            "status__n=published": 200,
            "status=draft": 400,
            "status=published,in-review": 400,
            "status__n=withdrawn": 400,
            "fields=status": 400,
        }
        few = (Agency, Observation, Event)
        for kind in cases(few, (*record_types().values(), Event)):
            for query, status in statuses.items():
                for form in cases(("", "&format=csv"), ("", "&format=ndjson")):
                    answer = client.get(f"/api/v1/{kind.collection}/?{query}{form}")
                    assert answer.status_code == status, (kind, query)
                    assert CANARY.encode() not in answer.getvalue(), (kind, query)
        for collection in ("citations/?", "disputes/?", f"search/?q={CANARY}&"):
            for query, status in statuses.items():
                answer = client.get(f"/api/v1/{collection}{query}")
                assert answer.status_code == status, (collection, query)
                # The search says again what was asked for.
                told = [] if status == 400 else answer.json()["results"]
                assert CANARY not in json.dumps(told), (collection, query)


def test_no_record_is_found_by_a_source_that_only_a_draft_would_explain(api):
    article = make.a_source(slug="article")
    agency, draft = make.an_agency(), make.a_country(status="draft")
    make.a_citation(agency, article, field="country", stated=draft.slug)
    address = "/api/v1/agencies/?source=article"
    assert api.get(address).json()["results"] == []
    make.a_citation(agency, article, locator="para. 2")
    assert len(api.get(address).json()["results"]) == 1

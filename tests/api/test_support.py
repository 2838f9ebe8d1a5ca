"""What supports the record, over HTTP: of a record, of a source, of two."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from knox.models import get_token_model

from provenance.models import Source
from provenance.models.renaming import rename
from tests import make
from tests.curating import somebody_of_staff
from tests.writing import program

pytestmark = pytest.mark.django_db

ROOT = "http://testserver/api/v1/"
ONE = {"citations": 1, "sources": 1, "independent": 1}


def shown(record):
    return {
        "slug": record.slug,
        "title": str(record),
        "url": f"{ROOT}{record.collection}/{record.slug}/",
    }


@pytest.fixture
def release():
    return make.a_source("A release", slug="release")


@pytest.fixture
def article(release):
    article = make.a_source("An article", slug="article")
    article.reports.add(release)
    return article


class TestOfARecord:
    def test_counts_citations_and_independent_sources_field_by_field(
        self, api, release, article
    ):
        call = make.a_meeting(slug="call", start="2025-02-05")
        for source in (release, article, make.a_source()):
            make.a_citation(call, source)
        make.a_citation(call, release, locator="para. 7")
        make.a_citation(call, release, field="start")
        make.a_citation(call, article, field="start", stated="2025-02")
        make.a_citation(call, article, field="title", stated="Talks")
        assert api.get("/api/v1/meetings/call/").json()["support"] == {
            "": {"citations": 4, "sources": 3, "independent": 2},
            "start": ONE,
            "title": {"citations": 0, "sources": 0, "independent": 0},
        }
        timeline = api.get("/api/v1/timeline/call/?fields=support").json()
        assert timeline["support"]["start"] == {
            "citations": 1,
            "sources": 1,
            "independent": 1,
        }

    def test_lists_show_it_on_demand(self, api):
        make.a_citation(make.an_agency(slug="navy"))
        (row,) = api.get("/api/v1/agencies/").json()["results"]
        assert "support" not in row
        assert api.get("/api/v1/agencies/?fields=slug,support").json()["results"] == [
            {
                "slug": "navy",
                "support": {"": ONE},
            }
        ]

    def test_sources_have_none(self, api, release):
        assert "support" not in api.get("/api/v1/sources/release/").json()
        assert api.get("/api/v1/sources/?fields=support").status_code == 400

    def test_is_not_written(self, django_user_model):
        make.an_agency(slug="navy")
        writer = program(django_user_model.objects.create_superuser("curator"))
        answer = writer.patch("/api/v1/agencies/navy/", {"support": {}})
        assert answer.json()["errors"][0]["pointer"] == "/support"

    def test_whoever_may_change_a_record_is_told_of_drafts_too(
        self, api, django_user_model
    ):
        navy, draft = make.an_agency(slug="navy"), make.a_source(status="draft")
        make.a_citation(navy, draft)
        assert api.get("/api/v1/agencies/navy/").json()["support"] == {}
        user = django_user_model.objects.create_superuser("curator")
        _token, text = get_token_model().objects.create(user=user)
        api.credentials(HTTP_AUTHORIZATION=f"Token {text}")
        support = api.get("/api/v1/agencies/navy/").json()["support"]
        assert support == {"": ONE}


class TestOfASource:
    def test_each_field_says_what_would_be_left(self, api, release, article):
        alone = make.a_meeting("Alone", slug="alone")
        joined = make.a_deployment("Joined", slug="joined", personnel="10000")
        only = make.a_citation(alone, release, locator="para. 1")
        make.a_citation(joined, release, field="personnel")
        make.a_citation(joined, article, field="personnel", stated="10000")
        answer = api.get("/api/v1/sources/release/support/")
        personnel = joined.citations.get(source=release)
        assert answer.json() == {
            "next": None,
            "previous": None,
            "results": [
                {
                    "type": "meeting",
                    "record": shown(alone),
                    "field": "",
                    "rests": "alone",
                    "citations": [f"meeting-{only.pk}"],
                    "left": {"citations": 0, "independent": 0, "sources": []},
                },
                {
                    "type": "deployment",
                    "record": shown(joined),
                    "field": "personnel",
                    "rests": "group",
                    "citations": [f"deployment-{personnel.pk}"],
                    "left": {
                        "citations": 1,
                        "independent": 1,
                        "sources": [shown(article)],
                    },
                },
            ],
        }
        make.a_citation(joined, field="personnel")
        rows = api.get("/api/v1/sources/release/support/").json()["results"]
        assert [row["rests"] for row in rows] == ["alone", "independent"]

    def test_pages_go_through_all_kinds_and_miss_nothing(self, api, release):
        for kind, maker in make.RECORDS.items():
            for number in range(2):
                if kind is not Source:
                    record = maker(slug=f"{kind.type_name()}-no-{number}")
                    make.a_citation(record, release, locator="para. 1")
                    make.a_citation(record, release, locator="para. 2")
        address, seen = "/api/v1/sources/release/support/?limit=5", []
        while address:
            page = api.get(address).json()
            seen += [row["record"]["slug"] for row in page["results"]]
            assert all(len(row["citations"]) == 2 for row in page["results"])
            address = page["next"]
        assert len(seen) == len(set(seen)) == 2 * (len(make.RECORDS) - 1)
        rows = api.get("/api/v1/sources/release/support/?type=post").json()["results"]
        assert [row["record"]["slug"] for row in rows] == ["post-no-0", "post-no-1"]

    def test_a_former_slug_leads_to_it(self, api, release):
        rename(release, "statement")
        answer = api.get("/api/v1/sources/release/support/?limit=5")
        assert answer.status_code == 308
        assert answer["Location"] == f"{ROOT}sources/statement/support/?limit=5"

    @pytest.mark.parametrize("status", ["draft", "in-review", "withdrawn"])
    @pytest.mark.parametrize("question", ["support/", "comparison/?with=other"])
    def test_a_hidden_source_is_as_good_as_unknown(self, api, status, question):
        make.a_source(slug="other")
        make.a_source(slug="hidden", status=status)
        hidden = api.get(f"/api/v1/sources/hidden/{question}")
        assert hidden.status_code == 404
        assert hidden.content == api.get(f"/api/v1/sources/no/{question}").content

    def test_drafts_of_a_kind_are_for_whoever_may_change_its_citations(
        self, api, release, article
    ):
        """Of other kinds the same program is shown what the public is."""
        hidden = make.a_source(slug="hidden", status="draft")
        for number, status in enumerate(["published", "draft"]):
            for made in (make.an_agency, make.an_official):
                record = made(f"No {number}", slug=f"no-{number}", status=status)
                for source in (release, hidden):
                    make.a_citation(record, source)
        checker = program(somebody_of_staff("eva", "entities.change_agencycitation"))

        def seen(client, address):
            rows = client.get(f"/api/v1/sources/{address}").json()["results"]
            left = [
                row["left"]["sources"][0]["slug"] if row["left"]["sources"] else ""
                for row in rows
                if "left" in row
            ]
            return [f"{row['type']} {row['record']['slug']}" for row in rows], left

        in_public = ["agency no-0", "official no-0"]
        whole = ["agency no-0", "agency no-1", "official no-0"]
        compared = "comparison/?with=article"
        assert seen(api, "release/support/") == (in_public, ["", ""])
        assert seen(checker, "release/support/") == (whole, ["hidden", "hidden", ""])
        assert seen(api, f"release/{compared}")[0] == in_public
        assert seen(checker, f"release/{compared}")[0] == whole
        assert seen(checker, "hidden/support/")[0] == whole[:2]
        assert seen(checker, f"hidden/{compared}")[0] == whole[:2]

    @pytest.mark.parametrize(
        "query",
        ["nosuch=1", "limit=0", "limit=501", "type=source", "type=", "fields=a"],
    )
    def test_what_is_not_understood_is_refused(self, api, release, query):
        answer = api.get(f"/api/v1/sources/release/support/?{query}")
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert error["parameter"] == query.partition("=")[0]
        assert api.post("/api/v1/sources/release/support/").status_code == 405

    def test_asks_as_often_for_twenty_records_as_for_one(self, api):
        asked = set()
        for number in (1, 20):
            source = make.a_source()
            for _number in range(number):
                call = make.a_meeting(place=make.a_place())
                make.a_participation(call)
                make.a_citation(call, source, field="place")
                make.a_citation(call, field="place")
            with CaptureQueriesContext(connection) as queries:
                address = f"/api/v1/sources/{source.slug}/support/"
                assert len(api.get(address).json()["results"]) == number
            asked.add(len(queries))
        assert len(asked) == 1
        assert asked.pop() <= 21


class TestOfTwoSources:
    def test_stand_side_by_side(self, api, release, article):
        call = make.a_meeting("Call", slug="call", start="2025-02-05")
        first = make.a_citation(call, release, field="start", stated="2025-03")
        second = make.a_citation(call, article, field="start", locator="para. 2")
        make.a_citation(call, article, field="title")
        make.a_citation(call, field="summary")
        page = api.get("/api/v1/sources/release/comparison/?with=article").json()
        differ, only = page["results"]
        said = {
            "field": "start",
            "as_of": "",
            "as_of_earliest": None,
            "as_of_latest": None,
            "assessment": "",
            "note": "",
            "note_es": "",
        }
        assert differ == {
            "type": "meeting",
            "record": shown(call),
            "field": "start",
            "recorded": "2025-02-05",
            "outcome": "differ",
            "one": [
                {
                    **said,
                    "key": f"meeting-{first.pk}",
                    "source": shown(release),
                    "locator": "",
                    "stated": "2025-03",
                    "agreement": "contradicts",
                }
            ],
            "other": [
                {
                    **said,
                    "key": f"meeting-{second.pk}",
                    "source": shown(article),
                    "locator": "para. 2",
                    "stated": "",
                    "agreement": "agrees",
                }
            ],
        }
        assert (only["field"], only["outcome"], only["one"]) == (
            "title",
            "only-other",
            [],
        )

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("", "required"),
            ("with=", "empty"),
            ("with=release", "invalid"),
            ("with=nobody", "no_such_record"),
            ("with=hidden", "no_such_record"),
        ],
    )
    def test_the_other_has_to_be_named(self, api, release, query, code):
        make.a_source(slug="hidden", status="draft")
        answer = api.get(f"/api/v1/sources/release/comparison/?{query}")
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert (error["parameter"], error["code"]) == ("with", code)

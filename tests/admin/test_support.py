"""What supports the record, as curators see it: on its page and on those of sources."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from provenance.admin import support
from provenance.models import Source
from provenance.tracking.changes import changing
from tests import make
from tests.curating import address, somebody_of_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def release():
    return make.a_source("A release")


@pytest.fixture
def article(release):
    article = make.a_source("An article")
    article.reports.add(release)
    return article


def page_of(source, page):
    return f"{address(Source, 'change', source.pk).removesuffix('change/')}{page}/"


def rows_of(response):
    """What stands in each table of a page: the records and fields."""
    return [
        [(row.label, str(row.field)) for row in table.rows]
        for table in response.context["tables"]
    ]


class TestThePageOfASource:
    def test_leads_to_what_rests_on_it_and_to_others(self, curator, release):
        page = curator.get(address(Source, "change", release.pk)).content.decode()
        for name in ("support", "compare"):
            assert page_of(release, name) in page
            assert curator.get(page_of(release, name)).status_code == 200
            assert curator.get(page_of(release, name)).context["title"]

    @pytest.mark.parametrize("key", ["0", "no", "%00", "9" * 30])
    def test_is_none_for_what_is_no_source(self, curator, key):
        stem = address(Source, "changelist")
        for name in ("support", "compare"):
            assert curator.get(f"{stem}{key}/{name}/").status_code == 404

    def test_is_for_whoever_may_see_sources(self, client, release):
        for name in ("support", "compare"):
            assert client.get(page_of(release, name)).status_code == 302
        client.force_login(somebody_of_staff("clerk", "entities.view_agency"))
        for name in ("support", "compare"):
            assert client.get(page_of(release, name)).status_code == 403

    def test_shows_only_kinds_of_record_that_one_may_see(
        self, client, release, article
    ):
        rights = ["provenance.view_source", "entities.view_agency"]
        reader = somebody_of_staff("reader", *rights, "entities.view_agencycitation")
        client.force_login(reader)
        for record in (make.an_agency("Navy"), make.an_official("Ana")):
            make.a_citation(record, release)
        rested = client.get(page_of(release, "support"))
        assert rows_of(rested) == [[("Navy", "record")], [], []]
        compared = client.get(page_of(release, "compare"), {"with": article.pk})
        assert [row for rows in rows_of(compared) for row in rows] == [
            ("Navy", "record")
        ]


class TestWhatRestsOnIt:
    def test_stands_in_three_tables_with_what_is_left(self, curator, release, article):
        alone, joined, firm = (make.an_agency(name) for name in ("A", "B", "C"))
        for agency in (alone, joined, firm):
            make.a_citation(agency, release, field="name", locator="para. 7")
        make.a_citation(joined, article, field="name")
        make.a_citation(firm, make.a_source("Another"), field="name")
        response = curator.get(page_of(release, "support"))
        assert rows_of(response) == [[("A", "name")], [("B", "name")], [("C", "name")]]
        page = response.content.decode()
        assert address(type(alone), "change", alone.pk) in page
        assert address(Source, "change", article.pk) in page
        assert "para. 7" in page

    def test_knows_of_drafts(self, curator, release):
        make.a_citation(make.an_agency("Navy", status="draft"), release)
        assert "Navy" in curator.get(page_of(release, "support")).content.decode()

    def test_is_shown_in_part_if_it_is_very_much(self, curator, release, monkeypatch):
        monkeypatch.setattr(support, "SHOWN", 2)
        for _number in range(5):
            make.a_citation(make.an_agency(), release)
        response = curator.get(page_of(release, "support"))
        assert [len(rows) for rows in rows_of(response)] == [2, 0, 0]
        assert "and 3 more" in response.content.decode()

    def test_looks_at_the_first_fields_of_each_kind(
        self, curator, release, monkeypatch
    ):
        monkeypatch.setattr(support, "A_KIND", 2)
        agencies = [make.an_agency() for _number in range(3)]
        for record in (*agencies, make.an_official("Ana")):
            make.a_citation(record, release)
            make.a_citation(record, release, locator="p. 2")
        with CaptureQueriesContext(connection) as queries:
            response = curator.get(page_of(release, "support"))
        assert [len(rows) for rows in rows_of(response)] == [3, 0, 0]
        said = "Of 4 fields that are cited, the first 2 of each kind of record"
        assert said in response.content.decode()
        assert response.context["whole"] == f"/api/v1/sources/{release.slug}/support/"
        address, asked = page_of(release, "compare"), {"with": make.a_source().pk}
        assert said in curator.get(address, asked).content.decode()
        with changing("other"):
            for _number in range(5):
                make.a_citation(make.an_agency(), release)
        with CaptureQueriesContext(connection) as more:
            curator.get(page_of(release, "support"))
        assert len(more) == len(queries)

    def test_asks_as_often_for_twenty_records_as_for_one(self, curator):
        asked = []
        for number in (1, 20):
            source = make.a_source()
            with changing("other"):  # as one change, which is faster
                for _number in range(number):
                    meeting = make.a_meeting(place=make.a_place())
                    for kept in (meeting, make.an_observation(), make.an_appointment()):
                        make.a_citation(kept, source)
                        make.a_citation(kept)
            with CaptureQueriesContext(connection) as queries:
                curator.get(page_of(source, "support"))
            asked.append(len(queries))
        assert asked[0] == asked[1]


class TestTwoSources:
    def test_stand_side_by_side(self, curator, release, article):
        seen = make.an_observation(value="10000")
        make.a_citation(seen, release, field="value", locator="table 1")
        said = {"assessment": "outdated", "note": "Later raised."}
        make.a_citation(seen, article, field="value", stated="15000", **said)
        make.a_citation(make.an_agency("Navy"), article)
        response = curator.get(page_of(release, "compare"), {"with": article.pk})
        differ, agree, compatible, only_one, only_other = rows_of(response)
        assert [field for _record, field in differ] == ["value"]
        assert only_other == [("Navy", "record")]
        assert not (agree or compatible or only_one)
        page = " ".join(response.content.decode().split())
        assert "<em>as recorded</em> <small>(table 1)</small>" in page
        assert '<span title="15000">15,000</span> <small>(outdated)</small>' in page
        assert "Only in “An article”" in page

    @pytest.mark.parametrize("other", ["no", "0", "9" * 30, "itself"])
    def test_the_other_has_to_be_one(self, curator, release, other):
        other = release.pk if other == "itself" else other
        response = curator.get(page_of(release, "compare"), {"with": other})
        assert response.status_code == 200
        assert "tables" not in response.context
        assert response.context["form"].errors.keys() == {"with"}

    def test_nothing_is_wrong_before_one_is_chosen(self, curator, release):
        assert not curator.get(page_of(release, "compare")).context["form"].errors


class TestThePageOfARecord:
    def test_counts_support_field_by_field(self, curator, release, article):
        navy = make.an_agency("Navy", founded="1940")
        for source in (release, article):
            make.a_citation(navy, source, field="founded")
        make.a_citation(navy, field="founded", stated="1941")
        response = curator.get(address(type(navy), "change", navy.pk))
        (rows,) = (
            rows.formset
            for rows in response.context["inline_admin_formsets"]
            if hasattr(rows.formset, "support")
        )
        ((name, found),) = rows.support
        assert (name, found.citations, found.independent) == ("founded", 2, 1)
        page = response.content.decode()
        assert "Sources by field" in page

    def test_has_no_table_where_nothing_is_cited(self, curator):
        navy = make.an_agency("Navy")
        for page in (("change", navy.pk), ("add",)):
            response = curator.get(address(type(navy), *page))
            assert "Sources by field" not in response.content.decode()

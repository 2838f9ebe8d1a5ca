"""Whole lists over the API: as CSV and as lines of JSON, for everybody to read."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from provenance.api import exports
from provenance.resources import export_queries
from provenance.tables import read_table
from provenance.web.streaming import CSV_TYPE, NDJSON_TYPE
from tests import make
from tests.planting import public_record, secrets
from tests.streams import hang_up
from timeline.models import EventTheme
from timeline.records import TABLES

pytestmark = [pytest.mark.django_db, pytest.mark.database]

COLLECTIONS = [*(kind.collection for kind in make.RECORDS), "timeline", "citations"]
COLLECTIONS += ["disputes", "search"]


def ask(api, collection, **query):
    if collection == "search":
        query = {"q": "a", **query}
    return api.get(f"/api/v1/{collection}/", query)


def results(api, collection, **query):
    """All objects of a list, from its pages."""
    shown = ask(api, collection, limit=500, **query).json()
    assert shown["next"] is None
    return shown["results"]


def rows(api, collection, **query):
    """The columns and the rows of a whole list as CSV."""
    answer = ask(api, collection, format="csv", **query)
    assert answer.status_code == 200, answer.content
    table = read_table(answer.getvalue())
    return [dict(zip(table.headers, cells, strict=True)) for cells in table.rows]


def lines(api, collection, **query):
    answer = ask(api, collection, format="ndjson", **query)
    assert answer.status_code == 200, answer.content
    return [json.loads(line) for line in answer.getvalue().splitlines()]


def flat(value):
    """A member of an object as the text that stands for it in CSV."""
    if isinstance(value, dict):
        return value["slug"]
    if isinstance(value, list):
        return "|".join(item["slug"] for item in value)
    return "" if value is None else str(value)


@pytest.fixture
def planted(monkeypatch):
    """A public record with what is hidden behind it, read in chunks of two."""
    monkeypatch.setattr(exports, "MAX_LIMIT", 2)
    monkeypatch.setattr(export_queries, "CHUNK", 2)
    public = public_record()
    secrets(public)
    make.a_place("=1+1", slug="formula", latitude="31.5", longitude="-110")
    make.a_meeting(slug="a-visit", start="2025-02~", end="2025-03", format="visit")
    make.a_citation(public["agency"], field="name", stated="Another name")


class TestAWholeList:
    def test_has_a_line_and_a_row_for_each_object_of_its_pages(self, api, planted):
        for collection in COLLECTIONS:
            objects = results(api, collection)
            assert objects, collection
            assert lines(api, collection) == objects, collection
            for row, shown in zip(rows(api, collection), objects, strict=True):
                assert row == {name: flat(shown.get(name)) for name in row}

    @pytest.mark.parametrize("collection", COLLECTIONS)
    def test_says_what_it_is(self, api, collection):
        for name, kind in (("csv", CSV_TYPE), ("ndjson", NDJSON_TYPE)):
            answer = ask(api, collection, format=name)
            assert answer.streaming
            assert answer["Content-Type"] == kind
            file = f'attachment; filename="{collection}.{name}"'
            assert answer["Content-Disposition"] == file
            listed = ask(api, collection)
            for header in ("Vary", "Cache-Control", "Allow"):
                assert answer[header] == listed[header]
            hang_up(answer)

    @pytest.mark.parametrize("collection", COLLECTIONS)
    def test_is_not_asked_for_with_a_page_of_it(self, api, collection):
        for name, value in (("limit", "5"), ("cursor", "x")):
            answer = ask(api, collection, format="csv", **{name: value})
            assert answer.status_code == 400
            (error,) = answer.json()["errors"]
            assert error == {
                "parameter": name,
                "code": "not_with_format",
                "message": "It is for pages; with format, the whole list comes at "
                "once.",
            }

    def test_is_not_made_for_who_asks_for_its_head(self, api):
        for collection in COLLECTIONS:
            query = {"q": "a"} if collection == "search" else {}
            for name in ("csv", "ndjson"):
                address = f"/api/v1/{collection}/"
                answer = api.head(address, {**query, "format": name})
                assert answer.status_code == 200
                assert answer["Content-Disposition"].endswith(f'{collection}.{name}"')
                assert answer.getvalue() == b""


def test_the_columns_are_those_of_the_tables_but_for_what_is_for_curators(api):
    for maker in make.RECORDS.values():
        maker()
    for kind in make.RECORDS:
        (*_others, row) = rows(api, kind.collection)
        names = TABLES[kind.collection]().get_export_headers()
        names = [n for n in names if n not in ("status", "private_note")]
        assert list(row) == names


def test_a_meeting_is_one_flat_row(api):
    place, theme = make.a_place(slug="nogales"), make.a_theme(slug="border")
    hidden = make.a_theme(slug="hidden", status="draft")
    official = make.an_official(slug="ana", status="draft")
    meeting = make.a_meeting(
        "=1", slug="call", start="2025-02", place=place, requested_by=official
    )
    for one in (theme, make.a_theme(slug="arms"), hidden):
        EventTheme.objects.create(event=meeting, theme=one)
    answer = ask(api, "meetings", format="csv")
    assert answer.getvalue().decode() == (
        "slug,title,summary,start,end,place,themes,format,requested_by,public_note\r\n"
        "call,'=1,,2025-02,,nogales,arms|border,,,\r\n"
    )


class TestQuestions:
    def test_narrow_a_whole_list_as_they_do_a_page(self, api):
        semar = make.an_agency("Marina", slug="semar")
        make.a_post("A", slug="a", agency=semar, start="2020", end="2021")
        make.a_post("B", slug="b", agency=semar, start="2020-01-01", end="..")
        make.a_post("C", slug="c")
        query = {"agency": "semar", "as_of": "2021-06-01", "ordering": "-slug"}
        assert [(r["slug"], r["holds"]) for r in rows(api, "posts", **query)] == [
            ("b", "yes"),
            ("a", "maybe"),
        ]
        assert lines(api, "posts", **query) == results(api, "posts", **query)
        assert len(rows(api, "posts", q="marina")) == 0
        assert len(rows(api, "agencies", q="marina")) == 1

    def test_of_fields_narrow_the_columns(self, api):
        make.a_place(slug="nogales", public_note="A note")
        assert rows(api, "places", fields="public_note,slug") == [
            {"slug": "nogales", "public_note": "A note"}
        ]
        answer = ask(api, "places", fields="public_note", format="csv")
        assert answer.getvalue() == b"public_note\r\nA note\r\n"
        assert lines(api, "places", fields="slug") == [{"slug": "nogales"}]
        for name in ("private_note", "status", "citations", "nmae"):
            answer = ask(api, "places", fields=name, format="csv")
            assert answer.status_code == 400
            assert answer.json()["errors"][0]["code"] == "unknown"

    def test_for_another_format_are_told_which_there_are(self, api):
        answer = ask(api, "places", format="xlsx")
        assert answer.json()["errors"] == [
            {
                "parameter": "format",
                "code": "invalid",
                "message": "It can be one of csv, ndjson, geojson; without it, JSON "
                "comes page by page.",
            }
        ]
        assert api.get("/api/v1/places/x/?format=csv").status_code == 400
        make.a_place(slug="nogales")
        assert api.get("/api/v1/places/nogales/?format=csv").status_code == 400

    def test_that_are_refused_are_so_before_anything_is_sent(self, api):
        for query in ({"record": "nobody"}, {"source": "nobody"}, {"nosuch": "1"}):
            assert ask(api, "citations", format="csv", **query).status_code == 400

    def test_may_accept_nothing_but_the_format(self, api):
        make.a_place(slug="nogales")
        accepting = {"headers": {"Accept": "text/csv"}}
        answer = api.get("/api/v1/places/?format=csv", **accepting)
        assert answer.status_code == 200
        assert api.get("/api/v1/places/", **accepting).status_code == 406


class TestThePast:
    @pytest.fixture
    def then(self, monkeypatch):
        """A moment before everything changed; chunks are small."""
        monkeypatch.setattr(export_queries, "CHUNK", 2)
        monkeypatch.setattr(exports, "MAX_LIMIT", 2)
        places = [make.a_place("Before", slug=f"p-{number}") for number in range(5)]
        then = timezone.now()
        for place in places:
            place.name = "After"
            place.save()
        make.a_place("After", slug="p-5")
        return (then + timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")

    def test_is_read_to_the_end(self, api, then):
        assert {row["name"] for row in rows(api, "places", known_at=then)} == {"Before"}
        past = lines(api, "places", known_at=then)
        assert [place["name"] for place in past] == ["Before"] * 5
        assert len(rows(api, "places")) == 6

    @pytest.mark.parametrize("form", ["csv", "ndjson"])
    @pytest.mark.parametrize("read", [0, 1, 2])
    def test_is_over_when_nobody_reads_on(self, api, then, form, read):
        answer = ask(api, "places", known_at=then, format=form)
        blocks = iter(answer)
        for _block in range(read):
            next(blocks)
        hang_up(answer)
        assert results(api, "places")[0]["name"] == "After"
        assert len(rows(api, "places", known_at=then)) == 5

    def test_is_over_for_who_asks_for_its_head(self, api, then):
        answer = api.head(f"/api/v1/places/?format=csv&known_at={then}")
        hang_up(answer)
        assert results(api, "places")[0]["name"] == "After"


@pytest.fixture
def second_connection(transactional_db, tmp_path):
    """Somebody else who writes to the same database meanwhile."""
    if connection.vendor == "postgresql":
        other = connection.copy()
        yield other
        other.close()
        return
    ours = connections["default"]  # its database is in memory, and locks as a whole
    path = tmp_path / "record.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        ours.ensure_connection()
        ours.connection.backup(file)
    pair = [ours.copy(), ours.copy()]
    for one in pair:
        one.settings_dict = {**one.settings_dict, "NAME": path}
    connections["default"] = pair[0]
    yield pair[1]
    connections["default"] = ours
    for one in pair:
        one.close()


@pytest.mark.django_db(transaction=True)
class TestWhileOthersWrite:
    @pytest.mark.parametrize("form", ["csv", "ndjson"])
    def test_a_whole_list_is_of_one_moment(
        self, api, monkeypatch, second_connection, form
    ):
        monkeypatch.setattr(export_queries, "CHUNK", 2)
        monkeypatch.setattr(exports, "MAX_LIMIT", 2)
        for number in range(5):
            make.a_place("Before", slug=f"p-{number}")
        answer = ask(api, "places", format=form)
        blocks = iter(answer)
        read = [next(blocks), next(blocks)]
        with second_connection.cursor() as cursor:
            cursor.execute("UPDATE entities_place SET name = 'After'")
        body = b"".join([*read, *blocks])
        hang_up(answer)
        assert (body.count(b"Before"), body.count(b"After")) == (5, 0)
        assert {place["name"] for place in results(api, "places")} == {"After"}

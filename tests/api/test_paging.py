"""Pages of the API: nothing twice, nothing left out, whatever is between two."""

import base64
import json
import random

import pytest
from django.db import connection

from provenance.db.keyset import Keyset
from provenance.tracking.changes import changing
from tests import make
from tests.depth import cases
from timeline.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def follow(api, address, direction="next"):
    """The pages from an address on, each as the list of its slugs or keys."""
    pages = []
    while address:
        answer = api.get(address)
        assert answer.status_code == 200, answer.json()
        page = answer.json()
        pages.append([row.get("slug") or row.get("key") for row in page["results"]])
        last, address = address, page[direction]
    return pages, last


def walk(api, address):
    """All pages forwards, which must be the same ones backwards."""
    pages, last = follow(api, address)
    back, first = follow(api, last, "previous")
    assert back == pages[::-1]
    assert api.get(first).json()["previous"] is None
    return pages


class TestWalking:
    @pytest.mark.parametrize("ordering", ["start", "-title", "-slug"])
    @pytest.mark.parametrize("limit", cases([7], [1, 7, 21, 50]))
    def test_many_events_of_one_date_come_once_each_in_both_directions(
        self, api, ordering, limit
    ):
        chance = random.Random(limit)
        starts = ["1990", "1990-01-01", "", "2020~", "[..1990-01-01]"]
        with changing("other"):  # as one change, which is faster
            for number in range(21):
                start = chance.choice(starts)
                maker = chance.choice([make.a_meeting, make.a_milestone])
                maker(chance.choice("AB"), slug=f"e-{number}", start=start)
        pages = walk(api, f"/api/v1/timeline/?ordering={ordering}&limit={limit}")
        found = [slug for page in pages for slug in page]
        assert sorted(found) == sorted(f"e-{number}" for number in range(21))
        assert all(len(page) == limit for page in pages[:-1])

    def test_the_pages_of_several_tables_join_without_a_seam(self, api):
        source = make.a_source("Marina")
        records = [maker() for maker in (make.a_place, make.a_theme, make.a_meeting)]
        with changing("other"):
            for record in records:
                for number in range(4):
                    make.a_citation(record, source, locator=f"para. {number}")
        for limit in cases((3, 5), (1, 3, 4, 5, 12)):
            pages = walk(api, f"/api/v1/citations/?limit={limit}")
            assert len({key for page in pages for key in page}) == 12
        with changing("other"):
            for maker in (make.an_agency, make.an_official, make.a_metric):
                for number in range(3):
                    maker("Marina", slug=f"{maker.__name__.replace('_', '-')}-{number}")
        for limit in cases((2, 10), (1, 2, 3, 10)):
            pages = walk(api, f"/api/v1/search/?q=marina&limit={limit}")
            assert len({slug for page in pages for slug in page}) == 10

    def test_a_link_keeps_everything_else_that_was_asked_for(self, api):
        for number in range(3):
            make.an_official(f"Núñez {number}")
        address = "/api/v1/officials/?q=Núñez&fields=name&limit=1&ordering=-name"
        second = api.get(api.get(address).json()["next"])
        assert second.json()["results"] == [{"name": "Núñez 1"}]

    def test_what_is_added_or_taken_away_meanwhile_shifts_no_page(self, api):
        made = [make.an_official(slug=f"b-{number}") for number in range(4)]
        first = api.get("/api/v1/officials/?limit=2").json()
        make.an_official(slug="a-new")
        made[1].delete()  # the last one on the page that was read
        second = api.get(first["next"]).json()
        assert [row["slug"] for row in second["results"]] == ["b-2", "b-3"]

    def test_an_empty_list_has_no_other_pages(self, api):
        assert api.get("/api/v1/officials/").json() == {
            "next": None,
            "previous": None,
            "results": [],
        }

    def test_a_page_has_fifty_records_unless_asked_otherwise(self, api):
        for _number in range(51):
            make.an_official()
        assert len(api.get("/api/v1/officials/").json()["results"]) == 50
        assert len(api.get("/api/v1/officials/?limit=500").json()["results"]) == 51


def encoded(*parts):
    text = parts[0] if isinstance(parts[0], bytes) else json.dumps(parts).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "garbage",
        "%00",
        "p=garbage",
        "….",
        "A" * 1001,
        "QQ",
        encoded(b"[" * 700),
        encoded(b'{"a": 1}'),
        encoded(b"\xff\xfe"),
        encoded(b"NaN"),
        encoded(0),
        encoded(0, "start", "", "2020-01-01"),
        encoded(0, "start", "", "2020-01-01", "7"),
        encoded(0, "start", "", "2020-01-01", True),
        encoded(0, "start", "", "2020-01-01", 2**70),
        encoded(0, "start", "", "2020-01-01", 1.5),
        encoded(0, "start", "", "2020-02-31", 7),
        encoded(0, "start", "", None, 7),
        encoded(0, "start", "", 7, 7),
        encoded(2, "start", "", "2020-01-01", 7),
        encoded(0, "slug", "", "a"),
        encoded(0, "start", "elsewhere", "2020-01-01", 7),
        encoded(0, ["start"], "", "2020-01-01", 7),
    ],
)
def test_a_cursor_that_no_page_handed_out_is_refused(api, cursor):
    make.a_meeting()
    answer = api.get(f"/api/v1/meetings/?cursor={cursor}")
    assert answer.status_code == 400
    assert {error["parameter"] for error in answer.json()["errors"]} == {"cursor"}


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "a" * 2000])
def test_a_cursor_with_a_text_that_is_none_is_refused(api, text):
    answer = api.get(f"/api/v1/officials/?cursor={encoded(0, 'slug', '', text)}")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("0001-01-01T00:00:00+14:00", 400),
        ("9999-12-31T23:59:59-14:00", 400),
        ("2020-01-01T00:00:00", 400),
        ("2020-01-01T00:00:00+23:59:59", 200),
        ("0001-01-01T00:00:00+00:00", 200),
        ("9999-12-31T23:59:59+00:00", 200),
    ],
)
def test_a_cursor_with_a_moment_that_no_database_stores_is_refused(api, moment, status):
    cursor = encoded(0, "updated_at", "", moment, 1)
    answer = api.get(f"/api/v1/agencies/?ordering=updated_at&cursor={cursor}")
    assert answer.status_code == status


def test_a_cursor_of_one_order_means_nothing_in_another(api):
    for number in range(2):
        make.an_official(f"N{number}")
    cursor = api.get("/api/v1/officials/?limit=1&ordering=name").json()["next"]
    answer = api.get(cursor.replace("ordering=name", "ordering=-name"))
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "limit", ["0", "-1", "501", "1e9", "abc", "1.5", "", "٣", "9" * 5000, "1 "]
)
def test_a_limit_that_is_none_is_refused_and_not_bent(api, limit):
    answer = api.get("/api/v1/officials/", {"limit": limit})
    assert answer.status_code == 400
    assert {error["parameter"] for error in answer.json()["errors"]} == {"limit"}


def test_no_page_skips_or_counts_rows(api, django_assert_num_queries):
    for number in range(4):
        make.a_meeting(start=f"202{number}")
    second = api.get("/api/v1/timeline/?limit=2").json()["next"]
    with django_assert_num_queries(3) as asked:
        api.get(second)
    for query in asked.captured_queries:
        assert "OFFSET" not in query["sql"]
        assert "COUNT(" not in query["sql"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan of SQLite is read")
def test_a_deep_page_of_events_is_read_from_the_index(api):
    place = ["2020-01-01", 7]
    for keyset in (
        Keyset(("start_earliest", "id")),
        Keyset(("start_earliest", "id"), descending=True),
    ):
        events = keyset.beyond(keyset.ordered(Event.objects.published()), place)
        plan = events[:51].explain()
        assert "USING INDEX timeline_ev_status" in plan
        assert "TEMP B-TREE" not in plan

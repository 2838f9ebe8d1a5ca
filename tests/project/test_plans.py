"""No list reads a whole table: how SQLite goes about each statement of a page.

A scan is right where it goes along an index in the order that is asked for and ends
with the page, or where it only counts along an index.
"""

import re

import pytest
from django.db import connection

from entities.models import Agency, Official, Place
from provenance.models import Source
from provenance.registry.kinds import record_types
from tests.curating import MAKERS, address, superuser
from timeline.models import Event, Theme

pytestmark = [
    pytest.mark.usefixtures("record"),
    pytest.mark.skipif(
        connection.vendor != "sqlite",
        reason="PostgreSQL plans by how many rows there are, and here are few.",
    ),
]

SCAN = re.compile(r"SCAN (?P<table>\w+)(?P<how>.*)")
# As many as there are sorts of things, whatever is on record; or a list in a statement.
SMALL = {"item", "json_each", "django_content_type", "auth_permission", "auth_group"}
COUNTS = "SELECT COUNT("


def asked_of_each(word):
    """Addresses of lists that are narrowed by what there is of each."""
    for name, model in {
        "official": Official,
        "agency": Agency,
        "place": Place,
        "theme": Theme,
        "source": Source,
    }.items():
        yield f"{word}?{name}={model.objects.published().first().slug}"
    for query in ("type=meeting", "from=2024&to=2025", "as_of=2025-02", "q=border"):
        yield f"{word}?{query}"


def public(client):
    index = client.get("/api/v1/").json()
    others = {"docs", "schema", "package", "imports", "search"}
    yield from (f"/api/v1/{name}/" for name in index.keys() - others)
    yield from ("/api/v1/search/?q=marina", "/search/?q=marina", "/disputes/")
    yield from (f"/{kind.collection}/" for kind in record_types().values())
    for word in ("/", "/api/v1/timeline/"):
        yield from (word, *asked_of_each(word))
    yield from ("/timeline.json", "/timeline.ics", "/changes.atom", "/sitemap.xml")


def for_curators():
    yield from ("/admin/disputes/", "/admin/changes/", "/admin/search/?s=marina")
    yield from (address(model, "changelist") for model in (*MAKERS, Event))
    for model in MAKERS:
        yield address(model, "change", model.objects.first().pk)


class Plans:
    """Asks of each statement how it would be gone about, and notes what reads all."""

    def __init__(self):
        self.found, self.asked = [], 0

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith("SELECT") and not many:
            self.asked += 1
            cursor = connection.connection.cursor()
            statement = f"EXPLAIN QUERY PLAN {sql.replace('%s', '?')}"
            steps = [row[3] for row in cursor.execute(statement, params or ())]
            self.found += [(step, sql) for step in self.scans(steps, sql)]
        return execute(sql, params, many, context)

    def scans(self, steps, sql):
        is_sorted = "USE TEMP B-TREE FOR ORDER BY" in steps
        for step in steps:
            scan = SCAN.match(step)
            if not scan or scan["table"] in SMALL or "VIRTUAL TABLE" in scan["how"]:
                continue
            if sql.startswith(COUNTS) and "INDEX" in scan["how"]:
                continue
            if is_sorted or " LIMIT " not in sql:
                yield step


def plans_of(client, addresses):
    plans = Plans()
    for at in addresses:
        before = len(plans.found)
        with connection.execute_wrapper(plans):
            answer = client.get(at)
            answer.getvalue()
        assert answer.status_code == 200, at
        assert not plans.found[before:], at
    return plans


def test_no_public_list_reads_a_whole_table(client):
    assert plans_of(client, list(public(client))).asked > 200


def test_no_list_of_curators_reads_a_whole_table(client, monkeypatch):
    monkeypatch.setattr("provenance.admin.bases.Listed.list_per_page", 1)
    assert plans_of(superuser(client), list(for_curators())).asked > 200


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM entities_agency ORDER BY public_note LIMIT 5",
        "SELECT name FROM entities_agency",
    ],
)
def test_a_whole_table_that_is_read_is_found(sql):
    plans = Plans()
    with connection.execute_wrapper(plans), connection.cursor() as cursor:
        cursor.execute(sql)
    (found,) = [step for step, _sql in plans.found]
    assert found.startswith("SCAN entities_agency")

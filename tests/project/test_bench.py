"""What speed is measured against does the same work."""

import sqlite3

import pytest
from django.db import connection

from tests.bench.imports import HAPPENED, MEASURED, Bench
from tests.depth import DEPTH

pytestmark = pytest.mark.skipif(
    DEPTH != "deep" or connection.vendor != "sqlite",
    reason="It is measured before a release, in files of SQLite, and tried with that.",
)

# When a row was written, and by whom, differs between any two runs.
BY_THE_WAY = {"created_at", "updated_at", "history_date", "history_user_id"}
WRITTEN = {
    MEASURED: ("timeline_observation", "timeline_historicalobservation"),
    HAPPENED: (
        "timeline_event",
        "timeline_meeting",
        "timeline_historicalmeeting",
        "timeline_participation",
        "timeline_historicalparticipation",
        "timeline_eventcitation",
        "timeline_historicaleventcitation",
    ),
}


def rows_of(path, table):
    with sqlite3.connect(path) as database:
        database.row_factory = sqlite3.Row
        found = [dict(row) for row in database.execute(f"SELECT * FROM {table}")]
    database.close()
    return [{n: row[n] for n in row if n not in BY_THE_WAY} for row in found]


@pytest.fixture(scope="module")
def bench(tmp_path_factory, django_db_setup, django_db_blocker, templates):
    folder = tmp_path_factory.mktemp("bench")
    made = Bench(folder, scale=0.001)
    with django_db_blocker.unblock(), templates.file(folder) as made.base:
        made.prepare()
        yield made


@pytest.mark.parametrize("tables", WRITTEN, ids=" and ".join)
def test_raw_writes_the_rows_and_the_history_that_the_import_writes(bench, tables):
    found = {}
    for way in ("raw", "import"):
        bench.once(way, tables)
        database = bench.folder / "run.sqlite3"
        found[way] = {table: rows_of(database, table) for table in WRITTEN[tables]}
    assert found["raw"] == found["import"]
    assert all(found["raw"].values())

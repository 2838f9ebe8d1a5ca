"""A full database on PostgreSQL is brought up to date while somebody reads it.

It is the old one of ``unsquashed`` with very many officials, who are cited. What waits
longer for a migration than a reader does is told here by name: it is done while the
site is stopped (docs/operations.md). No new one may.
"""

import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import connection

from tests import PROJECT
from tests.databases import an_empty_one
from tests.depth import in_depth, times
from tests.project.test_migrations import applied, columns, opened, replaced, restore
from tests.proof.ledger import next_go

pytestmark = [
    pytest.mark.django_db,
    in_depth("It goes through all migrations."),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="There a reader waits for no writer."
    ),
]

RECORDS = times(1_000, 1_000, next_go("records migrated while somebody reads"))
LONGEST = 2.0  # seconds that a reader may wait
# What is from before the first release, and fills columns of every row.
STOPS = {
    "entities.0006_order_of_names",
    "entities.0007_beginnings_of_words",
    "entities.0009_searched_texts",
}
APPLYING = re.compile(r"Applying ([a-z]+\.[0-9a-z_]+)")

OF_A_TABLE = "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
# What differs in each of the rows that are made after the first of a table.
MADE = {
    "entities_official": {"id": "1000 + n", "slug": "'made-' || n"},
    "entities_historicalofficial": {
        "id": "1000 + n",
        "history_id": "1000 + n",
        "slug": "'made-' || n",
    },
    "entities_officialcitation": {"id": "1000 + n", "record_id": "1000 + n"},
    "entities_historicalofficialcitation": {
        "id": "1000 + n",
        "history_id": "1000 + n",
        "record_id": "1000 + n",
    },
}


def fill(database, records):
    """Makes so many officials like the first, with history, each of them cited."""
    for table, differing in MADE.items():
        found = database.execute(OF_A_TABLE, [table]).fetchall()
        names = ", ".join(f'"{name}"' for (name,) in found)
        values = ", ".join(differing.get(name, f'"{name}"') for (name,) in found)
        database.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM "  # noqa: S608  a table of ours
            f"(SELECT * FROM {table} ORDER BY id LIMIT 1) AS first, "
            f"generate_series(1, {records}) AS n"
        )
    database.execute("ANALYZE")


def held(database, tables):
    """How many rows each table has, and a hash of what is in these columns of it."""
    found = {}
    for table, names in tables.items():
        row = ", ".join(f'"{name}"' for name in sorted(names))
        found[table] = database.execute(
            f"SELECT count(*), sum(hashtextextended(row({row})::text, 0)::numeric) "  # noqa: S608  a table of ours
            f'FROM "{table}"'
        ).fetchone()
    return found


@contextmanager
def reading(url):
    """While this lasts somebody reads; yields when each answer was waited for."""
    over, waited = Event(), []

    def read():
        with opened(url) as database:
            database.prepare_threshold = None  # as Django has it: columns come and go
            while not over.is_set():
                for table in MADE:
                    begun = time.monotonic()
                    database.execute(f"SELECT * FROM {table} LIMIT 1").fetchall()  # noqa: S608  a table of ours
                    waited.append((begun, time.monotonic()))
                over.wait(0.02)

    reader = Thread(target=read)
    reader.start()
    try:
        yield waited
    finally:
        over.set()
        reader.join()


def migrate(url):
    """Brings a database up to date; when each migration began."""
    program = subprocess.Popen(
        [sys.executable, "manage.py", "migrate", "--no-color"],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
    )
    said, begun = "", {}
    while piece := os.read(program.stdout.fileno(), 1024):
        said += piece.decode()
        for name in APPLYING.findall(said):
            begun.setdefault(name, time.monotonic())
    assert program.wait() == 0, said
    program.stdout.close()
    return begun


def longest(waited, begun):
    """The longest wait for an answer while each migration went on."""
    found = defaultdict(float)
    for asked, answered in waited:
        during = [name for name, at in begun.items() if at <= answered]
        name = during[-1] if during else "before"
        found[name] = max(found[name], answered - asked)
    return found


@pytest.mark.proves("records migrated while somebody reads")
def test_nothing_is_lost_and_no_reader_waits_long(tmp_path, figure):
    with an_empty_one(tmp_path) as url:
        restore(url)
        with opened(url) as database:
            fill(database, RECORDS)
            tables = columns(database)
            before = held(database, tables)
            assert applied(database) == replaced()
        with reading(url) as waited:
            began = time.monotonic()
            begun = migrate(url)
            took = time.monotonic() - began
        with opened(url) as database:
            assert held(database, tables) == before
    waits = longest(waited, begun)
    slow = {name: f"{wait:.1f} s" for name, wait in waits.items() if wait > LONGEST}
    print(f"{RECORDS} records, {took:.0f} s; longest waits: {slow}")
    figure(RECORDS, len(slow.keys() - STOPS))
    assert slow.keys() <= STOPS, slow

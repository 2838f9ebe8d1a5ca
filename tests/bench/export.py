"""How fast a table comes out, beside the shell of SQLite and django-import-export.

Each is measured in a process of its own, over the same database of a million rows.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from tests import PROJECT

ROWS, SLOW_ROWS, ROUNDS = 1_000_000, 20_000, 3
MANAGE = PROJECT / "manage.py"

METRIC = """INSERT INTO timeline_metric
(slug, status, version, created_at, updated_at, private_note, search_text, public_note,
name, unit, kind, definition) VALUES ('troops', 'published', 1, '2026-01-01',
'2026-01-01', '', '', '', 'Troops', 'persons', 'level', '')"""
PLACE = """INSERT INTO entities_place
(slug, status, version, created_at, updated_at, private_note, search_text, public_note,
name, kind, iso_code) VALUES ('mexico', 'published', 1, '2026-01-01',
'2026-01-01', '', '', '', 'Mexico', 'country', 'MX')"""
OBSERVATION = """INSERT INTO timeline_observation
(slug, status, version, created_at, updated_at, private_note, search_text, public_note,
metric_id, value, value_low, value_high, value_missing, place_id, population, modality,
start, start_earliest, start_latest, end, end_earliest, end_latest,
baseline_start, baseline_start_earliest, baseline_start_latest,
baseline_end, baseline_end_earliest, baseline_end_latest)
VALUES (?, 'published', 1, '2026-01-01', '2026-01-01', '', '', ?, 1, ?, ?, ?, '', 1, ?,
'actual', ?, ?, ?, '', '0001-01-01', '9999-12-31', '', '0001-01-01', '9999-12-31',
'', '0001-01-01', '9999-12-31')"""
# What the shell is asked for: the same columns in the same order, unescaped.
SHELL = """SELECT o.slug, o.status, m.slug AS metric, o.value, o.value_missing, o.start,
o.end, o.baseline_start, o.baseline_end, coalesce(p.slug, '') AS place, o.population,
coalesce(a.slug, '') AS reported_by, o.modality, o.public_note, o.private_note
FROM timeline_observation o JOIN timeline_metric m ON m.id = o.metric_id
LEFT JOIN entities_place p ON p.id = o.place_id
LEFT JOIN entities_agency a ON a.id = o.reported_by_id ORDER BY o.slug"""


def observations(number):
    for place in range(number):
        day = f"{1990 + place % 35}-{1 + place % 12:02}-{1 + place % 28:02}"
        note = 'Counted by hand, "more or less".' if place % 10 == 0 else "As reported."
        yield (
            *(f"observation-{place:08}", note),
            *(str(place % 30_000 - 1000), place % 30_000, place % 30_000),
            *(f"persons of group {place % 100}", day, day, day),
        )


def fill(path):
    """Rows by the raw way, in a database that migrate has made."""
    manage(path, "migrate", "--verbosity", "0")
    with sqlite3.connect(path) as database:
        database.execute(METRIC)
        database.execute(PLACE)
        database.executemany(OBSERVATION, observations(ROWS))
    database.close()


def manage(path, *arguments):
    """A command over that database; what it prints."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}"}
    done = subprocess.run(
        [sys.executable, MANAGE, *arguments],
        check=True,
        env=environment,
        capture_output=True,
        text=True,
    )
    return done.stdout


def anonymous():
    """MiB of memory that stands for no file: pages that are mapped do not count."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


def ours():
    """Prints seconds to the first byte of a row and to the last, and memory gained."""
    from timeline.records import TABLES

    blocks = TABLES["observations"]().csv()
    next(blocks)
    before, started = anonymous(), perf_counter()
    with open(os.devnull, "wb") as file:
        file.write(next(blocks))
        first, most = perf_counter() - started, 0
        for block in blocks:
            file.write(block)
            most = max(most, anonymous())
    print(first, perf_counter() - started, most - before)


def texts():
    """Prints seconds to read every row as texts, in no order."""
    from timeline.records import TABLES

    started = perf_counter()
    number = sum(1 for _row in TABLES["observations"]().text_rows())
    print((perf_counter() - started) / number * ROWS)


def theirs():
    """Prints seconds that the defaults of django-import-export would take."""
    from import_export.resources import modelresource_factory

    from timeline.models import Observation

    started = perf_counter()
    some = Observation.objects.all()[:SLOW_ROWS]
    assert modelresource_factory(Observation)().export(some).csv
    print((perf_counter() - started) / SLOW_ROWS * ROWS)


def shell(path):
    """Seconds that the shell takes; None where there is none."""
    if shutil.which("sqlite3") is None:
        return None
    started = perf_counter()
    with open(os.devnull, "wb") as file:
        options = ["-readonly", "-csv", "-header"]
        subprocess.run(["sqlite3", *options, path, SHELL], check=True, stdout=file)
    return perf_counter() - started


def inside(path, name, module="export"):
    """The numbers that a function prints in a process of its own."""
    code = f"from tests.bench.{module} import {name}; {name}()"
    return [
        float(word)
        for word in manage(path, "shell", "--no-imports", "-c", code).split()
    ]


def lines():
    """Each median, its rate, and how our export stands to it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite3"
        fill(path)
        rounds = [
            {
                "ours": inside(path, "ours"),
                "shell": shell(path),
                "texts": inside(path, "texts")[0],
                "theirs": inside(path, "theirs")[0],
            }
            for _turn in range(ROUNDS)
        ]
    seconds = {
        "CSV export": [one["ours"][1] for one in rounds],
        "sqlite3 -csv": [one["shell"] for one in rounds],
        "rows as texts": [one["texts"] for one in rounds],
        "django-import-export": [one["theirs"] for one in rounds],
    }
    for name, taken in seconds.items():
        if None in taken:
            yield f"{name:<28} there is no such program here"
            continue
        ratio = median(t / o for t, o in zip(taken, seconds["CSV export"], strict=True))
        rate = ROWS / median(taken)
        yield f"{name:<28} {rate:>10,.0f} rows/s   we are {ratio:>6.2f} x as fast"
    yield f"first rows after {median(o['ours'][0] for o in rounds) * 1000:.0f} ms"
    yield f"memory gained    {max(o['ours'][2] for o in rounds):.0f} MiB"

"""How fast words are found among a million events, beside a scan of their titles.

Both are asked by way of the models for the twenty latest that are published, in one
process over the same database.
"""

import random
import sqlite3
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench_export import inside, manage

EVENTS, ROUNDS, SHOWN = 1_000_000, 15, 20
FIRST = ("José", "María", "Łukasz", "Jørgen", "Ana", "Óscar", "Zoë")
LAST = ("García", "Núñez", "Østergård", "Peña", "Müller", "Ibáñez", "Smith")
# What is looked for, by how often it is found in a million.
QUESTIONS = {
    "in none": "absentword",
    "in 100": "serial4321",
    "in 143,000": "garcia",
    "by two beginnings": "gar jos",
    "with a slip": "gracia",
}
ONE = """
from django.utils import timezone
from timeline.models import Milestone
Milestone.objects.create(
    slug="event", title="Event", summary="-", start="2001", status="published"
)
"""


def titles():
    chance = random.Random(1)
    for number in range(2, EVENTS + 2):
        first, last = chance.choice(FIRST), chance.choice(LAST)
        yield number, f"Visit of {first} {last}, serial{number % 10_000}"


def fill(path):
    """One event by way of the models, and its copies under other titles."""
    from provenance.values.folding import fold

    manage(path, "migrate", "--verbosity", "0")
    manage(path, "shell", "--no-imports", "-c", ONE)
    with sqlite3.connect(path) as database:
        database.row_factory = sqlite3.Row
        for table in ("timeline_event", "timeline_milestone"):
            (row,) = database.execute(f"SELECT * FROM {table}")
            names = row.keys()
            into = ", ".join(f'"{name}"' for name in names)
            marks = ", ".join("?" for _name in names)
            database.executemany(
                f"INSERT INTO {table} ({into}) VALUES ({marks})",
                (
                    [
                        {
                            "id": number,
                            "event_ptr_id": number,
                            "slug": f"event-{number}",
                            "title": title,
                            "search_text": fold(title),
                        }.get(name, row[name])
                        for name in names
                    ]
                    for number, title in titles()
                ),
            )
        database.execute("ANALYZE")
    database.close()


def milliseconds(question):
    started = perf_counter()
    found = len(list(question()))
    return (perf_counter() - started) * 1000, found


def measured():
    """Prints for each question what the index takes and what a scan takes."""
    from timeline.models import Milestone

    shown = Milestone.objects.published().order_by("-pk")
    for words in QUESTIONS.values():

        def scan(words=words):
            found = shown
            for word in words.split():
                found = found.filter(title__icontains=word)
            return found[:SHOWN]

        def index(words=words):
            return shown.named(words)[:SHOWN]

        ours = [milliseconds(index) for _turn in range(ROUNDS)]
        theirs = [milliseconds(scan) for _turn in range(3)]
        print(median(one for one, _n in ours), median(one for one, _n in theirs))


def main():
    """Prints each median, and how many times faster than the scan it is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite3"
        fill(path)
        numbers = inside(path, "measured", "bench_search")
    for name, ours, scan in zip(QUESTIONS, numbers[::2], numbers[1::2], strict=True):
        print(f"a word {name:<18} {ours:>8.2f} ms   {scan / ours:>8.0f} x a scan")

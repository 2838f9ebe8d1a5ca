"""How fast words are found among a million events, beside a scan of their titles.

    python -m tests.bench.search

fills the empty database that DATABASE_URL names and prints as JSON what it took. The
API is asked for the first twenty of a list, and the models for those that a scan finds,
in one process over the same database. ``make bench`` has it done on both databases.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

EVENTS, ROUNDS, SHOWN = 1_000_000, 15, 20
BEGIN, DAYS = date(1950, 1, 1), 27_500
FIRST = ("José", "María", "Łukasz", "Jørgen", "Ana", "Óscar", "Zoë")
LAST = ("García", "Núñez", "Østergård", "Peña", "Müller", "Ibáñez", "Smith")
# What is looked for, by how often it is found in a million.
QUESTIONS = {
    "in none": "absentword",
    "in 100": "serial4321",
    "in 143,000": "garcia",
    "by two beginnings": "gar jos",
    "by two in none": "garcia munez",
    "with a slip": "gracia",
}


def titles(number):
    """So many events: the key, the title, the text it is found by, and the day."""
    from provenance.values.folding import fold

    chance = random.Random(1)
    for key in range(2, number + 2):
        first, last = chance.choice(FIRST), chance.choice(LAST)
        title = f"Visit of {first} {last}, serial{key % 10_000}"
        day = BEGIN + timedelta(days=chance.randrange(DAYS))
        yield key, title, fold(title), day


def fill(number):
    """One event by way of the models, and its copies under other titles."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from timeline.models import Event, Milestone

    call_command("migrate", verbosity=0)
    first = Milestone.objects.create(
        slug="event", title="Event", summary="-", start="2001", status="published"
    )
    own = {
        "id": "number",
        "event_ptr_id": "number",
        "slug": "'event-' || number",
        "title": "titles.title",
        "search_text": "titles.text",
        "start": "CAST(titles.day AS text)",
        **dict.fromkeys(
            ("start_earliest", "start_latest", "end_earliest", "end_latest"),
            "titles.day",
        ),
    }
    quoted = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE titles "
            "(number integer, title text, text text, day date)"
        )
        cursor.executemany("INSERT INTO titles VALUES (%s, %s, %s, %s)", titles(number))
        for model in (Event, Milestone):
            table, key = model._meta.db_table, model._meta.pk.column
            names = [field.column for field in model._meta.local_concrete_fields]
            read = ", ".join(own.get(name, f"one.{quoted(name)}") for name in names)
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(map(quoted, names))}) "
                f"SELECT {read} FROM {table} AS one, titles WHERE one.{key} = %s",
                [first.pk],
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def milliseconds(question):
    started = perf_counter()
    found = len(list(question()))
    return (perf_counter() - started) * 1000, found


def measured():
    """For each question how many are found, and what index and scan take."""
    from django.test import Client

    from timeline.models import Milestone

    shown = Milestone.objects.published().order_by("start_earliest", "id")
    client = Client()
    for words in QUESTIONS.values():

        def scan(words=words):
            found = shown
            for word in words.split():
                found = found.filter(title__icontains=word)
            return found[:SHOWN]

        def index(words=words):
            asked = {"q": words, "limit": SHOWN}
            return client.get("/api/v1/milestones/", asked).json()["results"]

        ours = [milliseconds(index) for _turn in range(ROUNDS)]
        theirs = [milliseconds(scan) for _turn in range(3)]
        times = [median(took for took, _found in each) for each in (ours, theirs)]
        yield ours[0][1], *times


def run(number):
    """Fills the database of this process, measures, and prints what it took."""
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["*"]
    fill(number)
    print(json.dumps(list(measured())))


def lines(number=EVENTS):
    """Each median, and how many times faster than the scan it is."""
    command = [sys.executable, "-m", "tests.bench.search", str(number)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite3"
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}"}
        asked = {
            "SQLite": _asked(command, environment),
            "PostgreSQL": _asked(
                [sys.executable, "tests/on_postgres.py", *command], environment
            ),
        }
    for database, numbers in asked.items():
        yield f"{database}, {number:,} events"
        for name, (found, ours, scan) in zip(QUESTIONS, numbers, strict=True):
            ratio = f"{scan / ours:>8.0f} x a scan"
            yield f"a word {name:<18} {ours:>8.2f} ms   {ratio}, {found} shown"
    shown = [[found for found, *_times in numbers] for numbers in asked.values()]
    assert all(each == shown[0] for each in shown), "Databases find something else."


def _asked(command, environment):
    done = subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    run(int(sys.argv[1]))

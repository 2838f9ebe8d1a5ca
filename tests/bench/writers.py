"""Eight programs that write over HTTP at once, beside one alone.

Each changes an official of its own, again and again, by the version that it saw last.
"""

import http.client
import json
import shutil
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench.export import manage
from tests.bench.over_http import PROXIED, served

ROUNDS, SECONDS, WRITERS = 3, 4, 8
SETUP = (
    "from django.contrib.auth.models import User;"
    "User.objects.create_superuser('bench-writer')"
)


def officials(path):
    """The slugs of an official for each writer, and the versions that they have."""
    with sqlite3.connect(path) as database:
        rows = database.execute(
            "SELECT slug, version FROM entities_official WHERE status = 'published' "
            "ORDER BY id LIMIT ?",
            [WRITERS],
        ).fetchall()
    database.close()
    return rows


def write(port, token, slug, version, number):
    """Writes once: the status, the version then, and the seconds that it took."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {
        **PROXIED,
        "Authorization": f"Token {token}",
        "Content-Type": "application/json",
        "If-Match": f'"{version}"',
    }
    body = json.dumps({"public_note": f"Written for the {number}th time."})
    began = perf_counter()
    connection.request("PATCH", f"/api/v1/officials/{slug}/", body, headers)
    answer = connection.getresponse()
    told, took = answer.read(), perf_counter() - began
    connection.close()
    written = json.loads(told) if answer.status == 200 else {}
    return answer.status, written.get("version"), took


def at_once(port, token, versions, writers):
    """Writes a second of so many writers, and the seconds that the longest one took."""

    def one(slug):
        took, number = [], 0
        while perf_counter() < until:
            status, version, seconds = write(port, token, slug, versions[slug], number)
            assert status == 200, status
            versions[slug], number = version, number + 1
            took.append(seconds)
        return took

    until = perf_counter() + SECONDS
    with ThreadPoolExecutor(writers) as programs:
        took = list(chain.from_iterable(programs.map(one, list(versions)[:writers])))
    return len(took) / SECONDS, max(took)


def measured(path):
    """Of one writer and of all, in every round: writes a second, and the longest."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "written.sqlite3"
        shutil.copyfile(path, copy)
        manage(copy, "shell", "--no-imports", "-c", SETUP)
        token = manage(copy, "api_token", "bench-writer").strip()
        versions = dict(officials(copy))
        with served("bordersec", copy) as port:
            at_once(port, token, versions, 1)  # begins
            return [
                (
                    at_once(port, token, versions, 1),
                    at_once(port, token, versions, WRITERS),
                )
                for _round in range(ROUNDS)
            ]


def table(path):
    """The medians as a table in Markdown."""
    rounds = measured(path)
    yield "| Writers | Writes a second | x one | Longest, seconds |"
    yield "| ---: | ---: | ---: | ---: |"
    ones, several = zip(*rounds, strict=True)
    for number, found in ((1, ones), (WRITERS, several)):
        rate = median(rate for rate, _longest in found)
        ratio = median(a[0] / b[0] for a, b in zip(found, ones, strict=True))
        longest = max(longest for _rate, longest in found)
        yield f"| {number} | {rate:.0f} | {ratio:.2f} | {longest:.2f} |"

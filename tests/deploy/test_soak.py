"""Hours of mixed load leave nothing behind, as the site is deployed.

How much it can do is measured first, and four fifths of that are asked of it from then
on, by readers and by writers. The first quarter of the time warms it up; in the last
nothing may be more than it was in the second.
"""

import http.client
import json
import random
import time
from collections import Counter, defaultdict
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from threading import Event, Thread

import pytest
from django.db import connection

from tests.browsing import manage
from tests.databases import LOADED
from tests.deploy.test_faults import said
from tests.deployed import HOST, needs_its_programs, pooled, site_on
from tests.depth import drawn_by, in_depth, times
from tests.project.test_migrations import opened
from tests.proof.ledger import next_go

pytestmark = [in_depth("It takes as long as it is told to."), needs_its_programs]

SECONDS = times(20, 60, next_go("seconds of mixed load"))
MEASURING = SECONDS / 10  # of those, to see how much it can do
CLIENTS, SHARE = 4, 0.8
SAMPLES = 40
READ = (
    *("/", "/places/", "/officials/", "/timeline/", "/search/?q=mexico", "/disputes/"),
    *("/api/v1/places/", "/api/v1/timeline/?limit=100", "/api/v1/search/?q=border"),
    *("/api/v1/citations/?format=csv", "/api/v1/observations/", "/feed.atom"),
    *("/api/v1/places/?known_at=2026-01-01", "/officials/?q=nobody", "/zz/"),
)
WRITES = 10  # of a hundred requests
MORE = {"memory": 1.10, "files that are open": 1.05, "connections": 1.05}
# Temporary tables, and the room that a server lends on its disk.
LEFT = """
SELECT count(*) FILTER (WHERE relpersistence = 't' AND relkind = 'r'),
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())
FROM pg_class
"""


@dataclass
class Load:
    """Clients that ask what is drawn by lot, so often a second in all, 0 for always."""

    site: object
    token: str
    rate: float = 0
    statuses: Counter = field(default_factory=Counter)
    over: Event = field(default_factory=Event)

    def __enter__(self):
        self.began = time.monotonic()
        clients = [Thread(target=self.ask, args=(n,)) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        self.clients = clients
        return self

    def __exit__(self, *_error):
        self.over.set()
        for client in self.clients:
            client.join()
        self.seconds = time.monotonic() - self.began

    def ask(self, number):
        chance, asked = random.Random(f"{drawn_by()} {number}"), count(1)
        line = self.site.connected()
        while not self.over.is_set():
            try:
                status = self.answered(line, chance)
            except (OSError, http.client.HTTPException):
                line.close()
                status = 0
            self.statuses[status] += 1
            if self.rate:
                due = self.began + next(asked) * CLIENTS / self.rate
                self.over.wait(max(due - time.monotonic(), 0))
        line.close()

    def answered(self, line, chance):
        address, headers = chance.choice(READ), {"Host": HOST}
        if chance.random() * 100 < WRITES:
            address = "/api/v1/places/mexico/"
            headers["Authorization"] = f"Token {self.token}"
            line.request("GET", address, headers=headers)
            answer = line.getresponse()
            answer.read()
            headers |= {"If-Match": answer.headers["ETag"] or "*"}
            headers["Content-Type"] = "application/json"
            body = json.dumps({"public_note": f"{chance.random()}"})
            line.request("PATCH", address, body, headers)
        else:
            line.request("GET", address, headers=headers)
        answer = line.getresponse()
        answer.read()
        return answer.status


def family(process):
    """A process of the site, and those that it has started."""
    yield process
    with suppress(OSError):  # one that has ended meanwhile
        children = Path(f"/proc/{process}/task/{process}/children").read_text()
        for child in map(int, children.split()):
            yield from family(child)


def taken_by(process):
    """The memory of a process in MiB, and its files."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    pss = next(line for line in told if line.startswith("Pss:"))
    yield "memory", int(pss.split()[1]) / 1024
    yield "files that are open", len(list(Path(f"/proc/{process}/fd").iterdir()))


def sample(site, folder, url):
    """What the site takes up at this moment."""
    taken = defaultdict(int)
    for program in site.programs:
        for process in family(program.pid):
            with suppress(OSError):  # one that has ended meanwhile
                for name, much in taken_by(process):
                    taken[name] += much
    taken["files"] = sum(path.is_file() for path in folder.rglob("*"))
    if connection.vendor == "postgresql":
        with opened(url) as database:
            tables, lines = database.execute(LEFT).fetchone()
        taken |= {"temporary tables": tables, "connections": lines}
    return taken


@pytest.fixture
def deployed(tmp_path, django_db_setup, django_db_blocker, templates):
    """The site, a token for it, and what tells what it takes up."""
    with (
        django_db_blocker.unblock(),
        templates.elsewhere(LOADED, tmp_path) as url,
        ExitStack() as stack,
    ):
        manage(url, "first_admin")
        token = said(url, "api_token", "admin")
        settings = {"POOLER": "1"} if connection.vendor == "postgresql" else {}
        site = stack.enter_context(
            site_on(pooled(url, tmp_path, stack), tmp_path, **settings)
        )
        yield site, token, lambda: sample(site, tmp_path, url)


@pytest.mark.proves("seconds of mixed load")
def test_nothing_is_left_behind_by_hours_of_load(deployed, figure):
    site, token, taken = deployed
    with Load(site, token) as full:
        full.over.wait(MEASURING)
    capacity = full.statuses.total() / full.seconds
    samples = []
    with Load(site, token, SHARE * capacity) as load:
        for number in range(1, SAMPLES + 1):
            due = load.began + number * (SECONDS - MEASURING) / SAMPLES
            load.over.wait(max(due - time.monotonic(), 0))
            samples.append(taken())
    second, last = (
        {name: median(each[name] for each in quarter) for name in samples[0]}
        for quarter in (samples[SAMPLES // 4 : SAMPLES // 2], samples[-SAMPLES // 4 :])
    )
    print(f"{capacity:.1f} a second; {load.seconds:.0f} s; {dict(load.statuses)}")
    print(f"in the second quarter {second}, in the last {last}")
    failed = sum(n for status, n in load.statuses.items() if not 0 < status < 500)
    grown = {
        name: (second[name], last[name])
        for name in second
        if last[name] > MORE.get(name, 1) * second[name] + 2
    }
    figure(round(load.seconds), failed + len(grown))
    assert failed == 0, load.statuses
    assert grown == {}

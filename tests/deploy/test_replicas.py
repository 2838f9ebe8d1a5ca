"""Servers of a database are killed under load, and one takes another's place.

The site runs as it is deployed, with a primary and two replicas, of which any one has
to have what is committed. Programs write and look for what they have just written;
others read what is public.
"""

import http.client
import json
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from itertools import pairwise
from math import inf
from threading import Event, Thread

import pytest

from provenance.db.replicas import LOOKED_AT_EACH, OK, PROMOTED
from tests import PROJECT, on_postgres
from tests.deployed import free_port
from tests.depth import in_depth
from tests.replicated import DATABASE, servers, until

pytestmark = [
    in_depth("It starts three database servers and kills them."),
    pytest.mark.skipif(
        not any(
            (folder / "pg_basebackup").exists()
            for folder in on_postgres.program_folders()
        ),
        reason="Debian and Ubuntu: apt install postgresql",
    ),
]

LAG = 3  # seconds
LATE = "500ms"  # that one replica always is
SYNCHRONOUS = "'ANY 1 (replica_1, replica_2)'"
PLACES = ["alaska", "mexico"]  # each has a program that writes its note
WRITES = 20  # that are waited for in each phase
EXPORT = "/api/v1/citations/?format=csv"  # of which nothing changes
HOST = "record.example.org"
RECEIVED = "SELECT pg_last_wal_receive_lsn() - '0/0'::pg_lsn"
COMMITS = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
KEPT = """
SELECT array_agg(public_note) FROM entities_historicalplace WHERE slug = '{place}'
"""


class Site:
    """The site as a program reaches it."""

    def __init__(self, port):
        self.port = port

    def ask(self, method, address, body=None, **headers):
        """The status, the headers and the body of an answer, read if it is JSON.

        Of none, and of one that was cut off, the status is 0.
        """
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {name.replace("_", "-"): text for name, text in headers.items()}
        headers |= {"Host": HOST, "X-Forwarded-Proto": "https"}
        if body is not None:
            body = json.dumps(body)
            headers["Content-Type"] = "application/json"
        try:
            asking.request(method, address, body, headers)
            answer = asking.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            return 0, {}, None
        finally:
            asking.close()
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, answer.headers, json.loads(text) if is_json else text

    def replicas(self):
        """How the replicas are, as a probe is told."""
        _status, _headers, told = self.ask("GET", "/readyz")
        return list(told["replicas"].values()) if told else []


class Load:
    """Programs that write and read until they are told to stop, and what they saw."""

    def __init__(self, site, token):
        self.site, self.token = site, f"Token {token}"
        self.acknowledged = {place: [] for place in PLACES}  # (when, number)
        self.answers = []  # (begun, ended, what was asked for, status)
        self.wrong = []
        self.over = Event()
        self.threads = [
            *(Thread(target=self.write, args=(place,)) for place in PLACES),
            *(Thread(target=self.read, args=(place,)) for place in PLACES),
            Thread(target=self.export),
        ]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_exception):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def ask(self, what, *asked, **headers):
        begun = time.monotonic()
        status, told, body = self.site.ask(*asked, **headers)
        self.answers.append((begun, time.monotonic(), what, status))
        if 300 <= status < 500:
            self.wrong.append((what, asked, status))
        return status, told, body

    def write(self, place):
        address, number = f"/api/v1/places/{place}/", 0
        mine = {"Authorization": self.token}
        while not self.over.is_set():
            status, told, _body = self.ask("to write", "GET", address, **mine)
            if status != 200:
                continue
            number += 1
            note = {"public_note": str(number)}
            status, told, _body = self.ask(
                "write", "PATCH", address, note, If_Match=told["ETag"], **mine
            )
            if status != 200:
                continue
            self.acknowledged[place].append((time.monotonic(), number))
            seen = {"X_Consistency_Token": told["X-Consistency-Token"]}
            status, _told, body = self.ask("own", "GET", address, **seen)
            if status == 200 and number_of(body) < number:
                self.wrong.append((place, "own", number, number_of(body)))

    def read(self, place):
        while not self.over.is_set():
            due = time.monotonic() - LAG - LOOKED_AT_EACH
            known = [n for when, n in list(self.acknowledged[place]) if when < due]
            status, _told, body = self.ask("read", "GET", f"/api/v1/places/{place}/")
            if status == 200 and known and number_of(body) < known[-1]:
                self.wrong.append((place, "read", known[-1], number_of(body)))

    def export(self):
        """Fetches a long file, which a server sends piece by piece."""
        lengths = set()
        while not self.over.is_set():
            status, _told, text = self.ask("export", "GET", EXPORT)
            if status == 200:
                lengths.add(len(text))
        if len(lengths) != 1:
            self.wrong.append(("export", lengths))

    def go_on(self, writes=WRITES):
        """Until each program has written so often again."""
        for written in self.acknowledged.values():
            enough = len(written) + writes
            until(lambda w=written, e=enough: len(w) >= e, patience=180)

    def failures(self, since=0.0, until=inf):
        """How often what was asked for got no answer, or one of 5xx."""
        return Counter(
            what
            for _begun, ended, what, status in self.answers
            if since <= ended < until and (status == 0 or status >= 500)
        )

    def silence(self, what, since):
        """The longest time in which nothing that was asked for was answered well."""
        well = sorted(
            ended
            for _begun, ended, kind, status in self.answers
            if kind == what and status == 200 and ended >= since
        )
        return max(later - earlier for earlier, later in pairwise([since, *well]))


def number_of(place):
    return int(place["public_note"] or 0)


@pytest.fixture(scope="module")
def replicated():
    with servers([free_port() for _server in range(3)]) as (primary, first, second):
        primary.create()
        primary.start()
        primary.ask(f"CREATE DATABASE {DATABASE}")
        for server, name in ((first, "replica_1"), (second, "replica_2")):
            server.follow(primary, name)
            server.start()
        primary.ask(f"ALTER SYSTEM SET synchronous_standby_names = {SYNCHRONOUS}")
        primary.ask("SELECT pg_reload_conf()")
        first.ask(f"ALTER SYSTEM SET recovery_min_apply_delay = '{LATE}'")
        first.ask("SELECT pg_reload_conf()")
        yield primary, first, second


@pytest.fixture(scope="module")
def environment(replicated, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    anyone = ",".join(server.address for server in replicated)
    return {
        # Whichever of them takes writes.
        "DATABASE_URL": f"postgres://postgres@{anyone}/{DATABASE}"
        "?target_session_attrs=read-write",
        "DATABASE_REPLICA_URLS": " ".join(server.url for server in replicated[1:]),
        "REPLICA_LAG": str(LAG),
        "DEBUG": "0",
        "ALLOWED_HOSTS": HOST,
        "SECRET_KEY": "a-long-random-text-that-nobody-else-has-0123456789-abc",
        "FILES": str(folder / "files"),
        "KEPT_FILES": str(folder / "kept"),
        "PROCESSES": "3",
    }


def manage(environment, *command):
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=PROJECT,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def site(environment, tmp_path_factory):
    manage(environment, "migrate")
    manage(environment, "load", "fixtures")
    manage(environment, "collectstatic", "--noinput")
    manage(environment, "first_admin")
    port = free_port()
    listening = {"LISTEN": f"127.0.0.1:{port}"}
    begin = ("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "bordersec.wsgi")
    with ExitStack() as stack:
        log = stack.enter_context((tmp_path_factory.mktemp("log") / "log").open("w"))
        program = subprocess.Popen(
            [sys.executable, *begin],
            cwd=PROJECT,
            env={**os.environ, **environment, **listening},
            stdout=log,
            stderr=log,
        )
        stack.callback(program.wait)
        stack.callback(program.terminate)
        site = Site(port)
        until(lambda: site.replicas() == [OK, OK])
        yield site


def test_nothing_is_lost_and_no_answer_is_wrong_whichever_server_is_killed(
    replicated, environment, site
):
    primary, first, second = replicated
    token = manage(environment, "api_token", "admin")
    with Load(site, token) as load:
        load.go_on()
        for server in (first, second):
            server.kill()
            load.go_on()
            server.start()
            until(lambda: site.replicas() == [OK, OK])
            load.go_on()
        answered = [int(server.ask(COMMITS, DATABASE)) for server in replicated]

        killed_at = time.monotonic()
        primary.kill()
        promoted = take_over(first, second)
        load.go_on()
        until(lambda: sorted(site.replicas()) == sorted([OK, PROMOTED]))
        load.go_on()
    before, after = load.failures(until=killed_at), load.failures(since=killed_at)
    figures = {
        "asked": Counter(what for _begun, _ended, what, _status in load.answers),
        "acknowledged": sum(map(len, load.acknowledged.values())),
        "transactions of each server": answered,
        "failed while replicas were killed": before,
        "failed when the primary was": after,
        "seconds without a write": load.silence("write", killed_at),
        "seconds without a read": load.silence("read", killed_at),
        "seconds in all": load.answers[-1][1] - load.answers[0][0],
    }
    print(json.dumps(figures, indent=1))
    assert not load.wrong
    assert not before.keys() - {"export"}  # one that is being sent is cut off
    assert not after["read"]
    for place, written in load.acknowledged.items():
        kept = promoted.ask(KEPT.format(place=place), DATABASE)
        assert {str(number) for _when, number in written} <= set(kept)


def take_over(*replicas):
    """The replica that has received the most becomes the primary, the other its own."""
    other, promoted = sorted(replicas, key=lambda each: each.ask(RECEIVED))
    promoted.ask("SELECT pg_promote()")
    known = f"host=127.0.0.1 port={promoted.port} user=postgres"
    other.ask(f"ALTER SYSTEM SET primary_conninfo = '{known}'")
    other.ask("SELECT pg_reload_conf()")
    return promoted

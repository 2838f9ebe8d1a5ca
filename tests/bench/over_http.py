"""A page of 100 meetings over HTTP, beside the floor, plain serializers, Datasette.

Each is served by gunicorn with two workers, but for Datasette, which has none, and is
asked for pages from all over the record, four requests at a time; they take turns
within a round.
"""

import http.client
import os
import random
import socket
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from provenance.db.keyset import Cursor
from tests import PROJECT
from tests.bench import datasette

ROUNDS, SECONDS, AT_ONCE, WORKERS = 5, 4, 4, 2
PLACES = 100
SERVED = {
    "bordersec": "bordersec.wsgi:application",
    "bordersec, first": "tests.bench.first:application",
    "floor": "tests.bench.floor:application",
    "plain": "tests.bench.plain:application",
}
PEERS = ("floor", "plain", "datasette")
PROXIED = {"X-Forwarded-Proto": "https"}


def places(path):
    """Meetings from all over the record: the day and the key of each."""
    with sqlite3.connect(path) as database:
        rows = database.execute(
            "SELECT start_earliest, id FROM timeline_event WHERE type = 'meeting'"
        ).fetchall()
    database.close()
    return random.Random(3).sample(rows, PLACES)


def addresses(name, path, rows):
    """The pages behind these meetings, as one of the servers is asked for them."""
    for day, key in rows:
        if name.startswith("bordersec"):
            cursor = Cursor(False, "start", "", [day, key])
            yield f"/api/v1/meetings/?limit=100&cursor={cursor}"
        elif name == "datasette":
            asked = f"day={day}&key={key}&_shape=array&_json=meeting"
            yield f"/{path.stem}/meetings.json?{asked}"
        else:
            yield f"/m?after={day},{key}"


@contextmanager
def served(name, path):
    """While this lasts the program answers at the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{path}",
        "DEBUG": "0",
        "SECRET_KEY": "only for a measurement on this machine: " + "x" * 50,
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    with TemporaryDirectory() as folder:
        server = subprocess.Popen(
            command(name, path, port, folder),
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            answers(port)
            yield port
        finally:
            server.terminate()
            server.wait()


def command(name, path, port, folder):
    """What serves one of them at a port."""
    if name == "datasette":
        return datasette.command(path, port, folder)
    where = ["-b", f"127.0.0.1:{port}", "-w", str(WORKERS), "--timeout", "120"]
    return [sys.executable, "-m", "gunicorn", SERVED[name], *where]


def answers(port):
    """Waits until somebody listens at the port."""
    for _attempt in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.1)
    raise AssertionError(f"Nobody answers at port {port}.")


def asked(port, address, headers):
    """The status of one answer, its tag, and how many bytes are read of it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", address, headers={**PROXIED, **headers})
    answer = connection.getresponse()
    size = len(answer.read())
    connection.close()
    return answer.status, answer.headers.get("ETag"), size


def rate(port, pages, headers, status):
    """Answers a second."""

    def one_client(number):
        done, turns = 0, islice(cycle(pages), number, None)
        while perf_counter() < until:
            found, _tag, _size = asked(port, next(turns), headers)
            assert found == status, found
            done += 1
        return done

    until = perf_counter() + SECONDS
    with ThreadPoolExecutor(AT_ONCE) as clients:
        return sum(clients.map(one_client, range(AT_ONCE))) / SECONDS


def measured(path):
    """Answers a second of each, in every round, and the bytes of one answer."""
    rows, found, sizes = places(path), {}, {}
    with ExitStack() as running:
        path, names = Path(path), ("bordersec", "bordersec, first", *PEERS)
        ports = {name: running.enter_context(served(name, path)) for name in names}
        pages = {name: list(addresses(name, path, rows)) for name in names}
        same = pages["bordersec"][0]
        for name, port in ports.items():
            for address in pages[name]:  # begins
                _status, _tag, sizes[name] = asked(port, address, {})
        _status, tag, _size = asked(ports["bordersec"], same, {})
        for _round in range(ROUNDS):
            for name, port in ports.items():
                rates = found.setdefault(name, [])
                rates.append(rate(port, pages[name], {}, 200))
            known = {"If-None-Match": tag}
            rates = found.setdefault("bordersec, unchanged", [])
            rates.append(rate(ports["bordersec"], [same], known, 304))
    return found, sizes


def table(path):
    """The medians as a table in Markdown, with how each stands to the others."""
    found, sizes = measured(path)
    yield "| | Answers a second | KB | x floor | x plain serializers | x Datasette |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, rates in found.items():
        ratios = [
            median(a / b for a, b in zip(rates, found[peer], strict=True))
            for peer in PEERS
        ]
        floor, plain, datasette = ratios
        yield (
            f"| {name} | {median(rates):.0f} | {sizes.get(name, 0) / 1024:.0f} "
            f"| {floor:.2f} | {plain:.1f} | {datasette:.1f} |"
        )

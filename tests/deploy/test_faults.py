"""Clients that are slow, and a database server that goes and comes, as it is deployed.

The site has two processes here, and more slow clients than that.
"""

import json
import os
import socket
import subprocess
import sys
from contextlib import ExitStack

import pytest
from django.db import connection

from tests.browsing import manage
from tests.databases import LOADED
from tests.deployed import HOST, free_port, needs_its_programs, site_on
from tests.depth import in_depth, times
from tests.project.test_migrations import opened
from tests.replicated import DATABASE, servers, until

pytestmark = [
    in_depth("It starts the programs of the site."),
    needs_its_programs,
]

SLOW = times(6, 6, 25)  # clients of each kind
GONE = "The database does not answer"
LONG = "/api/v1/places/?format=csv"
PLACES = 20_000  # of which a list is longer than what a socket holds
MADE = """
WITH RECURSIVE numbers (n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {places}
)
INSERT INTO entities_place ({names}) SELECT {values}
FROM numbers, (SELECT * FROM entities_place WHERE slug = 'alaska') AS place
"""
DIFFERING = {
    "id": "1000000 + n",
    "slug": "'made-' || n",
    "iso_code": "''",
    "public_note": f"'{'It is one of many. ' * 20}'",
}


def fill(url):
    """Makes very many places in a database."""
    with opened(url) as database:
        found = database.execute("SELECT * FROM entities_place LIMIT 0").description
        names = [column[0] for column in found]
        values = ", ".join(DIFFERING.get(name, f'"{name}"') for name in names)
        names = ", ".join(f'"{name}"' for name in names)
        database.execute(MADE.format(places=PLACES, names=names, values=values))
        database.commit()


@pytest.fixture
def deployed(tmp_path, django_db_setup, django_db_blocker, templates):
    with (
        django_db_blocker.unblock(),
        templates.elsewhere(LOADED, tmp_path) as url,
        site_on(url, tmp_path) as site,
    ):
        fill(url)
        yield site


class Slow:
    """A client that has begun something and takes its time."""

    def __init__(self, site, head, little=b""):
        self.socket = socket.socket()
        # What it has not read waits elsewhere.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", site.port))
        self.socket = site.context.wrap_socket(self.socket, server_hostname="127.0.0.1")
        self.socket.sendall(f"{head}\r\nHost: {HOST}\r\n\r\n".encode() + little)

    def rest(self):
        """All that it reads once it hurries."""
        read = b""
        while piece := self.socket.recv(1 << 16):
            read += piece
        return read


def reading(site):
    slow = Slow(site, f"GET {LONG} HTTP/1.1\r\nConnection: close")
    slow.socket.recv(100)
    return slow


def sending(site):
    head = "POST /api/v1/imports/?table=places HTTP/1.1\r\nConnection: close"
    head += "\r\nContent-Type: text/csv\r\nContent-Length: 1000000"
    return Slow(site, head, b"slug,name\r\n")


@pytest.mark.proves("slow clients")
@pytest.mark.parametrize("begin", [reading, sending], ids=["readers", "senders"])
def test_slow_clients_keep_nobody_else_waiting(deployed, figure, begin):
    _answer, whole = deployed.get(LONG)
    slow = [begin(deployed) for _client in range(SLOW)]
    for _turn in range(4):
        answer, _text = deployed.get("/places/")
        assert answer.status == 200
    cut_off = 0
    for client in slow if begin is reading else ():
        _head, _empty, text = client.rest().partition(b"\r\n\r\n")
        cut_off += len(text) < len(whole.encode())
    for client in slow:
        client.socket.close()
    figure(SLOW, cut_off)
    assert cut_off == 0


@pytest.fixture
def server(django_db_setup):
    """A database server of its own, with nothing in it."""
    with servers([free_port()]) as (server,):
        server.create()
        server.start()
        server.ask(f"CREATE DATABASE {DATABASE}")
        yield server


@pytest.mark.proves("servers that go and come")
@pytest.mark.skipif(connection.vendor == "sqlite", reason="It has no server.")
def test_a_server_that_goes_and_comes_loses_nothing_and_the_site_goes_on(
    server, tmp_path, figure
):
    manage(server.url, "migrate", "--verbosity", "0")
    manage(server.url, "load", "fixtures", "--verbosity", "0")
    manage(server.url, "first_admin")
    token = said(server.url, "api_token", "admin")
    mine = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    place, written = "/api/v1/places/mexico/", 0
    with ExitStack() as stack:
        site = stack.enter_context(site_on(server.url, tmp_path))
        for _time in range(times(2, 2, 4)):
            answer, text = site.get(place, **mine)
            written += 1
            answer, text = site.get(
                place,
                "PATCH",
                json.dumps({"public_note": f"note {written}"}),
                **mine,
                **{"If-Match": answer.headers["ETag"]},
            )
            assert answer.status == 200, text
            server.kill()
            for asked in ("/places/", place, "/admin/login/", "/readyz"):
                answer, text = site.get(asked)
                assert answer.status == 503, (asked, text)
                assert GONE in text or asked in ("/readyz", "/admin/login/"), text
            assert site.get("/healthz")[0].status == 200
            answer, text = site.get(place, "PATCH", "{}", **mine)
            assert (answer.status, GONE in text) == (503, True)
            assert answer.headers["Retry-After"] == "1"
            server.start()
            until(lambda: site.get("/readyz")[0].status == 200)
            until(lambda: {site.get("/places/")[0].status for _ in range(9)} == {200})
            answer, text = site.get(place, **mine)
            is_right = json.loads(text)["public_note"] == f"note {written}"
            figure(1, not is_right)
            assert is_right


def said(url, *command):
    """What a command of the project writes."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        env={**os.environ, "DATABASE_URL": url},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()

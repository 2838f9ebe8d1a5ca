"""Guessing is limited and shuts nobody out, however the server is reached.

Behind real programs: gunicorn on a port and on a unix socket, and nginx in front.
"""

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from tests import PROJECT
from tests.browsing import A_MANAGER, NAME, PASSWORD, WAIT, manage
from tests.databases import MIGRATED
from tests.depth import cases, in_depth

GUESSER, OWNER = "198.51.100.7", "203.0.113.9"

NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    set_real_ip_from 127.0.0.1; real_ip_header X-Client;  # who asks, for the test
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://unix:{server};
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }}
    }}
}}
"""


class OverSocket(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path):
        super().__init__("localhost")
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)  # without a server, closed by who asked


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Browser:
    """Somebody who signs in: from an address, over a connection, with cookies."""

    def __init__(self, connect, **headers):
        self.connect, self.headers, self.cookies = connect, headers, SimpleCookie()

    def ask(self, method, data=None):
        cookies = "; ".join(f"{c.key}={c.coded_value}" for c in self.cookies.values())
        connection = self.connect()
        body = urlencode(data) if data else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if data else {}
        headers = {"Cookie": cookies, "Host": "localhost", **kind, **self.headers}
        connection.request(method, "/admin/login/?next=/admin/", body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        connection.close()
        return answer.status, text

    def sign_in(self, password):
        _status, page = self.ask("GET")
        (token,) = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page)
        data = {"csrfmiddlewaretoken": token, "username": NAME, "password": password}
        return self.ask("POST", data)[0]


@contextmanager
def running(command, answers, **environment):
    """While this lasts a program runs; it begins once it answers."""
    program = subprocess.Popen(
        [str(part) for part in command],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + WAIT
        while True:
            connection = answers()
            try:
                connection.connect()
                break
            except OSError:
                connection.close()
                assert program.poll() is None, "it has stopped"
                assert time.monotonic() < until, "it does not answer"
                time.sleep(0.05)
        connection.close()
        yield
    finally:
        program.terminate()
        program.wait(30)


@pytest.fixture(scope="module")
def database(tmp_path_factory, django_db_setup, django_db_blocker, templates):
    folder = tmp_path_factory.mktemp("servers")
    with (
        django_db_blocker.unblock(),
        templates.elsewhere(MIGRATED, folder) as url,
    ):
        manage(url, "shell", "--no-imports", "-c", A_MANAGER)
        yield url


@pytest.fixture
def served(database):
    """Runs gunicorn on a port or a socket with so many trusted proxies, and asks it."""

    @contextmanager
    def serve(where, answers, proxies=0):
        manage(database, "axes_reset")
        command = (sys.executable, "-m", "gunicorn", "bordersec.wsgi", "-b", where)
        told = {"DATABASE_URL": database, "TRUSTED_PROXIES": str(proxies)}
        with running(command, answers, **told):
            yield

    return serve


def guess(browser, times=7):
    return [browser().sign_in("wrong") for _ in range(times)]


LIMITED = [200] * 4 + [429] * 3


@pytest.fixture
def at_port():
    port = free_port()
    return f"127.0.0.1:{port}", lambda: http.client.HTTPConnection("127.0.0.1", port)


@pytest.fixture
def at_socket(tmp_path):
    path = tmp_path / "s"
    return f"unix:{path}", lambda: OverSocket(path)


# Of the two ways to reach the server the quick run tries one in each case.
@pytest.mark.parametrize("way", cases(["at_port"], ["at_port", "at_socket"]))
def test_behind_a_proxy_the_owner_comes_in_and_the_guesser_does_not(
    served, way, request
):
    where, connect = request.getfixturevalue(way)
    with served(where, connect, proxies=1):
        forwarded = {"X-Forwarded-For": f"192.0.2.44, {GUESSER}"}
        assert guess(lambda: Browser(connect, **forwarded)) == LIMITED
        # Whatever a client writes there itself stands before what the proxy writes.
        lie = {"X-Forwarded-For": f"{OWNER}, {GUESSER}"}
        assert Browser(connect, **lie).sign_in(PASSWORD) == 429
        owner = Browser(connect, **{"X-Forwarded-For": OWNER})
        assert owner.sign_in(PASSWORD) == 302


@in_depth("It starts a site of its own, which takes seconds.")
@pytest.mark.parametrize("way", cases(["at_socket"], ["at_port", "at_socket"]))
def test_without_trusted_proxies_nobody_chooses_their_address(served, way, request):
    where, connect = request.getfixturevalue(way)
    with served(where, connect):
        owner = Browser(connect)
        assert owner.sign_in(PASSWORD) == 302
        numbers = iter(range(1, 100))

        def another():
            return Browser(
                connect, **{"X-Forwarded-For": f"198.51.100.{next(numbers)}"}
            )

        assert guess(another) == LIMITED
        assert another().sign_in(PASSWORD) == 429
        del owner.cookies["sessionid"]
        assert owner.sign_in(PASSWORD) == 302  # a browser that is known


@in_depth("It starts a site of its own, which takes seconds.")
@pytest.mark.skipif(not shutil.which("nginx"), reason="There is no nginx here.")
def test_behind_nginx_the_owner_comes_in_and_the_guesser_does_not(
    served, at_socket, tmp_path
):
    where, connect = at_socket
    port = free_port()
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        NGINX.format(folder=tmp_path, port=port, server=where.removeprefix("unix:"))
    )

    def in_front():
        return http.client.HTTPConnection("127.0.0.1", port)

    nginx = (shutil.which("nginx"), "-c", configuration, "-p", tmp_path)
    with served(where, connect, proxies=1), running(nginx, in_front):
        guesser = {"X-Client": GUESSER, "X-Forwarded-For": OWNER}
        assert guess(lambda: Browser(in_front, **guesser)) == LIMITED
        assert Browser(in_front, **{"X-Client": OWNER}).sign_in(PASSWORD) == 302

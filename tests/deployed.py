"""The site as it is deployed, with the files in ``deploy``: its programs are real.

nginx with TLS, gunicorn on a unix socket or a port, a worker, and before PostgreSQL
PgBouncer that pools transactions, each with its files in a folder.
"""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests import PROJECT
from tests.browsing import WAIT

NEEDED = ["nginx", "openssl", *["pgbouncer"] * (connection.vendor == "postgresql")]
needs_its_programs = pytest.mark.skipif(
    not all(map(shutil.which, NEEDED)),
    reason="Debian and Ubuntu: apt install nginx-light pgbouncer",
)

HOST = "record.example.org"
AROUND = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {site}
}}
"""
BOUNCING = """
[databases]
{name} = host={host} user=postgres
[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
listen_port = 6432
auth_type = any
pool_mode = transaction
default_pool_size = 4
"""


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def running(*command, **environment):
    """While this lasts a program of the site runs; what it ``said`` is in a file."""
    with TemporaryFile("w+") as said:  # a pipe that nobody reads would fill
        program = subprocess.Popen(
            [str(part) for part in command],
            cwd=PROJECT,
            env={**os.environ, **environment},
            stderr=said,
        )
        program.said = said
        try:
            yield program
        finally:
            program.terminate()
            program.wait(timeout=30)


def pooled(url, folder, stack):
    """The address of a database through PgBouncer; that of SQLite as it is."""
    told = urlsplit(url)
    if connection.vendor != "postgresql":
        return url
    host, _slash, name = told.path.rpartition("/")
    host = Path(host[1:])
    ini = folder / "pgbouncer.ini"
    ini.write_text(BOUNCING.format(name=name, host=host, folder=folder))
    as_other = []
    if os.geteuid() == 0:  # which it refuses to run as
        as_other = ["-u", host.owner()]
        shutil.chown(folder, host.owner())
        for above in (folder, *folder.parents):
            above.chmod(above.stat().st_mode | 0o011)
    stack.enter_context(running("pgbouncer", *as_other, ini))
    return urlunsplit(told._replace(path=f"/{folder}/{name}", query="port=6432"))


def site_of(folder, port, upstream):
    """The configuration of nginx around that of the site, on this machine alone."""
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", f"/CN={HOST}", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", "key.pem", "-out", "chain.pem"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    text = (PROJECT / "deploy" / "nginx.conf").read_text()
    for ours, here in {
        "unix:/run/bordersec/site.sock": upstream,
        "listen 443": f"listen 127.0.0.1:{port}",
        "listen 80": f"listen 127.0.0.1:{free_port()}",
        f"/etc/letsencrypt/live/{HOST}/fullchain.pem": f"{folder}/chain.pem",
        f"/etc/letsencrypt/live/{HOST}/privkey.pem": f"{folder}/key.pem",
    }.items():
        assert ours in text
        text = text.replace(ours, here)
    kept = [line for line in text.splitlines() if "listen [::]" not in line]
    (folder / "nginx.conf").write_text(
        AROUND.format(folder=folder, site="\n".join(kept))
    )
    return folder / "nginx.conf"


class Deployed:
    """The site as a client reaches it."""

    def __init__(self, port, certificate, programs):
        self.port, self.programs = port, programs  # gunicorn, the worker, nginx
        self.context = ssl.create_default_context(cafile=certificate)

    def connected(self):
        """A connection that nothing was sent by."""
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, context=self.context, timeout=60
        )

    def get(self, address, method="GET", body=None, **headers):
        """The answer, and its text."""
        asking = self.connected()
        asking.request(method, address, body, {"Host": HOST, **headers})
        answer = asking.getresponse()
        text = answer.read().decode()
        asking.close()
        return answer, text

    def wait(self):
        until = time.monotonic() + WAIT
        while True:
            for program in self.programs:
                if program.poll() is not None:
                    program.said.seek(0)
                    pytest.fail(program.said.read())
            try:
                answer, text = self.get("/readyz")
                if answer.status == 200:
                    return
            except OSError:
                text = "nothing"
            assert time.monotonic() < until, text
            time.sleep(0.2)


@contextmanager
def site_on(url, folder, listen="", **settings):
    """While this lasts the site runs on the database at a URL."""
    listen = listen or f"unix:{folder}/site.sock"
    with ExitStack() as stack:
        environment = {
            "DATABASE_URL": url,
            "DEBUG": "0",
            "ALLOWED_HOSTS": HOST,
            "SECRET_KEY": "a-long-random-text-that-nobody-else-has-0123456789-abc",
            "TRUSTED_PROXIES": "1",
            "WORKER": "1",
            "LOG": "json",
            "FILES": str(folder / "files"),
            "KEPT_FILES": str(folder / "kept"),
            "LISTEN": listen,
            "PROCESSES": "2",
            **settings,
        }
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput"],
            cwd=PROJECT,
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
        )
        port = free_port()
        begin = ("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py")
        programs = [
            stack.enter_context(running(*command, **environment))
            for command in (
                (sys.executable, *begin, "bordersec.wsgi"),
                (sys.executable, "manage.py", "db_worker", "--no-reload"),
                ("nginx", "-c", site_of(folder, port, listen)),
            )
        ]
        site = Deployed(port, folder / "chain.pem", programs)
        site.wait()
        yield site

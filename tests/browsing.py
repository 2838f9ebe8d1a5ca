"""A site of its own with the curated record, for a real browser to go to."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.db import connection

PROJECT = Path(__file__).parent.parent
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = (
    "There is no Chromium here, so what the pages do in a browser is not tested. "
    "Debian and Ubuntu: apt install chromium fonts-noto-core"
)
WAIT = 60  # seconds for the site to answer


def browser_program():
    """The path of the system's Chromium; without one the test is skipped, but in CI."""
    for name in PROGRAMS:
        if path := shutil.which(name):
            return path
    if os.environ.get("CI"):
        pytest.fail(NO_BROWSER)
    pytest.skip(NO_BROWSER)


def browser_options():
    """How Chromium is started: that of the system, and as root without its sandbox."""
    as_root = [] if os.geteuid() else ["--no-sandbox"]
    return {
        "executable_path": browser_program(),
        "args": [*as_root, "--disable-background-networking"],
    }


@contextmanager
def a_database(folder):
    """The address of an empty database, of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'site.sqlite3'}"
        return
    name = f"{connection.settings_dict['NAME']}_site"
    url = urlsplit(os.environ["DATABASE_URL"])
    above, _slash, _name = url.path.rpartition("/")
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    yield url._replace(path=f"{above}/{name}").geturl()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def a_site(folder, **environment):
    """The address of a site that runs, with the curated record and a curator."""
    with a_database(folder) as url:
        told = {**os.environ, **environment, "DATABASE_URL": url}
        # Only its own process is asynchronous, if any: not that of the tests.
        told.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)

        def manage(*arguments, **options):
            command = [sys.executable, "manage.py", *arguments]
            return subprocess.run(
                command,
                cwd=PROJECT,
                env=told,
                check=True,
                capture_output=True,
                **options,
            )

        manage("migrate", "--verbosity", "0")
        manage("load", "fixtures")
        manage("shell", "--no-imports", "-c", A_MANAGER)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", address],
            cwd=PROJECT,
            env=told,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://{address}/api/v1/", server)
            yield f"http://{address}"
        finally:
            server.terminate()
            server.wait(30)


NAME, PASSWORD = "ana", "a-long-one-for-tests"
A_MANAGER = f"""
from django.contrib.auth.models import Group, User
user = User.objects.create_user({NAME!r}, password={PASSWORD!r}, is_staff=True)
user.groups.set(Group.objects.all())
"""


def _wait_for(address, server):
    """Asks until it is answered: a site takes a moment to start."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        assert server.poll() is None, "the site has stopped"
        try:
            with urlopen(address):  # noqa: S310  an address of ours
                return
        except OSError:
            continue
    pytest.fail("the site does not answer")

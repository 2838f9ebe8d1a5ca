"""A site that runs on a database of its own, for a real browser to go to."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import PROJECT

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = (
    "There is no Chromium here, so what the pages do in a browser is not tested. "
    "Debian and Ubuntu: apt install chromium fonts-noto-core"
)
WAIT = 60  # seconds for the site to answer
WIDE, PHONE, NARROW = (1280, 900), (390, 800), (320, 640)
# WCAG 2.2, levels A and AA, as far as a program can tell.
LAW = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


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
        "args": [*as_root, "--disable-background-networking", "--disable-gpu"],
    }


@contextmanager
def a_site(url, **environment):
    """The address of a site that runs on the database at this URL, with a curator."""
    told = {**os.environ, **environment, "DATABASE_URL": url}
    # Only its own process is asynchronous, if any: not that of the tests.
    told.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    manage(url, "shell", "--no-imports", "-c", A_MANAGER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", address],
        cwd=PROJECT,
        env={**told, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_begun(server)
        _wait_for(f"http://{address}/api/v1/", server)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait(30)
        server.stdout.close()


def manage(url, *arguments):
    """Runs a command of the project on the database at this URL."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": url},
        check=True,
        capture_output=True,
    )


NAME, PASSWORD = "ana", "a-long-one-for-tests"
A_MANAGER = f"""
from django.contrib.auth.models import Group, User
user = User.objects.create_user({NAME!r}, password={PASSWORD!r}, is_staff=True)
user.groups.set(Group.objects.all())
"""


def _wait_until_begun(server):
    """Reads until the site says where it is: who asks all the while slows it down."""
    while (line := server.stdout.readline()) and b"server at" not in line:
        pass


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


def going(site, page):
    """Goes to a page and notes what it asks of others, and what it complains of."""
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def go(address, size=WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(site + address)
        assert [url for url in asked if not url.startswith((site, "data:"))] == []
        page.complaints = [text for text in complaints if "status of 4" not in text]
        return page

    return go


def violations(page, tags=(*LAW, "best-practice")):
    """What of the rules of accessibility a page breaks, each with where."""
    rules = {"runOnly": {"type": "tag", "values": list(tags)}}
    rules |= {"resultTypes": ["violations"]}  # what is right it need not describe
    found = Axe().run(page, options=rules).response["violations"]
    return [
        (each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found
    ]

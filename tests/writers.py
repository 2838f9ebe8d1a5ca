"""Programs that write one record at the same time, each a process of its own.

    python -m tests.writers WRITERS LEAST ALL [unchecked]

Each reads the record, adds a mark of its own to what it has read and sends it back for
the version that it has read, over the API, by a form or in a file that is imported; if
somebody was faster, it begins again. They end when together they have written so many
marks, and each of them the least: nobody goes on alone for long who is slow. It prints,
as JSON, how many marks each wrote, and how often each status was answered. All meet at
the first mark: of what they read then only one can be written as it is. Whether the API
compares versions can be switched off, to see that marks are lost then.
"""

import json
import multiprocessing
import os
import random
import sys
import time
from collections import Counter

import django
from django.test.utils import setup_test_environment

from tests.at_once import at_once

ADDRESS = "/api/v1/officials/ana/"
LATER = 0.4  # seconds after which at the latest somebody tries again
TOKEN = "WRITERS_TOKEN"  # the variable in the environment that holds it


class ByTheAPI:
    """Sends what is changed for the version that was read."""

    def __init__(self):
        from rest_framework.test import APIClient

        self.client = APIClient(raise_request_exception=False, SERVER_NAME="testserver")
        self.client.credentials(HTTP_AUTHORIZATION=f"Token {os.environ[TOKEN]}")

    def read(self):
        """What the note says."""
        self.answer = self.client.get(ADDRESS)
        return self.answer.json()["public_note"]

    def write(self, note):
        """The status of the answer to another note: 412 if somebody was faster."""
        headers = {"HTTP_IF_MATCH": self.answer["ETag"]}
        return self.client.patch(ADDRESS, {"public_note": note}, **headers).status_code


class AtTheDesk(ByTheAPI):
    """What a browser of somebody who is signed in does."""

    def __init__(self):
        from django.contrib.auth.models import User
        from django.test import Client

        super().__init__()
        self.desk = Client(raise_request_exception=False, SERVER_NAME="testserver")
        self.desk.force_login(User.objects.get(username="writer"))


class ByForm(AtTheDesk):
    """Opens the form and saves it."""

    def read(self):
        from entities.models import Official
        from tests.curating import address

        self.page = address(Official, "change", Official.objects.get(slug="ana").pk)
        self.form = self.desk.get(self.page)
        return self.form.context["adminform"].form["public_note"].value()

    def write(self, note):
        from tests.curating import filled

        answer = self.desk.post(self.page, filled(self.form, public_note=note))
        status = answer.status_code
        return {302: 200, 200: 412, 409: 412}.get(status, status)


class ByImport(AtTheDesk):
    """Imports a file, if its preview is of what was read."""

    def write(self, note):
        from entities.models import Official
        from tests.importing import confirm, upload

        text = f"slug,public_note\r\nana,{note}\r\n"
        page = upload(self.desk, text, Official, "officials")
        if page.status_code == 503:
            return 503
        if self.client.get(ADDRESS)["ETag"] != self.answer["ETag"]:
            return 412
        kept = page.context["upload"]
        answer = confirm(self.desk, page)
        kept.refresh_from_db()
        return 200 if kept.change_id else max(answer.status_code, 412)


# A form and a file cost many times what a request of a program does.
WAYS = (ByTheAPI, ByForm, ByImport, ByTheAPI, ByTheAPI, ByTheAPI, ByTheAPI, ByTheAPI)


def write(number, way, least, wanted, written, meet):
    """Adds marks to the note of the record, each once; how many, and what it was told.

    ``written`` is how many all have written.
    """
    way, answered = way(), Counter()
    while answered[200] < least or written.value < wanted:
        note = f"{way.read()} w{number}.{answered[200]}".strip()
        if not answered.total():
            meet.wait()
        status = way.write(note)
        answered[status] += 1
        if status == 200:
            with written.get_lock():
                written.value += 1
        elif status in (412, 503):  # the last where a machine is slow
            time.sleep(random.uniform(0, LATER))  # or all would read the same again
        else:
            sys.stderr.write(f"{way}: {status}")
            break
    return number, dict(answered)


def compare_no_versions():
    """Takes away the protection that is tried here."""
    from provenance.api.writes import WritesRecords

    WritesRecords.as_named = lambda view, key: view.locked(**key)


def main(writers, least, wanted, *options):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    django.setup()
    setup_test_environment()  # so that pages say what their forms hold
    ways = WAYS
    if "unchecked" in options:
        ways = (ByTheAPI,)
        compare_no_versions()
    written = multiprocessing.get_context("fork").Value("i", 0)
    told = (int(least), int(wanted), written)
    numbers = range(int(writers))
    calls = [(number, ways[number % len(ways)], *told) for number in numbers]
    answers = dict(at_once(write, *calls))
    marks = [answers[number].get(200, 0) for number in numbers]
    print(json.dumps([marks, sum(map(Counter, answers.values()), Counter())]))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Programs that write one record at the same time, each a process of its own.

    python -m tests.writers WRITERS MARKS [unchecked]

Each reads the record, adds a mark of its own to what it has read and sends it back for
the version that it has read, over the API, by a form or in a file that is imported; if
somebody was faster, it begins again. It prints, as
JSON, how often each status was answered. All meet at the first mark: of what they read
then only one can be written as it is. Whether versions are compared can be switched
off, to see that marks are lost then.
"""

import json
import os
import sys
from collections import Counter

import django
from django.test.utils import setup_test_environment

from tests.at_once import at_once

ADDRESS = "/api/v1/officials/ana/"
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


WAYS = (ByTheAPI, ByForm, ByImport)


def write(number, marks, meet):
    """Adds so many marks to the note of the record, each once; what was answered."""
    way, answered = WAYS[number % len(WAYS)](), Counter()
    for mark in range(marks):
        written = False
        while not written:
            note = f"{way.read()} w{number}.{mark}".strip()
            if not answered:
                meet.wait()
            status = way.write(note)
            answered[status] += 1
            written = status == 200
            if status not in (200, 412, 503):  # the last where a machine is slow
                sys.stderr.write(f"{way}: {status}")
                break
    return dict(answered)


def compare_no_versions():
    """Takes away the protection that is tried here."""
    from provenance.api.writes import WritesRecords

    WritesRecords.as_named = lambda view, key: view.locked(**key)


def main(writers, marks, *options):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    django.setup()
    setup_test_environment()  # so that pages say what their forms hold
    if "unchecked" in options:
        compare_no_versions()
    answered = Counter()
    calls = [(number, int(marks)) for number in range(int(writers))]
    for statuses in at_once(write, *calls):
        answered.update(statuses)
    print(json.dumps(answered))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Programs that write one record at the same time, each a process of its own.

    python -m tests.writers WRITERS MARKS [unchecked]

Each reads the record, adds a mark of its own to what it has read and sends it back for
the version that it has read; if somebody was faster, it begins again. It prints, as
JSON, how often each status was answered. All meet at the first mark: of what they read
then only one can be written as it is. Whether versions are compared can be switched
off, to see that marks are lost then.
"""

import json
import os
import sys
from collections import Counter

import django

from tests.at_once import at_once

ADDRESS = "/api/v1/officials/ana/"
TOKEN = "WRITERS_TOKEN"  # the variable in the environment that holds it


def write(name, marks, meet):
    """Adds so many marks to the note of the record, each once; what was answered."""
    from rest_framework.test import APIClient

    client = APIClient(raise_request_exception=False, SERVER_NAME="localhost")
    client.credentials(HTTP_AUTHORIZATION=f"Token {os.environ[TOKEN]}")
    answered = Counter()
    for number in range(marks):
        mark, written = f"{name}.{number}", False
        while not written:
            read = client.get(ADDRESS)
            note = f"{read.json()['public_note']} {mark}".strip()
            if not answered:
                meet.wait()
            answer = client.patch(
                ADDRESS, {"public_note": note}, HTTP_IF_MATCH=read["ETag"]
            )
            answered[answer.status_code] += 1
            written = answer.status_code == 200
            if answer.status_code not in (200, 412):
                sys.stderr.write(answer.content.decode())
                break
    return dict(answered)


def compare_no_versions():
    """Takes away the protection that is tried here."""
    from provenance.api.writes import WritesRecords

    WritesRecords.as_named = lambda view, key: view.locked(**key)


def main(writers, marks, *options):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    django.setup()
    if "unchecked" in options:
        compare_no_versions()
    answered = Counter()
    calls = [(f"w{number}", int(marks)) for number in range(int(writers))]
    for statuses in at_once(write, *calls):
        answered.update(statuses)
    print(json.dumps(answered))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Programs that write one record at the same time, each a process of its own.

    python -m tests.writers WRITERS MARKS [unchecked]

Each reads the record, adds a mark of its own to what it has read and sends it back for
the version that it has read; if somebody was faster, it begins again. It prints, as
JSON, how often each status was answered. All meet at the first mark: of what they read
then only one can be written as it is. Whether versions are compared can be switched
off, to see that marks are lost then.
"""

import json
import multiprocessing
import os
import sys
from collections import Counter

import django

ADDRESS = "/api/v1/officials/ana/"
TOKEN = "WRITERS_TOKEN"  # the variable in the environment that holds it


def write(name, marks, meet, statuses):
    """Adds so many marks to the note of the record, each once."""
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
    statuses.put(dict(answered))


def together(work, processes, *arguments):
    """What so many processes answer, which do something once all of them are there."""
    fork = multiprocessing.get_context("fork")
    meet, answers = fork.Barrier(processes), fork.SimpleQueue()
    started = [
        fork.Process(target=work, args=(f"w{number}", *arguments, meet, answers))
        for number in range(processes)
    ]
    for process in started:
        process.start()
    answered = [answers.get() for _process in started]
    for process in started:
        process.join()
    return answered


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
    for statuses in together(write, int(writers), int(marks)):
        answered.update(statuses)
    print(json.dumps(answered))


if __name__ == "__main__":
    main(*sys.argv[1:])

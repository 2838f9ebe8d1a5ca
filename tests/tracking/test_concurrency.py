"""Many processes that write one record at once: each write is there, or was refused."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from django.db import connection
from knox.models import get_token_model

from entities.models import Official, Place
from provenance.models import Upload
from provenance.tracking.changes import ChangeSet
from tests import make
from tests.at_once import PATIENCE, for_others
from tests.curating import address, filled, superuser
from tests.depth import in_depth, times
from tests.importing import NOGALES, PLACES, upload
from tests.replaying import replayed, tables
from tests.writers import TOKEN

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, LEAST, ALL = times((3, 2, 6), (8, 5, 100), (8, 3, 200))


@pytest.fixture
def token(django_user_model):
    """The token of a program that may write everything."""
    user = django_user_model.objects.create_superuser("writer")
    return get_token_model().objects.create(user=user)[1]


class Elsewhere:
    """The database of a test as other processes reach it."""

    def __init__(self, folder, token):
        self.url, self.token = for_others(folder), token

    def run(self, *arguments, program="writers"):
        """Runs the writers, or others; what they print, and what was logged."""
        done = subprocess.run(
            [sys.executable, "-m", f"tests.{program}", *map(str, arguments)],
            env={**os.environ, "DATABASE_URL": self.url, TOKEN: self.token},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout), done.stderr

    def read_back(self):
        """Puts what was written there where this test reads."""
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(urlsplit(self.url).path)) as file:
                file.backup(connection.connection)


@pytest.fixture
def elsewhere(token, tmp_path):
    """Where the writers write; with it the record that they do it to."""
    make.an_official("Ana", slug="ana")
    return Elsewhere(tmp_path, token)


FAILING = """
from tests.at_once import at_once
def work(number, meet):
    1 / number
    meet.wait()
at_once(work, (0,), (1,), (2,))
"""


def test_nobody_waits_for_one_of_them_that_has_failed():
    """Less than as long as they have patience, or this fails itself."""
    done = subprocess.run(
        [sys.executable, "-c", FAILING],
        capture_output=True,
        text=True,
        timeout=PATIENCE / 2,
        check=False,
    )
    assert done.returncode == 1
    assert "Not all have ended well: [1, 1, 1]." in done.stderr


@pytest.mark.proves("edits of one record at once")
def test_no_update_is_lost(elsewhere, figure):
    (written, statuses), said = elsewhere.run(WRITERS, LEAST, ALL)
    elsewhere.read_back()
    assert statuses.keys() - {"503"} == {"200", "412"}, said
    wanted = {f"w{of}.{n}" for of, number in enumerate(written) for n in range(number)}
    assert statuses["200"] == len(wanted) >= ALL
    assert statuses["412"] >= WRITERS - 1  # of those who met, one was first
    official = Official.objects.get()
    marks = official.public_note.split()
    figure(len(wanted), len(wanted - set(marks)))
    assert len(marks) == len(wanted)
    assert set(marks) == wanted
    assert official.version == 1 + len(wanted)
    past = list(official.history.order_by("history_id"))
    assert [row.version for row in past] == list(range(1, official.version + 1))
    for place, row in enumerate(past):
        assert row.public_note.split() == marks[:place]
    numbers = [row.change_set_id for row in past]
    assert numbers == sorted(set(numbers))
    assert ChangeSet.objects.count() == len(past)
    assert replayed() == tables()


@in_depth("It shows that the test above can fail.")
def test_updates_are_lost_where_no_versions_are_compared(elsewhere):
    (_written, statuses), _said = elsewhere.run(WRITERS, 1, 1, "unchecked")
    elsewhere.read_back()
    assert statuses == {"200": WRITERS}
    assert len(Official.objects.get().public_note.split()) == 1


@in_depth("Others meet in the quick run, by the same means.")
def test_an_import_that_is_confirmed_at_once_is_made_once(client, tmp_path):
    seen = upload(superuser(client), PLACES + NOGALES).context
    page, seal = seen["at"], seen["upload"].seal
    elsewhere = Elsewhere(tmp_path, client.session.session_key)
    sent = json.dumps({"seal": seal})
    answers, said = elsewhere.run(WRITERS, page["confirm"], sent, program="senders")
    elsewhere.read_back()
    assert answers == [[303, page["upload"]]] * WRITERS, said
    change = ChangeSet.objects.get()
    assert Place.objects.get().history.get().change_set == change
    assert Upload.objects.get().change == change
    assert client.get(page["upload"]).context["report"]["counts"]["new"] == 1


def test_a_form_that_is_sent_twice_at_once_is_saved_once(client, tmp_path):
    page = superuser(client).get(address(Place, "add"))
    sent = json.dumps(filled(page, name="Villa", kind="city"), default=str)
    elsewhere = Elsewhere(tmp_path, client.session.session_key)
    answers, said = elsewhere.run(
        WRITERS, address(Place, "add"), sent, program="senders"
    )
    elsewhere.read_back()
    assert sorted(status for status, _to in answers) == [200] * (WRITERS - 1) + [302]
    assert Place.objects.get().history.count() == 1, said

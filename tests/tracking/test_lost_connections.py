"""A connection to the server that is lost on the way: nothing half, and on it goes.

The server ends it before one of the statements of a request or of a worker. What comes
after the commit, such as a session that is saved, is lost with all of it on record.
"""

import random
from contextlib import contextmanager, suppress
from copy import deepcopy
from itertools import count

import psycopg
import pytest
from django.core.management import call_command
from django.db import Error, connection

from entities.models import Place
from provenance.models import ChangeSet, Upload
from tests.depth import drawn_by, in_depth, times
from tests.importing import NOGALES, PLACES
from tests.replaying import replayed, tables
from tests.ways_to_write import WAYS, Writers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="There is no server to lose."
    ),
    in_depth("The quick run tries the same answers where nothing can be written."),
]

GONE = "The database does not answer; try again in a moment."
CYCLES = times(2, 2, 10)  # of each way


def end_it():
    """Ends the connection as a server does that is shut down."""
    told = connection.settings_dict
    with psycopg.connect(
        host=told["HOST"], user=told["USER"], dbname="postgres", autocommit=True
    ) as other:
        other.execute(
            "SELECT pg_terminate_backend(%s, 5000)",
            [connection.connection.info.backend_pid],
        )


@contextmanager
def lost_before(number):
    """While this lasts the connection is lost once: before the statement so numbered.

    Yields what counts the statements.
    """
    made = count(1)

    def ending(execute, *asked):
        if next(made) == number:
            end_it()
        return execute(*asked)

    with connection.execute_wrapper(ending):
        yield made


@pytest.fixture
def losing(templates):
    """Yields, as often as is tried, what has begun anew and loses a statement.

    ``begin`` gives what is handed to the act; with it comes what is on record before.
    """

    def cycles(name, begin, act):
        chance, begun = random.Random(f"{drawn_by()} {name}"), begin()
        before, begin_anew = on_record(), templates.mark()
        with lost_before(0) as made:
            act(begun)
        statements = next(made) - 1
        for _cycle in range(CYCLES):
            begin_anew()
            yield deepcopy(begun), before, chance.randint(1, statements)

    return cycles


def on_record():
    """The record, with what history makes of it, and the changes."""
    changes = list(ChangeSet.objects.values_list("number", "path"))
    return tables(), replayed(), changes


def is_one_more(record, before):
    """Whether there is one change more on record, with a history that tells of it."""
    now, replayed_now, changes = record
    return now == replayed_now and len(changes) == len(before[-1]) + 1


@pytest.mark.proves("connections that are lost in a request")
@pytest.mark.parametrize("way", WAYS)
def test_a_request_is_done_or_not_begun_says_so_and_can_be_repeated(
    losing, figure, way
):
    for writers, before, number in losing(way, Writers, WAYS[way]):
        with lost_before(number):
            answer = WAYS[way](writers)
        said = answer.status_code, answer.content.decode(), answer.get("Retry-After")
        is_told = said[0] == 503 and GONE in said[1] and said[2] == "1"
        now = on_record()
        is_half = now != before and not is_one_more(now, before)
        figure(1, is_half or not is_told)
        assert is_told, (number, said)
        assert not is_half, number
        if now == before:
            again = WAYS[way](writers)
            assert again.status_code < 400, again.content.decode()
            assert replayed() == tables()


def work():
    """Does all that waits, as a worker that is started."""
    call_command("db_worker", "--batch", "--no-startup-delay", "--no-reload", "-v0")


def asked(writers=None):
    """Who has sent a table for a worker."""
    writers = writers or Writers()
    table = (PLACES + NOGALES.replace("nogales", "tucson")).encode()
    answer = writers.program.generic(
        "POST",
        "/api/v1/imports/?table=places",
        table,
        "text/csv",
        HTTP_PREFER="respond-async",
    )
    assert answer.status_code == 202
    return writers


@pytest.mark.proves("connections that are lost in a worker")
def test_a_worker_ends_with_nothing_written_and_another_can_do_the_same(
    settings, tmp_path, losing, figure
):
    settings.WORKER, settings.KEPT_FILES = True, tmp_path
    for writers, before, number in losing("a worker", asked, lambda _writers: work()):
        with lost_before(number), suppress(Error):
            work()
        connection.close()
        wrote = on_record() != before
        told = Upload.objects.filter(change__isnull=False).exists()
        figure(1, wrote != told)
        assert wrote == told, number
        work()
        if not Place.objects.filter(slug="tucson").exists():
            asked(writers)
            work()
        assert Place.objects.get(slug="tucson").history.count() == 1
        assert replayed() == tables()

"""A clock that jumps back between two changes: order, caches and queue go on as before.

What counts is in which order things were committed, and not what a clock said then.
"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command

from entities.models import Place
from provenance.api.throttling import Strangers
from provenance.models import ChangeSet
from tests.depth import in_depth
from tests.importing import NOGALES, PLACES
from tests.replaying import change_numbers, replayed, tables
from tests.ways_to_write import Writers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    in_depth("What each change takes as its moment is tried with the changes."),
]

NOON = datetime(2026, 5, 2, 12, tzinfo=UTC)
JUMPS = {  # how far it jumps back
    "an hour": timedelta(hours=1),
    "over midnight": timedelta(hours=13),
    "a microsecond": timedelta(microseconds=1),
    "ten years": timedelta(days=3652),
}


@pytest.mark.proves("clocks that jump back between two changes")
@pytest.mark.parametrize("jump", JUMPS)
def test_history_keeps_the_order_in_which_it_was_written(figure, jump):
    with time_machine.travel(NOON, tick=False) as clock:
        writers, notes = Writers(), []
        for number in range(4):
            tag = writers.program.get("/api/v1/places/nogales/")["ETag"]
            answer = writers.program.patch(
                "/api/v1/places/nogales/",
                {"public_note": f"note {number}"},
                HTTP_IF_MATCH=tag,
            )
            assert answer.status_code == 200
            assert answer["ETag"] != tag
            notes.append(f"note {number}")
            clock.shift(-JUMPS[jump] if number == 1 else timedelta(0))
        place = Place.objects.get(slug="nogales")
        past = list(place.history.order_by("history_id"))
        is_right = (
            [row.public_note for row in past][-4:] == notes
            and change_numbers() == sorted(change_numbers())
            and [row.version for row in past] == list(range(1, place.version + 1))
            and replayed() == tables()
        )
        figure(1, not is_right)
        assert is_right
        # Of each moment that a change has, what was known is what it had written.
        clock.move_to(NOON + timedelta(days=1))
        for row in past[-4:]:
            at = row.change_set.at.isoformat().replace("+00:00", "Z")
            asked = {"known_at": at}
            known = writers.program.get("/api/v1/places/nogales/", asked).json()
            assert known["public_note"] == row.public_note


@pytest.fixture
def clock():
    """One that stands still, at noon."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def test_who_is_signed_in_stays_so_and_who_signs_in_is(clock):
    writers = Writers()
    clock.shift(-JUMPS["an hour"])
    assert writers.browser.get("/admin/").status_code == 200
    assert writers.sign_in().status_code == 302


def test_no_answer_of_before_is_taken_for_a_later_one(clock, client):
    """By the tag of a page, which a browser keeps."""
    writers = Writers()
    tag = client.get("/places/nogales/")["ETag"]
    clock.shift(-JUMPS["an hour"])
    known = {"If-None-Match": tag}
    assert client.get("/places/nogales/", headers=known).status_code == 304
    assert writers.patch().status_code == 200
    answer = client.get("/places/nogales/", headers=known)
    assert answer.status_code == 200
    assert answer["ETag"] != tag


def test_what_waits_for_a_worker_is_done(clock, settings, tmp_path):
    settings.WORKER, settings.KEPT_FILES = True, tmp_path
    answer = Writers().program.generic(
        "POST",
        "/api/v1/imports/?table=places",
        (PLACES + NOGALES.replace("nogales", "tucson")).encode(),
        "text/csv",
        HTTP_PREFER="respond-async",
    )
    assert answer.status_code == 202
    clock.shift(-JUMPS["an hour"])
    call_command("db_worker", "--batch", "--no-startup-delay", "--no-reload", "-v0")
    assert Place.objects.get(slug="tucson").history.get().change_set.path == "import"


def test_whoever_asked_too_often_is_not_locked_out_for_the_hour(
    clock, client, monkeypatch
):
    monkeypatch.setattr(Strangers, "THROTTLE_RATES", {"anon": "2/min"})
    cache.clear()
    statuses = [client.get("/api/v1/places/").status_code for _time in range(3)]
    assert statuses == [200, 200, 429]
    clock.shift(-JUMPS["an hour"])
    statuses = [client.get("/api/v1/places/").status_code for _time in range(3)]
    assert statuses == [200, 200, 429]
    cache.clear()


def test_the_changes_of_that_hour_are_what_is_known_once_it_is_over(clock, client):
    """Until then a moment of the clock is one from before them."""
    writers = Writers()
    changes = ChangeSet.objects.count()
    clock.shift(-JUMPS["an hour"])
    assert writers.patch().status_code == 200
    assert ChangeSet.objects.count() == changes + 1
    asked = {"known_at": f"{NOON - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"}
    assert client.get("/api/v1/places/nogales/", asked).status_code == 404
    clock.shift(timedelta(hours=2))
    asked = {"known_at": f"{NOON + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"}
    known = client.get("/api/v1/places/nogales/", asked).json()
    assert known["public_note"] == "x"

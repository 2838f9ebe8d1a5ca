"""Nobody tells from what they may read whether anything else is there."""

import re
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace

import pytest
import time_machine
from rest_framework.test import APIClient

from provenance.api.json_queries import KEPT
from provenance.tracking.changes import changing
from tests import make
from tests.depth import DEPTH, in_depth
from tests.planting import (
    CANARY,
    HIDDEN,
    everything_that_can_be_read,
    public_record,
    secrets,
    taken_back,
)
from timeline.pages.through_time import in_common, in_time, in_window

pytestmark = pytest.mark.django_db


def without_version(answer):
    """An answer without the traces that writing to a record of its own leaves."""
    return (
        re.sub(rb'"(updated_at|version)":[^,}]*', b"", answer[1])
        if (isinstance(answer, tuple))
        else answer
    )


@changing("other")
def more_of_each(status, word):
    """One more record of every kind, none of which is public, nor made public."""
    hidden = {"status": status, "private_note": word}
    agency = make.an_agency(**hidden)
    post = make.a_post(agency=agency, **hidden)
    official, metric = make.an_official(**hidden), make.a_metric(**hidden)
    make.an_appointment(official, post, **hidden)
    make.an_observation(metric, **hidden)
    make.a_code(make.a_dimension(**hidden), **hidden)
    make.a_statement(official=official, **hidden)
    for maker in set(make.RECORDS.values()) - {
        make.an_agency,
        make.a_post,
        make.an_official,
        make.a_metric,
        make.an_appointment,
        make.an_observation,
        make.a_dimension,
        make.a_code,
        make.a_statement,
    }:
        maker(**hidden)


def all_read(api):
    """All that a stranger reads, with editions counted from here, and nothing kept."""
    for kept in (in_common, in_time, in_window, KEPT):
        kept.forget()
    return everything_that_can_be_read(api)


@contextmanager
def numbered_editions():
    """Editions whose tokens tell how many there were before since this began."""
    with (
        pytest.MonkeyPatch.context() as patch,
        taken_back(),
    ):
        numbers = map(str, count(1))
        patch.setattr("secrets.token_hex", lambda _bytes: next(numbers))
        yield


@pytest.fixture(scope="module")
def read(django_db_setup, django_db_blocker):
    """All that a stranger reads: of a public record, with secrets behind, with others.

    The others are as many on the side of the public, say other things, and are more.
    """
    api, found = APIClient(), SimpleNamespace()
    with (
        django_db_blocker.unblock(),
        taken_back(),
        time_machine.travel("2026-05-05T12:00:00Z", tick=False),
    ):
        public = public_record()
        if DEPTH == "deep":
            found.alone = all_read(api)
        with numbered_editions():
            hidden = secrets(public)
            found.beside = all_read(api)
            found.of_hidden = {
                api.get(f"/api/v1/{each.collection}/{each.slug}/").content
                for each in hidden
            }
            found.of_nobody = api.get("/api/v1/officials/nobody/").content
        for record in public.values():
            record.refresh_from_db()
        with numbered_editions():
            secrets(public, "frobnicate")
            for status in HIDDEN:
                more_of_each(status, "frobnicate")
            found.beside_others = all_read(api)
    return found


def test_a_stranger_is_told_of_nothing_that_is_hidden(read):
    assert read.of_hidden == {read.of_nobody}
    for address, answer in read.beside.items():
        assert CANARY not in str(answer), address


@in_depth("Then two databases that differ in what is hidden would differ.")
def test_a_stranger_cannot_tell_that_there_is_anything_else(read):
    assert len(read.alone) > 50
    assert read.alone.keys() == read.beside.keys()
    for address, answer in read.alone.items():
        if isinstance(address, tuple) and "headers" in address:
            continue  # a version is in them as well
        assert without_version(answer) == without_version(read.beside[address])


def test_two_databases_that_differ_in_drafts_alone_answer_the_same_bytes(read):
    """Each has as much hidden behind the public record, and says other things in it."""
    one, other = read.beside, read.beside_others
    assert one.keys() == other.keys()
    assert len(one) > 100
    for at in one:
        assert one[at] == other[at], at

"""Nobody tells from what they may read whether anything else is there."""

import re
from contextlib import contextmanager

import pytest
import time_machine
from django.db import transaction

from provenance.changes import changing
from tests import make
from tests.planting import (
    CANARY,
    HIDDEN,
    everything_that_can_be_read,
    public_record,
    secrets,
)

pytestmark = pytest.mark.django_db


@contextmanager
def taken_back():
    """What is done in here is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def without_version(answer):
    """An answer without the traces that writing to a record of its own leaves."""
    return (
        re.sub(rb'"(updated_at|version)":[^,}]*', b"", answer[1])
        if (isinstance(answer, tuple))
        else answer
    )


def test_a_stranger_cannot_tell_that_there_is_anything_else(api):
    public = public_record()
    before = everything_that_can_be_read(api)
    assert len(before) > 50
    with taken_back():
        hidden = secrets(public)
        after = everything_that_can_be_read(api)
        addresses = [f"/api/v1/{r.collection}/{r.slug}/" for r in hidden]
        assert {api.get(a).content for a in addresses} == {
            api.get("/api/v1/officials/nobody/").content
        }
    for address, answer in after.items():
        assert CANARY not in str(answer), address
    assert before.keys() == after.keys()
    for address in before:
        if isinstance(address, tuple) and "headers" in address:
            continue  # a version is in them as well
        assert without_version(before[address]) == without_version(after[address])


@changing("other")
def more_of_each(status, word):
    """One more record of every kind, none of which is public, nor made public."""
    hidden = {"status": status, "private_note": word}
    agency = make.an_agency(**hidden)
    post = make.a_post(agency=agency, **hidden)
    official, metric = make.an_official(**hidden), make.a_metric(**hidden)
    make.an_appointment(official, post, **hidden)
    make.an_observation(metric, **hidden)
    for maker in set(make.RECORDS.values()) - {
        make.an_agency,
        make.a_post,
        make.an_official,
        make.a_metric,
        make.an_appointment,
        make.an_observation,
    }:
        maker(**hidden)


def test_two_databases_that_differ_in_drafts_alone_answer_the_same_bytes(api):
    """Each has as much hidden behind the public record, and says other things in it."""
    with time_machine.travel("2026-05-05T12:00:00Z", tick=False):
        public, answers = public_record(), []
        for word, more in ((CANARY, 0), ("frobnicate", 3)):
            with taken_back():
                secrets(public, word)
                for number in range(more):
                    more_of_each(HIDDEN[number], word)
                answers.append(everything_that_can_be_read(api))
            for record in public.values():
                record.refresh_from_db()
    one, other = answers
    assert one.keys() == other.keys()
    assert len(one) > 100
    for at in one:
        assert one[at] == other[at], at

"""Keys: a set like any other, which takes no more memory for more consecutive ones."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.db import keys as module
from provenance.db.keys import WAITING, Keys, in_runs
from provenance.models import ChangeSet

NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.integers(0, 60)
SETS = st.sets(NUMBERS)


@given(st.lists(SETS, max_size=6))
def test_what_is_taken_in_is_there_in_order_and_once(several):
    keys, known = Keys(), set()
    for some in several:
        keys.update(some)
        known |= some
        assert len(keys) == len(known)
    assert list(keys) == sorted(known)
    assert all(key in keys for key in known)
    near = {key + 1 for key in known if key < 2**63 - 1} - known
    assert not any(key in keys for key in near)


@given(SETS, SETS)
def test_two_of_them_are_joined_and_told_apart_as_sets_are(one, other):
    keys, others = Keys(one), Keys(other)
    assert set(keys | others) == one | other
    assert set(keys - others) == one - other
    assert set(keys & others) == one & other
    assert (keys <= others) == (one <= other)
    assert keys == one
    joined = keys.copy()
    joined |= other
    assert set(joined) == one | other
    assert set(keys) == one


@given(SETS, NUMBERS)
def test_one_is_taken_out(some, key):
    keys = Keys(some)
    keys.discard(key)
    assert set(keys) == some - {key}


def test_what_comes_in_any_order_ends_as_runs():
    there = range(0, 50 * WAITING, 2)
    keys = Keys()
    for start in range(0, 50 * WAITING, WAITING):
        keys.update(key for key in there if start <= key < start + WAITING)
    assert list(keys) == list(there)
    assert len(keys._firsts) == len(there)
    keys.update(range(1, 50 * WAITING, 2))
    assert len(keys) == 50 * WAITING
    assert len(keys._firsts) == 1


def test_ten_times_as_many_consecutive_ones_take_the_same_memory():
    def size(number):
        keys = Keys()
        for start in range(1, number, WAITING + 1):
            keys.update(range(start, start + WAITING + 1))
        return sum(map(sys.getsizeof, (keys._firsts, keys._lasts, keys._waiting)))

    assert size(100_000) == size(10_000)


@pytest.mark.django_db
@pytest.mark.parametrize("at_once", [1, 3, 1_000])
def test_runs_find_the_records_of_these_keys_and_no_others(at_once, monkeypatch):
    """Runs and what is scattered, whatever counts as a long run."""
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    rows = [ChangeSet(number=n, at=f"2025-01-01T00:00:{n:02}Z") for n in range(1, 60)]
    ChangeSet.objects.bulk_create(rows)
    wanted = {2, 3, 4, 5, 9, 11, 12, 13, 40, 41, 42, 43, 44, 45, 59, 77}
    for keys in (wanted, Keys(wanted)):
        found = [
            key
            for of_these in in_runs(keys)
            for key in ChangeSet.objects.filter(of_these).values_list("pk", flat=True)
        ]
        assert sorted(found) == sorted(wanted - {77})
    assert list(in_runs(())) == []

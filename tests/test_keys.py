"""Keys: a set like any other, which takes no more memory for more consecutive ones."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from provenance.keys import WAITING, Keys

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

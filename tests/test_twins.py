"""First lines: what a dictionary would say, in a few bytes for each key."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from provenance.resources.twins import FirstLines


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 3).map(str))))
def test_each_key_has_the_line_on_which_it_came_first(keys):
    lines, known = FirstLines(), {}
    for line, key in enumerate(keys, 2):
        assert lines.first(key, line) == known.setdefault(key, line)


def test_a_key_takes_a_few_bytes():
    lines = FirstLines()

    def size():
        return sum(
            sys.getsizeof(column)
            for bucket in lines._buckets.values()
            for column in bucket
        )

    for number in range(100_000):
        lines.first((f"observation-{number}",), number)
    before = size()
    for number in range(100_000, 200_000):
        lines.first((f"observation-{number}",), number)
    assert (size() - before) / 100_000 < 24

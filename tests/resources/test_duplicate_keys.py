"""First lines: what a dictionary would say, in a few bytes for each key."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from provenance.resources.duplicate_keys import FirstLines


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 3).map(str))))
def test_each_key_has_the_line_on_which_it_came_first(keys):
    lines, known = FirstLines(), {}
    for line, key in enumerate(keys, 2):
        assert lines.first(key, line) == known.setdefault(key, line)


def test_many_keys_take_few_bytes_each_and_keep_their_lines():
    lines, many = FirstLines(), 200_000
    keys = [(f"observation-{number}",) for number in range(many)]
    assert all(lines.first(key, line) == line for line, key in enumerate(keys, 2))
    assert all(lines.first(key, 1) == line for line, key in enumerate(keys, 2))
    size = sys.getsizeof(lines._digests) + sys.getsizeof(lines._lines)
    assert size / many < 36

"""Sets of keys that take little memory: an import writes rows of consecutive ones."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import MutableSet
from itertools import chain

from django.db.models import Q

from .batches import AT_ONCE, Among, batches

WAITING = 1_000  # keys; what comes one by one is sorted in so many at a time


class Keys(MutableSet):
    """A set of whole numbers, kept as runs: each from its first to its last."""

    def __init__(self, keys=()):
        self._firsts, self._lasts, self._waiting = array("q"), array("q"), set()
        self.update(keys)

    def update(self, keys):
        """Takes in all of these."""
        if isinstance(keys, Keys):
            self._sort_in()
            self._join(keys.runs())
            return
        self._waiting.update(keys)
        # As many as there are runs at least, so that sorting them in stays cheap.
        if len(self._waiting) > max(WAITING, len(self._firsts)):
            self._sort_in()

    def add(self, key):
        self.update((key,))

    def discard(self, key):
        if key in self:
            kept = self - Keys((key,))
            self._firsts, self._lasts = kept._firsts, kept._lasts

    def copy(self):
        """Another set of the same keys."""
        same = Keys()
        same._firsts, same._lasts = self._firsts[:], self._lasts[:]
        same._waiting = set(self._waiting)
        return same

    def runs(self):
        """Each run, from its first key to its last, in ascending order."""
        self._sort_in()
        return list(zip(self._firsts, self._lasts, strict=True))

    def __or__(self, other):
        both = self.copy()
        both.update(other)
        return both

    def __ior__(self, other):
        self.update(other)
        return self

    def __sub__(self, other):
        others = other if isinstance(other, Keys) else Keys(other)
        taken, left = others.runs(), Keys()
        for first, last in self.runs():
            place = bisect_left(others._lasts, first)
            while place < len(taken) and taken[place][0] <= last:
                start, end = taken[place]
                if first < start:
                    left._join([(first, start - 1)])
                first, place = end + 1, place + 1
            if first <= last:
                left._join([(first, last)])
        return left

    def __contains__(self, key):
        if key in self._waiting:
            return True
        place = bisect_right(self._firsts, key) - 1
        return place >= 0 and key <= self._lasts[place]

    def __iter__(self):
        """The keys in ascending order."""
        return chain.from_iterable(range(one, last + 1) for one, last in self.runs())

    def __len__(self):
        self._sort_in()
        return sum(self._lasts) - sum(self._firsts) + len(self._firsts)

    def __repr__(self):
        return f"Keys({list(self)})"

    def _sort_in(self):
        new = sorted(self._waiting)
        self._waiting = set()
        if new and new[-1] - new[0] == len(new) - 1:
            self._join([(new[0], new[-1])])
        else:
            self._join([(key, key) for key in new])

    def _join(self, runs):
        """Takes in runs that stand in order."""
        if not runs:
            return
        if self._firsts and runs[0][0] <= self._lasts[-1]:
            runs = sorted([*zip(self._firsts, self._lasts, strict=True), *runs])
            self._firsts, self._lasts = array("q"), array("q")
        for first, last in runs:
            if self._lasts and first <= self._lasts[-1] + 1:
                self._lasts[-1] = max(self._lasts[-1], last)
            else:
                self._firsts.append(first)
                self._lasts.append(last)


def in_runs(keys, column="pk"):
    """What one of holds for each row with one of these keys, its own or in a column.

    They are few where the keys are consecutive.

    For queries that answer little, however many records they look at.
    """
    keys, scattered = keys if isinstance(keys, Keys) else Keys(keys), []
    for first, last in keys.runs():
        if last - first < AT_ONCE:
            scattered += range(first, last + 1)
        else:
            yield Q(**{f"{column}__gte": first, f"{column}__lte": last})
    for batch in batches(scattered):
        yield Q(**{f"{column}__in": Among(batch)})

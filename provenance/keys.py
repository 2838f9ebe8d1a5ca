"""Sets of keys that take little memory: an import writes rows of consecutive ones."""

from array import array
from bisect import bisect_right
from collections.abc import MutableSet
from itertools import chain

WAITING = 1_000  # keys; what comes one by one is sorted in so many at a time


class Keys(MutableSet):
    """A set of whole numbers, kept as runs: each from its first to its last."""

    def __init__(self, keys=()):
        self._firsts, self._lasts, self._waiting = array("q"), array("q"), set()
        self.update(keys)

    def update(self, keys):
        """Takes in all of these."""
        self._waiting.update(keys)
        # As many as there are runs at least, so that sorting them in stays cheap.
        if len(self._waiting) > max(WAITING, len(self._firsts)):
            self._sort_in()

    def add(self, key):
        self.update((key,))

    def discard(self, key):
        if key in self:
            kept = Keys(other for other in self if other != key)
            self._firsts, self._lasts = kept._firsts, kept._lasts
            self._waiting = kept._waiting

    def copy(self):
        """Another set of the same keys."""
        same = Keys()
        same._firsts, same._lasts = self._firsts[:], self._lasts[:]
        same._waiting = set(self._waiting)
        return same

    def __contains__(self, key):
        if key in self._waiting:
            return True
        place = bisect_right(self._firsts, key) - 1
        return place >= 0 and key <= self._lasts[place]

    def __iter__(self):
        """The keys in ascending order."""
        self._sort_in()
        runs = zip(self._firsts, self._lasts, strict=True)
        return chain.from_iterable(range(first, last + 1) for first, last in runs)

    def __len__(self):
        self._sort_in()
        return sum(self._lasts) - sum(self._firsts) + len(self._firsts)

    def __repr__(self):
        return f"Keys({list(self)})"

    def _sort_in(self):
        if not self._waiting:
            return
        new = sorted(self._waiting)
        self._waiting = set()
        if not self._firsts or new[0] > self._lasts[-1]:
            firsts, lasts, runs = self._firsts, self._lasts, ((k, k) for k in new)
        else:
            old = zip(self._firsts, self._lasts, strict=True)
            runs = iter(sorted([*old, *((key, key) for key in new)]))
            firsts, lasts = array("q"), array("q")
        for first, last in runs:
            if lasts and first <= lasts[-1] + 1:
                lasts[-1] = max(lasts[-1], last)
            else:
                firsts.append(first)
                lasts.append(last)
        self._firsts, self._lasts = firsts, lasts

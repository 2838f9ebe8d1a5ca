"""Lists of rows that were worked out: pages by the place of a row, as of tables."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any

from .keyset import LARGEST_KEY, NoSuchPlace


@dataclass(frozen=True)
class ByPlace:
    """The order of rows by their ``place``: so many whole numbers, alike for no two."""

    numbers: int

    def place_of(self, row):
        """Where this row stands."""
        return list(row.place)

    def read_place(self, _model, place):
        """The place that a cursor names; NoSuchPlace if it cannot be one."""
        if len(place) != self.numbers:
            raise NoSuchPlace
        if any(type(one) is not int or abs(one) > LARGEST_KEY for one in place):
            raise NoSuchPlace
        return tuple(place)


class Ranked:
    """Rows that were worked out, as a ``Stretch`` of a list; the least place is first.

    There are as many of them as were worked out, so whoever does that bounds them.
    """

    name = ""
    model = None  # no table has them

    def __init__(self, rows: list[Any], numbers):
        self.ordered = sorted(rows, key=lambda row: row.place)
        self.keyset, self.rows = ByPlace(numbers), self

    def first(self, number, place=None, backwards=False):
        """So many of the rows, the first ones of all or of those beyond a place."""
        ordered = self.ordered
        if backwards:
            end = len(ordered) if place is None else self._at(bisect_left, place)
            return ordered[max(end - number, 0) : end][::-1]
        start = 0 if place is None else self._at(bisect_right, place)
        return ordered[start : start + number]

    def _at(self, bisect, place):
        return bisect(self.ordered, tuple(place), key=lambda row: row.place)

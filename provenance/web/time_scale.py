"""How much room each day of a stretch of time has, where busy days have more of it.

A scale is a line of straight pieces from days to *room*, from nought to one. Seen
through a window, a part of it, it looks the same however far one has come in: to zoom
or to move is to look at another stretch of one and the same room.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

LAST = date.max.toordinal()
BY_NUMBER = 0.6  # of the room is shared out by how much there is, the rest by days


@dataclass(frozen=True)
class TimeScale:
    """Where days stand, by those between which it is even: ordinals, with their room.

    What lies beyond the first or the last of them stands at the edge.
    """

    days: tuple[int, ...]
    room: tuple[float, ...]

    @classmethod
    def even(cls, first: date, last: date):
        """The scale on which all days of a stretch have the same room."""
        return cls((first.toordinal(), last.toordinal() + 1), (0.0, 1.0))

    @classmethod
    def by_number(cls, pieces):
        """The scale on which busy pieces of time have more room than quiet ones.

        The pieces are given by their first and last day and how much there is in them;
        they follow one another without a gap.
        """
        numbers = [number for _first, _last, number in pieces]
        lengths = [(last - first).days + 1 for first, last, _number in pieces]
        days = list(accumulate(lengths, initial=pieces[0][0].toordinal()))
        share = BY_NUMBER if sum(numbers) else 0
        rooms = [
            share * number / (sum(numbers) or 1) + (1 - share) * length / sum(lengths)
            for number, length in zip(numbers, lengths, strict=True)
        ]
        knots = list(zip(days, accumulate(rooms, initial=0.0), strict=True))
        kept = [knots[0], *_bends(knots), knots[-1]]
        return cls(
            tuple(day for day, _room in kept),
            (*(round(room, 5) for _day, room in kept[:-1]), 1.0),
        )

    @property
    def knots(self):
        """The days between which it is even, as ISO 8601 has them, and their room."""
        days = (date.fromordinal(min(day, LAST)).isoformat() for day in self.days)
        return " ".join(days), " ".join(map(str, self.room))

    @property
    def is_even(self):
        return len(self.days) == 2

    @property
    def first(self):
        """The first of the days that have room."""
        return date.fromordinal(self.days[0])

    @property
    def last(self):
        """The last of them."""
        return date.fromordinal(self.days[-1] - 1)

    def at(self, day: date):
        """The room before a day."""
        return _between(day.toordinal(), self.days, self.room)

    def day_at(self, room: float):
        """The day that stands there."""
        day = _between(room, self.room, self.days)
        return date.fromordinal(min(int(day + 1e-6), date.max.toordinal()))


def _between(value, given, wanted):
    """What belongs to a value, on the straight line between two known ones."""
    if value <= given[0]:
        return wanted[0]
    if value >= given[-1]:
        return wanted[-1]
    after = bisect_right(given, value)
    part = (value - given[after - 1]) / (given[after] - given[after - 1])
    return wanted[after - 1] + part * (wanted[after] - wanted[after - 1])


def _bends(knots):
    """The inner knots at which the line is not straight."""
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(knots)]
    for knot, (before, after) in zip(knots[1:-1], pairwise(slopes), strict=True):
        if abs(before - after) > 1e-9:
            yield knot

"""Round dates at which a line is drawn across time: as many as there is room to read.

The roundest come first, from millennia to days; between two of them finer ones, as far
as each has room for its label. On a scale that gives busy times more room there are
more lines in these.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, pairwise

from django.utils.dates import MONTHS_3

from ..values.translations import RECORDED, spoken

MOST = 12
NEAREST = 100 / MOST  # two lines to each other, in percent of the width
NEAR = 7  # an edge, for the label of a line on a narrow screen
YEARS = (1000, 500, 100, 50, 10, 5, 1)  # each divides those before it
MONTHS = (6, 3, 1)
DAYS = ((1, 15), (1, 8, 15, 22), tuple(range(1, 32)))
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Tick:
    """One line across the drawing, and what stands beneath it."""

    at: float
    label: str

    @property
    def edge(self):
        """The side of the drawing that its label would reach beyond, if any."""
        return "first" if self.at < NEAR else "last" if self.at > 100 - NEAR else ""


def ticks_of(axis):
    """The lines of an axis, from its first day to its last."""
    days = _within(axis, None, None, LEVELS)
    return [Tick(axis.at(day), _label(day)) for day in days]


def _within(axis, before, behind, levels):
    """The round days of an axis between two others, or an edge where one is None."""
    for number, level in enumerate(levels):
        first = before + A_DAY if before else axis.first
        last = behind - A_DAY if behind else axis.last
        if first > last:
            return []
        days = level(first, last)
        found = _with_room(axis, before, behind, days) if days is not None else []
        if found:
            finer, edges = levels[number + 1 :], [before, *found, behind]
            first, *gaps = (_within(axis, *gap, finer) for gap in pairwise(edges))
            behind_each = zip(found, gaps, strict=True)
            return [*first, *chain(*([day, *gap] for day, gap in behind_each))]
        if days is None or (days and axis.is_even):
            return []  # there is even less room for what is finer
    return []


def _with_room(axis, before, behind, days):
    """Those days whose labels have room: all or none, where all have the same."""
    left = -MOST * NEAREST if before is None else axis.at(before)
    right = 200 if behind is None else axis.at(behind)
    found = []
    for day in reversed(days):
        if right - axis.at(day) < NEAREST or axis.at(day) - left < NEAREST:
            if axis.is_even:
                return []
            continue
        found.insert(0, day)
        right = axis.at(day)
    return found


# Levels: of each its days in a stretch; None if these are far too many for an axis.


def _years(every):
    def level(first, last):
        start = max(-(-first.year // every) * every, 1)
        if (last.year - start) // every > 40 * MOST:
            return None
        years = (date(year, 1, 1) for year in range(start, last.year + 1, every))
        return [day for day in years if day >= first]

    return level


def _months_of(every):
    def level(first, last):
        if (last - first).days > 366 * MOST:
            return None
        return [day for day in _months(first, last) if (day.month - 1) % every == 0]

    return level


def _days_of(numbers):
    def level(first, last):
        length = (last - first).days
        if length > 31 * MOST:
            return None
        days = (first + number * A_DAY for number in range(length + 1))
        return [day for day in days if day.day in numbers]

    return level


def _months(first, last):
    year, month = first.year, first.month
    while (day := date(year, month, 1)) <= last:
        if day >= first:
            yield day
        if (year, month) == (date.max.year, 12):
            return
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _label(day):
    month = str(MONTHS_3[day.month])
    if spoken() == RECORDED:  # other languages write months in small letters
        month = month.title()
    if day.day > 1:
        return f"{day.day} {month}"
    return f"{day.year}" if day.month == 1 else f"{month} {day.year}"


LEVELS = (*map(_years, YEARS), *map(_months_of, MONTHS), *map(_days_of, DAYS))

"""Charts of what was measured: each value by itself, or how far many of them reach."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import ceil, floor
from statistics import median

from django.utils.text import capfirst

from provenance.pages.addresses import page_of
from provenance.values.quantities import HIGHEST, LOWEST, plain
from provenance.web.time_axis import EDGES, Axis, is_dated

from ..models import Observation

TOP, BOTTOM, HEIGHT = 16, 224, 264  # pixels
SIZES = (1, 2, 5)
LINES = 5
COLUMNS = 100  # of a chart of many values
WINDOW = ("start_earliest", "start_latest", "end_earliest", "end_latest")


@dataclass(frozen=True)
class Point:
    """An observation on the chart: its window across, its value up and down."""

    observation: Observation
    address: str
    left: float
    right: float
    y: float
    top: float
    bottom: float
    is_disputed: bool

    @property
    def middle(self):
        return round((self.left + self.right) / 2, 3)


@dataclass
class Series:
    """Observations that differ in their windows alone: they can be compared."""

    number: int
    label: str
    points: list[Point] = field(default_factory=list)

    @property
    def joins(self):
        """Each point with the one after it."""
        return list(zip(self.points, self.points[1:], strict=False))


@dataclass(frozen=True)
class Chart:
    """Series over time."""

    axis: Axis
    series: list[Series]
    levels: list[tuple[float, str]]
    label: str
    height: int = HEIGHT
    bottom: int = BOTTOM


def chart_of(observations, label):
    """The chart of the observations that have a value and a date; None of none."""
    drawn = [one for one in observations if one.value and is_dated(one)]
    for kind in {type(one) for one in drawn}:
        kind.look_up_attested(drawn)
    axis = Axis.around(day for one in drawn for day in one.days)
    if axis is None:
        return None
    ends = [end for one in drawn for end in (one.value.low, one.value.high)]
    scale = Scale.around(end for end in ends if end not in (LOWEST, HIGHEST))
    series = {}
    for one in drawn:
        key = one.likeness
        if key not in series:
            series[key] = Series(len(series) % 6 + 1, described(one))
        begins, _begun, _ending, ended = one.days
        ended = one.last_attested.until if one.last_attested else ended
        top, bottom = scale.at(one.value.high), scale.at(one.value.low)
        series[key].points.append(
            Point(
                one,
                page_of(one),
                axis.at(begins),
                axis.at(ended),
                round((top + bottom) / 2, 1),
                top,
                bottom,
                bool(one.disputed),
            )
        )
    levels = [(scale.at(level), plain(level)) for level in scale.levels()]
    return Chart(axis, list(series.values()), levels, label)


@dataclass(frozen=True)
class Scale:
    """The heights of a chart, from a round number to a round number."""

    low: Decimal
    high: Decimal
    step: Decimal

    @classmethod
    def around(cls, values):
        """The scale on which each of the values has its place, and nought too."""
        values = [*values, Decimal(0)]
        low, high = min(values), max(values)
        step = _step((high - low) or Decimal(1))
        # Not // : of decimals it goes towards nought, and would cut off what is lowest.
        low, high = floor(low / step) * step, ceil(high / step) * step
        return cls(low, high if high > low else low + step, step)

    def at(self, value):
        """Where the value is drawn; at an end if it lies beyond that."""
        value = min(max(value, self.low), self.high)
        part = (value - self.low) / (self.high - self.low)
        return round(BOTTOM - float(part) * (BOTTOM - TOP), 1)

    def levels(self):
        level = self.low
        while level <= self.high:
            yield level
            level += self.step


def _step(height):
    """A round number that goes into a height a few times."""
    step = Decimal(10) ** (height / LINES).adjusted()
    return next(
        (step * size for size in SIZES if height / (step * size) <= LINES), step * 10
    )


def described(observation):
    """What is counted, where and how, in a few words."""
    parts = [
        *(code.in_words for code in observation.breakdown),
        observation.population,
        str(observation.place or ""),
        str(observation.get_modality_display()),
    ]
    return capfirst(", ".join(part for part in parts if part))


@dataclass(frozen=True)
class Column:
    """What was observed in one part of the time: how many values, and from where to
    where they reach on the chart.
    """

    first: date
    last: date
    number: int
    lowest: str
    middle: str
    highest: str
    left: float
    width: float
    top: float
    y: float
    height: float

    @property
    def centre(self):
        return round(self.left + self.width / 2, 3)


@dataclass(frozen=True)
class Spread:
    """Many observations over time, a column of the chart for each part of it."""

    axis: Axis
    columns: list[Column]
    levels: list[tuple[float, str]]
    number: int
    is_joined: bool = True
    height: int = HEIGHT
    bottom: int = BOTTOM

    @property
    def told(self):
        """How many, as it is written."""
        return plain(Decimal(self.number))

    @property
    def joins(self):
        """Each column with the one after it; none where no line is to join them."""
        behind = self.columns[1:] if self.is_joined else []
        return list(zip(self.columns, behind, strict=False))


def spread_of(observations, joined=True):
    """The chart of these rows of observations, however many they are; None of none.

    Each value stands at the middle of its window. What is only known to be more, or
    less, counts with the end that is known.
    """
    rows = observations.values_list("value_low", "value_high", *WINDOW)
    placed = [
        (day, ends)
        for low, high, *days in rows
        if (day := _middle(days)) and (ends := _known(low, high))
    ]
    axis = Axis.around(day for day, _ends in placed)
    if axis is None:
        return None
    scale = Scale.around(end for _day, ends in placed for end in ends)
    parts = defaultdict(list)
    for day, ends in placed:
        parts[(day - axis.first).days * COLUMNS // (axis.days + 1)].append(ends)
    columns = [_column(part, ends, axis, scale) for part, ends in sorted(parts.items())]
    levels = [(scale.at(level), plain(level)) for level in scale.levels()]
    return Spread(axis, columns, levels, len(placed), joined)


def _middle(days):
    """The day in the middle of those of a window that are known; None if none is."""
    known = [day.toordinal() for day in days if day not in EDGES]
    return date.fromordinal((min(known) + max(known)) // 2) if known else None


def _known(low, high):
    return [end for end in (low, high) if end not in (None, LOWEST, HIGHEST)]


def _column(part, values, axis, scale):
    days = axis.days + 1
    first, behind = (-(-(part + n) * days // COLUMNS) for n in (0, 1))
    begins = axis.first.toordinal()
    low, high = min(map(min, values)), max(map(max, values))
    middle = median(sum(ends) / len(ends) for ends in values)
    top, bottom = scale.at(high), scale.at(low)
    return Column(
        first=date.fromordinal(begins + first),
        last=date.fromordinal(begins + behind - 1),
        number=len(values),
        lowest=plain(low),
        middle=plain(middle),
        highest=plain(high),
        left=round(100 * part / COLUMNS, 3),
        width=round(100 / COLUMNS, 3),
        top=top,
        y=scale.at(middle),
        height=round(max(bottom - top, 1), 1),
    )

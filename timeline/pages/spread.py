"""How far many observations reach over time, drawn as columns."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from provenance.evidence.visibility import public_citations_of
from provenance.values.quantities import HIGHEST, LOWEST, Quantity, plain
from provenance.web.time_axis import EDGES, Axis

from ..models import Observation
from .scale import Scale

TOP, BOTTOM, HEIGHT = 16, 224, 264  # pixels
COLUMNS = 100
MOST_SAID = 20_000  # by sources, that is not recorded
WINDOW = ("start_earliest", "start_latest", "end_earliest", "end_latest")


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
    dissent: list[Column]  # what sources say that is not recorded
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
    placed = _placed(observations.values_list("value_low", "value_high", *WINDOW))
    said = _placed(_said_otherwise(observations))
    axis = Axis.around(day for day, _ends in (*placed, *said))
    if axis is None:
        return None
    ends = (end for _day, ends in (*placed, *said) for end in ends)
    scale = Scale.around(ends, TOP, BOTTOM)
    columns, dissent = (_columns(found, axis, scale) for found in (placed, said))
    return Spread(axis, columns, dissent, scale.levels, len(placed), joined)


def _placed(rows):
    """The days at which values are drawn, with their known ends."""
    return [
        (day, ends)
        for low, high, *days in rows
        if (day := _middle(days)) and (ends := _known(low, high))
    ]


def _said_otherwise(observations):
    """The ends of what sources say instead of these values, with the windows."""
    cited = public_citations_of(Observation).filter(
        field="value", record__in=observations.values("pk")
    )
    windows = (f"record__{name}" for name in WINDOW)
    rows = cited.exclude(stated="").order_by().values_list("stated", *windows)
    for stated, *days in rows[:MOST_SAID]:
        value = Quantity(stated)
        yield value.low, value.high, *days


def _columns(placed, axis, scale):
    parts = defaultdict(list)
    for day, ends in placed:
        parts[(day - axis.first).days * COLUMNS // (axis.days + 1)].append(ends)
    return [_column(part, ends, axis, scale) for part, ends in sorted(parts.items())]


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

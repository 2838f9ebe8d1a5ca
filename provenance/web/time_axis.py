"""Time drawn to scale: an axis, and on it what lasts, as surely as it is known.

What certainly holds is the *core*: from the last day on which it can have begun to the
first on which it can have ended. What possibly holds is the *envelope* around it. An
end that is not known is open, and drawn to the edge; what no source attests any more
fades. Places on the axis are percentages of its width, so that a drawing fits every
screen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

MOST_TICKS = 12
EDGES = (date.min, date.max)
YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
MONTHS = (1, 2, 3, 6)
A_MONTH = 31
NEAR = 4  # an edge, for the label of a tick, in percent of the width
GAP = 0.6  # between what shares a row, in percent of the width


def is_dated(item):
    """Whether any day is known at which it began or ended."""
    return any(day not in EDGES for day in item.bounds)


@dataclass(frozen=True)
class Tick:
    """One line across the drawing, and what stands beneath it."""

    at: float
    label: str

    @property
    def edge(self):
        """The side of the drawing that its label would reach beyond, if any."""
        return "first" if self.at < NEAR else "last" if self.at > 100 - NEAR else ""


@dataclass(frozen=True)
class Axis:
    """A stretch of time, laid out from left to right."""

    first: date
    last: date

    @classmethod
    def around(cls, days: Iterable[date]):
        """The axis on which all these days lie, with a little room; None without any.

        Days that stand for “not known” have no place on it.
        """
        known = sorted(day.toordinal() for day in days if day not in EDGES)
        if not known:
            return None
        room = max(A_MONTH, (known[-1] - known[0]) // 25)
        first = max(known[0] - room, date.min.toordinal())
        last = min(known[-1] + room, date.max.toordinal())
        return cls(date.fromordinal(first), date.fromordinal(last))

    @property
    def days(self):
        return (self.last - self.first).days

    def at(self, day):
        """Where a day stands, in percent; at the edge if it lies beyond."""
        part = (day - self.first).days / self.days
        return round(100 * min(max(part, 0), 1), 3)

    @property
    def ticks(self):
        """Lines at round dates, no more than one can read."""
        if self.days <= MOST_TICKS * A_MONTH * max(MONTHS):
            every = next(m for m in MONTHS if self.days <= MOST_TICKS * A_MONTH * m)
            return list(self._months(every))
        years = self.days / 365.25
        every = next(y for y in YEARS if years <= MOST_TICKS * y)
        return list(self._years(every))

    def _months(self, every):
        year, month = self.first.year, self.first.month
        while (day := date(year, month, 1)) <= self.last:
            if day >= self.first and (month - 1) % every == 0:
                label = str(year) if month == 1 else f"{MONTHS_3[month].title()} {year}"
                yield Tick(self.at(day), label)
            if (year, month) == (date.max.year, 12):
                return
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)

    def _years(self, every):
        start = max(self.first.year // every * every, 1)
        for year in range(start, self.last.year + 1, every):
            day = date(year, 1, 1)
            if day >= self.first:
                yield Tick(self.at(day), str(year))


@dataclass(frozen=True)
class Mark:
    """One thing on the axis: its envelope, and within it the core if it has one."""

    label: str
    when: str
    address: str
    left: float
    right: float
    core_left: float | None
    core_right: float | None
    opens: bool  # it may have begun before all that is drawn
    stays_open: bool  # it may end after all that is drawn
    fades: float | None = None  # from where no source attests it any more
    is_disputed: bool = False

    @property
    def width(self):
        return round(self.right - self.left, 3)

    @property
    def has_core(self):
        return self.core_left is not None

    @property
    def is_fading(self):
        """Whether a part of it is attested no more, and how wide that is."""
        return self.fades is not None and self.fades < self.right

    @property
    def sound_width(self):
        """How wide it is as far as it does not fade."""
        return round(self.fades - self.left, 3) if self.is_fading else self.width

    @property
    def fading_width(self):
        return round(self.right - self.fades, 3)


def mark_of(item, axis, label="", address="", is_disputed=False):
    """How what lasts is drawn on an axis."""
    begins, begun, ending, ended = item.days
    last = item.last_attested
    has_core = item.has_sure_dates and begun <= ending and begun < date.max
    return Mark(
        label=label or str(item),
        when=spoken(item),
        address=address,
        left=axis.at(begins),
        right=axis.at(_night_of(ended)),
        core_left=axis.at(begun) if has_core else None,
        core_right=axis.at(_night_of(ending)) if has_core else None,
        opens=begins == date.min,
        stays_open=ended == date.max,
        fades=axis.at(_night_of(last.until)) if last and not last.is_over else None,
        is_disputed=is_disputed,
    )


def _night_of(day):
    """The end of a day: it lasts as long as any other."""
    return day if day == date.max else day + timedelta(days=1)


def spoken(item):
    """From when to when something lasted, as readers write it."""
    start, end = (getattr(item, name) for name in item.span)
    if not start and not end:
        return _("date not known")
    if start == end or (not end and not item.lasts):
        return start.readable
    return f"{start.readable} → {end.readable}"


def _days_drawn(item):
    """The days by which it is drawn."""
    last = item.last_attested
    return [*item.days, last.until] if last else item.days


@dataclass
class Lane:
    """Things that belong together, in as many rows as keep them apart."""

    label: str
    address: str = ""
    rows: list[list[Mark]] = field(default_factory=list)

    def add(self, mark):
        """Puts a mark into the first row that has room for it."""
        for row in self.rows:
            if row[-1].right + GAP <= mark.left:
                row.append(mark)
                return
        self.rows.append([mark])


@dataclass(frozen=True)
class Drawing:
    """Lanes over one axis."""

    axis: Axis
    lanes: list[Lane]
    label: str = ""

    LABEL, ROW, TICKS = 20, 18, 24  # heights, in pixels

    @property
    def height(self):
        rows = sum(len(lane.rows) for lane in self.lanes)
        return len(self.lanes) * self.LABEL + rows * self.ROW + self.TICKS

    @property
    def placed(self):
        """Each lane with the height of its label, and its marks with theirs."""
        top = 0
        for lane in self.lanes:
            text_at = top + self.LABEL - 6
            top += self.LABEL
            marks = []
            for row in lane.rows:
                marks += [(mark, top + self.ROW // 2) for mark in row]
                top += self.ROW
            yield lane, text_at, marks

    @property
    def tick_top(self):
        return self.height - self.TICKS

    @property
    def is_fading(self):
        return any(
            mark.is_fading for lane in self.lanes for row in lane.rows for mark in row
        )

    @property
    def has_disputes(self):
        return any(
            mark.is_disputed for lane in self.lanes for row in lane.rows for mark in row
        )


def drawing_of(lanes, label=""):
    """The drawing of lanes, each given by its label, address and items; None of none.

    An item is what lasts, and how it is labelled, addressed and disputed. What has no
    date is on no drawing.
    """
    lanes = [
        (name, address, [item for item in items if is_dated(item[0])])
        for name, address, items in lanes
    ]
    lanes = [lane for lane in lanes if lane[2]]
    lasting = [item for _name, _to, items in lanes for item, *_rest in items]
    for kind in set(map(type, lasting)):
        kind.look_up_attested([item for item in lasting if type(item) is kind])
    axis = Axis.around(chain.from_iterable(map(_days_drawn, lasting)))
    if axis is None:
        return None
    drawn = []
    for name, address, items in lanes:
        lane = Lane(name, address)
        marks = [mark_of(item, axis, *rest) for item, *rest in items]
        for mark in sorted(marks, key=lambda mark: (mark.left, mark.right)):
            lane.add(mark)
        drawn.append(lane)
    return Drawing(axis, drawn, label)

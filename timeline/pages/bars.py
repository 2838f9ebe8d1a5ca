"""Numbers drawn as bars: solid as far as they are sure, hatched as far as they reach.

A number has two ends; None is one that is not known. Over periods each lane has a
column for each of them; without, each lane is a bar that goes to the right. All lanes
have one scale, on which nought has its place.
"""

from dataclasses import dataclass
from decimal import Decimal

LANES = 12  # that are drawn; those that reach highest
BARS = 200  # in one drawing
LABEL, COLUMN, ROW, TICKS = 18, 56, 16, 22  # heights in pixels
GAP = 0.2  # of the width of a column
MOST_TICKS = 10


@dataclass(frozen=True)
class Number:
    """What is drawn: its two ends, how it is told, and where it leads."""

    low: Decimal | None
    high: Decimal | None
    told: str = ""
    address: str = ""
    dispute: str = ""  # "open", "settled", or nothing

    @property
    def ends(self):
        """The ends that are known."""
        return [end for end in (self.low, self.high) if end is not None]

    @property
    def sure(self):
        """As far from nought as it certainly is."""
        if self.low is not None and self.low > 0:
            return self.low
        return self.high if self.high is not None and self.high < 0 else 0


@dataclass(frozen=True)
class Box:
    """A part of a bar: its place and width in percent, its top and height in pixels."""

    left: float
    width: float
    top: float
    height: float


@dataclass(frozen=True)
class Bar:
    """A number as it is drawn: the sure part, and the part that it may reach over."""

    number: Number
    sure: Box
    reach: Box | None

    @property
    def flag_at(self):
        """Where the sign of a dispute stands: in the middle of the bar, in percent."""
        return round(self.sure.left + self.sure.width / 2, 3)


@dataclass(frozen=True)
class Lane:
    """The numbers of one series."""

    label: str
    text_at: float
    base: float | None  # where nought is, in pixels
    bars: list[Bar]


@dataclass(frozen=True)
class Bars:
    """Lanes over one another."""

    label: str
    lanes: list[Lane]
    ticks: list[tuple[float, str]]
    height: int
    left_out: int  # series that are not drawn

    @property
    def has_reach(self):
        return any(bar.reach for lane in self.lanes for bar in lane.bars)

    @property
    def disputes(self):
        """The states of disputes that a legend has to explain."""
        return {bar.number.dispute for lane in self.lanes for bar in lane.bars}

    @property
    def tick_at(self):
        """The foot of the labels of the columns."""
        return self.height - 6


def bars_of(series, columns, label):
    """The drawing of some series; None if nothing can be drawn.

    Each is its label and its numbers by column. ``columns`` are the labels of all, in
    order; none if each series has one number, of the column ``""``.
    """
    known = [(name, numbers) for name, numbers in series if _ends(numbers)]
    room = BARS // max(len(columns), 1)
    if not known or not room:
        return None
    drawn = sorted(known, key=lambda one: -max(map(abs, _ends(one[1]))))
    drawn = drawn[: min(LANES, room)]
    scale = _Scale.around(end for _name, numbers in drawn for end in _ends(numbers))
    lanes, top = [], 0
    for name, numbers in drawn:
        foot = top + LABEL
        if columns:
            bars = list(_columns(numbers, columns, scale, foot))
        else:
            bars = [_row(number, scale, foot) for number in numbers.values()]
        base = foot + scale.down(0) if columns else None
        lanes.append(Lane(name, top + LABEL - 5, base, bars))
        top = foot + (COLUMN if columns else ROW) + 6
    ticks = _ticks(columns)
    return Bars(
        label, lanes, ticks, top + (TICKS if ticks else 0), len(known) - len(drawn)
    )


def _ends(numbers):
    return [end for number in numbers.values() for end in number.ends]


@dataclass(frozen=True)
class _Scale:
    """Where numbers stand between the lowest and the highest, nought among them."""

    low: Decimal
    high: Decimal

    @classmethod
    def around(cls, ends):
        ends = [*ends, Decimal(0)]
        low, high = min(ends), max(ends)
        return cls(low, high if high > low else low + 1)

    def part(self, number):
        """How far up it is, from 0 to 1; what has no end goes to the edge."""
        return float((number - self.low) / (self.high - self.low))

    def down(self, number):
        """How far below the top of a column it is, in pixels."""
        return round((1 - self.part(number)) * COLUMN, 1)

    def reach(self, number):
        """The ends between which it may be, if these are two."""
        if number.low == number.high:
            return None
        low = self.low if number.low is None else number.low
        high = self.high if number.high is None else number.high
        return low, high


def _columns(numbers, columns, scale, top):
    """Bars that go up and down from nought, each in its column."""
    width = 100 / len(columns)
    for place, column in enumerate(columns):
        number = numbers.get(column)
        if number is not None and number.ends:
            left = round((place + GAP / 2) * width, 3)
            across = left, round((1 - GAP) * width, 3)
            reach = scale.reach(number)
            yield Bar(
                number,
                _upright(across, top, scale, (0, number.sure)),
                reach and _upright(across, top, scale, reach),
            )


def _upright(across, top, scale, ends):
    """From one number to another, up and down."""
    first, last = sorted(map(scale.down, ends))
    height = round(max(last - first, 1), 1)
    return Box(*across, round(top + first, 1), height)


def _row(number, scale, top):
    """A bar that goes to the right of nought, or to the left."""
    reach = scale.reach(number)
    return Bar(
        number,
        _lying(top, scale, (0, number.sure)),
        reach and _lying(top, scale, reach),
    )


def _lying(top, scale, ends):
    """From one number to another, from left to right."""
    first, last = sorted(100 * scale.part(end) for end in ends)
    return Box(round(first, 3), round(max(last - first, 0.2), 3), top, ROW)


def _ticks(columns):
    """The labels of some columns, no more than one can read, at their middle."""
    every = -(-len(columns) // MOST_TICKS) or 1
    return [
        (round(100 * (place + 0.5) / len(columns), 3), column)
        for place, column in enumerate(columns)
        if place % every == 0
    ]

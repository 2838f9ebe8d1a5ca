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

from django.utils.translation import gettext as _

from .ticks import ticks_of
from .time_scale import TimeScale

EDGES = (date.min, date.max)
A_MONTH = 31
GAP = 0.6  # between what shares a row, in percent of the width
LETTER = 0.62  # about the width of a letter, on a drawing as wide as a desktop's
BEYOND = 1  # the drawing, as far as what is open reaches, in percent
SIGN = 0.6  # half the width of a sign
LONGEST = 50  # of labels, in letters: of a longer one the beginning is seen


def is_dated(item):
    """Whether any day is known at which it began or ended."""
    return any(day not in EDGES for day in item.bounds)


@dataclass(frozen=True)
class Axis:
    """A stretch of time, laid out from left to right; evenly, unless on a scale."""

    first: date
    last: date
    scale: TimeScale | None = None

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

    @property
    def is_even(self):
        """Whether all days have the same room."""
        return self.scale is None or self.scale.is_even

    def at(self, day):
        """Where a day stands, in percent; at the edge if it lies beyond."""
        before, behind, here = map(self._room, (self.first, self.last, day))
        part = (here - before) / (behind - before)
        return round(100 * min(max(part, 0), 1), 3)

    def _room(self, day):
        return self.scale.at(day) if self.scale else day.toordinal()

    @property
    def ticks(self):
        """Lines at round dates, no more than one can read."""
        return ticks_of(self)


@dataclass(frozen=True)
class About:
    """What is told of one thing on a drawing, besides its label and its dates."""

    key: str = ""  # by which others on the drawing refer to it
    details: tuple[str, ...] = ()  # more of it, for who looks closer


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
    dispute: str  # "open" if one about it is, or else "settled"; empty without any
    is_sure: bool = True  # its dates are stated, and as such
    is_general: bool = False  # a date rests on no source, but on general knowledge
    fades: float | None = None  # from where no source attests it any more
    about: About = About()

    @property
    def dispute_told(self):
        """The state of its disputes, in words; empty without any."""
        told = {"open": _("disputed"), "settled": _("dispute settled")}
        return told.get(self.dispute, "")

    @property
    def width(self):
        return round(self.right - self.left, 3)

    @property
    def outline(self):
        """Where its envelope begins and ends, which has no edge where it is open."""
        left = self.left - BEYOND if self.opens else self.left
        return left, self.right + BEYOND if self.stays_open else self.right

    @property
    def sign_at(self):
        """Where its signs stand: at its beginning, or at the edge that hides that."""
        return min(max(self.left, SIGN), 100 - SIGN)

    @property
    def has_core(self):
        """Whether it certainly held for some time."""
        return self.core_left is not None and self.is_sure

    @property
    def has_likely_core(self):
        """Whether it held for some time if its dates are right."""
        return self.core_left is not None and not self.is_sure

    @property
    def sureness(self):
        """How sure the most sure of it is."""
        if not self.is_sure:
            return "likely"
        return "certain" if self.has_core else "possible"

    @property
    def is_fading(self):
        """Whether a part of it is attested no more, and how wide that is."""
        return self.fades is not None and self.fades < self.right

    @property
    def envelope(self):
        """Where it begins and how wide it is, as far as it does not fade."""
        left, right = self.outline
        return left, round((self.fades if self.is_fading else right) - left, 3)

    @property
    def fading_width(self):
        return round(self.outline[1] - self.fades, 3)

    @property
    def is_core_alone(self):
        """Whether there is nothing else of it to see."""
        core = (self.core_left, self.core_right)
        return self.has_core and core == (self.left, self.right)


@dataclass(frozen=True)
class LabelledMark(Mark):
    """A mark with its label behind it, or before it where there is no room behind."""

    @property
    def label_room(self):
        """How wide its label is, in percent, where the drawing is as wide as can be."""
        return round(min(len(self.label), LONGEST) * LETTER + 1, 3)

    @property
    def label_side(self):
        if self.right + GAP + self.label_room <= 100:
            return "behind"
        return "before" if self.left - GAP - self.label_room >= 0 else "within"

    @property
    def label_left(self):
        """Where the label begins."""
        if self.label_side == "behind":
            return round(self.right + GAP, 3)
        if self.label_side == "before":
            return round(self.left - GAP - self.label_room, 3)
        return round(max(min(self.left + 1, 100 - self.label_room), 0), 3)

    @property
    def extent(self):
        """From where to where nothing else has room beside it."""
        label = (self.label_left, self.label_left + self.label_room)
        return min(self.left, label[0]), max(self.right, label[1])


def mark_of(item, axis, label, address, dispute, about=None):
    """How what lasts is drawn on an axis; with its label if something is told of it.

    ``dispute`` is the state of its disputes: open, settled, or nothing without any.
    """
    begins, begun, ending, ended = item.days
    last = item.last_attested
    is_general = bool(item.general_knowledge)
    has_core = begun <= ending and begun < axis.last and ending >= axis.first
    return (LabelledMark if about else Mark)(
        label=label or str(item),
        when=spoken(item),
        address=address,
        left=axis.at(begins),
        right=axis.at(night_of(ended)),
        core_left=axis.at(begun) if has_core else None,
        core_right=axis.at(night_of(ending)) if has_core else None,
        opens=begins == date.min or begins < axis.first,
        stays_open=ended == date.max or ended >= axis.last,
        dispute=dispute or "",
        is_sure=item.has_sure_dates and not is_general,
        is_general=is_general,
        fades=axis.at(night_of(last.until)) if last and not last.is_over else None,
        about=about or About(),
    )


def night_of(day):
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

    def __post_init__(self):
        self.ends = []  # of what stands last in each row

    def add(self, mark):
        """Puts a mark into the first row that has room for it."""
        first, last = getattr(mark, "extent", (mark.left, mark.right))
        for place, end in enumerate(self.ends):
            if end + GAP <= first:
                self.rows[place].append(mark)
                self.ends[place] = last
                return
        self.rows.append([mark])
        self.ends.append(last)

    @property
    def marks(self):
        return [mark for row in self.rows for mark in row]


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
    def marks(self):
        return [mark for lane in self.lanes for mark in lane.marks]

    # What a legend has to explain.

    @property
    def is_fading(self):
        return any(mark.is_fading for mark in self.marks)

    @property
    def has_open_disputes(self):
        return any(mark.dispute == "open" for mark in self.marks)

    @property
    def has_settled_disputes(self):
        return any(mark.dispute == "settled" for mark in self.marks)

    @property
    def has_unsure_dates(self):
        return any(not mark.is_sure for mark in self.marks)

    @property
    def has_general_knowledge(self):
        return any(mark.is_general for mark in self.marks)


def drawing_of(lanes, label="", axis=None):
    """The drawing of lanes, each given by its label, address and items; None of none.

    An item is what lasts, its label, its address and the state of its disputes; what
    else is told of it has it labelled on the drawing itself. What has no date is on no
    drawing. Without an axis it is one on which all has room.
    """
    lanes = [
        (name, address, [item for item in items if is_dated(item[0])])
        for name, address, items in lanes
    ]
    lanes = [lane for lane in lanes if lane[2]]
    lasting = [item for _name, _to, items in lanes for item, *_rest in items]
    for kind in set(map(type, lasting)):
        of_kind = [item for item in lasting if type(item) is kind]
        kind.look_up_attested(of_kind)
        kind.look_up_grounds([item for item in of_kind if not hasattr(item, "grounds")])
    axis = axis or Axis.around(chain.from_iterable(map(_days_drawn, lasting)))
    if axis is None or not lanes:
        return None
    drawn = []
    for name, address, items in lanes:
        lane = Lane(name, address)
        marks = [mark_of(item, axis, *rest) for item, *rest in items]
        for mark in sorted(marks, key=lambda mark: (mark.left, mark.right)):
            lane.add(mark)
        drawn.append(lane)
    return Drawing(axis, drawn, label)

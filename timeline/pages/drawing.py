"""The timeline as a drawing: a window of time, with each thing in it, or how many."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from provenance.db.keyset import Keyset, Stretch
from provenance.evidence.visibility import public_rows
from provenance.pages.addresses import asked, page_of
from provenance.pages.lists import apply_filter
from provenance.pages.reading import public_view
from provenance.web.time_axis import Drawing, drawing_of, night_of

from ..api import StatementFilter
from ..density import Bar
from ..models import EventLink, Statement
from .lanes import STATEMENT, Named, item_of, key_of, lanes_of
from .window import Window, as_asked

MARKS = 120  # events, and statements: of more it is drawn how many there are when
LINKS = 500  # of what is drawn
NEWEST = Keyset(("start_earliest", "id"), descending=True)


@dataclass(frozen=True)
class Placed:
    """A bar on an axis: where it stands, in percent, and where it leads."""

    bar: Bar
    left: float
    width: float
    address: str


@dataclass(frozen=True)
class Counted:
    """A lane of which it is drawn how many there are when."""

    label: str
    address: str
    bars: tuple[Placed, ...]


def counted_lanes(several, axis):
    """Lanes of bars, each given by its name, its bars and a way to other addresses; all
    are measured by the highest bar of any.
    """
    several = [each for each in several if each[1]]
    highest = max((b.number for _l, bars, _a in several for b in bars), default=0) or 1
    for label, bars, address in several:
        scaled = [replace(b, height=-(-100 * b.number // highest)) for b in bars]
        yield Counted(label, address(cursor=""), tuple(placed(scaled, axis, address)))


@dataclass(frozen=True)
class Connection:
    """A line between two marks, each known by where it leads."""

    one: str
    other: str
    x1: float
    y1: int
    x2: float
    y2: int


def first_keys(rows):
    """The keys of the dated rows, the newest first; None if they are too many.

    The newest, since those before a window need not reach into it: of these an index
    would be gone along in vain.
    """
    dated = Stretch("dated", rows.exclude(start_earliest=date.min), NEWEST)
    found = [row.pk for row in dated.first(MARKS + 1)]
    return found if len(found) <= MARKS else None


def keys_within(window, rows):
    """The keys of the rows that are drawn in a window, and whether these are all; None
    if they are too many.

    Where there are too many that were there before, it is those that began in it.
    """
    if (keys := first_keys(rows)) is not None:
        return keys, True
    began = {"start_earliest__range": (window.first, window.last)}
    return first_keys(rows.filter(**began)), False


def statements_among(narrowing):
    """The statements that are asked for; none if it is asked what none of them has."""
    if not narrowing.keys() <= StatementFilter.base_filters.keys():
        return Statement.objects.none()
    return apply_filter(StatementFilter, narrowing, Statement.objects.published())


def statements_of(keys):
    """The statements of these keys, as the public sees them."""
    return public_view(Statement.objects.filter(pk__in=keys))


def placed(bars, axis, address):
    """Bars on an axis, each with the way to its days, a little apart."""
    for bar in bars:
        left, right = axis.at(bar.first), axis.at(night_of(bar.last))
        if bar.number and right > left:
            there = address(**as_asked(bar.first, bar.last), cursor="")
            yield Placed(bar, left, round(0.85 * (right - left), 3), there)


@dataclass(frozen=True)
class Picture:
    """What is drawn of a window: each thing in it, or bars where these are too many."""

    window: Window
    drawing: Drawing | None = None
    lanes: tuple[Counted, ...] = ()
    connections: tuple[Connection, ...] = ()
    lanes_left_out: int = 0
    is_all: bool = True  # without it only what began in the window is drawn
    lacks_statements: bool = False  # since they are too many

    @property
    def axis(self):
        return self.window.axis

    # Heights, in pixels: of the highest bar, alone and in a lane, and of the dates.
    BARS, IN_A_LANE, TICKS = 120, 44, Drawing.TICKS

    @property
    def bars(self):
        """The bars of all lanes."""
        return [bar for lane in self.lanes for bar in lane.bars]

    @property
    def bar_height(self):
        """How high the highest bar is."""
        return self.BARS if len(self.lanes) < 2 else self.IN_A_LANE

    @property
    def lane_height(self):
        label = Drawing.LABEL if len(self.lanes) > 1 else 0
        return self.bar_height + label

    @property
    def counted(self):
        """Each lane of bars, where its name stands, and where its bars begin."""
        for place, lane in enumerate(self.lanes):
            below = (place + 1) * self.lane_height
            yield lane, place * self.lane_height + Drawing.LABEL - 6, below

    @property
    def height(self):
        if self.drawing:
            return self.drawing.height
        return max(len(self.lanes), 1) * self.lane_height + self.TICKS


def picture_of(window, way, events, statements, address, known_at, pair=()):
    """What is drawn of these events and statements, each with all that is shown of it.

    ``address`` makes the address of the page with other parameters.
    """
    links = links_among(events)
    drawn = partial(item_of, known_at, links)
    lanes = lanes_of(way, events, statements, drawn, pair)
    named = [(*_named(of, address, known_at), items) for of, items in lanes.sorted()]
    drawing = drawing_of(named, _("Timeline"), window.axis)
    return Picture(
        window,
        drawing,
        connections=tuple(_connections(drawing, links)) if drawing else (),
        lanes_left_out=lanes.left_out,
    )


def _named(of, address, known_at):
    """What a lane is called, and where that leads: to less, or to what it is of."""
    if of is None:
        return _("Others"), ""
    if not isinstance(of, Named):
        return of.in_words, asked(page_of(of), known_at=known_at)
    if of.type == STATEMENT:
        return of.in_words, asked(reverse("pages:statements-list"), known_at=known_at)
    return of.in_words, address(type=of.type, cursor="") if of.type else ""


def links_among(events):
    """How these events are linked, to one another and to others that are public, by
    the keys of either.
    """
    found, keys = {}, [event.pk for event in events]
    rows = public_rows(EventLink.objects.all(), ("event", "target")).order_by("pk")
    for column in ("event", "target"):
        of_these = rows.filter(**{f"{column}__in": keys})
        for link in of_these.select_related("event", "target")[:LINKS]:
            found.setdefault(getattr(link, f"{column}_id"), []).append(link)
    return found


def _connections(drawing, links):
    """The lines between what is drawn."""
    stands = {}
    for _lane, _text_at, marks in drawing.placed:
        for mark, y in marks:
            stands.setdefault(mark.about.key, (mark, y))
    each = {link.pk: link for several in links.values() for link in several}
    for link in each.values():
        one, other = map(key_of, (link.event, link.target))
        if one in stands and other in stands:
            (first, y1), (second, y2) = stands[one], stands[other]
            yield Connection(
                first.address, second.address, first.left, y1, second.left, y2
            )

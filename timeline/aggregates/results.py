"""What observations come to when they are put together."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from entities.models import Agency, Place
from provenance.values.periods import OTHER, WINDOWS, Period
from provenance.values.quantities import HIGHEST, LOWEST

from ..models import Code, Dimension, Metric
from .questions import KINDS_OF_PLACE, NO_PLACE, SUM

EXACT = Decimal("0.0001")  # to which a mean is rounded

WHY_LEFT_OUT = {
    "window": gettext_lazy(
        "The window is not known from its first to its last day; record it, or ask "
        "with open_end=start."
    ),
    "outside": gettext_lazy("The window reaches beyond from or to."),
    "period": gettext_lazy(
        "The window lies in several of the periods; group by longer ones."
    ),
    "place": gettext_lazy(
        "There is no place, or it lies in none of the kind that is grouped by."
    ),
    "level": gettext_lazy(
        "Windows of another length, places of another kind or codes of another depth "
        "have been chosen; choose with windows or places, or group by the dimension."
    ),
}


class Key(NamedTuple):
    """What the observations of one group share; None where they are put together."""

    metric: int | None
    population: str | None
    modality: str | None
    place: int | None
    reported_by: int | None
    codes: tuple[int | None, ...]  # of the dimensions asked for; None is the whole
    period: Period | None


class Level(NamedTuple):
    """How long windows are and of which kind places; empty where that is no matter."""

    windows: str
    places: str
    parts: tuple[tuple[int, int], ...] = ()  # dimensions, and how deep the codes are

    @property
    def rank(self):
        """Long windows, wide places and wholes go before others."""
        windows = ("", OTHER, *WINDOWS[:-1])
        kinds = ("", NO_PLACE, *reversed(KINDS_OF_PLACE))
        depth = sum(depth for _dimension, depth in self.parts)
        return windows.index(self.windows), kinds.index(self.places), -depth


@dataclass
class Group:
    """Observations that are put together, and what they come to.

    ``low`` and ``high`` are the ends of the result; None where it has none. ``covered``
    is the part of the days of the period that windows of what adds up account for.
    """

    key: Key
    metric: Metric | None
    place: Place | None
    reported_by: Agency | None
    codes: dict[str, Code | None]  # by the slugs of their dimensions
    parts: list[Dimension] | None  # whose codes are put together
    level: Level | None = None
    one: int | None = None  # the key of one of the observations
    observations: int = 0
    without_value: int = 0
    disputed: int = 0
    settled: int = 0  # of the disputed
    left_out: int = 0
    low: Decimal | None = None
    high: Decimal | None = None
    covered: float | None = None
    overlap: bool = False

    @property
    def period(self):
        return self.key.period

    @property
    def has_value(self):
        return self.low is not None or self.high is not None

    @property
    def value(self):
        """The result in the form of a quantity; empty if there is none."""
        low, high = (
            end if end is None else plain(end) for end in (self.low, self.high)
        )
        if low == high:
            return low or ""
        if low is None:
            return f"<={high}"
        return f">={low}" if high is None else f"{low}..{high}"


def plain(number):
    """A Decimal in digits, without nought behind the point."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass
class Aggregate:
    """The groups that a question is answered with, and what is in none of them."""

    groups: list[Group] = field(default_factory=list)
    left_out: Counter = field(default_factory=Counter)  # by reason


def end_of(measure, ends, unknown):
    """The same end of the result, of these ends of values; None if it has none."""
    known = [end for end in ends if end != unknown]
    # The least of all is at most the least that is known, and the most at least.
    bounded_by_some = ("min", HIGHEST), ("max", LOWEST)
    if not known or (
        len(known) < len(ends) and (measure, unknown) not in bounded_by_some
    ):
        return None
    if measure == "min":
        return min(known)
    if measure == "max":
        return max(known)
    total = sum(known)
    return total if measure == SUM else (total / len(known)).quantize(EXACT)

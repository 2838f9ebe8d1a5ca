"""What is asked of records that are put together."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from entities.models import Place
from provenance.values.periods import MONTHS, OCTOBER, Calendar

COUNT, SUM = "count", "sum"
MEASURES = (COUNT, SUM, "mean", "min", "max")
APART = ("metric", "population", "modality")  # what is never put together
PLACE, REPORTER = "place", "reported_by"
KINDS_OF_PLACE = tuple(Place.Kind.values)  # the widest first
PERIODS = tuple(MONTHS)
WAYS = (*APART, PLACE, *KINDS_OF_PLACE, REPORTER, *PERIODS)
DIMENSION = "dim:"  # and its slug
NO_PLACE = "none"  # as a kind of place: what is of no place on record
THEME, TYPE = "theme", "type"
PARTIES = ("agency", "official")
WAYS_OF_EVENTS = (TYPE, *PARTIES, THEME, PLACE, *KINDS_OF_PLACE, *PERIODS)


@dataclass(frozen=True)
class Grouping:
    """What the records of a group share: words, at most one of a place and of a period.

    With ``first`` and ``last`` only the time between these days is asked for.
    """

    group_by: tuple[str, ...] = ()
    fiscal_start: int = OCTOBER
    first: date = date.min
    last: date = date.max

    def named(self, words):
        """Which of these words it is grouped by; None by none."""
        return next((word for word in self.group_by if word in words), None)

    @cached_property
    def calendar(self):
        """The periods that are asked for; None if none are."""
        sort = self.named(PERIODS)
        return Calendar(sort, self.fiscal_start) if sort else None

    @cached_property
    def kind_of_place(self):
        """The kind of the places that stand for what lies in them; None if none do."""
        return self.named(KINDS_OF_PLACE)


@dataclass(frozen=True)
class Question(Grouping):
    """What is asked of observations; ``group_by`` has some of ``WAYS``, and dimensions.

    ``windows`` and ``places`` choose what is put together; empty: what gives the most
    groups a value. With ``open_end`` a window whose end is not known is the period of
    its start; with ``omit`` a sum that would count twice is left out, not refused.
    """

    measure: str = COUNT
    windows: str = ""
    places: str = ""
    open_end: bool = False
    omit: bool = False

    @cached_property
    def dimensions(self):
        """The slugs of the dimensions that it is grouped by."""
        return [
            word.removeprefix(DIMENSION)
            for word in self.group_by
            if word.startswith(DIMENSION)
        ]

    @cached_property
    def chooses(self):
        """Whether it matters which windows and places are put together."""
        return self.measure != COUNT

"""Finds for each observation the group that it belongs to, or why it does to none."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from entities.models import Agency, Place
from provenance.evidence.visibility import state_of_disputes
from provenance.values.periods import length_of

from ..models import Metric, Observation
from .bounds import bounded
from .questions import APART, NO_PLACE, PLACE, REPORTER
from .results import Key, Level


class Seen(NamedTuple):
    """One observation as it is read to be added up."""

    key: int
    metric: int
    population: str
    modality: str
    place: int | None
    reported_by: int | None
    low: Decimal
    high: Decimal
    missing: str
    start_earliest: date
    start_latest: date
    end_latest: date
    dispute: str | None

    COLUMNS = (
        *("pk", "metric", "population", "modality", "place", "reported_by"),
        *("value_low", "value_high", "value_missing"),
        *("start_earliest", "start_latest", "end_latest", "dispute"),
    )


class Placed(NamedTuple):
    """One observation in its group."""

    seen: Seen
    place: int | None  # that the public may know of
    parts: tuple[int, ...]  # codes of dimensions that are not grouped by
    window: tuple[date, date] | None
    level: Level | None  # None where it does not matter


def seen(observations):
    """These observations as they are read; refused if they are too many."""
    rows = observations.order_by().annotate(dispute=state_of_disputes(Observation))
    rows = bounded(rows.values_list(*Seen.COLUMNS), "metric")
    return [Seen(*row) for row in rows]


class Placing:
    """Observations by what they share, and those in no group by the reason.

    Of places and agencies that are not published nothing is known.
    """

    def __init__(self, question, rows, breakdown):
        self.question, self.breakdown = question, breakdown
        self.metrics = Metric.objects.in_bulk({row.metric for row in rows})
        self.places = _with_those_above({row.place for row in rows})
        reporting = {row.reported_by for row in rows} - {None}
        self.agencies = Agency.objects.published().in_bulk(reporting)
        self.placed, self.left_out = defaultdict(list), Counter()
        for row in rows:
            self.place(row)

    def place(self, row):
        """Puts an observation to those of its group, or counts why to none."""
        window = self.window_of(row)
        question, period = self.question, None
        if window is None:
            if question.calendar or self.is_strict(row) or question.first > date.min:
                self.left_out["window"] += 1
                return
        elif window[0] < question.first or window[1] > question.last:
            self.left_out["outside"] += 1
            return
        elif question.calendar:
            period = question.calendar.around(*window)
            if period is None:
                self.left_out["period"] += 1
                return
        at = row.place if row.place in self.places else None
        place = self.place_of(at)
        if question.kind_of_place and place is None:
            self.left_out["place"] += 1
            return
        parts = self.breakdown.of(row.key)
        reporter = self.reporter_of(row)
        key = Key(*self.shared(row), place, reporter, parts.grouped, period)
        level = self.level_at(row, at, window, parts) if question.chooses else None
        self.placed[key].append(Placed(row, at, parts.others, window, level))

    def shared(self, row):
        """What it is always apart by, where that is asked for or matters."""
        asked = self.question
        for name in APART:
            yield (
                getattr(row, name) if asked.chooses or name in asked.group_by else None
            )

    def reporter_of(self, row):
        """The agency under which it is grouped."""
        known = row.reported_by if row.reported_by in self.agencies else None
        return known if REPORTER in self.question.group_by else None

    def is_strict(self, row):
        """Whether its window has to be known: what it counts passed within that."""
        kind = self.metrics[row.metric].kind
        states = (Metric.Kind.LEVEL, Metric.Kind.RATE)
        return self.question.chooses and kind not in states

    def window_of(self, row):
        """The first and the last day of its window; None if they are not known.

        A level or a rate of which no end is known counts from when it was.
        """
        first, last = row.start_earliest, row.end_latest
        if first == date.min:
            return None
        if last == date.max:
            if self.is_strict(row) and not self.question.open_end:
                return None
            last = row.start_latest
        return (first, last) if last < date.max else None

    def place_of(self, at):
        """The place under which what was observed at a place is grouped."""
        if PLACE in self.question.group_by:
            return at
        wanted = self.question.kind_of_place
        if not wanted:
            return None
        around = self.upwards(at)
        return next((key for key in around if self.kind(key) == wanted), None)

    def upwards(self, key):
        """A place, and those that it lies in, one after the other."""
        passed = set()
        while key in self.places and key not in passed:
            yield key
            passed.add(key)
            key = self.places[key].parent_id

    def kind(self, key):
        return self.places[key].kind if key in self.places else NO_PLACE

    def level_at(self, row, at, window, parts):
        """How long its window is, of which kind its place and how deep its codes are,
        where that matters.
        """
        adds_up = self.metrics[row.metric].adds_up and window
        by_itself = PLACE in self.question.group_by
        return Level(
            length_of(*window) if adds_up else "",
            "" if by_itself else self.kind(at),
            parts.levels,
        )


def _with_those_above(keys):
    """The published ones of these places and of those around them, by their keys."""
    found, missing = {}, keys - {None}
    while missing:
        found |= Place.objects.published().in_bulk(missing)
        above = {found[key].parent_id for key in missing if key in found}
        missing = above - found.keys() - {None}
    return found

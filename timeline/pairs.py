"""Finds who met whom: officials who took part in the same meetings and agreements.

Where more than a few dozen come together, not each has met each: such events are told
of, and make no pair. The newest events count, until there are as many as one answer is
made of.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from django.db.models import Case, Value, When

from provenance.db.batches import Among
from provenance.values.grounds import is_general_knowledge

from .chronicle import pairs
from .models import Event

TYPES = (Event.Type.MEETING, Event.Type.AGREEMENT)
CROWD = 50  # officials at one event
MOST_EVENTS = 10_000
MOST_ENCOUNTERS = 100_000  # of one with another, at one event


@dataclass(slots=True)
class Pair:
    """Two officials, by their keys, and the events in which both took part.

    ``first`` and ``last`` are the keys of events whose start is known at all.
    """

    one: int
    other: int
    meetings: int = 0
    agreements: int = 0
    general: int = 0  # of these, those of which no source says when they were
    first: int | None = None
    last: int | None = None

    @property
    def events(self):
        return self.meetings + self.agreements

    @property
    def place(self):
        """Who met most often comes first."""
        return -self.events, self.one, self.other

    def add(self, key, kind, day, is_general):
        """Counts an event that is older than those before it."""
        self.general += is_general
        if kind == Event.Type.MEETING:
            self.meetings += 1
        else:
            self.agreements += 1
        if day > date.min:
            self.first, self.last = key, self.last or key


@dataclass(frozen=True)
class Encounters:
    """Pairs of officials, and of how many events they are made."""

    pairs: list[Pair]
    events: int
    crowds: int  # events at which too many were for each to have met each
    are_all: bool  # or else the newest events are counted


def encounters(events, among=()):
    """Who met whom at these events; if asked, pairs with one of these officials."""
    # Said of the others, no index of types is gone along instead of the order.
    others = set(Event.Type.values).difference(TYPES)
    newest = events.exclude(type__in=sorted(others))
    newest = newest.order_by("-start_earliest", "-id")
    general = When(is_general_knowledge(Event, "start"), then=Value(True))
    general = Case(general, default=Value(False))
    columns = ("pk", "type", "start_earliest", general)
    rows = list(newest.values_list(*columns)[: MOST_EVENTS + 1])
    are_all, rows = len(rows) <= MOST_EVENTS, rows[:MOST_EVENTS]
    attended = _attended([row[0] for row in rows])
    keys, found = {official.pk for official in among}, {}
    counted = crowds = met = 0
    for key, kind, day, is_general in rows:
        officials = attended.get(key, ())
        if len(officials) > CROWD:
            crowds += 1
            continue
        met += len(officials) * (len(officials) - 1) // 2
        if met > MOST_ENCOUNTERS:
            are_all = False
            break
        counted += 1
        for two in combinations(sorted(officials), 2):
            if not keys or not keys.isdisjoint(two):
                pair = found.get(two) or found.setdefault(two, Pair(*two))
                pair.add(key, kind, day, is_general)
    return Encounters(list(found.values()), counted, crowds, are_all)


def _attended(keys):
    """The keys of the published officials at each of these events."""
    attended = defaultdict(list)
    these = Event.objects.filter(pk__in=Among(keys)) if keys else Event.objects.none()
    for event, official in pairs(these, "official"):
        attended[event].append(official)
    return attended

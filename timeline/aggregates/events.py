"""Counts events by what they share: when they began, who took part, where, about what.

An event counts in each group that it belongs to, as the timeline would show it narrowed
to that: an agency by itself or by somebody in office there, a place and a theme with
all that lies below. So groups overlap, and do not add up to the number of events.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from provenance.evidence.visibility import state_of_disputes
from provenance.models import Dispute, Record
from provenance.values.dates import marked
from provenance.values.periods import Period

from ..chronicle import MODELS, pairs
from ..models import Event
from .bounds import bounded, with_missing
from .questions import PARTIES, PLACE, THEME, TYPE

RELATIONS = (*PARTIES, THEME, PLACE)

WHY_NOT_COUNTED = {
    "period": gettext_lazy("It is not known in which of the periods it began."),
    "outside": gettext_lazy("It began outside the time that is asked for."),
    "place": gettext_lazy("It has no place, or none in one of the kind asked for."),
    "agency": gettext_lazy("No agency is known to have taken part."),
    "official": gettext_lazy("No official is known to have taken part."),
    "theme": gettext_lazy("It has no theme."),
}


class Happened(NamedTuple):
    """One event as it is read to be counted."""

    key: int
    type: str
    start_earliest: date
    start_latest: date
    unsure: bool
    dispute: str | None

    COLUMNS = ("pk", "type", "start_earliest", "start_latest", "unsure", "dispute")


class EventKey(NamedTuple):
    """What the events of a group share: for each relation asked for, a record's key."""

    type: str | None
    related: tuple[int, ...]
    period: Period | None


@dataclass
class EventGroup:
    """Events that share something: how many, and how many of them are in doubt."""

    key: EventKey
    records: dict[str, Record]  # by the name of the relation
    events: int = 0
    unsure: int = 0  # their start is marked as uncertain or approximate
    disputed: int = 0
    settled: int = 0  # of the disputed

    @property
    def type(self):
        return self.key.type

    @property
    def period(self):
        return self.key.period

    @property
    def order(self):
        """By type, then by what the records are called, then in time."""
        names = [(record.sort_key, record.slug) for record in self.records.values()]
        return self.type or "", names, self.period.first if self.period else date.min


@dataclass
class EventCounts:
    """The groups that a question is answered with, and what is in none of them."""

    events: int
    groups: list[EventGroup]
    left_out: Counter  # by reason


def count_events(events, grouping):
    """How many of these events are in each group, by ``WAYS_OF_EVENTS``.

    Raises ValidationError, by parameter, for more than one answer is made of or has.
    """
    return Counting(events, grouping).answer()


class Counting:
    """One question put to some events."""

    def __init__(self, events, grouping):
        self.grouping = grouping
        self.events = _read(events)
        words = {*grouping.group_by}
        if grouping.kind_of_place:
            words.add(PLACE)
        # By name: the published records, and the keys of those of each event.
        self.relations = {
            name: self.related(events, name) for name in RELATIONS if name in words
        }

    def related(self, events, name):
        """The published records of a relation, and the keys of those of each event."""
        found = pairs(events, name)
        public = MODELS[name].objects.published()
        records = public.in_bulk({key for _event, key in found})
        kind = self.grouping.kind_of_place if name == PLACE else None
        of_events = defaultdict(list)
        for event, key in found:
            if key in records and kind in (None, getattr(records[key], "kind", None)):
                of_events[event].append(key)
        return records, of_events

    def answer(self):
        """The groups, in order, and what is left out."""
        groups, left_out = {}, Counter()
        for event in self.events:
            try:
                keys = list(self.keys_of(event))
            except LeftOut as reason:
                left_out[str(reason)] += 1
                continue
            for key in keys:
                if key not in groups:
                    groups[key] = self.group(key)
                groups[key].events += 1
                groups[key].unsure += event.unsure
                groups[key].disputed += event.dispute is not None
                groups[key].settled += event.dispute == Dispute.State.SETTLED
        for key in with_missing(groups.keys(), self.grouping) - groups.keys():
            groups[key] = self.group(EventKey(*key))
        ordered = sorted(groups.values(), key=lambda group: group.order)
        return EventCounts(len(self.events), ordered, left_out)

    def keys_of(self, event):
        """The groups that an event belongs to; LeftOut, with the reason, if to none."""
        period = self.period_of(event)
        kind = event.type if TYPE in self.grouping.group_by else None
        several = []
        for name, (_records, of_events) in self.relations.items():
            if event.key not in of_events:
                raise LeftOut(name)
            several.append(of_events[event.key])
        return (EventKey(kind, related, period) for related in product(*several))

    def period_of(self, event):
        """The period in which it certainly began; None if none is asked for."""
        calendar = self.grouping.calendar
        if not calendar:
            return None
        first, last = event.start_earliest, event.start_latest
        is_known = date.min < first and last < date.max
        period = calendar.around(first, last) if is_known else None
        if period is None:
            raise LeftOut("period")
        if first < self.grouping.first or last > self.grouping.last:
            raise LeftOut("outside")
        return period

    def group(self, key):
        """A group without an event."""
        records = {
            name: records[one]
            for one, (name, (records, _of_events)) in zip(
                key.related, self.relations.items(), strict=True
            )
        }
        return EventGroup(key, records)


class LeftOut(Exception):
    """An event is in no group; says for which of ``WHY_NOT_COUNTED``."""


def _read(events):
    told = events.order_by().annotate(
        unsure=marked("start"),
        dispute=state_of_disputes(Event),
    )
    rows = bounded(told.values_list(*Happened.COLUMNS), "agency")
    return [Happened(*row) for row in rows]

"""Finds the shortest connection of two officials: whom one met, whom these met, and on.

It is searched from both ends, of the smaller side first, until the sides meet. Events
to which more than a few dozen came connect nobody, as in ``pairs``; the search has an
end at so many events and so many steps.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from provenance.db.batches import filtered
from provenance.models import Record

from .models import Participation
from .pairs import CROWD

MOST_EVENTS = 20_000  # that one search looks at
MOST_STEPS = 8  # from one official to the other


@dataclass(frozen=True)
class Step:
    """From one official to the next, by their keys, and the event that both came to."""

    one: int
    event: int
    other: int


@dataclass(frozen=True)
class Connection:
    """The steps from one official to another; none if there is no connection."""

    steps: tuple[Step, ...]
    is_whole: bool = True  # all was looked at, so that none means there is none


@dataclass
class _Side:
    """What was reached from one end: each official, and the step that led there."""

    reached: dict[int, Step | None]
    edge: set[int] = field(default_factory=set)
    steps: int = 0


def shortest(one, other, events):
    """The shortest connection of two officials by these events."""
    sides = [_Side({each.pk: None}, {each.pk}) for each in (one, other)]
    seen, is_whole = set(), True
    if one == other:
        return Connection(())
    while all(side.edge for side in sides):
        near, far = sorted(sides, key=lambda side: len(side.edge))
        if near.steps + far.steps >= MOST_STEPS or len(seen) >= MOST_EVENTS:
            return Connection((), is_whole=False)
        is_whole &= _go_on(near, seen, events)
        near.steps += 1
        if met := near.edge & far.reached.keys():
            return Connection(_joined(*sides, min(met)))
    return Connection((), is_whole)


def _go_on(side, seen, events):
    """Reaches all whom those at the edge met; whether no event was left out."""
    attended = _events_of(side.edge, events)
    keys = [key for key in attended if key not in seen]
    room = MOST_EVENTS - len(seen)
    came = defaultdict(set)
    for event, official in _people(event=keys[:room]):
        came[event].add(official)
    seen.update(keys[:room])
    reached = {}
    for event in keys[:room]:
        if len(came[event]) <= CROWD:
            near = min(came[event] & side.edge)
            for official in came[event] - side.reached.keys():
                reached.setdefault(official, Step(near, event, official))
    side.reached |= reached
    side.edge = set(reached)
    return len(keys) <= room


def _people(**among):
    """Pairs of an event and a public official who took part in it."""
    rows = Participation.objects.filter(
        official__status__beside=Record.Status.PUBLISHED
    ).order_by()
    return filtered(rows.values_list("event", "official"), **among)


def _events_of(officials, events):
    """The keys of those of the events that they attended, the newest first."""
    keys = {event for event, _official in _people(official=officials)}
    days = events.order_by().values_list("pk", "start_earliest")
    found = sorted(filtered(days, pk=keys), key=lambda row: (row[1], row[0]))
    return [key for key, _day in reversed(found)]


def _joined(first, last, middle):
    """The steps of both sides, that meet at one official, as one way."""
    steps, at = [], middle
    while step := first.reached[at]:
        steps.insert(0, step)
        at = step.one
    at = middle
    while step := last.reached[at]:
        steps.append(Step(step.other, step.event, step.one))
        at = step.one
    return tuple(steps)

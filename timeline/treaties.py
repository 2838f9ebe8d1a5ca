"""For which of its parties an agreement is in force, and when: from what they did."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from entities.models import Agency, Official
from provenance.values.dates import PartialDate

from .models import Participation

Role = Participation.Role


@dataclass(frozen=True)
class Force:
    """One time for which an agreement is in force for a party.

    Without an end it is until further notice; an end that is empty is on a day that is
    not known.
    """

    start: PartialDate
    end: PartialDate | None = None

    @property
    def readable(self):
        """As readers write it: “since 29 September 2003”."""
        if self.end is None:
            return _("since %s") % _in_words(self.start)
        return f"{_in_words(self.start)} → {_in_words(self.end)}"

    @property
    def is_possible(self):
        """Whether it does not certainly end before it starts."""
        return self.end is None or self.start.earliest <= self.end.latest


def _in_words(day):
    return day.readable if day else _("an unknown day")


@dataclass(frozen=True)
class Party:
    """What one official or agency did to an agreement, in order of time."""

    record: Official | Agency
    actions: list[Participation] = field(default_factory=list)
    in_force: list[Force] = field(default_factory=list)


def parties_of(agreement):
    """The parties of an agreement by their names, each with what it did."""
    done = {}
    for row in agreement.participations.all():
        done.setdefault(row.party, []).append(row)
    for actions in done.values():
        actions.sort(key=_in_time)
    return [
        Party(party, done[party], in_force(agreement, done[party]))
        for party in sorted(done, key=lambda party: (party.sort_key, party.slug))
    ]


def _in_time(action):
    """Puts an exit behind whatever is not certainly later than it."""
    day = action.date or action.effective
    is_exit = action.role in Participation.EXITS
    turn = day.latest if is_exit else day.earliest
    return turn, is_exit, day.sort_key, action.effective.sort_key


def in_force(agreement, actions):
    """The times for which an agreement is in force for whoever did this, in order.

    It is from when what it consented by has effect, to when its leaving has or the
    agreement ends, whichever is earlier. Where nothing says from when a consent has
    effect, it is from when the agreement is in force, or from some later day if the
    consent is later.
    """
    found, since = [], None
    for action in actions:
        if action.role in Participation.EXITS:
            if since is not None:
                left = _left(action, since)
                found.append(Force(since, _earlier(left, agreement)))
            since = None
        elif since is None and _binds(action):
            since = action.effective or _at_the_earliest(agreement, action)
    if since is not None:
        found.append(Force(since, agreement.terminated or None))
    return [force for force in found if force.is_possible]


def _binds(action):
    """A consent does, and being a signatory or a party if it says from when."""
    if action.role in (Role.SIGNATORY, Role.PARTY):
        return bool(action.effective)
    return action.role in Participation.CONSENTS


def _left(action, since):
    """When a party left; an unknown day if nothing dates that."""
    if action.effective or not action.date:
        return action.effective
    return _between(max(action.date.earliest, since.earliest), date.max)


def _earlier(left, agreement):
    """When a party left, or the agreement ended if that was before: as far as both say.

    It is one of the two, or a range of days where either may have come first.
    """
    ended = agreement.terminated
    if not ended:
        return left
    bounds = min(left.earliest, ended.earliest), min(left.latest, ended.latest)
    for day in (left, ended):
        if (day.earliest, day.latest) == bounds:
            return day
    return _between(*bounds)


def _at_the_earliest(agreement, action):
    """From when it may be in force for a party; None if it is for nobody yet."""
    entered = agreement.entered_into_force
    if not entered or not action.date or action.date.latest <= entered.earliest:
        return entered or None
    return _between(max(action.date.earliest, entered.earliest), date.max)


def _between(first, last):
    """Some day of these, which is no day known at all if they have no bounds."""
    low, high = first if first > date.min else "", last if last < date.max else ""
    return PartialDate(f"[{low}..{high}]" if low or high else "")

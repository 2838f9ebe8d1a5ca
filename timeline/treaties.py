"""For which of its parties an agreement is in force, and when: from what they did."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from entities.models import Agency, Official
from provenance.values.dates import PartialDate

from .models import Participation

UNKNOWN = PartialDate("")


@dataclass(frozen=True)
class Force:
    """One time for which an agreement is in force for a party, until further notice."""

    start: PartialDate
    end: PartialDate = UNKNOWN

    @property
    def readable(self):
        """As readers write it: “since 29 September 2003”."""
        if self.end:
            return f"{self.start.readable} → {self.end.readable}"
        return _("since %s") % self.start.readable


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
        actions.sort(key=lambda row: (row.date.sort_key, row.effective.sort_key))
    return [
        Party(party, done[party], in_force(agreement, done[party]))
        for party in sorted(done, key=lambda party: (party.sort_key, party.slug))
    ]


def in_force(agreement, actions):
    """The times for which an agreement is in force for whoever did this, in order.

    It is from when what it consented by has effect, to when its leaving has, or to the
    end of the agreement. Where nothing says from when a consent has effect, it is from
    when the agreement is in force, or from some later day if the consent is later.
    """
    found, since = [], None
    for action in actions:
        if action.role in Participation.EXITS:
            if since is not None:
                found.append(Force(since, _left(action)))
            since = None
        elif since is None and _binds(action):
            since = action.effective or _at_the_earliest(agreement, action)
    if since is not None:
        found.append(Force(since, agreement.terminated))
    return found


def _binds(action):
    return action.role in Participation.CONSENTS or bool(action.effective)


def _left(action):
    return action.effective or _not_before(action.date.earliest)


def _at_the_earliest(agreement, action):
    """From when it may be in force for a party; None if it is for nobody yet."""
    entered = agreement.entered_into_force
    if not entered or not action.date or action.date.latest <= entered.earliest:
        return entered or None
    return _not_before(max(action.date.earliest, entered.earliest))


def _not_before(day):
    return PartialDate(f"[{day}..]") if day > date.min else UNKNOWN

"""Finds the relations of officials and agencies: events and offices in common.

Around an official stand those who took part in the same events, the agencies of these
events, and the agencies at which the person held office; around an agency those who
took part in its events and those who held office there. Asked at a date, only events
and appointments count that may have been then. Only what is public is known.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from entities.models import Agency, Appointment, Official

from .attendance import agencies_at
from .chronicle import with_agency, with_official
from .models import Event, Participation

ANY_NUMBER = 10_000  # of events; of a body with more, the newest count


@dataclass
class Relation:
    """How one official or agency is connected with another one."""

    record: Official | Agency
    events: set[int] = field(default_factory=set)
    appointments: list[Appointment] = field(default_factory=list)

    @property
    def weight(self):
        """How many events and offices connect the two."""
        return len(self.events) + len(self.appointments)


def relations_of(record, when=None):
    """The officials and agencies around this one, the closest first."""
    ask = with_official if isinstance(record, Official) else with_agency
    events = ask(Event.objects.published(), record)
    events = events.as_of(when) if when else events
    events = events.order_by("-start_earliest", "-id").values_list("pk", flat=True)
    events = list(events[:ANY_NUMBER])
    found = defaultdict(lambda: defaultdict(set))
    for model, pairs in _parties(events).items():
        for event, key in pairs:
            if (model, key) != (type(record), record.pk):
                found[model][key].add(event)
    offices = _offices(record, when)
    held = defaultdict(lambda: defaultdict(list))
    for appointment in offices:
        if isinstance(record, Official):
            held[Agency][appointment.post.agency_id].append(appointment)
        else:
            held[Official][appointment.official_id].append(appointment)
    relations = []
    for model in (Official, Agency):
        keys = {*found[model], *held[model]}
        for key, other in model.objects.published().in_bulk(keys).items():
            relations.append(Relation(other, found[model][key], held[model][key]))
    return sorted(relations, key=lambda one: (-one.weight, one.record.slug))


def _parties(events):
    """Pairs of an event and an official or an agency that took part in it."""
    rows = Participation.objects.filter(event__in=events).order_by()
    officials = rows.filter(official__status__beside=Official.Status.PUBLISHED)
    return {
        Official: set(officials.values_list("event", "official")),
        Agency: agencies_at(events),
    }


def _offices(record, when):
    about = "official" if isinstance(record, Official) else "post__agency"
    offices = Appointment.objects.published().filter(**{about: record.pk})
    offices = offices.as_of(when) if when else offices
    return offices.select_related("official", "post__agency")

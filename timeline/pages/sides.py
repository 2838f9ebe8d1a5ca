"""Who took part in an event: by the country that they act for, with their offices."""

from collections import defaultdict
from dataclasses import dataclass, field

from entities.models import Agency, Appointment, Official, Place
from provenance.values.contradiction import Certainty

from ..models import Participation

HELD = 500  # offices that are looked at


@dataclass
class Attendee:
    """One official or agency: in which roles and offices, and what it held besides."""

    party: Official | Agency
    roles: list[Participation] = field(default_factory=list)
    offices: list[Appointment] = field(default_factory=list)
    besides: list[Appointment] = field(default_factory=list)

    @property
    def agencies(self):
        """The keys of those that it acts for, the surest first."""
        if isinstance(self.party, Agency):
            return [self.party.pk]
        return [one.post.agency_id for one in (*self.offices, *self.besides)]


@dataclass(frozen=True)
class Side:
    """Those who act for one country; for none that is recorded, if it has none."""

    country: Place | None
    attendees: list[Attendee]


def sides_of(event, rows):
    """The sides of those that these rows name, by the names of the countries."""
    found = {}
    for row in rows:
        attendee = found.setdefault(row.party, Attendee(row.party))
        attendee.roles.append(row)
        named = {one.pk for one in attendee.offices}
        offices = (one for one in row.appointments.all() if one.is_public)
        attendee.offices += [one for one in offices if one.pk not in named]
    _add_what_was_held(event, found)
    country_of = _countries({key for each in found.values() for key in each.agencies})
    sides = defaultdict(list)
    for attendee in found.values():
        countries = (country_of.get(key) for key in attendee.agencies)
        sides[next(filter(None, countries), None)].append(attendee)
    return [
        Side(country, sides[country])
        for country in sorted(
            sides, key=lambda one: (one is None, one and one.in_words)
        )
    ]


def _add_what_was_held(event, attendees):
    """Adds the offices that officials are likely to have held when it happened."""
    officials = {each.pk for each in attendees if isinstance(each, Official)}
    if not (event.start and officials):
        return
    held = Appointment.objects.published_beside().labelled()
    held = held.filter(official__in=officials)
    held = held.during(event.start, event.end or event.start, Certainty.LIKELY)
    for one in held[:HELD]:
        attendee = attendees[one.official]
        if one.pk not in {office.pk for office in attendee.offices}:
            attendee.besides.append(one)


def _countries(agencies):
    """The public countries of these agencies, by the keys of the agencies."""
    known = Agency.objects.published().filter(pk__in=agencies, country__isnull=False)
    known = known.select_related("country")
    return {one.pk: one.country for one in known if one.country.is_public}

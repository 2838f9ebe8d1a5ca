"""What is asked of events of every kind alike: of whom, and what they have in common.

The timeline itself is ``TimelineFilter`` and ``TimelineView`` in ``api``, and
``narrowed_by`` in ``pages.chronicle``.
"""

from collections import Counter

from django.db.models import Count, Q

from entities.models import Agency, Official, Place
from provenance.db.batches import filtered
from provenance.db.few import named_in
from provenance.evidence.visibility import public_citations_of, public_rows
from provenance.models import Record, Source
from provenance.tracking.time_travel import in_the_past

from .attendance import IN_OFFICE, agencies_at
from .models import Attendance, Capacity, Event, EventTheme, Participation, Theme

COUNTED = 2_000  # of more events it is counted what the newest have in common
MOST = 100  # of what events have in common, of each sort


def with_official(events, *officials, excluded=False):
    """Those that one of the officials took part in; or those that none of them did."""
    came = Participation.objects.filter(official__in=officials)
    return _attended(events, came, excluded=excluded, official=officials)


def with_agency(events, *agencies, excluded=False):
    """Those that one of the agencies took part in, or none: itself, or by somebody in
    office there.
    """
    came = Participation.objects.filter(agency__in=agencies)
    office = _in_office_at(agencies)
    return _attended(events, came, office, excluded=excluded, agency=agencies)


def with_role(events, roles, parties, excluded=False, everything=False):
    """Those that somebody took part in in one of these roles, or in none of them.

    ``parties`` may have, under ``official`` and ``agency``, lists of alternatives: then
    one of each did.
    """
    rows = Participation.objects.filter(role__in=roles)
    if not everything:
        rows = public_rows(rows, ("official", "agency"))
    ways = [Q(official__in=some) for some in parties.get("official", ())]
    for some in parties.get("agency", ()):
        office = _in_office_at(some).order_by().values("participation")
        ways.append(Q(agency__in=some) | Q(pk__in=office))
    for way in ways or [Q()]:
        events = named_in(events, rows.filter(way), "event", excluded)
    return events


def _in_office_at(agencies):
    return Capacity.objects.filter(appointment__post__agency__in=agencies, **IN_OFFICE)


def _attended(events, *ways, excluded, **party):
    """Those that a party attended: that is stored, or follows from these rows."""
    ((name, parties),) = party.items()
    if in_the_past():  # each by an index; in two roles one would come twice of a join
        found = Q()
        for rows in ways:
            found |= Q(pk__in=rows.order_by().values("event"))
        return events.filter(~found if excluded else found)
    if excluded or events.along or len(parties) > 1:  # a list goes along one index
        came = Attendance.objects.filter(**{f"{name}__in": parties})
        return named_in(events, came, "event", excluded)
    return events.attended_by(**{name: parties[0]})


# What events have in common


def newest(events):
    """The newest of these events, to be counted, and whether they are all of them."""
    keys = events.order_by("-start_earliest", "-id").values_list("pk", flat=True)
    keys = list(keys[: COUNTED + 1])
    return Event.objects.filter(pk__in=keys[:COUNTED]), len(keys) <= COUNTED


def counts(events, name):
    """What these events can be narrowed to by the parameter of this name.

    Those that leave most of them: each with its word or slug, what it is called, and
    how many events it leaves, as the filter of that name would count.
    """
    if name == "type":
        return _of_types(events.order_by())
    return _called(MODELS[name], pairs(events, name))


def pairs(events, name):
    """Pairs of the key of an event and of a record to which the parameter narrows it.

    Some of these records may not be published.
    """
    return PAIRS[name](events.order_by())


def _of_types(events):
    counted = events.values_list("type").annotate(number=Count("pk"))
    found = counted.order_by("-number", "type")
    return [(word, str(Event.Type(word).label), number) for word, number in found]


def _of_officials(events):
    rows = Participation.objects.filter(
        event__in=events.values("pk"), official__status__beside=Record.Status.PUBLISHED
    )
    return set(rows.order_by().values_list("event", "official"))


def _of_agencies(events):
    if in_the_past():  # it is stored of now alone
        return agencies_at(events.values("pk"))
    rows = Attendance.objects.filter(event__in=events.values("pk"))
    return set(rows.exclude(agency=None).order_by().values_list("event", "agency"))


def _of_places(events):
    found = events.filter(place__isnull=False).values_list("pk", "place")
    return with_all_above(Place, found)


def _of_themes(events):
    rows = EventTheme.objects.filter(event__in=events.values("pk")).order_by()
    return with_all_above(Theme, rows.values_list("event", "theme"))


def _of_sources(events):
    cited = public_citations_of(Event).filter(record__in=events.values("pk"))
    return set(cited.order_by().values_list("record", "source"))


def with_all_above(model, pairs):
    """Pairs of an event and a record, with the records that stand above it as well."""
    pairs, above = set(pairs), {}
    known = model.objects.published().order_by().values_list("pk", model.above)
    missing = {key for _event, key in pairs}
    while missing:
        rows = dict(filtered(known, pk=missing))
        above |= rows
        missing = set(rows.values()) - above.keys() - {None}
    found = set()
    for event, key in pairs:
        while key in above and (event, key) not in found:
            found.add((event, key))
            key = above[key]
    return found


def _called(model, pairs):
    """The published records that most events are paired with."""
    numbers = Counter(key for _event, key in pairs)
    public = model.objects.published().order_by().values_list("pk", "slug")
    slugs = dict(filtered(public, pk=numbers))
    most = sorted(slugs, key=lambda key: (-numbers[key], slugs[key]))[:MOST]
    known = model.objects.in_bulk(most)
    return [(slugs[key], known[key].in_words, numbers[key]) for key in most]


PAIRS = {
    "agency": _of_agencies,
    "official": _of_officials,
    "place": _of_places,
    "theme": _of_themes,
    "source": _of_sources,
}
MODELS = {
    "agency": Agency,
    "official": Official,
    "place": Place,
    "theme": Theme,
    "source": Source,
}
COUNTED_BY = ("type", *PAIRS)


def agencies_in(events):
    """The agencies that took part in each event, itself or by somebody in office there.

    The events have their rows at hand, and in these only what the public may see.
    """
    found = {}
    for event in events:
        agencies = set()
        for row in event.participations.all():
            if row.agency is not None:
                agencies.add(row.agency)
            for office in row.appointments.all():
                if office.is_public:
                    agencies.add(office.post.agency)
        found[event.pk] = sorted(agencies, key=lambda agency: agency.slug)
    return found

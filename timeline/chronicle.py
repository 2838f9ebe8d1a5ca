"""Queries of the timeline: all events as one stream, filtered and paged.

Each question takes events of any kind, or of one, and hands on those it is true of.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear

from entities.models import Agency, Official, Place
from provenance.db.batches import filtered
from provenance.db.few import named_in
from provenance.evidence.visibility import public_citations_of
from provenance.models import Record, Source
from provenance.tracking.time_travel import in_the_past

from .attendance import IN_OFFICE
from .models import Attendance, Event, EventTheme, Participation, Theme

COUNTED = 2_000  # of more events it is counted what the newest have in common
DRAWN = 10_000  # of more it is not drawn how thick the record is
MOST = 100  # of what events have in common, of each sort
BARS = 48
YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def with_official(events, official):
    """Those that the official took part in."""
    return _attended(events, Q(official=official), official=official)


def with_agency(events, agency):
    """Those that the agency took part in, itself or by somebody in office there."""
    office = Q(appointment__post__agency=agency, **IN_OFFICE)
    return _attended(events, Q(agency=agency), office, agency=agency)


def _attended(events, *conditions, **party):
    """Those that a party attended: that is stored, or one of these is true of a
    participation.
    """
    if in_the_past():  # each by an index; in two roles one would come twice of a join
        found = Q()
        for condition in conditions:
            came = Participation.objects.filter(condition).order_by()
            found |= Q(pk__in=came.values("event"))
        return events.filter(found)
    if events.along:  # a list goes along one index
        return named_in(events, Attendance.objects.filter(**party), "event")
    return events.attended_by(**party)


# What events have in common


def can_be_drawn(events):
    """Whether there are so few that counting them costs no more than showing them."""
    return len(events.order_by().values_list("pk", flat=True)[: DRAWN + 1]) <= DRAWN


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
    return COUNTS[name](events.order_by())


def _of_types(events):
    counted = events.values_list("type").annotate(number=Count("pk"))
    found = counted.order_by("-number", "type")
    return [(word, str(Event.Type(word).label), number) for word, number in found]


def _of_officials(events):
    rows = Participation.objects.filter(
        event__in=events.values("pk"), official__status__beside=Record.Status.PUBLISHED
    )
    return _called(Official, set(rows.order_by().values_list("event", "official")))


def _of_agencies(events):
    rows = Participation.objects.filter(event__in=events.values("pk")).order_by()
    pairs = set(rows.filter(agency__isnull=False).values_list("event", "agency"))
    pairs |= set(
        rows.filter(**IN_OFFICE).values_list("event", "appointment__post__agency")
    )
    return _called(Agency, pairs)


def _of_places(events):
    pairs = events.filter(place__isnull=False).values_list("pk", "place")
    return _called(Place, _with_all_above(Place, pairs))


def _of_themes(events):
    rows = EventTheme.objects.filter(event__in=events.values("pk")).order_by()
    return _called(Theme, _with_all_above(Theme, rows.values_list("event", "theme")))


def _of_sources(events):
    cited = public_citations_of(Event).filter(record__in=events.values("pk"))
    return _called(Source, set(cited.order_by().values_list("record", "source")))


def _with_all_above(model, pairs):
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
    return [(slugs[key], str(known[key]), numbers[key]) for key in most]


COUNTS = {
    "type": _of_types,
    "agency": _of_agencies,
    "official": _of_officials,
    "place": _of_places,
    "theme": _of_themes,
    "source": _of_sources,
}


@dataclass(frozen=True)
class Bar:
    """How many events began in one year, or in one of several."""

    first: int
    last: int
    number: int
    height: int  # in percent of the highest

    @property
    def label(self):
        return (
            str(self.first) if self.first == self.last else f"{self.first}–{self.last}"
        )


def density(events):
    """How thick the record is: events by the year in which they can have begun first.

    Without those of which no such day is known; as many years to a bar as make few.
    """
    dated = events.order_by().exclude(start_earliest=date.min)
    numbers = dict(
        dated.values_list(ExtractYear("start_earliest")).annotate(Count("pk"))
    )
    if not numbers:
        return []
    first, last = min(numbers), max(numbers)
    size = next(size for size in YEARS if (last - first) // size < BARS)
    bars = Counter()
    for year, number in numbers.items():
        bars[year // size * size] += number
    highest = max(bars.values())
    return [
        Bar(
            max(year, 1),
            year + size - 1,
            bars[year],
            -(-100 * bars[year] // highest),  # rounded up: what is there is seen
        )
        for year in range(first // size * size, last + 1, size)
    ]


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
            elif row.appointment is not None and row.appointment.is_public:
                agencies.add(row.appointment.post.agency)
        found[event.pk] = sorted(agencies, key=lambda agency: agency.slug)
    return found

"""Derives who was at which event, at the end of every change, from what it touched."""

from collections import Counter
from itertools import chain

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BigIntegerField, F, Q, Value

from entities.models import Appointment, Official, Post
from provenance.db.batches import batches, filtered
from provenance.db.keys import Keys, in_runs
from provenance.db.keyset import LARGEST_KEY
from provenance.models import Record
from provenance.resources.export_queries import compiled

from . import presence
from .models import Attendance, Capacity, Event, Participation

OF_EVENT = ("start_earliest", "end_latest", "type")
COLUMNS = ("event", "official", "agency", *OF_EVENT)
NOBODY = Value(None, BigIntegerField())
# What must be published for the public to know that somebody came for their agency.
IN_OFFICE = {
    f"{record}__status__beside": Record.Status.PUBLISHED
    for record in ("participation__official", "appointment", "appointment__post")
}


def refresh(change):
    """Derives anew who was at the events that a change touched, or may have."""
    events = change.keys(Event) | change.owners.get(Event, set())
    # What is taken back may belong to another event again.
    past = Participation.history.order_by().values_list("event", flat=True)
    events.update(filtered(past, id=change.known_keys(Participation)))
    events.update(_by_office(change))
    for model, parties in derive(events).items():
        presence.derive(model, parties | change.keys(model))


def _by_office(change):
    """The events at which somebody was in an office that is another one since, or that
    the public knows of since, or no longer.
    """
    events = Capacity.objects.order_by().values_list("event", flat=True)
    offices = set(change.moved.get(Appointment, ()))
    offices |= _moved(change, Appointment, "post")
    posts = set(change.moved.get(Post, ())) | _moved(change, Post, "agency")
    yield from filtered(events, appointment=offices)
    yield from filtered(events, appointment__post=posts)
    yield from filtered(events, participation__official=change.moved.get(Official, ()))


def _moved(change, model, name):
    """Those of the touched records that belong to another record than before."""
    known = change.known_keys(model)
    if not known:
        return set()
    past = model.history.exclude(change_set=change.row).order_by("history_id")
    before = dict(filtered(past.values_list("id", name), id=known))
    now = dict(filtered(model._base_manager.values_list("pk", name), pk=before))
    return {key for key, there in now.items() if before[key] != there}


def derive(events):
    """Derives who was at these events: the keys, by kind, of who were and who are."""
    parties = {model: Keys() for model in presence.TABLES}
    quoted = connection.ops.quote_name
    columns = (Attendance._meta.get_field(name).column for name in COLUMNS)
    into = f"{quoted(Attendance._meta.db_table)} ({', '.join(map(quoted, columns))})"
    for some in in_runs(events, "event"):
        stored = Attendance.objects.filter(some)
        _take_in(parties, stored)
        stored._raw_delete(DEFAULT_DB_ALIAS)
        rows, values = compiled(derived(some))
        with connection.cursor() as cursor:
            # In an order, or the same change would leave the rows under other keys.
            cursor.execute(f"INSERT INTO {into} {rows} ORDER BY 1, 2, 3", values)
        _take_in(parties, stored.all())
    return parties


def _take_in(parties, rows):
    """Adds the keys of those whom these rows are of."""
    for model, keys in parties.items():
        name = model.type_name()
        named = rows.filter(**{f"{name}__isnull": False}).order_by()
        keys.update(named.values_list(name, flat=True).distinct())


def derived(*conditions):
    """What follows from participations in events of which these are true, by column."""
    rows = Participation.objects.filter(*conditions).order_by()
    event = [F(f"event__{name}") for name in OF_EVENT]
    people = rows.filter(official__isnull=False)
    people = people.values_list("event", "official", NOBODY, *event)
    agencies = rows.filter(agency__isnull=False)
    agencies = agencies.values_list("event", NOBODY, "agency", *event)
    offices = Capacity.objects.filter(*conditions, **IN_OFFICE).order_by()
    offices = offices.values_list("event", NOBODY, "appointment__post__agency", *event)
    return people.union(agencies, offices)


def agencies_at(events):
    """Pairs of one of these events and an agency that took part in it, itself or by
    somebody whose office there the public may know.
    """
    itself = Participation.objects.filter(event__in=events, agency__isnull=False)
    office = Capacity.objects.filter(event__in=events, **IN_OFFICE)
    found = set(itself.order_by().values_list("event", "agency"))
    return found.union(
        office.order_by().values_list("event", "appointment__post__agency")
    )


def out_of_step():
    """The keys of events of which other rows are stored than follow from the record."""
    stored = Attendance.objects.order_by().values_list(*COLUMNS)
    events = Event.objects.order_by("pk").values_list("pk", flat=True)
    last = 0
    for keys in chain(batches(events.iterator()), [[LARGEST_KEY]]):
        some = Q(event__gt=last, event__lte=(last := keys[-1]))
        held, right = Counter(stored.filter(some)), Counter(derived(some))
        yield from sorted({event for event, *_row in (held - right) + (right - held)})

"""Derives at how many events officials and agencies were, at the end of a change."""

from datetime import date

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import DateField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from entities.models import Agency, Official
from provenance.db.batches import batches, filtered
from provenance.db.counting import CountUpTo
from provenance.db.keys import Keys, in_runs
from provenance.models import Record
from provenance.resources.export_queries import compiled

from .models import AgencyPresence, Attendance, OfficialPresence

MOST = 999  # events that are counted of one
NEVER = date.min
TABLES = {Official: OfficialPresence, Agency: AgencyPresence}
COLUMNS = ("party", "events", "seen")


def measures(model):
    """What is told of the events of each official or agency, as expressions: how many
    there are, which was the last that has begun, and when that was.
    """
    came = Attendance.objects.filter(
        **{model.type_name(): OuterRef("pk")},
        event__status__beside=Record.Status.PUBLISHED,
    )
    by_now = came.filter(start_earliest__lte=timezone.localdate())
    last = by_now.order_by("-start_earliest", "-event")
    return {
        "seen": Subquery(last.values("start_earliest")[:1]),
        "seen_at": Subquery(last.values("event")[:1]),
        "events": CountUpTo(came, most=MOST),
    }


def derive(model, keys):
    """Derives it of the officials, or the agencies, of these keys."""
    table, quoted, keys = TABLES[model], connection.ops.quote_name, Keys(keys)
    into = f"{quoted(table._meta.db_table)} ({', '.join(map(quoted, COLUMNS))})"
    for stored, some in zip(in_runs(keys, "party"), in_runs(keys), strict=True):
        table.objects.filter(stored)._raw_delete(DEFAULT_DB_ALIAS)
        rows, values = compiled(_derived(model._base_manager.filter(some).order_by()))
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {into} {rows} ORDER BY 1", values)


def _derived(parties):
    found = measures(parties.model)
    seen = Coalesce(found["seen"], Value(NEVER), output_field=DateField())
    parties = parties.annotate(its_events=found["events"], its_seen=seen)
    return parties.values_list("pk", "its_events", "its_seen")


def out_of_step(model):
    """The keys of officials or agencies of which another number is stored.

    When one was seen last is of the day of the change.
    """
    parties = model._base_manager.order_by("pk").values_list("pk", flat=True)
    for keys in batches(parties.iterator()):
        right = _derived(model._base_manager.filter(pk__in=keys).order_by())
        stored = TABLES[model].objects.order_by().values_list("party", "events")
        held = dict(filtered(stored, party=keys))
        yield from sorted(
            key for key, events, _seen in right if held.get(key) != events
        )

"""A record's version covers its rows and its citations."""

from collections import defaultdict

from django.utils import timezone

from ..db.batches import batches
from ..registry.kinds import record_types
from ..tracking.bulk import update_many


def count_writes(change):
    """Raises the version of each record of which only a part was written."""
    for model, keys in list(change.owners.items()):
        for batch in batches(keys - change.keys(model)):
            _count_writes(change, model, batch)


def _count_writes(change, model, keys):
    now, kinds = timezone.now(), defaultdict(list)
    # What is not there was deleted together with its parts.
    for record in model._base_manager.filter(pk__in=keys).order_by("pk"):
        kind = record_types().get(record.record_type, model)
        kinds[kind].append(
            {
                kind._meta.pk.attname: record.pk,
                "version": record.version,
                "updated_at": now,
            }
        )
    for kind, rows in kinds.items():
        update_many(kind, rows, ["updated_at"], change)
        for row in rows:
            known = change.at_hand(model, row[kind._meta.pk.attname])
            if known is not None and known.version == row["version"]:
                # So that it can be saved again by who holds it.
                known.version, known.updated_at = row["version"] + 1, now

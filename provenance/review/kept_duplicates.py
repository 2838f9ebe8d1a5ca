"""The possible duplicates of kinds with very many records, which take long to find.

A page looks at those that were found last, as they are by now, and at what was added
last. ``manage.py find_duplicates`` compares all with all.
"""

import json
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from ..tables.atomic_files import whole_file
from .duplicates import duplicates, is_compared

AT_ONCE = 1_000  # records that a page compares
KEPT = 500  # pairs, the most alike: a page shows fewer


def find_and_keep(model):
    """Compares all records of a kind, and keeps the pairs; returns how many."""
    found = duplicates(model)
    path = _place(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = [[pair.one.pk, pair.other.pk] for pair in found[:KEPT]]
    with whole_file(path) as file:
        text = json.dumps({"found_at": timezone.now().isoformat(), "pairs": keys})
        file.write(text.encode())
    return len(found)


def at_hand(model):
    """The pairs that a page shows, and when all were compared.

    The second is None where that was just now, and empty where it never was.
    """
    if not is_compared(model):
        return [], None
    newest = model._default_manager.order_by("-pk").values_list("pk", flat=True)
    latest = list(newest[: AT_ONCE + 1])
    if len(latest) <= AT_ONCE:
        return duplicates(model), None
    found_at, pairs = _kept(model)
    known = {key for pair in pairs[: AT_ONCE // 2] for key in pair}
    return duplicates(model, known.union(latest[:AT_ONCE])), found_at


def _kept(model):
    """When all were compared, and the keys of what was found."""
    with suppress(OSError, ValueError, KeyError):
        kept = json.loads(_place(model).read_bytes())
        return datetime.fromisoformat(kept["found_at"]), kept["pairs"]
    return "", []


def _place(model):
    return settings.KEPT_FILES / f"duplicates-{model.collection}.json"

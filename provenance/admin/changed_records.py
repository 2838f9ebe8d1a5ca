"""Which records changes wrote, for lists of changes."""

from collections import Counter, defaultdict

from django.db.models import Count, Max

from ..history.reading import root_of, tracked_models
from ..history.wording import names_of
from ..models import Record
from .taking_back import address_of, may_look_at


def with_records(changes, user):
    """Each change with the one record that it wrote and its address, or how many."""
    written, last = Counter(), {}
    for model in tracked_models():
        if not issubclass(model, Record) or not may_look_at(user, model):
            continue
        key = model._meta.pk.attname
        rows = model.history.filter(change_set__in=[each.pk for each in changes])
        for number, many, one in (
            rows.order_by()
            .values_list("change_set")
            .annotate(Count(key, distinct=True), Max(key))
        ):
            written[number] += many
            last[number] = root_of(model), one
    alone = defaultdict(set)
    for number, (root, key) in last.items():
        if written[number] == 1:
            alone[root].add(key)
    named = {root: names_of(root, keys) for root, keys in alone.items()}
    rows = []
    for change in changes:
        record, number = None, written[change.pk]
        if number == 1:
            root, key = last[change.pk]
            record = named[root][key]
        rows.append((change, record, address_of(record) if record else "", number))
    return rows

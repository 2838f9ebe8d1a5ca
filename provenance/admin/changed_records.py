"""Which records changes wrote, for lists of changes."""

from collections import defaultdict

from django.db.models import OuterRef, Subquery

from ..db.counting import CountUpTo
from ..history.reading import root_of, tracked_models
from ..history.wording import names_of
from ..models import ChangeSet, Record
from .paging import AtLeast
from .taking_back import address_of, may_look_at

MOST = 500  # records of one kind that are counted; an import may write a million


def with_records(changes, user):
    """Each change with the one record that it wrote and its address, or how many."""
    kinds = [
        model
        for model in tracked_models()
        if issubclass(model, Record) and may_look_at(user, model)
    ]
    written = {change: _written(kinds, of) for change, of in _numbers(kinds, changes)}
    alone = defaultdict(set)
    for number, record in written.values():
        if number == 1:
            root, key = record
            alone[root].add(key)
    named = {root: names_of(root, keys) for root, keys in alone.items()}
    rows = []
    for change in changes:
        number, (root, key) = written[change.pk]
        record = named[root][key] if number == 1 else None
        rows.append((change, record, address_of(record) if record else "", number))
    return rows


def _numbers(kinds, changes):
    """Of each change how many records of each kind it wrote, and the key of one."""
    columns = {}
    for index, kind in enumerate(kinds):
        key = kind._meta.pk.attname
        rows = kind.history.filter(change_set=OuterRef("pk")).order_by()
        columns[f"number{index}"] = CountUpTo(rows, most=MOST, distinct=key)
        columns[f"one{index}"] = Subquery(rows.values(key)[:1])
    found = ChangeSet.objects.filter(pk__in=[change.pk for change in changes])
    found = found.order_by().annotate(**columns)
    for change, *told in found.values_list("pk", *columns):
        yield change, list(zip(told[::2], told[1::2], strict=True))


def _written(kinds, told):
    """How many records a change wrote, and one of them: its table and its key."""
    several = [
        (number, root_of(kind), key)
        for kind, (number, key) in zip(kinds, told, strict=True)
    ]
    number = sum(min(number, MOST) for number, _root, _key in several)
    is_more = any(number > MOST for number, _root, _key in several)
    one = next(((root, key) for number, root, key in several if number), (None, None))
    return AtLeast(number) if is_more else number, one

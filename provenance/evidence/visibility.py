"""Decides what the public may see: only what leads to nothing that is hidden."""

from collections import defaultdict
from functools import cache

from django.db import connection
from django.db.models import (
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    prefetch_related_objects,
)

from ..models import Record
from ..registry.kinds import citations_of, disputes_of
from ..values.contradiction import Contradiction
from ..values.list_items import AnyItem, Item
from ..values.stated_values import named_in_fields


def public_at(path, model):
    """What must hold of the record at the end of a path, for the public to see it."""
    steps = (path, *(f"{path}__{inner}" for inner in model.public_through))
    return {f"{step}__status__beside": Record.Status.PUBLISHED for step in steps}


def public_rows(rows, names):
    """The rows of which these relations, if there are any, lead to public records."""
    for name in names:
        target = rows.model._meta.get_field(name).related_model
        rows = rows.filter(Q(**{name: None}) | Q(**public_at(name, target)))
    return rows


def public_citations_of(record_model):
    """The citations for this kind of record that the public may see."""
    return naming_public(citations_of(record_model).published())


def citations_seen(record_model, everything):
    """The citations for this kind of record that somebody may see."""
    return (citations_of if everything else public_citations_of)(record_model)


def known_disputes_of(record_model, everything):
    """The disputes about records of this kind that somebody sees, to look them up by.

    Those about records that somebody may not see are among them. What only needs
    another look is no dispute.
    """
    disputes = record_model.dispute_model().objects
    if everything:
        return disputes.exclude(kind=Contradiction.UNCONFIRMED)
    return disputes.exclude(public_state="")


def with_disputes(records):
    """Records that have at hand which disputes about them the public knows of."""
    return records.prefetch_related(*_public_disputes_of(records.model))


def look_up_disputes(model, records):
    """The same of records of a kind that were read already, with one query."""
    prefetch_related_objects(records, *_public_disputes_of(model))


def _public_disputes_of(model):
    if not hasattr(model, "disputes"):
        return []
    return [Prefetch("disputes", known_disputes_of(model, everything=False))]


def state_of_disputes(record_model):
    """In a query: open if the public knows of an open dispute about a record.

    Or else settled if it knows of any, and nothing if it knows of none.
    """
    known = known_disputes_of(record_model, everything=False)
    known = known.filter(record=OuterRef("pk")).order_by("public_state")
    return Subquery(known.values("public_state")[:1])


def disputes_seen(record_model, everything):
    """The disputes about this kind of record that somebody may see.

    Their ``seen_state`` is whether they are open or settled to whoever sees them so.
    """
    disputes = disputes_of(record_model)
    disputes = disputes.alias(seen_state=F("state" if everything else "public_state"))
    if everything:
        return disputes
    needed = {
        f"record__{path}__status__beside": Record.Status.PUBLISHED
        for path in record_model.public_through
    }
    known = disputes.exclude(public_state="")
    return known.filter(record__status__beside=Record.Status.PUBLISHED, **needed)


def naming_public(citations):
    """The citations in whose statements no record is named that is not public."""
    by_kinds = defaultdict(list)
    for name, kinds in named_in_fields(citations.model.cited_model()).items():
        by_kinds[kinds].append(name)
    hidden = Q()
    for kinds, names in by_kinds.items():
        named = NamesWhatIsHidden(F("stated"), kinds)
        hidden |= ~Q(stated="") & Q(named, field__in=names)
    return citations.exclude(hidden) if hidden else citations


class NamesWhatIsHidden(AnyItem):
    """Whether an item of a list, in its text form, is the slug of what is not public.

    A slug that two kinds bear is as public as the more public of the two. It costs the
    same however many records there are, or such that are hidden.
    """

    def __init__(self, text, kinds):
        super().__init__(text)
        self.kinds = kinds

    def holds_of_item(self, compiler, connection):
        return _item_is_hidden(self.kinds, connection.vendor)


@cache  # to put it together takes longer than to answer it
def _item_is_hidden(kinds, _vendor):
    """The condition that an item is the slug of a hidden record, and its parameters."""
    conditions, params = [], []
    for records in ("all", "published"):
        looked_up = []
        for kind in kinds:
            found = getattr(kind.objects, records)().filter(slug=Item()).order_by()
            compiler = found.values("pk").query.get_compiler(connection=connection)
            sql, given = compiler.as_sql()
            looked_up.append(f"EXISTS ({sql})")
            params += given
        conditions.append(" OR ".join(looked_up))
    borne, shown = conditions
    return f"({borne}) AND NOT ({shown})", params


def hide_private_relations(record, names=None):
    """Takes off a record, in memory only, the relations that the public may not see:
    all that are citable, or those of these names.
    """
    names = record.citable if names is None else names
    for column in record._meta.concrete_fields:
        if column.name in names and column.is_relation:
            related = getattr(record, column.name)
            if related is not None and not related.is_public:
                setattr(record, column.name, None)


def compared(records, everything, names=None):
    """The records, with all that what is stated of them is compared with; or of what
    is stated of the fields of these names.

    As many queries for one as for many. Unless it is for whoever may see everything,
    lists hold what is public; ``hide_private_relations()`` sees to the other relations.
    """
    model = records.model
    joins, fetched = list(model.public_through), []
    for name in model.citable:
        if names is not None and name not in names:
            continue
        field = model._meta.get_field(name)
        if name in model.lists:
            fetched.append(Prefetch(name, _items(field, model.lists[name], everything)))
        elif field.is_relation:
            inner = field.related_model.public_through
            joins += [name, *(f"{name}__{path}" for path in inner)]
    records = records.select_related(*joins) if joins else records
    return records.prefetch_related(*fetched)


def _items(field, kinds, everything):
    """The items of a citable list, each with the records that it names."""
    model = field.related_model
    if field.many_to_many:
        return model.objects.seen(everything)
    columns = model._meta.concrete_fields
    names = [column.name for column in columns if column.related_model in kinds]
    rows = model._default_manager.all()
    if not everything:
        rows = public_rows(rows, names)
    return rows.select_related(*names) if names else rows


def with_records(citations, record_model, everything):
    """The citations with their sources, each with its record as the kind that it is."""
    records = compared(record_model.objects.all(), everything)
    return citations.select_related("source").prefetch_related(
        Prefetch("record", records)
    )

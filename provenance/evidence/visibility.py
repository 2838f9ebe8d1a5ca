"""Decides what the public may see: only what leads to nothing that is hidden."""

from functools import reduce
from operator import or_

from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    Value,
)
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan, Regex

from ..models import Record
from ..registry.kinds import citations_of, disputes_of
from ..values.stated_values import kinds_named


def public_at(path, model):
    """What must hold of the record at the end of a path, for the public to see it."""
    steps = (path, *(f"{path}__{inner}" for inner in model.public_through))
    return {f"{step}__status": Record.Status.PUBLISHED for step in steps}


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


def disputes_seen(record_model, everything):
    """The disputes about this kind of record that somebody may see."""
    disputes = disputes_of(record_model)
    if everything:
        return disputes
    needed = {
        f"record__{path}__status": Record.Status.PUBLISHED
        for path in record_model.public_through
    }
    known = disputes.exclude(public_state="")
    return known.filter(record__status=Record.Status.PUBLISHED, **needed)


def naming_public(citations):
    """The citations in whose statements no record is named that is not public."""
    hidden = Q()
    for name, kinds in named_in_fields(citations.model.cited_model()).items():
        # A slug that two kinds bear is as public as the more public of the two.
        public = [Q(slug__in=kind.objects.published().values("slug")) for kind in kinds]
        for kind in kinds:
            unseen = kind.objects.exclude(reduce(or_, public))
            hidden |= Q(Exists(stated_among(unseen)), field=name)
    return citations.exclude(hidden)


def named_in_fields(model):
    """The kinds of record that each field of a cited record names, if it names any."""
    found = {name: kinds_named(model, name) for name in model.citable}
    for kind in model.__subclasses__():
        found |= named_in_fields(kind)
    return {name: kinds for name, kinds in found.items() if kinds}


def stated_among(records):
    """Those whose slug is an item of what the citation around it states."""
    stated = ExpressionWrapper(OuterRef("stated"), output_field=CharField())
    whole = Concat(Value("(^|[^a-z0-9-])"), "slug", Value("($|[^a-z0-9-])"))
    # The first condition says less and costs less than the second.
    return records.filter(
        GreaterThan(StrIndex(stated, "slug"), 0), Regex(stated, whole)
    )


def hide_private_relations(record):
    """Takes off a record, in memory only, the relations that the public may not see."""
    for column in record._meta.concrete_fields:
        if column.name in record.citable and column.is_relation:
            related = getattr(record, column.name)
            if related is not None and not related.is_public:
                setattr(record, column.name, None)


def compared(records, everything):
    """The records, with all that what is stated of them is compared with.

    As many queries for one as for many. Unless it is for whoever may see everything,
    lists hold what is public; ``hide_private_relations()`` sees to the other relations.
    """
    model = records.model
    joins, fetched = list(model.public_through), []
    for name in model.citable:
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

"""How the database writes each member of a record, by the field of its serializer."""

from decimal import Decimal
from functools import singledispatch

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Substr
from rest_framework import serializers

from ..evidence.visibility import known_disputes_of, public_at, state_of_disputes
from ..models import Record
from ..registry.kinds import record_types
from ..resources.columns import (
    EMPTY,
    TEXT,
    InCodePoints,
    IsoDay,
    PlainNumber,
    WholeNumber,
)
from ..values.attestation import attestations_of
from ..values.contradiction import Standing
from ..values.dates import POSSIBLY
from ..values.grounds import is_general_knowledge
from ..values.quantities import HIGHEST, LOWEST
from .fields import (
    Address,
    AttestedUntil,
    DateBound,
    Day,
    GeneralKnowledge,
    Holds,
    InDispute,
    Number,
    QuantityBound,
    Related,
    RelatedList,
    Text,
    Whole,
    Word,
    label_name,
)
from .json_pieces import (
    NULL,
    STANDING,
    UNWRITTEN,
    Array,
    BoundDay,
    Joined,
    Literal,
    Moment,
    Quoted,
    Root,
    Written,
    array_of,
    in_quotes,
    object_of,
    or_null,
)
from .row_serializers import CitationList, RowList

SMALL = Decimal("0.0001")


class OnlyInPython(Exception):
    """A member whose value the database does not know."""


def label_at(model, path):
    """What the record at the end of a path is called."""
    if model.labelled_by:
        parts = []
        for name in model.labelled_by:
            related = model._meta.get_field(name).related_model
            parts += [Literal(", "), label_at(related, f"{path}{name}__")]
        return Joined(*parts[1:])
    if model.__str__ is not Record.__str__:
        raise OnlyInPython(model)
    return F(f"{path}{model.label_field}")


def has_kinds(model):
    """Whether records of several kinds are found in it, each of which says its own."""
    return "kept_by_its_kinds" in vars(model)


def collection_at(model, path):
    """The collection that the record at the end of a path is in, by its kind."""
    if not has_kinds(model):
        return Literal(model.collection)
    return Case(
        *(
            When(**{f"{path}type": name}, then=Literal(kind.collection))
            for name, kind in record_types().items()
            if issubclass(kind, model)
        ),
        **TEXT,
    )


def address_at(path, collection):
    """The address of the record at the end of a path."""
    slug = F(f"{path}slug")
    return Written(Literal('"'), Root(), collection, Literal("/"), slug, Literal('/"'))


def reference_at(model, path):
    """What another record shows of the one at the end of a path."""
    members = {
        "slug": Written(Literal('"'), F(f"{path}slug"), Literal('"')),
        label_name(model): Quoted(label_at(model, path)),
        "url": address_at(path, collection_at(model, path)),
    }
    if has_kinds(model):
        members["type"] = in_quotes(F(f"{path}type"))
    return object_of(members)


@singledispatch
def json_of(field, serializer):
    """How the database writes this member of what a serializer is of."""
    raise OnlyInPython(type(field))


@json_of.register(Text)
@json_of.register(Word)
def _text(field, serializer):
    return Quoted(F(field.source.replace(".", "__")))


@json_of.register(Whole)
def _whole(field, serializer):
    return or_null(WholeNumber(F(field.source)))


@json_of.register(Day)
def _day(field, serializer):
    return in_quotes(IsoDay(F(field.source)))


@json_of.register(AttestedUntil)
def _attested_until(field, serializer):
    table = attestations_of(serializer.Meta.model)
    kept = table.objects.filter(record=OuterRef("pk"))
    day = in_quotes(IsoDay(F("until")))
    return or_null(Subquery(kept.values_list(day)))


@json_of.register(serializers.DateTimeField)
def _moment(field, serializer):
    return or_null(Joined(Literal('"'), Moment(F(field.source)), Literal('Z"')))


@json_of.register(Number)
def _number(field, serializer):
    column = serializer.Meta.model._meta.get_field(field.source)
    number = F(field.source)
    return Case(
        When(**{field.source: None}, then=NULL),
        When(**{field.source: 0}, then=Literal("0")),
        # Python writes the smallest with an exponent.
        When(
            **{f"{field.source}__gt": -SMALL, f"{field.source}__lt": SMALL},
            then=Literal(UNWRITTEN),
        ),
        default=PlainNumber(number, column.decimal_places),
        **TEXT,
    )


@json_of.register(DateBound)
def _date_bound(field, serializer):
    return or_null(BoundDay(F(field.source)))


@json_of.register(QuantityBound)
def _quantity_bound(field, serializer):
    no_bound = When(**{f"{field.source}__in": (LOWEST, HIGHEST)}, then=NULL)
    return Case(no_bound, default=_number(field, serializer), **TEXT)


@json_of.register(Address)
def _address(field, serializer):
    model = serializer.Meta.model
    own = Literal(field.collection) if field.collection else collection_at(model, "")
    return address_at("", own)


@json_of.register(Related)
def _related(field, serializer):
    if has_kinds(field.model):
        # No join: in the past a database would put all events together for it.
        column = serializer.Meta.model._meta.get_field(field.source).attname
        named = field.model.objects.published().filter(pk=OuterRef(column)).order_by()
        return or_null(Subquery(named.values(item=reference_at(field.model, ""))))
    seen = When(
        **public_at(field.source, field.model),
        then=reference_at(field.model, f"{field.source}__"),
    )
    return Case(seen, default=NULL, **TEXT)


@json_of.register(RelatedList)
def _related_list(field, serializer):
    relation = serializer.Meta.model._meta.get_field(field.source)
    rows = field.rows(relation.related_model, everything=False)
    rows = rows.filter(**{relation.related_query_name(): OuterRef("pk")})
    # Read with it, as by array_of(): or SQLite puts all events of the past together.
    rows = rows.annotate(nth=InCodePoints(F("slug"))).order_by("nth")
    return Array(rows.values("nth", item=reference_at(field.model, "")))


@json_of.register(RowList)
def _rows(field, serializer, **known):
    relation = serializer.Meta.model._meta.get_field(field.source)
    rows = serializer.fetched_rows(field, relation.related_model, everything=False)
    owner = relation.field.name
    rows = rows.filter(**{owner: OuterRef("pk")})
    if "holds" in field.child.fields:
        known["holds"] = _answer(serializer, relation.related_model, all_held=False)
    members = {
        name: known.get(name) or json_of(inner, field.child)
        for name, inner in field.child.fields.items()
    }
    return array_of(rows, object_of(members, relation.related_model), owner)


@json_of.register(CitationList)
def _citations(field, serializer):
    model = serializer.Meta.model
    kind = F("record__type") if has_kinds(model) else Literal(model.type_name())
    number = WholeNumber(F("pk"))
    key = Joined(Literal('"'), kind, Literal("-"), number, Literal('"'))
    agreement = agreement_of_each(number)
    return _rows(field, serializer, key=key, agreement=agreement)


def agreement_of_each(number):
    """How the citation of this number stands to the record: mostly a gap to be filled.

    What states nothing agrees.
    """
    return Case(
        When(stated="", then=Literal(f'"{Standing.AGREES}"')),
        default=Joined(Literal(STANDING), number, Literal(STANDING)),
        **TEXT,
    )


@json_of.register(serializers.ListField)
def _disputed(field, serializer):
    if field.field_name != "disputed":
        raise OnlyInPython(field.field_name)
    model = serializer.Meta.model
    name = Case(When(field="", then=Value(model.opposed_in)), default=F("field"))
    rows = known_disputes_of(model, everything=False).alias(name=name)
    rows = rows.filter(record=OuterRef("pk")).exclude(name="")
    named = rows.order_by(InCodePoints(F("name"))).values(item=in_quotes(F("name")))
    return Array(named.distinct())


@json_of.register(GeneralKnowledge)
def _general_knowledge(field, serializer):
    model = serializer.Meta.model
    items = (
        Case(
            When(is_general_knowledge(model, name), then=Literal(f',"{name}"')),
            default=EMPTY,
            **TEXT,
        )
        for name in model.span
    )
    return Joined(Literal("["), Substr(Joined(*items), 2), Literal("]"))


@json_of.register(InDispute)
def _in_dispute(field, serializer):
    return in_quotes(state_of_disputes(serializer.Meta.model))


@json_of.register(Holds)
def _holds(field, serializer):
    return _answer(serializer, serializer.Meta.model)


def _answer(serializer, model, all_held=True):
    """Whether each of the rows of a model held when it is asked for."""
    answers = [
        When(condition, then=Literal(f'"{answer}"'))
        for condition, answer in serializer.asked("time").answers(model, all_held)
    ]
    return Case(*answers, default=Literal(f'"{POSSIBLY}"'), **TEXT)

"""Records as JSON, put together by the database: the same bytes as by the serializer.

What a record shows is declared once, by the fields of its serializer; here stands for
each kind of field how the database writes it. The statement is compiled once for each
serializer and choice of fields. What a source states is compared with what is recorded
by Python: the database leaves a gap for the answer, which is filled in.
"""

import json
import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial, singledispatch

from django.db import connection, models
from django.db.models import (
    Case,
    Expression,
    F,
    Func,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Substr
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from ..evidence.visibility import known_disputes_of, public_at, state_of_disputes
from ..history.kept_texts import KeptTexts
from ..models import Record
from ..registry.kinds import record_types
from ..resources.columns import (
    EMPTY,
    TEXT,
    InCodePoints,
    IsoDay,
    Made,
    PlainNumber,
    WholeNumber,
    recorded,
)
from ..resources.export_queries import Keys, compiled
from ..values.attestation import attestations_of
from ..values.bounds import Bound
from ..values.contradiction import Standing
from ..values.dates import POSSIBLY
from ..values.grounds import is_general_knowledge
from ..values.quantities import HIGHEST, LOWEST
from ..values.stated_values import agreement_with
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
from .serializers import CitationList, RowList

PUBLISHED = Record.Status.PUBLISHED
SMALL = Decimal("0.0001")
NOT_PUBLIC = ""  # what is written of a record that is withdrawn just now
# Signs that no string of JSON has as they are: what a gap stands between, and what
# stands where the database does not know how to write a value.
STANDING, UNWRITTEN = "\x01", "\x02"
GAP = re.compile(f"{STANDING}([0-9]+){STANDING}")


class OnlyInPython(Exception):
    """A member whose value the database does not know."""


# What statements are made of ---------------------------------------------------


class Literal(Expression):
    """A piece of JSON that is the same in every record."""

    output_field = models.TextField()

    def __init__(self, text):
        super().__init__()
        self.text = text

    def as_sql(self, compiler, connection):
        text = self.text.replace("'", "''").replace("%", "%%")
        return f"'{text}'", ()


class Root(Expression):
    """The address under which all collections are, which comes with each request."""

    output_field = models.TextField()

    def as_sql(self, compiler, connection):
        return "CAST(%s AS text)", (Root,)  # which stands for it until then


class Joined(Func):
    """Pieces of JSON behind each other; NULL if one of them is."""

    output_field = models.TextField()
    template, arg_joiner = "(%(expressions)s)", " || "


class Written(Joined):
    """Pieces of JSON behind each other, none of which is NULL.

    SQLite would copy all that stands before a piece to join it; printf() does not.
    """

    def __init__(self, *pieces):
        super().__init__(*_flat(pieces))

    def as_sqlite(self, compiler, connection):
        form, sqls, values = "", [], []
        for piece in self.source_expressions:
            if isinstance(piece, Literal):
                form += piece.text.replace("%", "%%")
            else:
                sql, of_piece = compiler.compile(piece)
                form += "%s"
                sqls.append(sql)
                values += of_piece
        form, _none = Literal(form).as_sql(compiler, connection)
        return f"printf({', '.join([form, *sqls])})", tuple(values)


def _flat(pieces):
    """The pieces, with those of what is written of several in its place."""
    for piece in pieces:
        if isinstance(piece, Written):
            yield from piece.source_expressions
        else:
            yield piece


class Quoted(Made):
    """A text as a string of JSON; or null."""

    sqlite = "json_quote({0})"
    postgresql = "coalesce(CAST(to_json(CAST({0} AS text)) AS text), 'null')"


class BoundDay(Made):
    """A day in quotes; null where it stands for there being no bound."""

    bound = "CASE %s WHEN '{}' THEN 'null' WHEN '{}' THEN 'null' ELSE %s END"
    bound = bound.format(date.min, date.max)
    # As a text: SQLite would try first whether such a column has a number in it.
    sqlite = bound % ("CAST({0} AS text)", "'\"' || {0} || '\"'")
    postgresql = bound % ("{0}", "'\"' || to_char({0}, 'YYYY-MM-DD') || '\"'")


class Moment(Made):
    """A moment in UTC, with the part of a second if there is one."""

    sqlite = "replace(CAST({0} AS text), ' ', 'T')"
    postgresql = (
        "regexp_replace(to_char({0} AT TIME ZONE 'UTC', "
        "'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '\\.000000$', '')"
    )


class Array(Subquery):
    """The rows of a query, each of which is one piece of JSON, in their order."""

    output_field = models.TextField()
    template = "(SELECT '[' || %s || ']' FROM (%%(subquery)s) AS of_one)"

    def as_sqlite(self, compiler, connection, **extra):
        items = "coalesce(group_concat(item, ','), '')"
        return self.as_sql(compiler, connection, self.template % items, **extra)

    def as_postgresql(self, compiler, connection, **extra):
        items = "coalesce(string_agg(item, ','), '')"
        return self.as_sql(compiler, connection, self.template % items, **extra)


def array_of(rows, item, owner=""):
    """The rows as an array of this piece of JSON for each, in their order.

    What they are ordered by is read with it: only then is what stands for several
    tables (for events, in the past) asked for single rows by SQLite. The owner is the
    same for all of them, and no order.
    """
    order = rows.query.order_by or rows.model._meta.ordering
    columns = list(_columns_of_order(rows.model, order, owner))
    return Array(rows.order_by(*columns).values(*columns, item=item))


def _columns_of_order(model, names, owner=""):
    """The columns that such names order by, with those of what they lead to."""
    for name in names:
        field = None if "__" in name or name == "pk" else model._meta.get_field(name)
        if field is not None and field.name == owner:
            continue
        if field is None or not field.is_relation or name == field.attname:
            yield name
        else:
            above = field.related_model
            for column in _columns_of_order(above, above._meta.ordering):
                yield f"{name}__{column}"


NULL = Literal("null")


def or_null(text):
    """A piece of JSON, or that there is no value."""
    return Coalesce(text, NULL, **TEXT)


def in_quotes(text):
    """A text that has nothing in it to be escaped, as a string; or null."""
    return or_null(Joined(Literal('"'), text, Literal('"')))


def object_of(members, model=None):
    """An object of these names and pieces of JSON, in their order; of rows of a model,
    if one is given.
    """
    members, pieces = _with_empty_ones_at_once(members, model), []
    for name, piece in members.items():
        pieces += [Literal(f'{"," if pieces else "{"}"{name}":'), piece]
    return Written(*pieces, Literal("}"))


def _with_empty_ones_at_once(members, model):
    """The members, with each date or quantity and its bounds as one of them.

    Most of them are empty, and then none of the bounds need be looked at.
    """
    members = dict(members)
    for name, bounds in _bounds_of_each(model).items():
        if members.keys() >= {name, *bounds}:
            empty = Literal("".join(['""', *(f',"{bound}":null' for bound in bounds)]))
            pieces = [members[name]]
            for bound in bounds:
                pieces += [Literal(f',"{bound}":'), members.pop(bound)]
            no_text = When(**{name: ""}, then=empty)
            members[name] = Case(no_text, default=Written(*pieces), **TEXT)
    return members


def _bounds_of_each(model):
    """The bounds of each column of a model that follow from its text alone."""
    bounds = defaultdict(list)
    for column in model._meta.concrete_fields if model else ():
        if isinstance(column, Bound) and column.read_columns(model) == (column.of,):
            bounds[column.of].append(column.name)
    return bounds


# Other records -------------------------------------------------------------------


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


# Members, by the field of the serializer -------------------------------------------


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


# Statements ------------------------------------------------------------------------


@lru_cache(maxsize=500)
def _statement(serializer_class, names, time, _vendor):
    """The statement that writes these members of records, and its parameters."""
    serializer = serializer_class(
        context={
            "everything": False,
            "fields": names,
            "time": time,
            "holds": bool(time),
            "single": False,
        }
    )
    model = serializer.Meta.model
    members = {f.field_name: json_of(f, serializer) for f in serializer.shown()}
    made = object_of(members, model)
    # Not in the condition: a database might go through all that is published.
    needed = {f"{path}__status": PUBLISHED for path in model.public_through}
    seen = When(status=PUBLISHED, **needed, then=made)
    made = Case(seen, default=Literal(NOT_PUBLIC), **TEXT)
    rows = model.objects.order_by().filter(pk__in=Keys(model._meta.pk))
    return compiled(rows.values_list("pk", made))


@lru_cache(maxsize=500)
def _comparison(model, _vendor):
    """The statement that reads what citations state, and what is recorded of that."""
    citations = model.citation_model()
    rows = citations.objects.order_by().filter(pk__in=Keys(citations._meta.pk))
    now = recorded(citations, model, public=True)
    return compiled(rows.values_list("pk", "field", "stated", now))


def _asked_of(serializer):
    """What the statement of a serializer depends on."""
    return (
        type(serializer),
        tuple(serializer.asked("fields")),
        serializer.asked("time"),
        connection.vendor,
    )


def _texts_of(serializer, keys):
    """The JSON of these records by key, with a sign in what is left to Python.

    What is not public is left out. Raises OnlyInPython if all are left to it.
    """
    statement = _statement(*_asked_of(serializer))
    texts = texts_of_keys(statement, keys, serializer.context["root"])
    texts = {key: text for key, text in texts.items() if text != NOT_PUBLIC}
    return with_standings(serializer.Meta.model, texts)


def texts_of_keys(statement, keys, root):
    """What a statement writes of each of these keys, under this address."""
    sql, values = statement
    values = [root if value is Root else value for value in Keys.put_into(values, keys)]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return dict(cursor.fetchall())


def _standings(model, numbers):
    """How each of these citations stands to what is recorded."""
    sql, values = _comparison(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, Keys.put_into(values, numbers))
        return {
            number: agreement_with(model, field, now, says)
            for number, field, says, now in cursor.fetchall()
        }


def with_standings(model, texts):
    """The texts, with how what is stated in them stands to what is recorded."""
    stated = {key: text for key, text in texts.items() if STANDING in text}
    if not stated:
        return texts
    numbers = {int(n) for text in stated.values() for n in GAP.findall(text)}
    # One that somebody deletes at this moment states nothing any more.
    standings = dict.fromkeys(numbers, Standing.AGREES)
    standings |= _standings(model, sorted(numbers))

    def filled(gap):
        return f'"{standings[int(gap[1])]}"'

    return texts | {key: GAP.sub(filled, text) for key, text in stated.items()}


class Fragments(list):
    """Values of an answer that are JSON in bytes already."""

    def objects(self):
        """What each of them says."""
        return [json.loads(each) for each in self]


def in_bytes(text):
    """A fragment as it is sent."""
    # Line ends in JavaScript that are none in JSON: JSONRenderer escapes them.
    for sign, escaped in (("\u2028", r"\u2028"), ("\u2029", r"\u2029")):
        if sign in text:
            text = text.replace(sign, escaped)
    return text.encode()


def fragments_of(serializer, records, keys):
    """Those of the records that are public as JSON, in the order of their keys.

    The records are called for if something of them is left to Python.
    """
    keys = list(keys)
    return _in_order(_fragments_by_key(serializer, records, keys), keys)


KEPT = KeptTexts(most_bytes=32 * 2**20)


def kept_fragments_of(serializer, records, keys, edition):
    """The same; what was asked for before in this edition is not written again."""
    keys = list(keys)
    asked = (*_asked_of(serializer), serializer.context["root"])
    write = partial(_fragments_by_key, serializer, records)
    return _in_order(KEPT.of(edition, asked, keys, write), keys)


def _in_order(fragments, keys):
    return Fragments(fragments[key] for key in keys if key in fragments)


def _fragments_by_key(serializer, records, keys):
    """Those of the records that are public as JSON, by key."""
    try:
        texts = _texts_of(serializer, keys) if keys else {}
        left = [key for key, text in texts.items() if UNWRITTEN in text]
    except OnlyInPython:
        texts, left = {}, keys
    fragments = {key: in_bytes(text) for key, text in texts.items()}
    if left:
        prepared = list(serializer.prepared(records().filter(pk__in=left)))
        render = JSONRenderer().render
        for record, shown in zip(prepared, serializer.shown_of(prepared), strict=True):
            fragments[record.pk] = render(shown)
    return fragments


class FragmentRenderer(JSONRenderer):
    """JSON whose results may be fragments: they are handed on as they are."""

    def render(self, data, accepted_media_type=None, renderer_context=None):
        """The answer in bytes."""
        results = data.get("results") if isinstance(data, dict) else None
        if not isinstance(results, Fragments):
            return super().render(data, accepted_media_type, renderer_context)
        if self.get_indent(accepted_media_type or "", renderer_context or {}):
            data = {**data, "results": results.objects()}
            return super().render(data, accepted_media_type, renderer_context)
        around = super().render({**data, "results": []})
        return around.removesuffix(b"]}") + b",".join(results) + b"]}"

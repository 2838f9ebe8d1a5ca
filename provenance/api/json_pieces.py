"""What a statement that writes JSON is made of: pieces of text, put together by SQL."""

from collections import defaultdict
from datetime import date

from django.db import models
from django.db.models import Case, Expression, Func, Subquery, When
from django.db.models.functions import Coalesce

from ..resources.columns import TEXT, Made
from ..values.bounds import Bound

# Signs that no string of JSON has as they are: what a gap stands between, and what
# stands where the database does not know how to write a value.
STANDING, UNWRITTEN = "\x01", "\x02"


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

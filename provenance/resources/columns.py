"""Columns of a table in SQL: each cell as the text that stands for it in CSV.

The same text on every database, made by the database itself: so a table is read, or
written out, without making a record of each of its rows.
"""

from dataclasses import dataclass

from django.db import models
from django.db.models import Case, F, Func, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from ..evidence.visibility import public_at, public_rows
from ..values.bounds import BoundedTextField
from ..values.quantities import QuantityField
from ..values.text import Key, Language, Word

TEXT = {"output_field": models.TextField()}
EMPTY = Value("", **TEXT)


class Made(Func):
    """A text made of one expression, which stands in each template as ``{0}``."""

    output_field = models.TextField()
    sqlite = postgresql = "{0}"

    def as_sql(self, compiler, connection, **extra):
        template = getattr(self, connection.vendor)
        (source,) = self.source_expressions
        sql, values = compiler.compile(source)
        return template.format(sql), tuple(values) * template.count("{0}")


class InCodePoints(Made):
    """A text, to be put in the order of its code points."""

    postgresql = '({0}) COLLATE "C"'


class WholeNumber(Made):
    """A whole number, in digits."""

    sqlite = postgresql = "CAST({0} AS text)"


class IsoDay(Made):
    """A day, as 2024-04-03."""

    sqlite, postgresql = "CAST({0} AS text)", "to_char({0}, 'YYYY-MM-DD')"


class PlainNumber(Made):
    """A decimal number without the zeros at its end; SQLite keeps a float."""

    postgresql = "rtrim(rtrim(CAST({0} AS text), '0'), '.')"

    def __init__(self, number, decimal_places):
        super().__init__(number)
        digits = f"printf('%%.{decimal_places}f', {{0}})"
        # printf() makes a zero of what is not known.
        trimmed = f"rtrim(rtrim({digits}, '0'), '.')"
        self.sqlite = f"CASE WHEN {{0}} IS NOT NULL THEN {trimmed} END"


class Unrun(Made):
    """A text with an apostrophe in front where a spreadsheet would run it."""

    template = (
        "CASE WHEN substr(ltrim({0}, ''''), 1, 1) IN "
        "('=', '+', '-', '@', '\t', '\r', '\n', '\uff1d', '\uff0b', '\uff0d', '\uff20')"
        " AND NOT (%s) THEN '''' || {0} ELSE {0} END"
    )
    sqlite = template % (
        "{0} GLOB '-[0-9]*' AND {0} NOT GLOB '-*[^0-9.]*' "
        "AND {0} NOT GLOB '*.*.*' AND {0} NOT GLOB '*.'"
    )
    postgresql = template % r"{0} ~ '^-[0-9]+(\.[0-9]+)?$'"


class Quoted(Made):
    """A text in quotation marks where it would not be read as one cell without."""

    template = (
        "CASE WHEN %s THEN '\"' || replace({0}, '\"', '\"\"') || '\"' ELSE {0} END"
    )
    sqlite = template % "{0} GLOB '*[\",\r\n]*'"
    postgresql = template % r"{0} ~ '[\",\r\n]'"


class QuotedWhole(Made):
    """The only cell of a row: an empty one is quoted, or there would be no row."""

    sqlite = postgresql = "CASE {0} WHEN '' THEN '\"\"' ELSE {0} END"


class Line(Func):
    """The cells of a row, joined by commas."""

    output_field = models.TextField()
    template, arg_joiner = "%(expressions)s", " || ',' || "


class Listed(Subquery):
    """The items of a list, joined by ``|`` in the order of their code points."""

    output_field = models.TextField()

    def as_sqlite(self, compiler, connection, **extra):
        template = (
            "(SELECT group_concat(item, '|') "
            "FROM (SELECT item FROM (%(subquery)s) ORDER BY item))"
        )
        return self.as_sql(compiler, connection, template, **extra)

    def as_postgresql(self, compiler, connection, **extra):
        template = (
            "(SELECT string_agg(item, '|' ORDER BY item COLLATE \"C\") "
            "FROM (%(subquery)s) AS listed)"
        )
        return self.as_sql(compiler, connection, template, **extra)


@dataclass(frozen=True)
class Column:
    """One column: its name, its text for each row, and what the text can need in CSV.

    The text is never NULL.
    """

    name: str
    own: models.Expression
    runs: bool = False  # it can begin like a formula
    parts: bool = False  # it can hold what parts cells and lines
    empty_when: models.Expression | None = None  # whatever its own text is

    @property
    def text(self):
        """The text."""
        return self._unless_empty(self.own)

    @property
    def cell(self):
        """The text as it stands in a line of CSV."""
        cell = Unrun(self.own) if self.runs else self.own
        return self._unless_empty(Quoted(cell) if self.parts else cell)

    def _unless_empty(self, text):
        if self.empty_when is None:
            return text
        return Case(When(self.empty_when, then=EMPTY), default=text, **TEXT)


PLAIN, RUNS, ANY = {}, {"runs": True}, {"runs": True, "parts": True}
CARE = (  # what each kind of field needs; the first that fits
    ((models.ManyToManyField, models.ForeignKey), PLAIN),
    ((models.IntegerField, models.DecimalField, models.DateField), PLAIN),
    (QuantityField, RUNS),  # -5..5
    ((BoundedTextField, Key, Word, Language), PLAIN),
    ((models.CharField, models.TextField), ANY),
)


def column_of(model, name, public=False):
    """A field of a model as a column; ``public``, only as far as the public sees it."""
    field = model._meta.get_field(name)
    care = next(care for kinds, care in CARE if isinstance(field, kinds))
    return Column(name, text_at(field, public=public), **care)


def word_column(name, word):
    """A column with the same plain word in every row."""
    return Column(name, Value(word, output_field=models.TextField()))


def text_at(field, path="", public=False):
    """The text of a field, which stands at the end of a path from the row."""
    at = f"{path}{field.name}"
    if field.many_to_many or field.one_to_many:
        return listed_at(field.model, field.name, f"{path}pk", public)
    if field.many_to_one:
        return slug_at(at, field.related_model, public)
    if isinstance(field, models.DecimalField):
        text = PlainNumber(at, field.decimal_places)
    elif isinstance(field, models.IntegerField):
        text = WholeNumber(at)
    elif isinstance(field, models.DateField):
        text = IsoDay(at)
    else:
        text = F(at)
    return Coalesce(text, EMPTY, **TEXT) if path or field.null else text


def slug_at(path, model, public=False):
    """The slug of the record at the end of a path; empty if there is none to see."""
    slug = F(f"{path}__slug")
    if public:
        seen = When(**public_at(path, model), then=slug)
        return Case(seen, default=EMPTY, **TEXT)
    return Coalesce(slug, EMPTY, **TEXT)


def listed_at(model, name, key, public=False):
    """The text of a list of the record whose key this is.

    Items are known by the slug of what they name, or by their own text.
    """
    field = model._meta.get_field(name)
    if field.many_to_many:
        rows = field.remote_field.through._default_manager.all()
        owner, named = field.m2m_field_name(), [field.m2m_reverse_field_name()]
    else:
        rows, owner = field.related_model._default_manager.all(), field.field.name
        kinds = model.lists[name]
        columns = rows.model._meta.concrete_fields
        named = [column.name for column in columns if column.related_model in kinds]
    if public:
        rows = public_rows(rows, named)
    slugs = [F(f"{each}__slug") for each in named] or [F("text")]
    item = slugs[0] if len(slugs) == 1 else Coalesce(*slugs, **TEXT)
    rows = rows.order_by().filter(**{owner: OuterRef(key)}).values(item=item)
    return Coalesce(Listed(rows), EMPTY, **TEXT)


def recorded(citation_model, record_model, public=False):
    """What is recorded of the field that a citation is about, in the text form."""
    shared = citation_model.cited_model()
    known = []
    for name in record_model.citable:
        field = record_model._meta.get_field(name)
        own = shared is not record_model and name not in shared.citable
        path = f"record__{record_model.type_name()}__" if own else "record__"
        if name in record_model.lists:
            text = listed_at(record_model, name, "record_id", public)
        else:
            text = text_at(field, path, public)
        known.append(When(field=name, then=text))
    return Case(*known, default=EMPTY, **TEXT)


def place_of(field):
    """What puts rows in the order of a field: numbers by size, texts by code point."""
    if isinstance(field, models.IntegerField):
        return F(field.name)
    if field.is_relation and not field.null:
        return InCodePoints(F(f"{field.name}__slug"))
    return InCodePoints(text_at(field))

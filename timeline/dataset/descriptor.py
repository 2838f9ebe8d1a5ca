"""The description of the tables as a Frictionless Data Package, from the models."""

import json
import re

from django.conf import settings
from django.db import models
from django.utils.translation import override

from provenance.resources.derived import GENERAL_KNOWLEDGE, has_grounds
from provenance.values.dates import PartialDateField
from provenance.values.edtf import PROFILE as A_PARTIAL_DATE
from provenance.values.quantities import PROFILE as A_QUANTITY
from provenance.values.quantities import QuantityField
from provenance.values.stated_values import join_list
from provenance.values.text import Key, Language

from ..models.dimension import NOTATION
from ..records import TABLES
from ..resources import CodeCell

NAME = "datapackage.json"
ABOUT = {
    "profile": "data-package",
    "name": "bordersec",
    "title": "Border-security cooperation of the United States and Mexico",
    "description": (
        "Who held which office, who met whom, what was agreed, which forces went "
        "where and what was measured; and for each value which source says so. Dates "
        "are a profile of EDTF (ISO 8601-2). A cell that a spreadsheet would run as a "
        "formula has an apostrophe in front, which is no part of it."
    ),
    "licenses": [{"name": "MIT", "title": "MIT License"}],
}
FORM = {
    "profile": "tabular-data-resource",
    "format": "csv",
    "mediatype": "text/csv",
    "encoding": "utf-8",
    "dialect": {
        "delimiter": ",",
        "lineTerminator": "\r\n",
        "quoteChar": '"',
        "doubleQuote": True,
        "header": True,
    },
}
SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
ESCAPED = "'?"  # a range below zero gets an apostrophe in front


def text_of_descriptor(files):
    """The text of ``datapackage.json`` for files that are described one by one."""
    shown = {**ABOUT, "resources": list(files)}
    return json.dumps(shown, indent=2, ensure_ascii=False) + "\n"


def file_of(name, schema, about, tally):
    """The description of one file."""
    return {
        "name": name,
        "path": f"{name}.csv",
        "description": about,
        **FORM,
        "bytes": tally.bytes,
        "hash": f"sha256:{tally.digest.hexdigest()}",
        "schema": schema,
    }


def table_file(name, tally, public=False):
    """The description of the file of one table."""
    table, about = TABLES[name](), TABLES[name].__doc__
    kinds, rows = parts_of(table)
    cells = [rows.fields[column] for column in rows.column_names(public)]
    named = [cell.django_field for cell in cells]
    fields = [type_field(kinds)] if kinds else []
    fields += [
        field_of_dimension(cell)
        if isinstance(cell, CodeCell)
        else field_of(cell.django_field, typed=bool(kinds))
        for cell in cells
    ]
    if public and has_grounds(rows._meta.model):
        fields.append(field_of_grounds(rows._meta.model))
    key = list(table.key_columns())
    schema = {"fields": fields, "missingValues": [""], "primaryKey": key}
    if links := [link for link in map(link_of, named) if link]:
        schema["foreignKeys"] = links
    return file_of(name, schema, about, tally)


def parts_of(table):
    """The words for the kinds of its rows, if it has several, and one of its parts."""
    parts = table.parts()
    return [word for word in parts if word], next(iter(parts.values()))


def type_field(kinds):
    """The column that says of which kind the record of a row is."""
    return {
        "name": "type",
        "type": "string",
        "description": "Which kind of record it is about.",
        "constraints": {"required": True, "enum": kinds},
    }


def field_of(field, typed=False):
    """The description of a column."""
    kind, limits = _kind(field)
    if not field.blank and not field.many_to_many:
        limits = {"required": True, **limits}
    if field.unique:
        limits["unique"] = True
    with override(settings.LANGUAGE_CODE):  # the same file, whoever asks
        about = str(field.help_text)
    if typed and field.name == "record":
        about += " Its slug; the type says of which table."
    shown = {"name": field.name, **kind, "description": about}
    return {**shown, "constraints": limits} if limits else shown


def field_of_dimension(cell):
    """The description of the column of a dimension."""
    name = cell.dimension.name
    return {
        "name": cell.column_name,
        "type": "string",
        "description": f"Of which part it is by “{name}”: a notation of codes.",
        "constraints": {"pattern": f"^{ESCAPED}{NOTATION}$"},
    }


def field_of_grounds(model):
    """The description of the column of the dates that no source states."""
    both = re.escape(join_list(model.span))
    return {
        "name": GENERAL_KNOWLEDGE,
        "type": "string",
        "description": (
            "Which of its dates are general knowledge: no source that is cited states "
            "them."
        ),
        "constraints": {"pattern": f"^({'|'.join(model.span)}|{both})$"},
    }


def _kind(field):
    """The type of a column, and what limits its cells."""
    text = {"type": "string"}
    if field.many_to_many:
        return text, {"pattern": rf"^{SLUG}(\|{SLUG})*$"}
    if field.is_relation or isinstance(field, Key):
        return text, {"pattern": f"^{SLUG}$"}
    if isinstance(field, models.IntegerField):
        return {"type": "integer"}, {}
    if isinstance(field, models.DecimalField):
        return {"type": "number"}, {}
    if isinstance(field, models.DateField):
        return {"type": "date"}, {}
    if isinstance(field, PartialDateField):
        return text, {"pattern": _pattern(A_PARTIAL_DATE)}
    if isinstance(field, QuantityField):
        return text, {"pattern": _pattern(A_QUANTITY, ESCAPED)}
    if field.choices:
        return text, {"enum": [str(word) for word, _label in field.flatchoices if word]}
    if isinstance(field, Language):
        return text, {"pattern": "^[a-z]{2,3}(-[A-Z]{2})?$"}
    if field.max_length:
        return text, {"maxLength": field.max_length + 1}  # with its apostrophe
    return text, {}


def _pattern(profile, before=""):
    """A pattern that is understood outside Python, too: groups without names."""
    return f"^{before}(?:{re.sub(r'[?]P<[a-z]+>', '?:', profile.pattern)})$"


def link_of(field):
    """The table that a column refers to; None if it is none, or one of several."""
    if not field.many_to_one:
        return None
    tables = {table._meta.model: name for name, table in TABLES.items()}
    table = tables.get(field.related_model)
    if table is None or field.name == "record":
        return None
    # The name of the table itself is empty.
    of = "" if field.related_model is field.model else table
    return {"fields": field.name, "reference": {"resource": of, "fields": "slug"}}

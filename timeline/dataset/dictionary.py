"""The data dictionary: every table, its columns and their meaning, from the models."""

from django.db import models

from provenance.values.bounds import BoundedTextField
from provenance.values.dates import PartialDateField

from ..records import TABLES
from .descriptor import parts_of

INTRODUCTION = """\
# Data dictionary

The tables of the record as `dump` writes them and `load` reads them: one CSV file
each, UTF-8, RFC 4180. A related record is named by its slug, a list is joined by `|`,
an empty cell says that nothing is known. A cell that a spreadsheet would run as a
formula has an apostrophe in front, which is removed when it is read.

This page is written by `manage.py data_dictionary` from the models.

## Partial dates

EDTF (ISO 8601-2) of the levels 0 and 1, but for times of day and years outside 1 to
9999: `2009`, `2009-03`, `2008-09-16`; `201X` and `20XX`, a year of which the last
digits are not known; `2004-XX`, `1985-04-XX`, `1985-XX-XX`, a month or a day that is
not known; `2001-21` to `2001-24`, the spring, summer, autumn and winter of a year,
three months each from March on, so that a winter ends in the next year. Each may have
`?` (uncertain), `~` (approximate) or `%` (both) behind it. Of level 2
`[2025-02-01..2025-02-10]` is one day in that range, `[..2009-10]` by then, `[2007..]`
not before. As an end also `..`: still going on. Early, middle and late in a month are
written as the days 1 to 10, 11 to 20 and 21 to its end. An interval, `2004/2005`, is
written as a start and an end. In the API the earliest and the latest day that a date
can mean stand beside it.

A start is refused if it must lie after its end, and not if it may. In questions of
time each of the two rules out days of the other: what lasted from `2006` to
`2006-08-09` had begun by 9 August, and was certainly on that day.

Where an end is empty, a meeting, an agreement or a milestone ended when it began; of
anything else the end is not known. Then `attested_until` in the API is the last day on
which a published source says that it was so: the day as of which it is cited, or else
that of its publication. It is likely until then. What is over by nature, an exercise or
a relief, was over by then; anything else may have gone on.

## Quantities

`15000`, `~10000` (about: 10% either way), `>30000`, `>=100000`, `<500`, `<=500`,
`10000..15000`; digits with a point for decimals and nothing between thousands, at
most 15 digits, 4 of them behind the point.
"""
HEADER = "| column | what it holds | meaning |\n|---|---|---|"


def data_dictionary():
    """The page, as Markdown."""
    return "\n".join([INTRODUCTION, *(_table(name) for name in TABLES)])


def _table(name):
    """The section on one table."""
    table = TABLES[name].declared()
    about, key, rows = TABLES[name].__doc__, table.key_columns(), []
    kinds, resource = parts_of(table)
    if kinds:
        types = _words(kinds)
        rows.append(f"| `type` | one of {types} | Which kind of record it is about. |")
    for column in resource.column_names():
        field = resource.fields[column].django_field
        rows.append(f"| `{column}` | {_kind(field)} | {field.help_text} |")
    rows += [
        f"| `{column}` | {holds} | {meaning} |"
        for column, holds, meaning in resource.varying
    ]
    citable = getattr(resource._meta.model, "citable", ())
    return "\n".join(
        [
            f"## {name}.csv\n\n{about} Known by {_words(key)}.\n",
            HEADER,
            *rows,
            f"\nCitations may name {_words(citable)}.\n" if citable else "",
        ]
    )


def _words(names):
    return ", ".join(f"`{name}`" for name in names)


def _kind(field):
    """What a column holds, in a phrase."""
    if field.name == "record":
        return "a slug of the table of its type"
    if field.is_relation:
        many = "slugs, joined by `\\|`," if field.many_to_many else "a slug"
        return f"{many} of {field.related_model.collection}"
    if isinstance(field, BoundedTextField):
        return "partial date" if isinstance(field, PartialDateField) else "quantity"
    if field.choices:
        return f"one of {_words(word for word, _label in field.flatchoices if word)}"
    if isinstance(field, models.IntegerField):
        return "whole number"
    if isinstance(field, models.DecimalField):
        return "number"
    if isinstance(field, models.DateField):
        return "day"
    if isinstance(field, models.URLField):
        return "web address"
    return "slug" if isinstance(field, models.SlugField) else "text"

"""Compares what a record and a source say of one field.

Both are compared as values of the field's kind, parsed from one text form: the form
that the field has in CSV. Lists are joined by ``|``; a related record is named by its
slug.
"""

from collections import defaultdict
from decimal import Decimal
from functools import cache

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..db.batches import batches
from . import contradiction
from .bounds import BoundedTextField
from .contradiction import Standing
from .dates import PartialDate
from .quantities import Quantity
from .suggestions import no_such

LIST_MARK = "|"


def split_list(text):
    """The items of a list in its text form."""
    return [item for item in (part.strip() for part in text.split(LIST_MARK)) if item]


def join_list(items):
    """A list in its text form, in order of its items."""
    return LIST_MARK.join(sorted(items))


def value_of(model, name, text):
    """The value that this text gives a field; ValidationError if it is none."""
    if name in model.lists:
        return tuple(split_list(text))
    field = model._meta.get_field(name)
    if isinstance(field, BoundedTextField):
        return field.to_python(text)
    if isinstance(field, models.IntegerField | models.DecimalField):
        return Quantity(text)
    if field.choices and text:
        field.clean(text, None)
    return text


def check_statement(model, name, text):
    """Refuses a statement that could not stand in the field of this name."""
    (error,) = wrong_statements([(model, name, text)])
    if error:
        raise error


def wrong_statements(statements):
    """What is wrong with each of these: a model, the name of a field, and a text.

    None where the text could stand in the field.
    """
    named, errors = defaultdict(set), []
    for model, name, text in statements:
        error = _wrong_form(model, name, text)
        errors.append(error)
        for kinds, slug in () if error else _named(model, name, text):
            named[kinds].add(slug)
    borne = {kinds: _borne(kinds, slugs) for kinds, slugs in named.items()}
    for place, (model, name, text) in enumerate(statements):
        if errors[place] is None and named:
            for kinds, slug in _named(model, name, text):
                if slug not in borne[kinds]:
                    said = no_such(kinds[0], slug)
                    errors[place] = ValidationError({"stated": said})
                    break
    return errors


def _wrong_form(model, name, text):
    """Why a text is none that the field of this name takes; None if it is one."""
    if name not in model.citable:
        message = _("“%(name)s” is no citable field here; choose one of %(names)s.")
        names = ", ".join(model.citable)
        return ValidationError({"field": message % {"name": name, "names": names}})
    try:
        value_of(model, name, text)
    except ValidationError as error:
        return ValidationError({"stated": error.messages})
    return None


def _named(model, name, text):
    """The slugs in a statement, each with the kinds of record that may bear it."""
    kinds = kinds_named(model, name) if text else ()
    items = split_list(text) if name in model.lists else [text]
    return [(kinds, item) for item in items if kinds and item]


def _borne(kinds, slugs):
    """Those of these slugs that a record of one of the kinds bears."""
    return {
        slug
        for kind in kinds
        for batch in batches(slugs)
        for slug in kind._default_manager.filter(slug__in=batch).values_list(
            "slug", flat=True
        )
    }


def kinds_named(model, name):
    """The kinds of record that a field names by their slugs; none in other fields."""
    if name in model.lists:
        return model.lists[name]
    field = model._meta.get_field(name)
    return (field.related_model,) if field.is_relation else ()


@cache
def named_in_fields(model):
    """The kinds of record that each field of a cited record names, if it names any."""
    found = {name: kinds_named(model, name) for name in model.citable}
    for kind in model.__subclasses__():
        found |= named_in_fields(kind)
    return {name: kinds for name, kinds in found.items() if kinds}


def recorded_text(record, name):
    """What the record says of the field of this name, in the text form."""
    if name in record.lists:
        return join_list(record.listed(name))
    return text_of(getattr(record, name))


def text_of(value):
    """The text form of one value."""
    if isinstance(value, models.Model):
        return value.slug
    if isinstance(value, Decimal):  # 31.33, although the column keeps 31.33000
        return f"{value.normalize() + 0:f}"
    return "" if value is None else str(value)


def agreement_of(record, name, stated):
    """How a statement stands to what the record says of the field of this name.

    A source that states nothing supports what is recorded; a record that says nothing
    contradicts no source.
    """
    if not name or not stated:
        return Standing.AGREES
    return agreement_with(type(record), name, recorded_text(record, name), stated)


def agreement_with(model, name, recorded, stated):
    """The same, of what is recorded in its text form."""
    if not name or not stated:
        return Standing.AGREES
    return _standing(model, name, recorded, stated) if recorded else Standing.COMPATIBLE


def agreement_between(record, name, one, other):
    """How two statements of the field of this name stand to each other.

    A source that states nothing says what is recorded. Of a list each may name a part,
    so that two lists which both leave something out do not contradict each other.
    """
    if not (name and one and other):
        return agreement_of(record, name, one or other)
    standing = _standing(type(record), name, one, other)
    if name in record.lists and standing == Standing.CONTRADICTS:
        return Standing.COMPATIBLE
    return standing


def _standing(model, name, text, stated):
    """How two texts stand to each other as values of the field of this name."""
    try:
        one, other = value_of(model, name, text), value_of(model, name, stated)
    except ValidationError:  # such as a choice that is offered no longer
        return contradiction.of_texts(text, stated)
    if isinstance(one, PartialDate):
        return contradiction.of_dates(one, other)
    if isinstance(one, Quantity):
        return contradiction.of_quantities(one, other)
    if isinstance(one, tuple):
        return contradiction.of_lists(one, other)
    broader = model.broader_choices.get(name, {})
    if other == broader.get(one) or one == broader.get(other):
        return Standing.COMPATIBLE
    return contradiction.of_texts(one, other)

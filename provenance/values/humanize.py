"""Describes in words what a typed date or number means."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .dates import PartialDate, PartialDateField
from .quantities import Quantity, QuantityField
from .readings import name_of_language, readings_of
from .text import Language

DATE, END, POINT_END, QUANTITY = "date", "end", "point-end", "quantity"
LIMIT = "limit"  # of a search in time
LANGUAGE = "language"
FIELDS = {
    DATE: PartialDateField(),
    END: PartialDateField(is_end=True),
    POINT_END: PartialDateField(is_end=True),
    LIMIT: PartialDateField(),
    QUANTITY: QuantityField(),
    LANGUAGE: Language(),
}
LONGEST = 100  # characters of prose that are read
WHEN_EMPTY = {POINT_END: gettext_lazy("the day it started"), LIMIT: ""}


def kind_of(field, lasts=True):
    """Which kind of typed text a column takes; ``lasts``: an empty end is not known."""
    if isinstance(field, Language):
        return LANGUAGE
    if issubclass(field.value_class, Quantity):
        return QUANTITY
    if issubclass(field.value_class, PartialDate) and field.is_end:
        return END if lasts else POINT_END
    return DATE


def meaning_of(kind, text):
    """What a text of this kind means; ValidationError, with what is right, if none."""
    text = text.strip()
    limit = FIELDS[kind].max_length
    if len(text) > limit:
        raise ValidationError(_("Write at most %d characters.") % limit)
    if not text and kind in WHEN_EMPTY:
        return str(WHEN_EMPTY[kind])
    if kind == LANGUAGE:
        FIELDS[kind].clean(text, None)
        return name_of_language(text)
    return FIELDS[kind].to_python(text).in_words


def offered(kind, text):
    """What a text of prose may mean, as such a value: each reading and its meaning."""
    sort = kind if kind in (QUANTITY, LANGUAGE) else DATE
    found = readings_of(sort, text[:LONGEST])
    offers = []
    for reading in found:
        with suppress(ValidationError):  # a kind takes less than all of its sort
            offers.append({"text": reading, "meaning": meaning_of(kind, reading)})
    return offers


def readable(value):
    """A date or a number as people read it, with its own text in a tooltip."""
    if value.readable == value:
        return str(value)
    return format_html('<span title="{}">{}</span>', value, value.readable)

"""Describes in words what a typed date or number means."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .dates import PartialDateField, spans_of
from .quantities import Quantity, QuantityField
from .readings import intervals_of, name_of_language, readings_of
from .text import Language

DATE, QUANTITY = "date", "quantity"
START, END, POINT_END = "start", "end", "point-end"  # of what lasts
LIMIT = "limit"  # of a search in time
LANGUAGE = "language"
FIELDS = {
    DATE: PartialDateField(),
    START: PartialDateField(),
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
    if field.is_end:
        return END if lasts else POINT_END
    return START if partner_of(field) else DATE


def partner_of(field):
    """The name of the date with which this one makes a span; empty if with none."""
    for start, end in spans_of(field.model):
        if field.name in (start, end):
            return end if field.name == start else start
    return ""


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
    """What a text of prose may mean, as such a value: each reading and its meaning.

    Of a text that names two dates, as “2004 to 2006”, the start and the end are offered
    together: the one that is asked for as the value, and ``beside`` it the other.
    """
    sort = kind if kind in (QUANTITY, LANGUAGE) else DATE
    found = readings_of(sort, text[:LONGEST])
    offers = []
    for reading in found:
        with suppress(ValidationError):  # a kind takes less than all of its sort
            offers.append({"text": reading, "meaning": meaning_of(kind, reading)})
    return [*_spans_offered(kind, text[:LONGEST]), *offers]


def _spans_offered(kind, text):
    if kind not in (START, END, POINT_END):
        return
    for start, end in intervals_of(text):
        meaning = _("from %(start)s to %(end)s") % {
            "start": meaning_of(START, start),
            "end": meaning_of(END, end),
        }
        one, other = (start, end) if kind == START else (end, start)
        yield {"text": one, "beside": other, "meaning": meaning}


def readable(value):
    """A date or a number as people read it, with its own text in a tooltip."""
    if value.readable == value:
        return str(value)
    return format_html('<span title="{}">{}</span>', value, value.readable)

"""Describes in words what a typed date or number means."""

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .dates import PartialDate, PartialDateField
from .quantities import Quantity, QuantityField

DATE, END, POINT_END, QUANTITY = "date", "end", "point-end", "quantity"
LIMIT = "limit"  # of a search in time
FIELDS = {
    DATE: PartialDateField(),
    END: PartialDateField(is_end=True),
    POINT_END: PartialDateField(is_end=True),
    LIMIT: PartialDateField(),
    QUANTITY: QuantityField(),
}
WHEN_EMPTY = {POINT_END: gettext_lazy("the day it started"), LIMIT: ""}


def kind_of(field, lasts=True):
    """Which kind of text a column takes; ``lasts``: an empty end is not known."""
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
    return FIELDS[kind].to_python(text).in_words


def readable(value):
    """A date or a number as people read it, with its own text in a tooltip."""
    if value.readable == value:
        return str(value)
    return format_html('<span title="{}">{}</span>', value, value.readable)

"""Filters for texts that readers see: visible marks, readable dates."""

from django import template
from django.core.exceptions import ValidationError

from ..values.dates import PartialDateField
from ..values.humanize import readable
from ..values.quantities import QuantityField
from ..values.text import seen

register = template.Library()
register.filter("seen", seen, is_safe=False)


@register.filter
def readable_date(value):
    """A partial date as people read it; an empty one stays empty."""
    return readable(value) if value else ""


@register.filter
def readable_of(text, statement):
    """A text of the field of a citation or a dispute, as people read it."""
    if not text or not statement.field:
        return text
    model = type(statement.record.holder_of(statement.field))
    column = model._meta.get_field(statement.field)
    if not isinstance(column, PartialDateField | QuantityField):
        return text
    try:
        return readable(column.to_python(text))
    except ValidationError:
        return text  # check_data says what is wrong with it

"""Cells of a table: how each kind of field is written in CSV, and read."""

import re
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _
from import_export import fields, widgets

from ..renaming import bearing
from ..slugs import no_such
from ..statements import join_list, split_list
from .columns import column_of


class TextWidget(widgets.Widget):
    """Text as it stands; the field's own validation says what is wrong with it."""

    def clean(self, value, row=None, **kwargs):
        return "" if value is None else str(value)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class PlainWidget(widgets.Widget):
    """A number or a date in its one plain form; an empty cell is none."""

    def __init__(self, pattern, parse, remedy):
        self.pattern, self.parse, self.remedy = re.compile(pattern), parse, remedy

    def clean(self, value, row=None, **kwargs):
        if value in (None, ""):
            return None
        if not self.pattern.fullmatch(str(value)):
            raise ValueError(
                _("“%(text)s”: %(remedy)s")
                % {"text": str(value)[:80], "remedy": self.remedy}
            )
        try:
            return self.parse(str(value))
        except ValueError:
            raise ValueError(_("“%s” is no such day.") % value) from None

    def render(self, value, obj=None, **kwargs):
        if isinstance(value, Decimal):
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        return "" if value is None else str(value)


class UnknownSlug(ValueError):
    """A slug that no record of the model has."""

    def __init__(self, model, slug, beside=()):
        self.model, self.slug = model, slug
        super().__init__(no_such(model, slug, beside=beside))


class SlugWidget(widgets.Widget):
    """A related record by its slug; each is looked up once in a file."""

    def __init__(self, model):
        self.model, self.found = model, {}
        self.beside = ()  # slugs that rows of the same file bring

    def clean(self, value, row=None, **kwargs):
        if value in (None, ""):
            return None
        if value not in self.found:
            record = bearing(self.model._default_manager, str(value))
            if record is None:
                raise UnknownSlug(self.model, str(value), self.beside)
            self.found[value] = record
        return self.found[value]

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else value.slug


class SlugListWidget(SlugWidget):
    """Related records by their slugs, joined by ``|``."""

    def clean(self, value, row=None, **kwargs):
        return [
            super(SlugListWidget, self).clean(slug) for slug in split_list(value or "")
        ]

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else join_list(record.slug for record in value)


WIDGETS = (  # the first that fits
    (models.ManyToManyField, lambda field: SlugListWidget(field.related_model)),
    (models.ForeignKey, lambda field: SlugWidget(field.related_model)),
    (
        models.IntegerField,
        lambda field: PlainWidget(
            r"-?[0-9]{1,18}", int, _("write a whole number, digits only.")
        ),
    ),
    (
        models.DecimalField,
        lambda field: PlainWidget(
            r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?",
            Decimal,
            _("write a number with a point for decimals, nothing between thousands."),
        ),
    ),
    (
        models.DateField,
        lambda field: PlainWidget(
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
            date.fromisoformat,
            _("write a day as 2024-04-03."),
        ),
    ),
    (models.Field, lambda field: TextWidget()),
)


class Cell(fields.Field):
    """One column of a table: one field of its model."""

    def __init__(self, django_field, widget=None):
        self.django_field = django_field
        for kind, widget_for in WIDGETS:
            if widget is None and isinstance(django_field, kind):
                widget = widget_for(django_field)
        super().__init__(
            attribute=django_field.name, column_name=django_field.name, widget=widget
        )

    @property
    def is_list(self):
        return self.django_field.many_to_many

    def column(self, public=False):
        """The column as the database writes it."""
        return column_of(self.django_field.model, self.column_name, public)

    def get_value(self, instance):
        value = super().get_value(instance)
        if not self.is_list:
            return value
        return value.all() if instance.pk else []

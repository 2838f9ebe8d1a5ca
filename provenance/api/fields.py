"""The members of a record in JSON, made of the columns of its model.

Texts are strings, numbers are numbers, partial dates and quantities are their text
with their bounds beside them; a bound that says nothing is null. A relation is read as
a small object and written as a slug.
"""

import re
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError as ModelError
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ..db.m2m import RefusedItem, replace_list
from ..models import Dispute
from ..models.renaming import bearing
from ..registry.kinds import record_types
from ..values.bounds import BoundedTextField
from ..values.dates import HOLDS, NOT, POSSIBLY, DateBoundField
from ..values.quantities import HIGHEST, LOWEST, QuantityBoundField, QuantityField
from ..values.suggestions import no_such
from .problems import details_of

A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def label_name(model):
    """What the label of such a record is called: ``name`` or ``title``."""
    return model.label_field if hasattr(model, model.label_field) else "title"


def address_of(record, root):
    """The address of a record in the API, in the collection of its kind."""
    return f"{root}{record_types()[record.record_type].collection}/{record.slug}/"


def clean(record):
    """Refuses what the model refuses, in the form of a serializer's errors."""
    try:
        record.full_clean()
    except ModelError as error:
        raise serializers.ValidationError(details_of(error)) from None


def reference(record, root):
    """What another record shows of this one."""
    shown = {
        "slug": record.slug,
        label_name(type(record)): str(record),
        "url": address_of(record, root),
    }
    if record.record_type != record.type_name():
        shown["type"] = record.record_type
    return shown


def plain_number(value):
    """A Decimal as a JSON number: at most 15 digits, which a float holds exactly."""
    return int(value) if value == value.to_integral_value() else float(value)


class Text(serializers.CharField):
    """A text: a JSON string, and nothing that could be turned into one."""

    default_error_messages = {"invalid": _("Write a text, in quotation marks.")}

    def __init__(self, column=None, **options):
        self.column = column
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return self.column.to_python(data) if self.column else data


class QuantityText(Text):
    """A quantity; a whole number may come without quotation marks."""

    def run_validation(self, data=serializers.empty):
        return super().run_validation(str(data) if type(data) is int else data)


class Word(serializers.ChoiceField):
    """One word of a fixed list."""

    default_error_messages = {
        "invalid_choice": _("“{input}” is not a valid choice; choose one of: {words}.")
    }

    def to_internal_value(self, data):
        if data == "" and self.allow_blank:
            return ""
        if not isinstance(data, str) or data not in self.choices:
            words = ", ".join(word for word in self.choices if word)
            self.fail("invalid_choice", input=str(data)[:80], words=words)
        return data


class Whole(serializers.IntegerField):
    """A whole number."""

    default_error_messages = {
        "invalid": _("Write a whole number, without quotation marks.")
    }

    def to_internal_value(self, data):
        if type(data) is not int:
            self.fail("invalid")
        return data


class Number(serializers.FloatField):
    """A number, exact to the digits written."""

    default_error_messages = {"invalid": _("Write a number, without quotation marks.")}

    def to_internal_value(self, data):
        if type(data) not in (int, Decimal):
            self.fail("invalid")
        return Decimal(data)

    def to_representation(self, value):
        return plain_number(Decimal(value))


class Day(serializers.DateField):
    """One exact day."""

    default_error_messages = {"invalid": _("Write a day as 2024-04-03.")}

    def to_internal_value(self, value):
        if not isinstance(value, str) or not A_DAY.fullmatch(value):
            self.fail("invalid")
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail("invalid")


class AttestedUntil(Day):
    """The last day on which a source attests what has an open end, or null."""

    def __init__(self, **options):
        super().__init__(
            source="last_attested.until", read_only=True, allow_null=True, **options
        )


class GeneralKnowledge(serializers.ListField):
    """The names of the dates of a record that say what no source says."""

    child = serializers.CharField()


class InDispute(serializers.ChoiceField):
    """Whether a record is in dispute: open if any dispute is, or settled, or null."""

    def __init__(self, **options):
        super().__init__(
            Dispute.State.choices, read_only=True, allow_null=True, **options
        )


class Holds(serializers.ChoiceField):
    """Whether something held when it is asked for; only then is it shown.

    A list has what did, or may have; of rows inside a record that is not known.
    """

    def __init__(self, all_held=True, **options):
        answers = [*HOLDS.values(), POSSIBLY, *([] if all_held else [NOT])]
        super().__init__(answers, read_only=True, source="*", **options)

    def to_representation(self, holder):
        return self.parent.asked("time").answer(holder)


class DateBound(serializers.DateField):
    """The first or last day that a partial date can mean; null if it says nothing."""

    def to_representation(self, value):
        return None if value in (date.min, date.max) else value.isoformat()


class QuantityBound(Number):
    """The smallest or the largest number that it can mean; null if it says nothing."""

    def to_representation(self, value):
        return None if value in (LOWEST, HIGHEST) else plain_number(value)


class Address(serializers.URLField):
    """The address of the record itself; in this collection, or in that of its kind."""

    def __init__(self, collection="", **options):
        self.collection = collection
        options.setdefault("help_text", _("The address of this record in the API."))
        super().__init__(source="*", read_only=True, **options)

    def to_representation(self, record):
        root = self.context["root"]
        if self.collection:
            return f"{root}{self.collection}/{record.slug}/"
        return address_of(record, root)


class Related(serializers.Field):
    """Another record: read as a small object, written as its slug.

    Whoever may not change the one that shows it gets null for what is not public.
    """

    default_error_messages = {
        "required": _("“{field}” may not be empty; write the slug of the {kind}."),
        "null": _("“{field}” may not be empty; write the slug of the {kind}."),
        "blank": _("“{field}” may not be empty; write the slug of the {kind}."),
        "blank_or_null": _(
            "“{field}” is an empty text; write the slug of the {kind}, or null for "
            "none."
        ),
        "blank_item": _(
            "An item of “{field}” is empty; write the slug of the {kind}, or leave the "
            "item out."
        ),
        "invalid": _("Write the slug of one record, in quotation marks."),
        "not_of_this_kind": _(
            "“{slug}” is a record of another kind than is needed here."
        ),
    }

    def __init__(self, model, limits=None, **options):
        self.model, self.limits = model, limits or {}
        super().__init__(**options)

    def fail(self, key, **values):
        """Says what is wrong in the words of the field."""
        field = self.field_name or self.parent.field_name
        kind = self.model._meta.verbose_name
        super().fail(key, field=field, kind=kind, **values)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        if not data:
            is_item = isinstance(self.parent, RelatedList)
            optional = "blank_or_null" if self.allow_null else "blank"
            self.fail("blank_item" if is_item else optional)
        records = self.model._default_manager.all()
        record = bearing(records, data)
        if record is None:
            message = no_such(self.model, data, records)
            raise serializers.ValidationError(message, code="no_such_record")
        if self.limits and not records.filter(**self.limits, pk=record.pk).exists():
            self.fail("not_of_this_kind", slug=data)
        return record

    def to_representation(self, record):
        if not (self.context["everything"] or record.is_public):
            return None
        return reference(record, self.context["root"])

    def joins(self):
        """What to fetch with it, to say what it is and whether it is public."""
        return [
            self.source,
            *(f"{self.source}__{p}" for p in self.model.public_through),
        ]


class RelatedList(serializers.ListField):
    """Other records of one kind: read as small objects, written as a list of slugs."""

    default_error_messages = {"null": _("Write a list of slugs; [] for none.")}

    def __init__(self, model, **options):
        self.model = model
        super().__init__(child=Related(model), max_length=500, **options)

    def to_representation(self, manager):
        shown = [self.child.to_representation(record) for record in manager.all()]
        return sorted(
            (item for item in shown if item), key=lambda item: str(item["slug"])
        )

    def rows(self, model, everything):
        """The records to fetch ahead, with those that their labels name."""
        return self.model._default_manager.seen(everything).labelled()

    def replace(self, record, wanted, reason):
        """Makes the list what is wanted, row by row; says whether that changed it."""
        field = record._meta.get_field(self.source)
        try:
            return replace_list(record, field, wanted, reason)
        except RefusedItem as refused:
            place = wanted.index(refused.item)
            at = {self.field_name: {place: details_of(refused)}}
            raise serializers.ValidationError(at) from None


def column_field(column):
    """The member of a record that a column of its model is."""
    options = {"help_text": column.help_text}
    if not column.editable:
        options["read_only"] = True
    elif column.has_default() or column.blank or column.null:
        options["required"] = False
    if column.null:
        options["allow_null"] = True
    if column.is_relation:
        limits = column.get_limit_choices_to()
        return Related(column.related_model, limits, **options)
    if isinstance(column, DateBoundField):
        return DateBound(**options, allow_null=True)
    if isinstance(column, QuantityBoundField):
        return QuantityBound(**options, allow_null=True)
    if isinstance(column, models.DateTimeField):
        return serializers.DateTimeField(**options)
    if isinstance(column, models.DateField):
        return Day(**options)
    if isinstance(column, models.DecimalField):
        return Number(**options)
    if isinstance(column, models.IntegerField):
        return Whole(**options)
    if "read_only" not in options:
        options["allow_blank"] = column.blank
    if column.choices:
        return Word(choices=column.choices, **options)
    if isinstance(column, BoundedTextField):
        kind = QuantityText if isinstance(column, QuantityField) else Text
        return kind(column, **options)
    return Text(column, max_length=column.max_length, **options)

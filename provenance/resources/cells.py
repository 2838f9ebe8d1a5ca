"""Cells of a table: how each kind of field is written in CSV, and read.

A column is read as a whole, each distinct text once. What a text means, and how that is
written in the one canonical form, is said by the widget; what of it a field takes, by
the field itself.
"""

import re
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from import_export import fields

from ..db.batches import batches
from ..db.m2m import replace_list
from ..models.renaming import all_bearing
from ..values.quantities import QuantityField
from ..values.stated_values import join_list, split_list
from ..values.suggestions import no_such
from ..values.text import Key, Line, Prose, are_plain
from .columns import column_of

MOST_EXPLAINED = 100  # slugs of one column: to look for those like it takes a while
MOST_REMEMBERED = 5_000  # distinct texts of one column, beyond those of one chunk
UNREAD = {None: (None, None)}  # of a cell that cannot be read nothing is known
# A whole number as pandas and its kin write a column of them that has gaps.
POINT_ZERO = re.compile(r"-?(?:0|[1-9][0-9]*)\.0")


class TextWidget:
    """Text as it stands; the field's own validation says what is wrong with it."""

    def clean(self, text):
        return text

    def canonical(self, text, value):
        return "" if value is None else str(value)


class PlainWidget:
    """A number or a date in its one plain form; an empty cell is none."""

    def __init__(self, pattern, parse, remedy):
        self.pattern, self.parse, self.remedy = re.compile(pattern), parse, remedy

    def clean(self, text):
        if not text:
            return None
        if not self.pattern.fullmatch(text):
            raise ValueError(
                _("“%(text)s”: %(remedy)s") % {"text": text[:80], "remedy": self.remedy}
            )
        try:
            return self.parse(text)
        except ValueError:
            raise ValueError(_("“%s” is no such day.") % text) from None

    def canonical(self, text, value):
        if isinstance(value, Decimal):
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        return "" if value is None else str(value)


class SlugWidget:
    """A related record by its slug, or by one that it bore; each is looked up once."""

    folds = True  # whether a text that a slug is made of names the record as well

    def __init__(self, model):
        self.model = model
        self.forget()

    def forget(self):
        """Looks every slug up anew; ``beside`` are slugs that the same file brings."""
        self.found, self.beside, self.missed = {}, (), 0

    def look_up(self, slugs):
        """Finds the keys and the present slugs of these, in few queries."""
        if len(self.found) > MOST_REMEMBERED:
            self.found = {}
        for part in batches(slug for slug in slugs if slug not in self.found):
            self.found.update(self.bearing(part))

    def bearing(self, slugs):
        """For each of these that a record bears: its key, and the slug as it is now."""
        return all_bearing(self.records(), slugs)

    def records(self):
        """The records that can be named."""
        return self.model._default_manager.all()

    def clean(self, text):
        """The key of the record; None for an empty cell."""
        if not text:
            return None
        if text not in self.found:
            self.missed += 1
            records = self.records()
            if self.missed > MOST_EXPLAINED:
                records = records.none()
            raise ValidationError(
                self.said_of_unknown(text, records),
                code="unknown",
                params={"of": self.model, "slug": text},
            )
        return self.found[text][0]

    def said_of_unknown(self, text, records):
        """The sentence that none bears this slug; like it are some of these records."""
        return no_such(self.model, text, records, self.beside)

    def canonical(self, text, value):
        """The slug that the record of this one bears now."""
        return self.found[text][1] if text else ""


class SlugListWidget(SlugWidget):
    """Related records by their slugs, joined by ``|``."""

    def look_up(self, texts):
        super().look_up({slug for text in texts for slug in split_list(text)})

    def clean(self, text):
        """The keys of the records, each once."""
        keys = [super(SlugListWidget, self).clean(s) for s in split_list(text)]
        return tuple(dict.fromkeys(keys))

    def canonical(self, text, value):
        return join_list({self.found[slug][1] for slug in split_list(text)})


WIDGETS = (  # the first that fits
    (models.ManyToManyField, lambda field: SlugListWidget(field.related_model)),
    (models.ForeignKey, lambda field: SlugWidget(field.related_model)),
    (
        models.IntegerField,
        lambda field: PlainWidget(
            r"-?[0-9]{1,18}", int, _("write a whole number, in at most 18 digits.")
        ),
    ),
    (
        models.DecimalField,
        lambda field: PlainWidget(
            r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?",
            Decimal,
            _(
                "write a number in at most 18 digits, with a point for decimals and "
                "nothing between thousands."
            ),
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

SLUGS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\n[a-z0-9]+(?:-[a-z0-9]+)*)*")


def are_slugs(texts):
    """Whether all these are slugs that a record can have."""
    free = not any(reserved in texts for reserved in Key.RESERVED)
    return free and bool(SLUGS.fullmatch("\n".join(texts)))


# Whether a kind of field takes all these texts as they are.
PLAIN = {
    Key: are_slugs,
    Line: are_plain,
    Prose: are_plain,
}


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
        self.forget()

    @property
    def is_list(self):
        return self.django_field.many_to_many

    @property
    def is_relation(self):
        return isinstance(self.widget, SlugWidget)

    def column(self, public=False):
        """The column as the database writes it."""
        return column_of(self.django_field.model, self.column_name, public)

    # reading

    def forget(self):
        """Begins a file: nothing that another one said is known."""
        self.known = dict(UNREAD)  # by text: value and canonical text
        self.wrong = {}  # by text: faults
        self.point_zeros = 0  # cells that were read without a “.0” at their end
        if self.is_relation:
            self.widget.forget()

    def read(self, texts):
        """The values of a column of texts, and each in its canonical form.

        Both are None for a text that is none of its values; ``wrong`` has why. So they
        are for one that is None, of which has been told that it cannot be read.
        """
        if self._are_plain(texts):
            return texts, texts
        if len(self.known) > MOST_REMEMBERED:
            self.known = dict(UNREAD)
        if new := [text for text in dict.fromkeys(texts) if text not in self.known]:
            if self.is_relation:
                self.widget.look_up(new)
            for text in new:
                self.known[text] = self._learnt(text)
        if self._takes_point_zero:
            self.point_zeros += sum(bool(POINT_ZERO.fullmatch(t or "")) for t in texts)
        both = [self.known[text] for text in texts]
        return [value for value, _text in both], [text for _value, text in both]

    def _learnt(self, text):
        plain = text
        if self._takes_point_zero and POINT_ZERO.fullmatch(text):
            plain = text.removesuffix(".0")
        try:
            value = self._accepted(self.widget.clean(plain))
        except ValidationError as error:
            self.wrong[text] = error.error_list
        except ValueError as error:
            self.wrong[text] = [ValidationError(str(error), code="invalid")]
        else:
            return value, self.widget.canonical(plain, value)
        return None, None

    def _accepted(self, value):
        """The value as the field keeps it; ValidationError if it takes none such."""
        field = self.django_field
        if self.is_list:
            return value
        if field.blank and value in field.empty_values:
            return field.get_default() if value is None and not field.null else value
        if self.is_relation:  # that it exists is known
            if value is None:
                raise self._empty()
            return value
        return field.clean(value, None)

    def _empty(self):
        field = self.django_field
        said = _("“%(field)s” may not be empty; write the slug of the %(kind)s.")
        kind = field.related_model._meta.verbose_name
        words = {"field": field.verbose_name, "kind": kind}
        return ValidationError(said % words, code="null")

    @cached_property
    def _takes_point_zero(self):
        """Whether it is a number whose one form has no ``.0`` at its end."""
        return isinstance(self.django_field, models.IntegerField | QuantityField)

    @cached_property
    def _is_of_a_kind(self):
        """Whether its field refuses nothing but what every text of its kind refuses."""
        field = self.django_field
        own = [
            validator
            for validator in field.validators
            if validator not in field.default_validators
            and not isinstance(validator, MaxLengthValidator)
        ]
        return type(field) in PLAIN and not own and not field.choices

    def _are_plain(self, texts):
        """Whether all these texts are such that the field takes each as it stands."""
        if not self._is_of_a_kind or not texts or None in texts:
            return False
        field = self.django_field
        return (
            (field.blank or all(texts))
            and (not field.max_length or max(map(len, texts)) <= field.max_length)
            and PLAIN[type(field)](texts)
        )

    def if_lacking(self):
        """What a new row has whose file has no such column; ValidationError if none."""
        field = self.django_field
        return () if self.is_list else self._accepted(field.get_default())

    def slugs_in(self, text):
        """The slugs that a cell of a relation names."""
        return split_list(text or "") if self.is_list else [text] if text else []

    def replace(self, record, wanted):
        """Makes the list of a record these; whether that changed it."""
        return replace_list(record, self.django_field, wanted)

    def through_names(self):
        """In the table behind a list: the columns of its owner, and of its items."""
        field = self.django_field
        through = field.remote_field.through._meta
        names = (field.m2m_field_name(), field.m2m_reverse_field_name())
        return [through.get_field(name).attname for name in names]

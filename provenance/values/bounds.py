"""Values kept as text, and in columns beside it the two ends that it implies.

A date that may be a year and a number that may be "about 10,000" are texts with a
lowest and a highest meaning. The text is the truth; both ends are read off it each time
they are asked for, so whatever path writes a row writes the ends that belong to its
text.
"""

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.query_utils import DeferredAttribute


class TypedText(DeferredAttribute):
    """Hands out the text as its value class; text that is none stays as typed."""

    def __get__(self, record, owner=None):
        if record is None:
            return self
        value = super().__get__(record, owner)
        if type(value) is str or value is None:
            try:
                value = record.__dict__[self.field.attname] = self.field.to_python(
                    value
                )
            except ValidationError:
                return value  # clean_fields() and get_prep_value() say what is wrong
        return value

    def __set__(self, record, value):
        record.__dict__[self.field.attname] = value


class BoundedTextField(models.CharField):
    """A column of a text value, parsed by ``value_class`` or a ValidationError."""

    descriptor_class = TypedText
    value_class: type[str]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", self.value_class.MAX_LENGTH)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        if isinstance(value, self.value_class):
            return value
        return self.value_class("" if value is None else str(value))

    def from_db_value(self, value, expression, connection):
        return self.value_class(value or "")

    def follows(self, names):
        """Whether a write to these fields has to write this one too."""
        return _goes_with(self.model, self.name, names)


def _goes_with(model, name, names):
    """Whether the text of this name is one end of what may be a point, and the other
    end is written: the bounds of an empty end are those of the start.
    """
    span = getattr(model, "span", ())
    return name in span and not names.isdisjoint(span) and model.lasts is not True


class DerivedBound(DeferredAttribute):
    """Reads the bound off the text; whatever was stored or passed in is only a copy."""

    def __get__(self, record, owner=None):
        if record is None:
            return self
        field = self.field
        chooser = getattr(record, "bounded_text", None)
        if (
            chooser is None
        ):  # a row of history, or of a migration: what was written stands
            stored = record.__dict__.get(field.attname)
            if stored is not None:
                return stored
        text = chooser(field.of) if chooser else getattr(record, field.of)
        return getattr(
            text, field.edge, None
        )  # None: the text is no value; its field says so

    def __set__(self, record, value):
        # Without this Django takes the bound for deferred: no UPDATE writes it.
        record.__dict__[self.field.attname] = value


class Bound:
    """A column that holds one end of a text value: never typed, always derived."""

    descriptor_class = DerivedBound

    def __init__(self, of, edge, **kwargs):
        self.of, self.edge = of, edge
        # blank: text that cannot be parsed is reported once, under its own name.
        super().__init__(**{"editable": False, "blank": True, **kwargs})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.of, self.edge, *args], kwargs

    def follows(self, names):
        """Whether a write to these fields has to write this one too."""
        return self.of in names or _goes_with(self.model, self.of, names)

    def read_columns(self, model):
        """The columns that it is derived from."""
        span = getattr(model, "span", ())
        return span if self.of in span else (self.of,)

    def derive_column(self, model, columns, before=None):
        """The bounds in many rows, given their columns as lists by name."""
        parsed = model._meta.get_field(self.of).to_python
        texts = model.bounded_texts(self.of, columns)
        edges = {text: getattr(parsed(text), self.edge) for text in set(texts)}
        return [edges[text] for text in texts]


class BoundsConstraint(models.CheckConstraint):
    """Checked on every form, though no form shows the columns it names."""

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        super().validate(model, instance, None, using)

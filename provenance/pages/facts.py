"""The fields of a record on its page, each with its sources."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..evidence.support import Support
from ..values.dates import PartialDate, PartialDateField, Spanned
from ..values.quantities import QuantityField
from ..values.stated_values import kinds_named, split_list, text_of
from ..values.text import WebAddress


@dataclass(frozen=True)
class Fact:
    """One field of a record as readers see it."""

    name: str
    label: str
    text: str = ""
    records: tuple[models.Model, ...] = ()
    address: str = ""  # of what is elsewhere
    support: Support | None = None
    disputes: list = field(default_factory=list)

    @property
    def is_empty(self):
        return not (self.text or self.records or self.support)

    @property
    def is_open(self):
        """Whether a contradiction about it waits to be settled."""
        return any(dispute.public_state == "open" for dispute in self.disputes)


def facts_of(record, names, disputes):
    """What is recorded in the fields of these names, but for what is empty."""
    facts = (fact_of(record, name, disputes.get(name, [])) for name in names)
    return [fact for fact in facts if not fact.is_empty]


def fact_of(record, name, disputes=()):
    """What is recorded in the field of this name."""
    return Fact(
        name=name,
        label=label_of(type(record), name),
        support=record.supported.get(name),
        disputes=list(disputes),
        **_shown(record, name),
    )


def label_of(model, name):
    """What readers call the field of this name; without one, the record."""
    if not name:
        return _("Record")
    column = model._meta.get_field(name)
    label = getattr(column, "verbose_name", "") or _(name.replace("_", " "))
    return capfirst(str(label))


def _shown(record, name):
    if not name:
        return {}
    column = record._meta.get_field(name)
    if column.many_to_many:
        return {"records": tuple(getattr(record, name).all())}
    if column.one_to_many:
        return {"text": ", ".join(record.listed(name))}
    value = getattr(record, name)
    if column.is_relation:
        return {"records": (value,) if value is not None else ()}
    text = shown_value(record, column, value)
    if isinstance(record, Spanned) and name == record.span[1] and record.last_attested:
        day = PartialDate(record.last_attested.until)
        attested = _("last attested on %s") % day.readable
        text = f"{text}; {attested}" if text else attested
    return {"text": text, "address": _to(column, value)}


def shown_value(record, column, value):
    """A value as people read it."""
    if column.choices:
        return str(getattr(record, f"get_{column.name}_display")())
    if isinstance(column, QuantityField):
        return _counted(record, column.name, value.readable) if value else ""
    if isinstance(column, PartialDateField):
        return value.readable if value else ""
    return text_of(value)


def _counted(record, name, number):
    """A number with its unit."""
    return f"{number} {record.unit_of(name)}".strip()


def told_text(record, name, text):
    """What a text of the field of a record says, as people read it: with its unit."""
    told = readable_text(type(record), name, text)
    return _counted(record, name, told) if told and name else told


def readable_text(model, name, text):
    """What a text of the field of this name says, as people read it.

    The text is in the form of CSV; records that it names are found by their slugs.
    """
    if not text or not name:
        return text
    kinds = kinds_named(model, name)
    if kinds:
        items = split_list(text) if name in model.lists else [text]
        return ", ".join(_name_of(kinds, item) for item in items)
    if name in model.lists:
        return ", ".join(split_list(text))
    column = model._meta.get_field(name)
    if isinstance(column, PartialDateField | QuantityField):
        return column.to_python(text).readable
    return str(dict(column.flatchoices).get(text, text))


def _name_of(kinds, slug):
    """What the public record of a slug is called; the slug if there is none."""
    found = (kind.objects.published().filter(slug=slug).first() for kind in kinds)
    return next((str(record) for record in found if record is not None), slug)


def _to(column, value):
    return value if isinstance(column, WebAddress) else ""

"""The fields of a record on its page, each with its sources."""

from collections import defaultdict
from dataclasses import asdict, dataclass, field

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..evidence.shown import exact_form
from ..evidence.support import Support
from ..values.bounds import BoundedTextField
from ..values.dates import PartialDate, Spanned
from ..values.folding import fold
from ..values.labels import field_label
from ..values.quantities import QuantityField
from ..values.readings import name_of_language
from ..values.stated_values import recorded_text, split_list, text_of
from ..values.text import Language, WebAddress
from ..values.translations import told, translations_of


@dataclass(frozen=True)
class Fact:
    """One field of a record as readers see it."""

    name: str
    label: str
    text: str = ""
    exact: str = ""  # a date or a number in its own form, where the text has words
    records: tuple[models.Model, ...] = ()
    address: str = ""  # of what is elsewhere
    language: str = ""  # of the text, if it is not that of the page
    original: str = ""  # what is recorded, if the text is its translation
    support: Support | None = None
    is_general_knowledge: bool = False
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
        is_general_knowledge=is_general_knowledge(record, name),
        disputes=list(disputes),
        **_shown(record, name),
    )


def is_general_knowledge(record, name):
    """Whether a field says something that none of the sources of the record says.

    What we say ourselves, to call and to class it, is of no source; of lists see
    ``unnamed``.
    """
    own_words = ("", *record.described, *record.lists)
    if name in own_words or not record.supported or not recorded_text(record, name):
        return False
    support = record.supported.get(name)
    return support is None or not support.supporting


def unnamed(record, name, items):
    """Those of the items of a list that no source names, if any names some of them."""
    support = record.supported.get(name)
    if support is None:
        return set()
    said = (*support.supporting, *support.consistent, *support.contradicting)
    if not all(citation.stated for citation in said):
        return set()  # one is cited for all of them
    named = {fold(item) for one in said for item in split_list(one.stated)}
    return {item for item in items if fold(item) not in named}


def label_of(model, name):
    """What the label of a field of this name says; without one, that of the record."""
    return capfirst(field_label(model, name))


def fields_by_record(places):
    """The records of these places, each with what the fields of it there are called."""
    fields, records = defaultdict(list), {}
    for place in places:
        key = place.record.record_type, place.record.pk
        records[key] = place.record
        holder = place.record.holder_of(place.field)
        fields[key].append(label_of(type(holder), place.field))
    return [(records[key], ", ".join(names)) for key, names in fields.items()]


def _shown(record, name):
    if not name:
        return {}
    column = record._meta.get_field(name)
    if column.many_to_many:
        return {"records": tuple(getattr(record, name).all())}
    if column.one_to_many:
        return {"text": ", ".join(record.listed(name))}
    if name in translations_of(type(record)):
        return asdict(told(record, name))
    value = getattr(record, name)
    if column.is_relation:
        return {"records": (value,) if value is not None else ()}
    text = shown_value(record, column, value)
    if isinstance(record, Spanned) and name == record.span[1] and record.last_attested:
        day = PartialDate(record.last_attested.until)
        attested = _("last attested on %s") % day.readable
        text = text or _("not known")
        text = f"{text}; {attested}"
    exact = exact_form(value) if isinstance(column, BoundedTextField) else ""
    return {"text": text, "exact": exact, "address": _to(column, value)}


def shown_value(record, column, value):
    """A value as people read it."""
    if column.choices:
        return str(getattr(record, f"get_{column.name}_display")())
    if isinstance(column, QuantityField):
        return record.unit_of(column.name).behind(value.readable) if value else ""
    if isinstance(column, BoundedTextField):
        return value.readable if value else ""
    if isinstance(column, models.DateField) and value:
        return PartialDate(value.isoformat()).readable
    if isinstance(column, Language):
        return name_of_language(value) or value
    return text_of(value)


def _to(column, value):
    return value if isinstance(column, WebAddress) else ""

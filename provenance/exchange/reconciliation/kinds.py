"""The kinds of record that names are matched with, and what is told of each."""

from decimal import Decimal, InvalidOperation
from functools import cache

from django.core.exceptions import ValidationError
from django.db.models import Manager
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ...models import Record
from ...pages.facts import label_of
from ...registry.classes import class_per_kind
from ...registry.kinds import record_types
from ...values.dates import PartialDate
from ...values.folding import fold
from ..reading import public_records


@cache
def reconciled_kinds():
    """Each kind that is reconciled, as the service shows it, by its type name."""
    return {
        name: reconciled_of(kind)()
        for name, kind in record_types().items()
        if kind.is_reconciled
    }


def identifier_of(record):
    """What the service knows a record by: its address below that of the API."""
    return f"{record.collection}/{record.slug}"


@class_per_kind("Reconciled", module="exchange", tells="model")
def reconciled_of(kind, above):
    """How the service shows a kind of record."""
    return {"__doc__": kind.__doc__}


@reconciled_of.register(Record)
class Reconciled:
    """A kind of record as the service shows it: its type, properties and values.

    Its properties are its columns, the rows by which it is found, and its slug.
    """

    model: type[Record]

    @property
    def name(self):
        """The word for it, by which its type is known."""
        return self.model.type_name()

    @property
    def type(self):
        """Its type as the protocol has it."""
        return {"id": self.name, "name": capfirst(str(self.model._meta.verbose_name))}

    @property
    def rows(self):
        """The relations of whose rows each is a value."""
        return self.model.named_by

    @property
    def properties(self):
        """The names of its properties with their labels."""
        names = ("slug", *self.model.columns, *self.rows)
        return {name: label_of(self.model, name) for name in names}

    def read(self, where, fields=()):
        """The public records of which this holds, with these properties or all of them,
        by their keys.
        """
        fields = tuple(fields or self.properties)
        return {one.pk: one for one in public_records(self.model, where, fields)}

    def values(self, record, name):
        """The values of a property: texts, numbers, dates, or other records."""
        if name in self.rows:
            return [str(row) for row in getattr(record, name).all()]
        value = getattr(record, name)
        if isinstance(value, Manager):
            return list(value.all())
        return [] if value is None or value == "" else [value]

    def facts(self, record):
        """What is known of a record, for readers: each with its label."""
        for name, label in self.properties.items():
            told = [_in_words(record, name, v) for v in self.values(record, name)]
            if told and name != "slug":
                yield label, ", ".join(told)

    def names(self, record):
        """All that a record is called, in the language of the record and translated."""
        rows = [self.values(record, name) for name in self.model.named_by]
        texts = [text for texts in rows for text in texts]
        return dict.fromkeys([*record.labels, *texts])

    def also_known_as(self, record):
        """The texts by which a property may name this record, beside its label."""
        return [record.slug, identifier_of(record)]

    def descriptions(self, records):
        """What tells each of these records from its namesakes, by its key."""
        return {record.pk: self.description(record) for record in records}

    def description(self, record):
        """What sort of thing it is, and where it belongs."""
        told = []
        for name in self.model.columns:
            column = self.model._meta.get_field(name)
            if column.choices:
                told.append(_in_words(record, name, getattr(record, name)))
            elif column.many_to_one and getattr(record, name) is not None:
                told.append(str(getattr(record, name)))
        return ", ".join(told)


def _in_words(record, name, value):
    if isinstance(value, PartialDate):
        return value.readable
    shown = getattr(record, f"get_{name}_display", None)
    return str(shown()) if shown else str(value)


def json_value(value):
    """A value as the answer to a data extension query has it."""
    if isinstance(value, Record):
        if value.is_reconciled:
            return {"id": identifier_of(value), "name": str(value)}
        return {"str": str(value)}
    if isinstance(value, Decimal):
        return {"float": float(value)}
    return {"int": value} if type(value) is int else {"str": str(value)}


def agrees(value, given):
    """Whether a value is what a query gives for it, as a text."""
    if isinstance(value, PartialDate):
        return _may_be_one_date(value, given)
    if isinstance(value, Decimal | int):
        try:
            return value == Decimal(given)
        except InvalidOperation:
            return False
    texts = [str(value)]
    if isinstance(value, Record) and value.is_reconciled:
        texts += reconciled_kinds()[value.record_type].also_known_as(value)
    return fold(given) in map(fold, texts)


def _may_be_one_date(value, given):
    try:
        given = PartialDate(given)
    except ValidationError:
        return False
    return value.earliest <= given.latest and given.earliest <= value.latest


def no_such_property(name):
    """What is said of a name that is no property."""
    names = dict.fromkeys(
        n for kind in reconciled_kinds().values() for n in kind.properties
    )
    return _("There is no property “%(name)s”; choose one of: %(names)s.") % {
        "name": name[:80],
        "names": ", ".join(names),
    }

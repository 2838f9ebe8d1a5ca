"""Records as JSON and back: the declared fields, and what every record has."""

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ..evidence.support import support_in
from ..evidence.visibility import (
    hide_private_relations,
    known_disputes_of,
)
from ..models import Record
from ..registry.classes import class_per_kind
from ..values.attestation import attestations_of
from ..values.dates import Spanned
from .fields import (
    Address,
    AttestedUntil,
    GeneralKnowledge,
    Holds,
    InDispute,
    Related,
    RelatedList,
    Text,
    clean,
)
from .row_serializers import (
    CitationList,
    CitationSerializer,
    RowList,
    StrictSerializer,
    SupportSerializer,
    put_misses,
)


@class_per_kind("Serializer", module="api")
def serializer_of(kind, above):
    """What the API shows of a kind of record."""
    meta = {"model": kind, "fields": [*kind.columns, *above.ROWS]}
    return {"__doc__": kind.__doc__, "Meta": type("Meta", (), meta)}


@serializer_of.register(Record)
class RecordSerializer(StrictSerializer):
    """A record: its own fields, and around them those of every record.

    ``Meta.fields`` names its own columns and rows; the bounds follow their column.
    """

    ROWS: list[str] = []  # what every kind below it shows behind its columns

    slug = Text(
        required=False,
        max_length=100,
        help_text=_(
            "Its name in addresses, CSV and API. Made of what the record is called if "
            "it is left out, and fixed from then on."
        ),
    )
    self = Address()
    citations = CitationSerializer(many=True, read_only=True)
    disputed = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text=_(
            "The fields of which a source, or another record, says what contradicts "
            "the record."
        ),
    )
    in_dispute = InDispute(
        help_text=_(
            "Whether a dispute about it is open, or all are settled; null if there is "
            "none."
        )
    )
    general_knowledge = GeneralKnowledge(
        read_only=True,
        help_text=_(
            "Those of its two dates that no source states: they rest on general "
            "knowledge, and are likely, never definite."
        ),
    )
    support = serializers.DictField(
        child=SupportSerializer(),
        read_only=True,
        help_text=_(
            "How well each field that is cited is supported; under an "
            "empty name the record itself. In lists only if asked for with "
            "fields."
        ),
    )
    attested_until = AttestedUntil(
        help_text=_(
            "Of what has an end that nobody states: the last day on which a source "
            "says that it was so. It is likely until then, or was over by then if it "
            "is of a kind that does not go on."
        ),
    )
    holds = Holds(
        help_text=_(
            "Whether it held when it is asked for with as_of, from or to; only then."
        ),
    )

    def field_names(self):
        model = self.Meta.model
        notes = ("public_note", "public_note_es")
        yield from ("slug", "self", *self.Meta.fields, *notes)
        if self.asked("everything"):
            yield from ("status", "private_note")
        yield from ("version", "created_at", "updated_at")
        if hasattr(model, "citations"):
            yield from ("citations", "disputed", "in_dispute", "support")
            if issubclass(model, Spanned):
                yield "general_knowledge"
        if attestations_of(model) and model().lasts:
            yield "attested_until"
        if self.asked("holds") and issubclass(model, Spanned):
            yield "holds"

    # Reading

    def shown(self):
        """The fields that the request asks for; if it names none, all but the dear."""
        asked, single = self.asked("fields"), self.asked("single")
        return [
            field
            for name, field in self.fields.items()
            if (name in asked if asked else single or name != "support")
        ]

    def shows(self, *names):
        """Whether any field of these names is shown."""
        return any(field.field_name in names for field in self.shown())

    def compares(self):
        """Whether statements are shown: they are compared with any field of it."""
        return self.shows("citations", "support")

    def prepared(self, records):
        """The records with all that is shown: as many queries for one as for many."""
        model, everything = self.Meta.model, self.asked("everything")
        fields = self.fields.values() if self.compares() else self.shown()
        joins, fetched = list(model.public_through), []
        for field in fields:
            if isinstance(field, Related):
                joins += field.joins()
            elif isinstance(field, RowList | RelatedList | CitationList):
                related = model._meta.get_field(field.source).related_model
                rows = self.fetched_rows(field, related, everything)
                fetched.append(Prefetch(field.source, rows))
        if attestations_of(model) and self.shows("attested_until", "holds"):
            fetched.append("attestation")
        if self.shows("disputed", "in_dispute") and hasattr(model, "disputes"):
            fetched.append(Prefetch("disputes", known_disputes_of(model, everything)))
        records = records.select_related(*joins) if joins else records
        return records.prefetch_related(*fetched)

    def fetched_rows(self, field, model, everything):
        """The rows of one field to fetch ahead."""
        return field.rows(model, everything)

    def shown_of(self, records):
        """The records, prepared, as they are shown."""
        records, everything = list(records), self.asked("everything")
        if self.compares() and not everything:
            for record in records:
                hide_private_relations(record)
        if self.shows("holds", "general_knowledge"):
            self.Meta.model.look_up_grounds(records)
        for field in self.shown() if self.asked("holds") else ():
            if isinstance(field, RowList) and "holds" in field.child.fields:
                field.look_up_attested(records)
        if self.shows("support"):
            citations = [one for record in records for one in record.citations.all()]
            self.support_of_each = support_in(citations, everything)
        return [self.to_representation(record) for record in records]

    def to_representation(self, record):
        return {
            field.field_name: self.value_of(record, field) for field in self.shown()
        }

    def value_of(self, record, field):
        if field.field_name == "in_dispute":
            return record.state_of_disputes(self.asked("everything"))
        if field.field_name == "support":
            return field.to_representation(self.support_of_each.get(record.pk, {}))
        value = field.get_attribute(record)
        return None if value is None else field.to_representation(value)

    # Writing

    def misplaced(self, data):
        errors = super().misplaced(data)
        if self.instance is None:
            return errors
        slug = data.get("slug", self.instance.slug)
        if slug != self.instance.slug:
            message = _("The slug of a record never changes.")
            errors["slug"] = [serializers.ErrorDetail(message, "fixed")]
        return errors if self.partial else errors | put_misses(self, data, ("slug",))

    def write(self):
        """Writes what was given, by every rule of the model; the record."""
        record, reason = self.instance or self.Meta.model(), self.asked("reason")
        given, adding = dict(self.validated_data), self.instance is None
        lists = [
            (field, given.pop(field.source))
            for field in self.fields.values()
            if isinstance(field, RowList | RelatedList) and field.source in given
        ]
        changed = adding
        for name, value in given.items():
            if adding or getattr(record, name) != value:
                setattr(record, name, value)
                changed = True
        if not record.slug:
            record.slug = record.propose_slug()
        clean(record)
        record._change_reason = reason
        if adding:
            record.save()
        for field, wanted in lists:
            changed = field.replace(record, wanted, reason) or changed
        if changed and not adding:
            record.save()
        return record

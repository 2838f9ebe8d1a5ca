"""The rows of a record as JSON and back: its names, its citations, what supports it."""

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ..evidence.visibility import (
    naming_public,
    public_rows,
)
from ..models import Citation, Name, Record
from ..values.asked_time import AskedTime
from ..values.bounds import Bound
from ..values.contradiction import Standing
from ..values.dates import Spanned
from ..values.suggestions import close_to
from .fields import (
    Holds,
    Related,
    RelatedList,
    clean,
    column_field,
)

MAX_ROWS = 500


# What a request has asked for; where there is none, the documentation shows it all.
WITHOUT_REQUEST = {
    "everything": True,
    "fields": (),
    "time": AskedTime(),
    "holds": True,
    "reason": None,
    "single": True,
}


def columns(model, name):
    """The members that a column makes: itself, and its bounds behind it."""
    column = model._meta.get_field(name)
    bounds = [
        bound
        for bound in model._meta.concrete_fields
        if isinstance(bound, Bound) and bound.of == name
    ]
    return {field.name: column_field(field) for field in (column, *bounds)}


class StrictSerializer(serializers.Serializer):
    """Takes the members that it knows, and says which others were given."""

    def asked(self, name):
        """What the request asks for, as the view has read it."""
        return self.context.get(name, WITHOUT_REQUEST[name])

    def field_names(self):
        return self.Meta.fields

    def get_fields(self):
        """The fields declared here; for every other name, the column of the model."""
        declared, fields = super().get_fields(), {}
        for name in self.field_names():
            if name in declared:
                fields[name] = declared[name]
            else:
                fields |= columns(self.Meta.model, name)
        return fields

    def relations(self):
        """The fields that lead to one other record each."""
        return [field for field in self.fields.values() if isinstance(field, Related)]

    def to_internal_value(self, data):
        errors = self.misplaced(data) if isinstance(data, dict) else {}
        try:
            given = super().to_internal_value(data)
        except serializers.ValidationError as error:
            errors = {**error.detail, **errors}
        if errors:
            raise serializers.ValidationError(errors)
        return given

    def misplaced(self, data):
        """What is wrong with the names of the members given."""
        errors = {}
        writable = [name for name, field in self.fields.items() if not field.read_only]
        for name in data:
            if name in writable:
                continue
            if name in self.fields:
                message = _("The record sets this itself; leave it out.")
                errors[name] = [serializers.ErrorDetail(message, "read_only")]
            else:
                message = _("There is no such field%s") % (
                    close_to(name, writable) or "."
                )
                errors[name] = [serializers.ErrorDetail(message, "unknown")]
        return errors


def put_misses(serializer, data, fixed):
    """What is wrong with a PUT that leaves fields out: they would be lost unseen."""
    message = _("PUT takes all of it; to change a part, use PATCH.")
    return {
        name: [serializers.ErrorDetail(message, "required")]
        for name, field in serializer.fields.items()
        if not field.read_only and name not in data and name not in fixed
    }


class RowList(serializers.ListSerializer):
    """The rows of a record: replaced as a whole, written only where they differ."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{"max_length": MAX_ROWS, **options})

    def rows(self, model, everything):
        """The rows to fetch ahead, with all that they show."""
        rows = model._default_manager.all()
        if not everything:
            rows = public_rows(rows, self.child.needs)
        joins = [path for field in self.child.relations() for path in field.joins()]
        rows = rows.select_related(*joins) if joins else rows
        return rows.prefetch_related(
            *(
                Prefetch(field.source, field.rows(model, everything))
                for field in self.lists()
            )
        )

    def lists(self):
        """The fields of a row that lead to several other records."""
        fields = self.child.fields.values()
        return [field for field in fields if isinstance(field, RelatedList)]

    def look_up_attested(self, records):
        """Fetches at once what is last attested of the rows of these records."""
        rows = [row for one in records for row in getattr(one, self.source).all()]
        if rows:
            type(rows[0]).look_up_attested(rows)

    def replace(self, record, wanted, reason):
        """Makes the rows what is wanted; says whether that changed any."""
        relation = record._meta.get_field(self.source)
        model, owner = relation.related_model, relation.field.name
        attributes = [model._meta.get_field(name).attname for name in self.child.key]

        def key_of(row):
            return tuple(getattr(row, attribute) for attribute in attributes)

        kept = {key_of(row): row for row in model.objects.filter(**{owner: record})}
        named, writes, errors, places = set(), {}, {}, {}
        lists = {field.source for field in self.lists()}
        for index, values in enumerate(wanted):
            listed = {name: values[name] for name in lists if name in values}
            values = {n: value for n, value in values.items() if n not in lists}
            row = model(**values, **{owner: record})
            if (key := key_of(row)) in named:
                message = _("This is in the list twice.")
                errors[index] = [serializers.ErrorDetail(message, "twice")]
            named.add(key)
            before = kept.get(key)
            places[index] = (before or row, listed)
            if before:
                if all(getattr(before, name) == values[name] for name in values):
                    continue
                for name, value in values.items():
                    setattr(before, name, value)
            writes[index] = before or row
        if errors:
            raise serializers.ValidationError({self.field_name: errors})
        gone = [row for key, row in kept.items() if key not in named]
        for row in gone:
            row._change_reason = reason
            row.delete()
        for index, row in writes.items():
            try:
                clean(row)
            except serializers.ValidationError as error:
                errors[index] = self.as_given(error.detail)
                continue
            row._change_reason = reason
            row.save()
        if errors:
            raise serializers.ValidationError({self.field_name: errors})
        return self._replace_lists(places, reason) or bool(gone or writes)

    def _replace_lists(self, places, reason):
        """Makes the lists of rows what is wanted; says whether that changed any.

        ``places`` has by their place in the body rows, and their lists by name.
        """
        changed, errors = False, {}
        for index, (row, listed) in places.items():
            try:
                for field in self.lists():
                    if field.source in listed:
                        wanted = listed[field.source]
                        changed |= field.replace(row, wanted, reason)
            except serializers.ValidationError as error:
                errors[index] = error.detail
        if errors:
            raise serializers.ValidationError({self.field_name: errors})
        return changed

    def as_given(self, detail):
        """Errors under the names that the body has for the columns."""
        names = {field.source: name for name, field in self.child.fields.items()}
        return {names.get(name, name): errors for name, errors in detail.items()}


class RowSerializer(StrictSerializer):
    """A row that belongs to a record, known among its rows by the columns of ``key``.

    ``needs`` names the relations without which the public may not see it.
    """

    key: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    holds = Holds(
        all_held=False,
        help_text=_(
            "Whether this held when its record is asked for with as_of, from or to; "
            "only then."
        ),
    )

    class Meta:
        list_serializer_class = RowList

    def field_names(self):
        yield from super().field_names()
        if self.asked("holds") and issubclass(self.Meta.model, Spanned):
            yield "holds"


class NameSerializer(RowSerializer):
    """One name that something goes or went by."""

    key = ("text", "kind", "language")

    class Meta(RowSerializer.Meta):
        model = Name
        fields = ["text", "kind", "language", "start", "end"]


class CitationList(serializers.ListSerializer):
    """What is cited for a record."""

    def rows(self, model, everything):
        """The citations to fetch ahead, with their sources."""
        citations = model.objects.select_related("source")
        if everything:
            return citations
        citations = citations.filter(source__status__beside=Record.Status.PUBLISHED)
        return naming_public(citations)


class CitationSerializer(StrictSerializer):
    """One source on a record, and how what it says stands to what is recorded."""

    key = serializers.CharField(
        read_only=True, help_text=_("Its name in the collection of citations.")
    )
    agreement = serializers.ChoiceField(
        Standing.choices,
        read_only=True,
        help_text=_("How what the source says stands to what is recorded now."),
    )

    class Meta:
        model = Citation
        list_serializer_class = CitationList
        fields = [
            "key",
            "source",
            "field",
            "locator",
            "stated",
            "as_of",
            "agreement",
            "assessment",
            "note",
            "note_es",
        ]


class SupportSerializer(serializers.Serializer):
    """How well one field is supported."""

    citations = serializers.IntegerField(
        help_text=_("How many citations agree with what is recorded.")
    )
    sources = serializers.IntegerField(
        source="agree",
        help_text=_("How many sources these are from: several places in one are one."),
    )
    independent = serializers.IntegerField(
        help_text=_("How many of the sources repeat neither each other nor the same.")
    )

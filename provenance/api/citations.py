"""Citations of every kind of record, as one collection."""

from collections import defaultdict
from functools import cache

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from ..models import Citation, Source
from ..paging import Keyset, Stretch
from ..problems import parameter_error, refused_parameters
from .fields import Related, Word, bearing, clean, no_such, record_types, reference
from .filters import BySlug, ByWord, Parameter, StrictFilter
from .serializers import CitationSerializer, put_misses, veil
from .views import CollectionView, WritesRecords, delete

BY_ID = Keyset(("id",))


@cache
def cited_types():
    """The kinds of record that are cited, by their type name."""
    return {
        name: model
        for name, model in record_types().items()
        if hasattr(model, "citations")
    }


def citation_model(record_model):
    """The table of the citations of such records."""
    return record_model._meta.get_field("citations").related_model


def citation_models():
    """Every table of citations; the kinds of event share one."""
    return list(
        dict.fromkeys(citation_model(model) for model in cited_types().values())
    )


def about(citations, record_model):
    """Those of these citations that are for this kind of record."""
    if citations.model.cited_model() is record_model:
        return citations
    return citations.filter(record__in=record_model.objects.values("pk"))


class CitedType(Word):
    """The kind of record that is cited."""

    def __init__(self, **options):
        words = [(name, name) for name in cited_types()]
        super().__init__(choices=words, source="*", **options)

    def to_internal_value(self, data):
        return {"type": super().to_internal_value(data)}

    def to_representation(self, citation):
        return citation.record.record_type


class CitedRecord(serializers.Field):
    """What is cited: read as a small object, written as its slug."""

    default_error_messages = {"invalid": Related.default_error_messages["invalid"]}

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return data

    def to_representation(self, record):
        return reference(record, self.context["root"])


class CitationAddress(serializers.URLField):
    """The address of the citation itself."""

    def to_representation(self, citation):
        key = f"{citation.record.record_type}-{citation.pk}"
        return f"{self.context['root']}citations/{key}/"


class CitationRecordSerializer(CitationSerializer):
    """One source, in one place, on one record or on one field of it."""

    self = CitationAddress(
        source="*", read_only=True, help_text=_("The address of this in the API.")
    )

    def field_names(self):
        key, *names = self.Meta.fields
        yield from (key, "self", *names)
        if self.asked("everything"):
            yield "quotation"

    def get_fields(self):
        fields, new = super().get_fields(), self.instance is None
        about = {
            "type": CitedType(
                required=new, help_text=_("What kind of record it is for.")
            ),
            "record": CitedRecord(
                required=new, help_text=_("The record that it is for.")
            ),
        }
        first = {name: fields.pop(name) for name in ("key", "self")}
        return {**first, **about, **fields}

    def misplaced(self, data):
        errors = super().misplaced(data)
        if self.instance is None:
            return errors
        record = self.instance.record
        for name, value in {"type": record.record_type, "record": record.slug}.items():
            if data.get(name, value) != value:
                message = _("What a citation is for never changes.")
                errors[name] = [serializers.ErrorDetail(message, "fixed")]
        if not self.partial:
            errors |= put_misses(self, data, ("type", "record"))
        return errors

    def write(self):
        """Writes what was given, by every rule of the model; the citation."""
        given = dict(self.validated_data)
        record_type, slug = given.pop("type", None), given.pop("record", None)
        citation = self.instance or self.new(cited_types()[record_type], slug)
        changed = self.instance is None
        for name, value in given.items():
            if changed or getattr(citation, name) != value:
                setattr(citation, name, value)
                changed = True
        clean(citation)
        if changed:
            citation._change_reason = self.asked("reason")
            citation.save()
        return citation

    def new(self, model, slug):
        record = bearing(model.objects.all(), slug)
        if record is None:
            message = no_such(model, slug, model.objects.all())
            errors = [serializers.ErrorDetail(message, "no_such_record")]
            raise serializers.ValidationError({"record": errors})
        return citation_model(model)(record=record)


class Kept(Parameter):
    """A parameter that the view itself makes use of."""

    def filter(self, queryset, value):
        return queryset


class CitationFilter(StrictFilter):
    """What the citations of all kinds of record can be asked for."""

    type = ByWord(
        list(cited_types()), _("The kind of record that is cited."), method="kept"
    )
    record = Kept(_("The slug of the record that is cited."))
    field = Parameter(
        _("The field that is cited; empty for the record as a whole."),
        method="of_field",
    )
    source = BySlug(Source)
    assessment = ByWord(Citation.Assessment)

    def kept(self, queryset, name, value):
        return queryset

    def of_field(self, queryset, name, value):
        return queryset.filter(field=value)

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        if self.data.get("field") == "":  # which a filter takes for "not given"
            return queryset.filter(field="")
        return queryset


class CitationView(WritesRecords, CollectionView):
    """Citations: each source on each field of each record."""

    serializer_class = CitationRecordSerializer
    filterset_class = CitationFilter
    lookup_url_kwarg = "key"
    lookup_value_regex = "[a-z]+-[0-9]{1,18}"
    empty_allowed = ("field",)
    serializers: dict = {}  # of each kind of record, handed in by the routes

    @classmethod
    def collection(cls):
        return "citations"

    def get_queryset(self):
        return self.table().objects.none()

    # Which table it is about

    def asked_type(self):
        """The kind of record and the number that the key in the address is made of."""
        name, _dash, number = self.kwargs["key"].partition("-")
        model = cited_types().get(name)
        if model is None:
            raise Http404
        return model, int(number)

    def table(self):
        """The table that the address is about; any, for the documentation."""
        if "key" not in self.kwargs:
            return citation_models()[0]
        return citation_model(self.asked_type()[0])

    def may_write(self, request):
        if request.method == "POST":  # which table is in the body, and asked of it
            return any(self.permits("add", model) for model in citation_models())
        verb = "delete" if request.method == "DELETE" else "change"
        return self.permits(verb, self.table())

    def permits(self, verb, model):
        meta = model._meta
        code = f"{meta.app_label}.{verb}_{meta.model_name}"
        return self.request.user.has_perm(code)

    def everything(self):
        if getattr(self, "swagger_fake_view", False) or self.writes():
            return True
        return self.action != "list" and self.permits("change", self.table())

    # Reading

    def list(self, request, *args, **kwargs):
        page = self.paginator.paginate(self.stretches(self.filters), request)
        return self.get_paginated_response(self.shown_of(page))

    def stretches(self, asked):
        """The tables that the request is about, with what it asks for of each."""
        given, types = asked.form.cleaned_data, cited_types()
        if given["type"]:
            types = {given["type"]: types[given["type"]]}
        tables = {}
        for model in types.values():
            table = citation_model(model)
            rows = asked.filter_queryset(table.objects.published())
            if given["type"]:
                rows = about(rows, model)
            if slug := given["record"]:
                record = bearing(model.objects.published(), slug)
                if record is None:
                    continue
                rows = rows.filter(record=record.pk)
            rows = rows.select_related("source", "record")
            tables[table] = Stretch(table._meta.model_name, rows, BY_ID)
        if not tables:
            message = _("There is no record “%s” that is cited.") % slug[:100]
            fault = parameter_error("record", message, "no_such_record")
            raise refused_parameters([fault])
        return list(tables.values())

    def shown_of(self, citations):
        """The citations, each with as much of its record as it is compared with."""
        by_type = defaultdict(list)
        for citation in citations:
            by_type[citation.record.record_type].append(citation)
        for name, group in by_type.items():
            records = self.records(name, {citation.record_id for citation in group})
            for citation in group:
                citation.record = records[citation.record_id]
        serializer = self.get_serializer()
        return [serializer.to_representation(citation) for citation in citations]

    def records(self, name, keys):
        model, everything = record_types()[name], self.everything()
        serializer = self.serializers[model](
            context={**self.get_serializer_context(), "fields": model.citable}
        )
        records = serializer.prepared(model.objects.filter(pk__in=keys))
        found = {record.pk: record for record in records}
        if not everything:
            for record in found.values():
                veil(record)
        return found

    def retrieve(self, request, key):
        model, number = self.asked_type()
        table = citation_model(model)
        citations = (
            table.objects.all() if self.everything() else table.objects.published()
        )
        return Response(self.shown(about(citations, model).filter(pk=number)))

    def shown(self, citations):
        found = list(citations.select_related("source", "record"))
        if not found:
            raise Http404
        return self.shown_of(found)[0]

    # Writing

    def fresh(self, citation):
        """A citation as it is now in the database."""
        return self.shown(type(citation).objects.filter(pk=citation.pk))

    def locked(self, key):
        model, number = self.asked_type()
        citations = about(citation_model(model).objects.select_for_update(), model)
        citation = citations.filter(pk=number).first()
        if citation is None:
            raise Http404
        citation.record = self.records(model.type_name(), [citation.record_id])[
            citation.record_id
        ]
        return citation

    def check_before_writing(self, serializer):
        if serializer.instance is None:
            model = cited_types()[serializer.validated_data["type"]]
            if not self.permits("add", citation_model(model)):
                raise PermissionDenied

    def destroy(self, request, key):
        with transaction.atomic():
            delete(self.locked(key), self.asked_reason())
        return Response(status=204)

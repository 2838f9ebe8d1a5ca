"""Citations of every kind of record, as one collection."""

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ..evidence.visibility import citations_seen, hide_private_relations, with_records
from ..models import Citation, Source
from ..models.renaming import bearing
from ..registry.kinds import citations_of, cited_types
from ..resources.columns import WholeNumber
from ..values.suggestions import no_such
from .fields import Related, Word, clean, reference
from .json_by_kind import RowsByKind
from .json_members import agreement_of_each
from .kind_lists import AboutRecordsFilter, AboutRecordsView
from .parameters import BySlug, ByWord, Parameter
from .problems import parameter_error, refused_parameters
from .row_serializers import CitationSerializer, put_misses
from .writes import WritesRecords


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
        return f"{self.context['root']}citations/{citation.key}/"


class CitationRecordSerializer(CitationSerializer):
    """One source, in one place, on one record or on one field of it."""

    self = CitationAddress(
        source="*", read_only=True, help_text=_("The address of this in the API.")
    )

    def field_names(self):
        key, *names = self.Meta.fields
        yield from (key, "self", *names, "version")
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
        return model.citation_model()(record=record)


class CitationFilter(AboutRecordsFilter):
    """What the citations of all kinds of record can be asked for."""

    type = ByWord(
        list(cited_types()), _("The kind of record that is cited."), by="kept"
    )
    record = Parameter(_("The slug of the record that is cited."), method="kept")
    field = Parameter(
        _("The field that is cited; empty for the record itself."),
        method="of_field",
    )
    source = BySlug(Source)
    assessment = ByWord(Citation.Assessment)

    def of_field(self, queryset, name, value):
        return queryset.filter(field=value)

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        if self.data.get("field") == "":  # which a filter takes for "not given"
            return queryset.filter(field="")
        return queryset


def whole(citations, model, everything):
    """The citations with all that somebody is shown of them."""
    for citation in with_records(citations, model, everything):
        if not everything:
            hide_private_relations(citation.record)
        yield citation


AS_LISTED = RowsByKind(
    "citations",
    citations_seen,
    whole,
    members={"agreement": agreement_of_each(WholeNumber(F("pk")))},
)


class CitationView(WritesRecords, AboutRecordsView):
    """Citations: each source on each field of each record."""

    serializer_class = CitationRecordSerializer
    filterset_class = CitationFilter
    empty_allowed = ("field",)
    csv_members = (
        *("key", "type", "record", "field", "source", "locator", "stated", "as_of"),
        *("agreement", "assessment", "note", "note_es"),
    )
    csv_for_curators = ("quotation",)

    @classmethod
    def collection(cls):
        return "citations"

    @staticmethod
    def listed_of(kind):
        return kind.citation_model()

    def may_write(self, request):
        if request.method == "POST":  # which table is in the body, and asked of it
            tables = {model.citation_model() for model in cited_types().values()}
            return any(self.permits("add", table) for table in tables)
        verb = "delete" if request.method == "DELETE" else "change"
        return self.permits(verb, self.model)

    # Reading

    def stretches(self):
        """The citations that the request is about, for one kind of record each."""
        asked, found = self.filters, []
        slug = asked.form.cleaned_data["record"]
        for name, model in cited_types().items():
            if not asked.lets_through("type", name):
                continue
            everything = name in self.whole_kinds
            rows = asked.of_one_kind(citations_seen(model, everything), everything)
            if slug:
                record = bearing(model.objects.seen(everything), slug)
                if record is None:
                    continue
                rows = rows.filter(record=record.pk)
            found.append(AS_LISTED.stretch(name, rows))
        if slug and not found:
            message = _("There is no record “%s” that is cited.") % slug[:100]
            fault = parameter_error("record", message, "no_such_record")
            raise refused_parameters([fault])
        return found

    def prepared(self, citations, model):
        """The citations, with their sources and what they are compared with."""
        return with_records(citations, model, self.everything())

    def shown_of(self, rows):
        return AS_LISTED.as_json(self.serializer_for, rows, self.whole_kinds)

    def retrieve(self, request, key):
        model, number = self.asked_type()
        citations = citations_seen(model, self.everything())
        return self.answer(self.found(citations.filter(pk=number), model))

    def found(self, citations, model):
        """The one of these citations that there is."""
        citation = self.prepared(citations, model).first()
        if citation is None:
            raise Http404
        return citation

    def shown(self, citation):
        if not self.everything():
            hide_private_relations(citation.record)
        return self.get_serializer().to_representation(citation)

    # Writing

    def fresh(self, citation):
        """A citation as it is now in the database."""
        model = cited_types()[citation.record.record_type]
        return self.found(citations_of(model).filter(pk=citation.pk), model)

    def locked(self, key):
        model, number = self.asked_type()
        own = citations_of(model).select_for_update(of=("self",))
        citation = self.prepared(own.filter(pk=number), model).first()
        if citation is None:
            raise Http404
        return citation

    def check_before_writing(self, serializer):
        if serializer.instance is None:
            model = cited_types()[serializer.validated_data["type"]]
            if not self.permits("add", model.citation_model()):
                raise PermissionDenied

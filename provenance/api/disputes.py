"""Disputes about every kind of record, as one collection."""

from django.core.exceptions import ValidationError as ModelError
from django.db.models import F, Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from ..evidence.retold import told_once
from ..evidence.settling import settle_all
from ..evidence.sides import lay_out, version_of
from ..evidence.visibility import citations_seen, disputes_seen
from ..models import Citation, Dispute, Source
from ..models.renaming import bearing
from ..registry.kinds import cited_types, disputes_of
from ..tracking.changes import ChangeSet, changing
from .citations import CitedRecord
from .fields import Text, Word, reference
from .json_by_kind import RowsByKind
from .json_pieces import in_quotes
from .kind_lists import AboutRecordsFilter, AboutRecordsView
from .parameters import BySlug, ByWord, Parameter
from .preconditions import OVERTAKEN, versions_named
from .problems import Refused, details_of
from .row_serializers import CitationSerializer, StrictSerializer


class SettlementSerializer(StrictSerializer):
    """Why sources or records contradict each other."""

    assessment = Word(
        choices=Citation.Assessment.choices, help_text=_("The assessment.")
    )
    note = Text(help_text=_("The reason; it is public."))
    note_es = Text(
        required=False, allow_blank=True, help_text=_("The reason in Spanish.")
    )

    class Meta:
        fields = ["assessment", "note", "note_es"]


class DisputeSerializer(serializers.Serializer):
    """One contradiction about one record, or about one field of it."""

    key = serializers.CharField(help_text=_("Its name in the collection."))
    self = serializers.SerializerMethodField(
        "get_address", help_text=_("The address of this in the API.")
    )
    type = serializers.ChoiceField(
        list(cited_types()),
        source="record.record_type",
        help_text=_("What kind of record it is about."),
    )
    record = CitedRecord(help_text=_("The record."))
    field = serializers.CharField(
        help_text=_("The field of it; empty if other records contradict it.")
    )
    kind = serializers.ChoiceField(
        Dispute.Kind.choices, help_text=_("What sort of contradiction it is.")
    )
    state = serializers.SerializerMethodField(
        help_text=_("Whether it is open or settled.")
    )

    def get_address(self, dispute) -> str:
        return f"{self.context['root']}disputes/{dispute.key}/"

    def get_state(self, dispute) -> str:
        return dispute.seen_state(self.context["everything"])


class WholeDisputeSerializer(DisputeSerializer):
    """One contradiction with all that it rests on, and what settles it."""

    recorded = serializers.SerializerMethodField(
        help_text=_("What is recorded, written as in the CSV column of the field.")
    )
    statements = serializers.SerializerMethodField(
        help_text=_("The citations that contradict the record.")
    )
    also_about = serializers.SerializerMethodField(
        help_text=_(
            "The records that tell the same again: it is one dispute with theirs."
        )
    )
    others = serializers.SerializerMethodField(
        help_text=_("The records that contradict it, if no field is named.")
    )
    assessment = serializers.CharField(
        help_text=_("The assessment, if other records contradict it.")
    )
    note = serializers.CharField(help_text=_("The reason for the assessment."))
    note_es = serializers.CharField(help_text=_("The reason in Spanish."))

    def get_recorded(self, dispute) -> str:
        if not dispute.field:
            return ""
        return Citation.recorded.fget(dispute)

    def get_statements(self, dispute) -> list[dict]:
        shown = CitationSerializer(context=self.context)
        return [shown.to_representation(one) for one in dispute.statements]

    def get_also_about(self, dispute) -> list[dict]:
        return [reference(record, self.context["root"]) for record in dispute.also]

    def get_others(self, dispute) -> list[dict]:
        return [reference(other, self.context["root"]) for other in dispute.others]


class DisputeFilter(AboutRecordsFilter):
    """What the disputes about all kinds of record can be asked for."""

    type = ByWord(
        list(cited_types()), _("The kind of record that it is about."), by="kept"
    )
    record = Parameter(_("The slug of the record that it is about."), method="kept")
    source = BySlug(
        Source,
        _("The slug of a source that is cited for the record."),
        by="cited",
        several=True,
    )
    kind = ByWord(Dispute.Kind)
    state = ByWord(Dispute.State, field_name="seen_state")
    field = Parameter(_("The field in dispute."))

    def cited(self, disputes, sources, excluded):
        citing = citations_seen(disputes.model.disputed_model(), self.everything)
        records = citing.filter(source__in=sources).values("record")
        about = Q(record__in=records)
        return disputes.filter(~about if excluded else about)


AS_LISTED = RowsByKind(
    "disputes",
    disputes_seen,
    lambda disputes, _model, _everything: disputes.labelled(),
    lambda model: model.dispute_model().disputed_model(),
    members={name: in_quotes(F(name)) for name in ("field", "kind")}
    | {"state": in_quotes(F("public_state"))},
)


class DisputeView(AboutRecordsView):
    """Disputes: what sources or other records contradict, and what settles it."""

    serializer_class = WholeDisputeSerializer
    filterset_class = DisputeFilter
    csv_members = ("key", "type", "record", "field", "kind", "state")

    @classmethod
    def collection(cls):
        return "disputes"

    def get_serializer_class(self):
        return DisputeSerializer if self.action == "list" else self.serializer_class

    @staticmethod
    def listed_of(kind):
        """The citations by which disputes are settled: who may change them may."""
        return kind.citation_model()

    def get_queryset(self):
        return next(iter(self.kinds().values())).dispute_model().objects.none()

    def may_write(self, request):
        return self.permits("change", self.model)

    # Reading

    def shown_of(self, rows):
        return AS_LISTED.as_json(self.serializer_for, rows, self.whole_kinds)

    def stretches(self):
        """The disputes that the request is about, for one kind of record each."""
        given = self.filters.form.cleaned_data
        for name, model in cited_types().items():
            everything = name in self.whole_kinds
            rows = disputes_seen(model, everything)
            rows = self.filters.of_one_kind(rows, everything)
            if not self.filters.lets_through("type", name):
                rows = rows.none()
            if given["record"]:
                record = bearing(model.objects.seen(everything), given["record"])
                rows = rows.filter(record=record.pk) if record else rows.none()
            else:  # each question once
                rows = told_once(rows)
            yield AS_LISTED.stretch(name, rows)

    def retrieve(self, request, key):
        return self.answer(self.found())

    def found(self):
        """The dispute of this address, with what it is about and what it rests on."""
        (model, number), everything = self.asked_type(), self.everything()
        disputes = disputes_seen(model, everything).labelled()
        dispute = disputes.filter(pk=number).first()
        if dispute is None:
            raise Http404
        lay_out([dispute], everything, supporting=False)
        dispute.version = version_of(dispute)
        return dispute

    # Settling

    @extend_schema(request=SettlementSerializer)
    def partial_update(self, request, key):
        given = SettlementSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with changing(ChangeSet.Path.API, reason=self.asked_reason()):
            dispute = self.found()
            for record in dispute.also:
                if not self.permits("change", record.citation_model()):
                    raise PermissionDenied
            if dispute.version not in versions_named(request.headers):
                raise Refused(OVERTAKEN % {"version": dispute.version}, status=412)
            model, number = self.asked_type()
            try:
                settle_all(disputes_of(model).get(pk=number), **given.validated_data)
            except ModelError as error:
                raise serializers.ValidationError(details_of(error)) from None
        return self.answer(self.found())

"""The API of a source's impact if retracted, and of comparing two sources."""

from django.db.models import Value
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ..db.keyset import Keyset, Stretch
from ..evidence.support import (
    Outcome,
    Rests,
    comparisons,
    first_in_each_place,
    reliances,
)
from ..evidence.visibility import citations_seen
from ..models import Source
from ..models.renaming import bearing
from ..registry.kinds import cited_types
from .citations import CitedRecord
from .fields import Related
from .filters import StrictFilter
from .kind_lists import ByKindView
from .parameters import BySlug, ByWord
from .problems import parameter_error, refused_parameters
from .row_serializers import CitationSerializer, SupportSerializer
from .views import moved

BY_ID = Keyset(("id",))


class PlaceInTheRecord(serializers.Serializer):
    """One field of one record."""

    type = serializers.ChoiceField(
        list(cited_types()),
        source="record.record_type",
        help_text=_("What kind of record it is."),
    )
    record = CitedRecord(help_text=_("The record."))
    field = serializers.CharField(
        help_text=_("The field of it; empty for the record itself.")
    )


class LeftSerializer(SupportSerializer):
    """How well a field is supported by other sources."""

    sources = serializers.ListField(
        child=Related(Source), help_text=_("The sources of these citations.")
    )


class RelianceSerializer(PlaceInTheRecord):
    """One field that a source supports, and what would be left without it."""

    rests = serializers.ChoiceField(
        Rests.choices, help_text=_("What it would lose with the source.")
    )
    citations = serializers.SerializerMethodField(
        help_text=_("The citations of the source that support it, by their keys.")
    )
    left = LeftSerializer(help_text=_("What would support it without the source."))

    def get_citations(self, reliance) -> list[str]:
        return [citation.key for citation in reliance.citations]


class ComparisonSerializer(PlaceInTheRecord):
    """What two sources say of one field, side by side."""

    recorded = serializers.CharField(
        help_text=_("What is recorded, written as in the CSV column of the field.")
    )
    outcome = serializers.ChoiceField(
        Outcome.choices, help_text=_("How the two compare.")
    )
    one = CitationSerializer(
        many=True, help_text=_("What the source in the address says.")
    )
    other = CitationSerializer(many=True, help_text=_("What the other source says."))


class RelianceFilter(StrictFilter):
    """What can be asked of what rests on a source."""

    type = ByWord(
        list(cited_types()), _("The kind of record that is cited."), by="kept"
    )


class ComparisonFilter(RelianceFilter):
    """What can be asked of two sources."""

    @classmethod
    def besides(cls):
        other = BySlug(
            Source,
            _("The slug of the other source."),
            method="kept",
            required=True,
        )
        return {**super().besides(), "with": other}


def cited_by(model, keys):
    """The citations of these keys in the table for a kind of record."""
    return model.citation_model().objects.filter(pk__in=keys)


class QuestionView(ByKindView):
    """What is asked of one source: the fields that it is cited for, page by page."""

    question = ""  # the last part of its address

    @classmethod
    def collection(cls):
        return Source.collection

    @classmethod
    def route_name(cls):
        return f"source-{cls.question}"

    @staticmethod
    def listed_of(kind):
        return kind.citation_model()

    def get_queryset(self):
        return Source.objects.seen(self.everything())

    def list(self, request, slug):
        source = bearing(self.get_queryset(), slug)
        if source is None:
            raise Http404
        if source.slug != slug:
            return moved(request, self.route_name(), source)
        sources = [source, *self.others(source)]
        page = self.paginator.paginate(self.stretches(sources), request)
        keys, order = {}, {}
        for citation in page:
            keys.setdefault(citation.kind, []).append(citation.pk)
            order[citation.kind, citation.record_id, citation.field] = len(order)
        shown = {}
        for everything in (True, False):
            asked = {
                kind: cited_by(kind, keys[name])
                for name, kind in self.kinds().items()
                if name in keys and (name in self.whole_kinds) == everything
            }
            serializer = self.serializer_for(everything)
            for one in self.answers(sources, asked, everything) if asked else ():
                place = one.record.record_type, one.record.pk, one.field
                shown[order[place]] = serializer.to_representation(one)
        return self.get_paginated_response([shown[place] for place in sorted(shown)])

    def stretches(self, sources):
        """One citation for each field that the sources speak of, kind by kind."""
        return [
            Stretch(name, first_in_each_place(cited).annotate(kind=Value(name)), BY_ID)
            for name, model in self.kinds().items()
            if self.filters.lets_through("type", name)
            for seen in [citations_seen(model, name in self.whole_kinds)]
            for cited in [seen.filter(source__in=sources)]
        ]

    def others(self, source):
        """The sources that it is compared with."""
        return []

    def answers(self, sources, asked, everything):
        """What is found of the fields that these citations are about."""
        raise NotImplementedError


class ReliancesView(QuestionView):
    """What rests on a source: each field that it supports, and what is left without it.

    It counts as support if the source agrees with what is recorded. A page may have
    fewer rows than its limit: fields that the source is cited for and does not support
    are left out.
    """

    question = "support"
    serializer_class = RelianceSerializer
    filterset_class = RelianceFilter

    def answers(self, sources, asked, everything):
        return reliances(*sources, asked, everything)


class ComparisonView(QuestionView):
    """Two sources side by side, in each field that either of them speaks of."""

    question = "comparison"
    serializer_class = ComparisonSerializer
    filterset_class = ComparisonFilter

    def others(self, source):
        other = self.filters.form.cleaned_data["with"]
        if other == source:
            message = _("That is the source itself; name another one.")
            raise refused_parameters([parameter_error("with", message)])
        return [other]

    def answers(self, sources, asked, everything):
        return comparisons(*sources, asked, everything)

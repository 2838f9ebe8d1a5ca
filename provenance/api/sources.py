"""Sources in the API."""

from django.utils.translation import gettext_lazy as _

from ..db.few import named_in
from ..models import Source
from .fields import RelatedList
from .filters import BySlug, ByWord, RecordFilter, filter_of
from .serializers import RecordSerializer, serializer_of


@serializer_of.register(Source)
class SourceSerializer(RecordSerializer):
    """One work that states things: an article, a release, a fact sheet, a law."""

    reports = RelatedList(
        Source,
        required=False,
        help_text=_("The sources that it repeats or quotes; together they are one."),
    )

    class Meta:
        model = Source
        fields = [*Source.columns]


@filter_of.register(Source)
class SourceFilter(RecordFilter):
    """What sources can be asked for."""

    kind = ByWord(Source.Kind)
    reports = BySlug(
        Source,
        _("The slug of a source that it repeats or quotes."),
        by="repeating",
        several=True,
    )

    def repeating(self, sources, reported, excluded):
        rows = Source.reports.through.objects.filter(reported__in=reported)
        return named_in(sources, rows, "source", excluded)

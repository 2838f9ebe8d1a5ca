"""Sources in the API."""

from django.utils.translation import gettext_lazy as _

from ..models import Source
from .fields import RelatedList
from .filters import BySlug, ByWord, RecordFilter
from .serializers import RecordSerializer
from .writes import WritableRecordView


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


class SourceFilter(RecordFilter):
    """What sources can be asked for."""

    kind = ByWord(Source.Kind)
    reports = BySlug(Source, _("The slug of a source that it repeats or quotes."))


class SourceView(WritableRecordView):
    """Sources: what is cited for everything else."""

    serializer_class = SourceSerializer
    filterset_class = SourceFilter

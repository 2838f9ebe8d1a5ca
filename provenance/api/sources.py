"""Sources in the API."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ..db.few import named_in
from ..evidence.visibility import citations_seen
from ..models import Source
from ..registry.kinds import cited_types
from .fields import RelatedList
from .filters import RecordFilter, filter_of
from .parameters import BySlug, ByWord
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


def _about(model):
    """What OpenAPI says of asking for the sources of records of a kind."""
    said = _("The slug of one of the {kind}, for which it is cited.")
    return format_lazy(said, kind=model._meta.verbose_name_plural)


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

    @classmethod
    def besides(cls):
        cited = {
            name: BySlug(model, _about(model), by="cited_for", several=True)
            for name, model in cited_types().items()
        }
        return {**super().besides(), **cited}

    def cited_for(self, sources, records, excluded):
        (model,) = {type(record) for record in records}
        citations = citations_seen(model, self.everything).filter(record__in=records)
        return named_in(sources, citations, "source", excluded)

    def repeating(self, sources, reported, excluded):
        rows = Source.reports.through.objects.filter(reported__in=reported)
        return named_in(sources, rows, "source", excluded)

"""Statements in the API."""

from django.utils.translation import gettext_lazy as _

from entities.models import Agency, Official
from provenance.api.fields import RelatedList
from provenance.api.filters import DatedFilter, filter_of
from provenance.api.parameters import ByRow, BySlug, ByWord
from provenance.api.serializers import RecordSerializer, serializer_of
from provenance.models import Source

from ..models import (
    Event,
    Statement,
    StatementAgency,
    StatementCapacity,
    StatementEvent,
    StatementOfficial,
    StatementTheme,
)


def _listed(name):
    """The records that a statement names in the list of this name."""
    column = Statement._meta.get_field(name)
    return RelatedList(column.related_model, required=False, help_text=column.help_text)


@serializer_of.register(Statement)
class StatementSerializer(RecordSerializer):
    """What one official or agency said, where, when and of whom."""

    capacities = _listed("capacities")
    themes = _listed("themes")
    about_officials = _listed("about_officials")
    about_agencies = _listed("about_agencies")
    about_events = _listed("about_events")

    class Meta:
        model = Statement
        fields = Statement.columns


class ByNamed(ByRow):
    """Those with a row of this kind that names one of these records."""

    def __init__(self, rows, description, **options):
        super().__init__(rows, rows.named, rows.owner, description, **options)


@filter_of.register(Statement)
class StatementFilter(DatedFilter):
    """What statements can be asked for."""

    kind = ByWord(Statement.Kind)
    official = BySlug(Official, _("The slug of the official who said it."))
    agency = BySlug(
        Agency,
        _("The slug of the agency that said it, itself or by one in office there."),
        by="by_agency",
    )
    capacity = ByNamed(
        StatementCapacity, _("The slug of an office in whose capacity it was said.")
    )
    event = BySlug(Event, _("The slug of the event at which it was said."))
    publication = BySlug(Source, _("The slug of the source in which it was said."))
    theme = ByNamed(
        StatementTheme, _("The slug of a theme, or of a wider one."), below=True
    )
    about_official = ByNamed(
        StatementOfficial, _("The slug of an official of whom it was said.")
    )
    about_agency = ByNamed(
        StatementAgency, _("The slug of an agency of which it was said.")
    )
    about_event = ByNamed(
        StatementEvent,
        _("The slug of an agreement or other event of which it was said."),
    )

    def by_agency(self, statements, agencies, excluded):
        return statements.made_for(agencies, excluded)

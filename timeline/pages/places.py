"""The page of a place, with a small map, and that of a theme."""

from django.utils.translation import gettext as _

from entities.models import Agency, AgencyArea, Place
from provenance.db.few import named_in
from provenance.pages.records import (
    RecordPage,
    Section,
    record_page_of,
    records_section,
)

from ..models import (
    Event,
    EventTheme,
    Metric,
    MetricTheme,
    Observation,
    Statement,
    StatementTheme,
    Theme,
)
from .event_sections import events_section
from .maps import map_around
from .names import names_section
from .statements import statements_section


@record_page_of.register(Place)
class PlacePage(RecordPage):
    """One place: where it is, what lies in it, what happened there."""

    stylesheets = ("timeline/figures.css",)

    def sections(self, place):
        below = Place.and_below(place, among=Place.objects.published())
        events = Event.objects.published().filter(place__in=below)
        return [
            self.map(place),
            self.parts(place),
            self.in_areas(place),
            events_section(self, events, place=place.slug),
            self.measured(place, below),
        ]

    def map(self, place):
        """Where it is, among the other places that are known to be somewhere."""
        drawn = map_around(place, Place.objects.published())
        return drawn and Section(
            "map", _("Map"), "timeline/place_map.html", {"map": drawn}
        )

    def parts(self, place):
        """What lies in it."""
        found = Place.objects.filter(parent=place.pk)
        title = _("Places within")
        return records_section(self, "parts", title, found, ["name"], parent=place.slug)

    def in_areas(self, place):
        """The agencies that are responsible for it, or focus on it."""
        rows = AgencyArea.objects.filter(place=place.pk).order_by()
        found = Agency.objects.filter(pk__in=rows.values("agency"))
        title = _("In the area of responsibility of")
        return records_section(
            self, "agencies", title, found, ["name"], area=place.slug
        )

    def measured(self, place, below):
        """What was measured there."""
        found = Observation.objects.filter(place__in=below)
        order = ["start_earliest", "slug"]
        return records_section(
            self, "measured", _("Observations"), found, order, place=place.slug
        )


@record_page_of.register(Theme)
class ThemePage(RecordPage):
    """One term of the vocabulary: the narrower ones, and what is about it."""

    lead_field = "definition"

    def sections(self, theme):
        below = Theme.and_below(theme, among=Theme.objects.published())
        rows = EventTheme.objects.filter(theme__in=below)
        events = named_in(Event.objects.published(), rows, "event")
        return [
            names_section(self, theme),
            self.narrower(theme),
            events_section(self, events, theme=theme.slug),
            self.measured(theme, below),
            self.said(theme, below),
        ]

    def measured(self, theme, below):
        """What is measured of it."""
        rows = MetricTheme.objects.filter(theme__in=below)
        found = named_in(Metric.objects.all(), rows, "metric")
        title = _("Metrics")
        return records_section(
            self, "metrics", title, found, ["name"], theme=theme.slug
        )

    def said(self, theme, below):
        """What was said about it, or about a narrower one."""
        rows = StatementTheme.objects.filter(theme__in=below)
        found = named_in(Statement.objects.all(), rows, "statement")
        return statements_section(self, found, theme=theme.slug)

    def narrower(self, theme):
        """The narrower terms."""
        found = Theme.objects.filter(broader=theme.pk)
        title = _("Narrower themes")
        return records_section(
            self, "narrower", title, found, ["name"], broader=theme.slug
        )

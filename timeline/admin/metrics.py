"""The admin of metrics and observations."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from provenance.admin import (
    CitedFilter,
    CuratedAdmin,
    DuringFilter,
    choice,
    citation_inline,
    notes,
    publication,
    related,
)

from ..models import Metric, Observation


@admin.register(Metric)
class MetricAdmin(CuratedAdmin):
    """What is measured, and in what unit."""

    shelf, icon = "measured", "straighten"
    list_display = ["name", "unit", "kind", "stage", "cited", "in_dispute"]
    list_filter = [choice("kind"), choice("status"), CitedFilter]
    fieldsets = [
        (None, {"fields": ["name", ("kind", "unit"), "definition"]}),
        notes(),
        publication(),
    ]
    inlines = [citation_inline(Metric)]


@admin.register(Observation)
class ObservationAdmin(CuratedAdmin):
    """What was measured, by whom and when."""

    shelf, icon = "measured", "monitoring"
    list_display = [
        "metric",
        "measured",
        "when",
        "place",
        "population",
        "reported_by",
        "modality",
        "stage",
        "cited",
        "in_dispute",
    ]
    list_filter = [
        related("metric"),
        choice("metric__kind"),
        related("place"),
        related("reported_by"),
        choice("modality"),
        choice("status"),
        DuringFilter,
        CitedFilter,
    ]
    list_select_related = ("metric", "place", "reported_by")
    fieldsets = [
        (None, {"fields": ["metric", ("value", "value_missing"), "modality"]}),
        (_("Window"), {"fields": [("start", "end")]}),
        (
            _("What a change is compared with"),
            {"fields": [("baseline_start", "baseline_end")]},
        ),
        (_("Of what"), {"fields": ["place", "population", "reported_by"]}),
        notes(),
        publication(),
    ]
    inlines = [citation_inline(Observation)]

    @admin.display(description=_("value"), ordering="value_low")
    def measured(self, observation):
        value = observation.value or observation.get_value_missing_display()
        return f"{value} {observation.metric.unit}" if observation.value else value

"""The admin of metrics and observations."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from provenance.admin import (
    CitedFilter,
    CuratedAdmin,
    DuringFilter,
    GroundsFilter,
    RowInline,
    choice,
    citation_inline,
    notes,
    publication,
    related,
    spanish,
)

from ..models import (
    Metric,
    MetricDimension,
    MetricTheme,
    Observation,
    ObservationCode,
)
from .dimensions import OF_METRIC


class MetricThemeInline(RowInline):
    """What a metric tells about."""

    model = MetricTheme
    fields = ["theme"]
    related = ["theme"]
    verbose_name = _("theme")
    verbose_name_plural = _("themes")


class MetricDimensionInline(RowInline):
    """What the observations of a metric are broken down by."""

    model = MetricDimension
    fields = ["dimension"]
    related = ["dimension"]
    verbose_name = _("dimension")
    verbose_name_plural = _("dimensions")


class ObservationCodeInline(RowInline):
    """Of what an observation counts a part alone: one code a dimension."""

    model = ObservationCode
    fields = ["code"]
    related = ["code__dimension"]
    verbose_name = _("code")
    verbose_name_plural = _("codes")

    def get_formset(self, request, obj=None, **kwargs):
        """Offers the codes of what the metric declares, once it is known."""
        formset = super().get_formset(request, obj, **kwargs)
        metric = request.POST.get("metric") or request.GET.get("metric")
        metric = metric or (obj.metric_id if obj else "")
        if code := formset.form.base_fields.get("code"):
            code.widget.widget.asks = {OF_METRIC: metric} if metric else {}
        return formset


@admin.register(Metric)
class MetricAdmin(CuratedAdmin):
    """What is measured, and in what unit."""

    shelf, icon = "measured", "straighten"
    list_display = [
        "name",
        "unit",
        "kind",
        "frequency",
        "stage",
        "cited",
        "in_dispute",
    ]
    list_filter = [
        choice("kind"),
        choice("frequency"),
        related("themes"),
        related("dimensions"),
        choice("status"),
        CitedFilter,
    ]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    ("unit", "unit_singular"),
                    ("kind", "multiplier"),
                    ("frequency", "adjustment"),
                    "definition",
                ]
            },
        ),
        notes(),
        spanish("name", "unit", "unit_singular", "definition"),
        publication(),
    ]
    inlines = [MetricThemeInline, MetricDimensionInline, citation_inline(Metric)]


@admin.register(Observation)
class ObservationAdmin(CuratedAdmin):
    """What was measured, by whom and when."""

    shelf, icon = "measured", "monitoring"
    list_display = [
        "metric",
        "measured",
        "when",
        "place",
        "of_part",
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
        related("metric__themes"),
        related("place"),
        related("reported_by"),
        related("codes"),
        choice("modality"),
        choice("status"),
        DuringFilter,
        GroundsFilter,
        CitedFilter,
    ]
    list_select_related = ("metric", "place", "reported_by")
    list_prefetch_related = ("disputes", "code_rows__code")
    fieldsets = [
        (None, {"fields": ["metric", ("value", "modality"), "value_missing"]}),
        (_("Window"), {"fields": [("start", "end")]}),
        (
            _("What a change is compared with"),
            {"fields": [("baseline_start", "baseline_end")]},
        ),
        (
            _("Of what"),
            {
                "fields": [
                    "place",
                    "population",
                    "reported_by",
                    "deployment",
                ]
            },
        ),
        notes(),
        spanish("population"),
        publication(),
    ]
    inlines = [ObservationCodeInline, citation_inline(Observation)]

    @admin.display(description=_("codes"))
    def of_part(self, observation):
        return ", ".join(code.in_words for code in observation.breakdown)

    @admin.display(description=_("value"), ordering="value_low")
    def measured(self, observation):
        if not observation.value:
            return observation.get_value_missing_display()
        return observation.unit_of("value").behind(observation.value.readable)

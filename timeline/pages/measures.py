"""The pages of metrics and observations: what was measured, drawn and listed."""

from django.urls import reverse
from django.utils.translation import gettext as _

from provenance.history.editions import kept
from provenance.pages.addresses import asked, in_the_api
from provenance.pages.first_part import first_part
from provenance.pages.records import RecordPage, Section, record_page_of
from provenance.web.time_axis import is_dated

from ..models import Metric, Observation
from .charts import chart_of, spread_of

DRAWN = 20_000  # observations in one chart


@kept
def in_all(metric, _moment):
    """The chart of what the public sees observed of the metric with this key.

    Of very much it is the latest: a page costs the same however much there is.
    """
    observed = Observation.objects.published().filter(metric=metric)
    latest = observed.order_by("-start_earliest", "-id").exclude(value="")
    return spread_of(latest[:DRAWN])


@record_page_of.register(Metric)
class MetricPage(RecordPage):
    """One metric, and all that was observed of it."""

    lead_field = "definition"

    def sections(self, metric):
        of_it = Observation.objects.filter(metric=metric.pk)
        newest = ["-start_earliest", "-id"]
        part = first_part(self, of_it, newest, whole=True, metric=metric.slug)
        found = part.records
        if not found:
            return []
        label = f"{metric} ({metric.unit})"
        measure = "sum" if metric.adds_up else "mean"
        in_sum = {"metric": metric.slug, "measure": measure, "known_at": self.known_at}
        found.sort(key=lambda one: (one.start.sort_key, one.slug))
        return [
            Section(
                "observations",
                _("Observations"),
                "timeline/observations.html",
                {
                    "spread": in_all(metric.pk, self.moment) if part.more else None,
                    "drawn": DRAWN,
                    "chart": chart_of(found, label),
                    "label": label,
                    "observations": found,
                    "undated": [one for one in found if not is_dated(one)],
                    "unit": metric.unit,
                    "more": part.more,
                    "in_sum": asked(reverse("pages:observations-aggregate"), **in_sum),
                },
            )
        ]

    def tables(self, metric):
        asks = {"metric": metric.slug, "known_at": self.known_at, "format": "csv"}
        address = in_the_api("observations-list", **asks)
        return [*super().tables(metric), (_("Observations (CSV)"), address)]

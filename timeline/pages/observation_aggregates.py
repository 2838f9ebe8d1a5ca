"""What observations come to, as a page."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entities.models import Place
from provenance.values.periods import LENGTH_NAMES
from provenance.values.quantities import plain
from provenance.values.translations import told
from provenance.values.units import Unit

from ..aggregates import DIMENSION, MEASURES, NO_PLACE, PERIODS, aggregate
from ..api_aggregates.observations import ObservationAggregateFilter, question_of
from ..models import Metric, Observation
from .aggregates import NOTHING, TOGETHER, AggregatePage, in_dispute, linked, state_of
from .bars import Number


def populations_told(groups):
    """The populations that groups are of, as the reader is told them."""
    of = {group.key.population: group.one for group in groups if group.one}
    known = Observation.objects.in_bulk([of[text] for text in of if text])
    return {row.population: told(row, "population") for row in known.values()}


class ObservationAggregatePage(AggregatePage):
    """What observations come to."""

    model = Observation
    filter_class = ObservationAggregateFilter
    counted = "observations"
    reasons = {
        "window": gettext_lazy(
            "The window is not known from its first to its last day."
        ),
        "outside": gettext_lazy(
            "The window reaches beyond the time that is asked for."
        ),
        "period": gettext_lazy("The window lies in several of the periods."),
        "place": gettext_lazy(
            "There is no place, or none in one of the kind asked for."
        ),
        "level": gettext_lazy(
            "The window has another length, the place another kind or the code another "
            "depth than what is put together here."
        ),
    }
    chosen = ("by", "period", "measure")
    parameters = (
        *("by", "period", "measure", "metric", "place", "reported_by", "modality"),
        *("from", "to", "windows", "places", "open_end", "fiscal_start"),
    )
    words = {
        "period": (*PERIODS, TOGETHER),
        "measure": MEASURES,
    }

    def question(self):
        # Where a sum would count twice the page says so, and shows the others.
        return {**super().question(), "overlaps": "omit"}

    def answer(self, observations):
        self.asks = question_of(self.given)
        found = aggregate(observations, self.asks)
        self.populations = populations_told(found.groups)
        return found

    @property
    def metric(self):
        """The one that is asked for; None if it is not one."""
        metrics = self.filters.chosen("metric")
        return metrics[0] if len(metrics) == 1 else None

    def title_of_it(self):
        metric = self.metric
        if metric is None:
            return _("Summary of observations")
        return _("Summary of “%(metric)s” (%(unit)s)") % {
            "metric": metric.told,
            "unit": metric.counted_in_words,
        }

    def series(self, groups):
        """None of several metrics, which have no scale in common but their counts."""
        metrics = {group.key.metric for group in groups}
        return (
            super().series(groups) if len(metrics) < 2 or not self.asks.chooses else ()
        )

    def label(self, group):
        """What the groups of a series share, in a few words."""
        metric = group.metric if self.metric is None else None
        records = metric, group.place, group.reported_by, *group.codes.values()
        parts = [
            *(record.told for record in records if record),
            self.populations.get(group.key.population),
            group.key.modality and Observation.Modality(group.key.modality).label,
            *self.parts_of(group),
        ]
        return capfirst(", ".join(str(part) for part in parts if part)) or _("all")

    def number(self, group):
        when = f"{group.period}: " if group.period else ""
        told = f"{self.label(group)}, {when}{self.told(group)}"
        return Number(group.low, group.high, told, dispute=state_of(group))

    @classmethod
    def told(cls, group):
        """The result as readers write it, with its unit."""
        has_unit = group.metric and group.has_value
        unit = group.metric.counted_in_words if has_unit else Unit()
        return unit.behind(cls.number_of(group))

    @staticmethod
    def number_of(group):
        """The result without its unit."""
        low, high = group.low, group.high
        if group.overlap and not group.has_value:
            return _("would count something twice")
        if low is None and high is None:
            return NOTHING
        if low == high:
            return plain(low)
        if high is None:
            return _("at least %s") % plain(low)
        return (
            _("at most %s") % plain(high)
            if low is None
            else f"{plain(low)}–{plain(high)}"
        )

    def columns_head(self):
        return [
            _("Period"),
            _("Metric"),
            _("Place"),
            _("Population"),
            _("Modality"),
            _("Reported by"),
            _("Combined"),
            _("Value"),
            _("Observations"),
            _("Disputed"),
        ]

    def cells(self, group):
        key = group.key
        how = key.modality and Observation.Modality(key.modality).label
        codes = (code.in_words for code in group.codes.values() if code)
        parts = (self.populations.get(key.population), *codes)
        population = " · ".join(str(part) for part in parts if part)
        return [
            (str(group.period or NOTHING), ""),
            linked(group.metric),
            linked(group.place),
            (population or NOTHING, ""),
            (str(how or NOTHING), ""),
            linked(group.reported_by),
            (self.put_together(group) or NOTHING, ""),
            (self.told(group), ""),
            (f"{group.observations:,}", ""),
            (in_dispute(group) if group.disputed else "0", ""),
        ]

    def put_together(self, group):
        """Of which windows, places and parts the result is, where that was chosen."""
        level, told = group.level, []
        if level and level.windows:
            told.append(_("windows: %s") % LENGTH_NAMES[level.windows])
        if level and level.places:
            is_none = level.places == NO_PLACE
            kind = _("none") if is_none else Place.Kind(level.places).label
            told.append(_("places: %s") % kind)
        return " · ".join([*told, *self.parts_of(group)])

    @staticmethod
    def parts_of(group):
        """The dimensions whose parts are put together, which may not be the whole."""
        names = ", ".join(part.in_words for part in group.parts or ())
        return [_("parts by: %s") % names] if names else []

    def dimension_choices(self):
        """The dimensions that the metric is broken down by, as ways to group."""
        if self.metric is None:
            return []
        public = self.metric.dimensions.published()
        return [(f"{DIMENSION}{one.slug}", one.in_words) for one in public]

    def selects(self):
        by = [
            ("", _("all together")),
            ("metric", capfirst(str(Metric._meta.verbose_name))),
            *self.place_choices(),
            ("reported_by", _("who reports")),
            *self.dimension_choices(),
        ]
        measures = [
            ("count", _("number of observations")),
            ("sum", _("sum")),
            ("mean", _("mean")),
            ("min", _("least")),
            ("max", _("most")),
        ]
        if self.metric and not self.metric.adds_up:
            measures = [each for each in measures if each[0] != "sum"]
        return [
            self.select("measure", _("Measure"), measures),
            self.select("by", _("Group by"), by),
            self.period_select(),
        ]

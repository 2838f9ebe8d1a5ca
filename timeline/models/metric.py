"""Metrics: what is counted or measured, and in what unit."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from provenance.models import (
    BY_NAME,
    Citation,
    Dispute,
    Record,
    cites,
    disputes,
    in_order,
)
from provenance.tracking.tracked import Tracked
from provenance.values.text import Line, Prose, Word
from provenance.values.translations import originals, told, translation_of
from provenance.values.units import Unit

from .dimension import Dimension
from .event import Theme


class Metric(Record):
    """One thing that is counted or measured, and in what unit."""

    class Kind(models.TextChoices):
        LEVEL = "level", _("level")
        PERCENT_CHANGE = "percent-change", _("percent change")
        RATE = "rate", _("rate")
        MONEY = "money", _("money")
        COUNT = "count", _("count")

    # What passes within a window adds up with what passes in the next one.
    ADD_UP = {Kind.COUNT, Kind.MONEY}

    class Multiplier(models.TextChoices):
        """UNIT_MULT of SDMX."""

        THOUSANDS = "thousands", _("thousand")
        MILLIONS = "millions", _("million")
        BILLIONS = "billions", _("billion")

    class Frequency(models.TextChoices):
        """FREQ of SDMX."""

        ANNUAL = "annual", _("annual")
        HALF_YEARLY = "half-yearly", _("half-yearly")
        QUARTERLY = "quarterly", _("quarterly")
        MONTHLY = "monthly", _("monthly")
        WEEKLY = "weekly", _("weekly")
        DAILY = "daily", _("daily")
        IRREGULAR = "irregular", _("irregular")

    class Adjustment(models.TextChoices):
        """ADJUSTMENT of SDMX."""

        NONE = "none", _("not adjusted")
        CALENDAR = "calendar", _("calendar adjusted")
        SEASONAL = "seasonal", _("seasonally adjusted")
        BOTH = "both", _("calendar and seasonally adjusted")

    collection = "metrics"
    about = "Metrics: what is measured, in what unit, and how it is broken down."
    searched = (
        "name",
        "unit",
        "definition",
        "name_es",
        "unit_es",
        "definition_es",
        "public_note",
        "public_note_es",
    )
    columns = (
        "name",
        "name_es",
        "unit",
        "unit_es",
        "unit_singular",
        "unit_singular_es",
        "kind",
        "multiplier",
        "frequency",
        "adjustment",
        "definition",
        "definition_es",
        "themes",
        "dimensions",
    )
    citable = originals(columns[:-1])  # which dimensions it has, we say ourselves
    described = citable
    lists = {"themes": (Theme,)}
    told_apart_by = ("unit", "kind")
    schema_org = "StatisticalVariable"

    name = Line(help_text=_("What is measured."))
    name_es = translation_of(name, _("Spanish name"))
    unit = Line(
        max_length=80, help_text=_("In what unit: persons, percent, US dollars.")
    )
    unit_es = translation_of(unit, _("Spanish unit"))
    unit_singular = Line(
        _("singular of the unit"),
        max_length=80,
        blank=True,
        help_text=_("What one of it is called: person; empty if the same."),
    )
    unit_singular_es = translation_of(unit_singular, _("Spanish singular of the unit"))
    kind = Word(
        choices=Kind,
        help_text=_(
            "A level (how much there is at a time), a change in percent, a rate, or "
            "what adds up: money that flows, or a count of what happens, in a window."
        ),
    )
    multiplier = Word(
        choices=Multiplier,
        blank=True,
        help_text=_("What values are counted in; empty if in the unit itself."),
    )
    frequency = Word(
        choices=Frequency,
        blank=True,
        help_text=_("How often it is measured; empty if that is not known."),
    )
    adjustment = Word(
        choices=Adjustment,
        blank=True,
        help_text=_("What values are adjusted for; empty if that is not known."),
    )
    definition = Prose(blank=True, help_text=_("What counts, and what does not."))
    definition_es = translation_of(definition, _("Spanish definition"))
    themes = models.ManyToManyField(
        Theme,
        through="MetricTheme",
        related_name="metrics",
        blank=True,
        help_text=_("What it tells about."),
    )
    dimensions = models.ManyToManyField(
        Dimension,
        through="MetricDimension",
        related_name="metrics",
        blank=True,
        help_text=_("What its observations are broken down by."),
    )

    class Meta:
        ordering = ["slug"]
        indexes = in_order(BY_NAME)

    def listed(self, name):
        return [theme.slug for theme in self.themes.all()]

    @property
    def adds_up(self):
        """Whether values of windows that do not overlap can be summed."""
        return self.kind in self.ADD_UP

    @property
    def counted_in(self):
        """The unit of its values, with what it is multiplied by; in English, as the
        record is, whoever asks."""
        with override("en"):
            return self._times(self.unit, self.unit_singular)

    @property
    def counted_in_words(self):
        """The same in the language of the reader."""
        several, one = (told(self, name) for name in ("unit", "unit_singular"))
        is_of_both = one.language == several.language
        return self._times(several.text, one.text if is_of_both else "")

    def _times(self, several, one):
        if self.multiplier:
            return Unit(f"{self.get_multiplier_display()} {several}")
        return Unit(several, one)


class MetricTheme(Tracked):
    """One metric tells about one theme."""

    owner = "metric"

    metric = models.ForeignKey(
        Metric,
        models.CASCADE,
        related_name="theme_rows",
        help_text=_("The metric."),
    )
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        related_name="metric_rows",
        help_text=_("What it tells about."),
    )

    class Meta:
        ordering = ["metric_id", "theme"]
        verbose_name = _("theme of a metric")
        verbose_name_plural = _("themes of metrics")
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "theme"],
                name="timeline_metric_theme_once",
                violation_error_message=_("The metric already has this theme."),
            ),
        ]

    def __str__(self):
        return f"{self.metric}: {self.theme}"


class MetricDimension(Tracked):
    """One metric is broken down by one dimension."""

    owner = "metric"

    metric = models.ForeignKey(
        Metric,
        models.CASCADE,
        related_name="dimension_rows",
        help_text=_("The metric."),
    )
    dimension = models.ForeignKey(
        Dimension,
        models.PROTECT,
        related_name="metric_rows",
        help_text=_("What its observations are broken down by."),
    )

    class Meta:
        ordering = ["metric_id", "dimension"]
        verbose_name = _("dimension of a metric")
        verbose_name_plural = _("dimensions of metrics")
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "dimension"],
                name="timeline_metric_dimension_once",
                violation_error_message=_("The metric already has this dimension."),
            ),
        ]

    def __str__(self):
        return f"{self.metric}: {self.dimension}"


class MetricCitation(Citation):
    """One source on one metric."""

    record = cites(Metric)

    class Meta(Citation.Meta):
        abstract = False


class MetricDispute(Dispute):
    """One contradiction about one metric."""

    record = disputes(Metric)

    class Meta(Dispute.Meta):
        abstract = False

"""Metrics, and the observations that sources report of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entities.models import Agency, Place
from provenance.models import (
    BY_DATE,
    BY_NAME,
    Citation,
    DatedRecordQuerySet,
    Dispute,
    Record,
    by_length,
    cites,
    disputes,
    in_order,
)
from provenance.values import quantities
from provenance.values.dates import (
    Dated,
    PartialDateField,
    bounds_of,
    date_constraints,
    span_constraint,
)
from provenance.values.text import Line, Prose, Word


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

    collection = "metrics"
    about = "Metrics: what is measured, and in what unit."
    searched = ("name", "definition")
    columns = ("name", "unit", "kind", "definition")
    citable = columns
    described = columns
    told_apart_by = ("unit", "kind")
    schema_org = "StatisticalVariable"

    name = Line(help_text=_("What is measured."))
    unit = Line(
        max_length=80, help_text=_("In what unit: persons, percent, US dollars.")
    )
    kind = Word(
        choices=Kind,
        help_text=_(
            "A level (how much there is at a time), a change in percent, a rate, or "
            "what adds up: money that flows, or a count of what happens, in a window."
        ),
    )
    definition = Prose(blank=True, help_text=_("What counts, and what does not."))

    class Meta:
        ordering = ["slug"]
        indexes = in_order(BY_NAME)

    @property
    def adds_up(self):
        """Whether values of windows that do not overlap can be summed."""
        return self.kind in self.ADD_UP


class Observation(Dated, Record):
    """One value of a metric, as reported, over one window of time."""

    class Missing(models.TextChoices):
        NOT_REPORTED = "not-reported", _("not reported")
        WITHHELD = "withheld", _("withheld")
        NOT_COLLECTED = "not-collected", _("not collected")
        NOT_APPLICABLE = "not-applicable", _("not applicable")

    class Modality(models.TextChoices):
        ACTUAL = "actual", _("actual")
        PLANNED = "planned", _("planned")
        AUTHORISED = "authorised", _("authorised")
        ESTIMATE = "estimate", _("estimate")

    collection = "observations"
    listed_in_the_past_by = BY_DATE
    about = "Observations: what was measured, when, where and by whom."
    searched = ("population",)
    searched_related = ("metric",)
    public_through = ("metric",)
    opposed_by = "observation"
    other_spans = (("baseline_start", "baseline_end"),)
    columns = (
        "metric",
        "value",
        "value_missing",
        "start",
        "end",
        "baseline_start",
        "baseline_end",
        "place",
        "population",
        "reported_by",
        "modality",
    )
    citable = columns
    described = ("metric", "modality", "population")
    scope = (
        "metric",
        "start",
        "end",
        "baseline_start",
        "baseline_end",
        "place",
        "population",
        "modality",
    )
    schema_org = "Observation"
    schema_org_columns = {"place": "location"}

    metric = models.ForeignKey(
        Metric,
        models.PROTECT,
        related_name="observations",
        help_text=_("What was measured."),
    )
    value = quantities.QuantityField(
        help_text=_(
            "15000, ~10000, >30000, -97 or 10000..15000, in the unit of the metric."
        )
    )
    value_low, value_high = quantities.bounds_of("value")
    value_missing = Word(
        choices=Missing,
        blank=True,
        help_text=_("Why there is no value."),
    )
    baseline_start = PartialDateField(
        help_text=_("For a change: the first day of what it is compared with.")
    )
    baseline_start_earliest, baseline_start_latest = bounds_of("baseline_start")
    baseline_end = PartialDateField(
        is_end=True,
        help_text=_("For a change: the last day of what it is compared with."),
    )
    baseline_end_earliest, baseline_end_latest = bounds_of("baseline_end")
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        help_text=_("Where it was measured."),
    )
    population = Line(
        blank=True,
        help_text=_("Who or what is counted, where the metric leaves it open."),
    )
    reported_by = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        help_text=_("Whose figure it is."),
    )
    modality = Word(
        choices=Modality,
        help_text=_("Measured, planned, authorised or estimated."),
    )

    objects = DatedRecordQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["start_earliest", "slug"]
        constraints = [
            *Dated.Meta.constraints,
            *date_constraints("baseline_start", "baseline_end"),
            span_constraint("baseline_start", "baseline_end"),
            quantities.quantity_constraint("value"),
            models.CheckConstraint(
                condition=Q(value="") ^ Q(value_missing=""),
                name="timeline_observation_value_or_reason",
                violation_error_message=_(
                    "Give a value, or the reason why there is none."
                ),
            ),
        ]
        indexes = [
            *in_order("start_earliest"),
            by_length("timeline_observation"),
            models.Index(fields=["metric", "start_earliest"]),
        ]

    def __str__(self):
        value = self.value.readable if self.value else self.get_value_missing_display()
        when = f" ({self.start.readable})" if self.start else ""
        return f"{self.metric}: {value}{when}"

    @property
    def comparability(self):
        """What two observations must share before their values can contradict."""
        columns = (self._meta.get_field(name).attname for name in self.scope)
        return tuple(getattr(self, column) for column in columns)

    @property
    def likeness(self):
        """What two observations share that differ in their windows alone."""
        names = (name for name in self.scope if name not in self.span)
        return tuple(
            getattr(self, self._meta.get_field(name).attname) for name in names
        )


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


class ObservationCitation(Citation):
    """One source on one observation."""

    record = cites(Observation)

    class Meta(Citation.Meta):
        abstract = False


class ObservationDispute(Dispute):
    """One contradiction about one observation."""

    record = disputes(Observation)

    class Meta(Dispute.Meta):
        abstract = False

"""Observations: the values that sources report of metrics."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entities.models import Agency, Place
from provenance.db.batches import filtered
from provenance.models import (
    BY_DATE,
    Attestation,
    Citation,
    DatedRecordQuerySet,
    Dispute,
    Record,
    attests,
    by_length,
    cites,
    disputes,
    in_order,
    where_named,
)
from provenance.tracking.dependent_columns import Follower
from provenance.tracking.tracked import Tracked
from provenance.values import quantities
from provenance.values.dates import (
    Dated,
    PartialDateField,
    bounds_of,
    date_constraints,
    span_constraint,
)
from provenance.values.text import Line, Word
from provenance.values.translations import originals, translation_of

from .dimension import Code, Dimension
from .kinds import Deployment
from .metric import Metric, MetricDimension


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
    searched = ("value", "population", "population_es", "public_note", "public_note_es")
    searched_related = ("metric",)
    public_through = ("metric",)
    opposed_by = "observation"
    opposed_in = "value"
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
        "population_es",
        "reported_by",
        "modality",
        "deployment",
    )
    citable = originals(columns)
    described = ("metric", "modality", "population", "deployment")
    told_at = {
        "value": ("deployment", "personnel"),
        "start": ("deployment", "start"),
        "end": ("deployment", "end"),
        "place": ("deployment", "place"),
    }
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
    population_es = translation_of(population, _("Spanish population"))
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
    deployment = models.ForeignKey(
        Deployment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        help_text=_(
            "The deployment whose strength it gives again: both then answer one "
            "question, and a dispute about it is one."
        ),
    )
    codes = models.ManyToManyField(
        Code,
        through="ObservationCode",
        related_name="observations",
        blank=True,
        help_text=_("Of what it counts a part alone, in the dimensions of its metric."),
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
            by_length("observation_metric", among="metric"),
            models.Index(fields=["metric", "start_earliest"]),
            *where_named("observation", "reported_by", "deployment"),
        ]

    def __str__(self):
        return self._called(self.metric, self.metric.counted_in)

    @property
    def told(self):
        metric = self.metric.told
        text = self._called(metric, self.metric.counted_in_words)
        return replace(metric, text=text, original=str(self) if metric.original else "")

    def _called(self, metric, unit):
        value = self.get_value_missing_display()
        if self.value:
            value = unit.behind(self.value.readable)
        when = f" ({self.start.readable})" if self.start else ""
        return f"{metric}: {value}{when}"

    def unit_of(self, name):
        if name != "value":
            return super().unit_of(name)
        return self.metric.counted_in_words

    @property
    def baseline_in_words(self):
        """From when to when that was what it is compared with; empty if nobody says."""
        ends = self.baseline_start, self.baseline_end
        return " – ".join(end.readable for end in ends) if any(ends) else ""

    @property
    def comparability(self):
        """What two observations must share before their values can contradict."""
        columns = (self._meta.get_field(name).attname for name in self.scope)
        return *(getattr(self, column) for column in columns), self._code_keys

    @property
    def breakdown(self):
        """The codes that it is of, in the order of their dimensions."""
        return [row.code for row in self.code_rows.all()]

    @property
    def likeness(self):
        """What two observations share that differ in their windows alone."""
        names = (name for name in self.scope if name not in self.span)
        columns = (self._meta.get_field(name).attname for name in names)
        return *(getattr(self, column) for column in columns), self._code_keys

    @property
    def _code_keys(self):
        return tuple(sorted(row.code_id for row in self.code_rows.all()))


class DimensionOfCode(Follower, models.ForeignKey):
    """The dimension in whose list the code of the same row is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"editable": False, "blank": True, **kwargs})

    def read_columns(self, model):
        return ("code_id",)

    def derive_column(self, model, columns, before=None):
        keys = columns["code_id"]
        lists = Code._base_manager.order_by().values_list("pk", "dimension")
        found = dict(filtered(lists, pk=set(keys) - {None}))
        return [found.get(key) for key in keys]


class ObservationCode(Tracked):
    """One observation is of what one code means, and of no other of its dimension."""

    owner = "observation"

    observation = models.ForeignKey(
        Observation,
        models.CASCADE,
        related_name="code_rows",
        help_text=_("The observation."),
    )
    code = models.ForeignKey(
        Code,
        models.PROTECT,
        related_name="observation_rows",
        help_text=_("The code of a dimension that its metric declares."),
    )
    dimension = DimensionOfCode(
        Dimension,
        models.PROTECT,
        related_name="observation_rows",
        help_text=_("The dimension that the code is of."),
    )

    class Meta:
        ordering = ["observation_id", "dimension"]
        verbose_name = _("code of an observation")
        verbose_name_plural = _("codes of observations")
        constraints = [
            models.UniqueConstraint(
                fields=["observation", "dimension"],
                name="timeline_observation_code_once_a_dimension",
                violation_error_message=_(
                    "The observation already has a code of this dimension."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.observation}: {self.code}"

    def clean(self):
        if self.code_id is not None:
            # So that what Django looks at next, the constraint, has it.
            self.dimension_id = self.code.dimension_id
        super().clean()

    @classmethod
    def clean_many(cls, records):
        yield from super().clean_many(records)
        records = list(records)
        codes = Code._base_manager.select_related("dimension")
        codes = codes.in_bulk({record.code_id for record in records} - {None})
        metric_of = cls._metrics_of(records)
        rows = MetricDimension._base_manager.order_by()
        rows = rows.values_list("metric", "dimension")
        declared = set(filtered(rows, metric=set(metric_of) - {None}))
        message = _(
            "The metric is not broken down by “%(dimension)s”; add that to its "
            "dimensions, or leave “%(code)s” out."
        )
        for record, metric in zip(records, metric_of, strict=True):
            code = codes.get(record.code_id)
            if code and metric and (metric, code.dimension_id) not in declared:
                names = {"dimension": code.dimension.slug, "code": code.notation}
                yield record, ValidationError({"code": message % names})

    @classmethod
    def _metrics_of(cls, records):
        """The key of the metric of each, which may be another than is stored yet."""
        link = cls._meta.get_field("observation")
        stored = Observation._base_manager.order_by().values_list("pk", "metric")
        keys = {record.observation_id for record in records} - {None}
        known = dict(filtered(stored, pk=keys))
        return [
            record.observation.metric_id
            if isinstance(record, models.Model) and link.is_cached(record)
            else known.get(record.observation_id)
            for record in records
        ]


class ObservationCitation(Citation):
    """One source on one observation."""

    record = cites(Observation)

    class Meta(Citation.Meta):
        abstract = False


class ObservationAttestation(Attestation):
    """What was last attested of one observation."""

    record = attests(Observation)


class ObservationDispute(Dispute):
    """One contradiction about one observation."""

    record = disputes(Observation)

    class Meta(Dispute.Meta):
        abstract = False

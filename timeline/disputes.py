"""Disputes about what happened and was measured, between records of the same thing."""

from collections import defaultdict

from django.db.models import Count, F, Max, Min, OuterRef
from django.db.models.functions import Coalesce

from entities.disputes import derive_holders, posts_of
from entities.models import Appointment, Post
from provenance.db.batches import batches, filtered
from provenance.db.keys import in_runs
from provenance.evidence.disputes import (
    cited_models,
    derive,
    derive_between,
    disputed_in,
)
from provenance.resources.columns import EMPTY, TEXT, Listed, WholeNumber
from provenance.values.contradiction import Contradiction, Standing, of_quantities
from provenance.values.dates import PartialDate
from provenance.values.stated_values import LIST_MARK

from .models import Event, Metric, Observation, ObservationCode

BEGAN = "start_earliest"
# The codes of an observation as one text: two are of the same part if it is the same.
CODES = Coalesce(
    Listed(
        ObservationCode.objects.order_by()
        .filter(observation=OuterRef("pk"))
        .values(item=WholeNumber(F("code")))
    ),
    EMPTY,
    **TEXT,
)


def refresh(change):
    """Derives anew which observations contradict those that a change touched."""
    observations = change.keys(Observation) | disputed_in(change, Observation)
    of_it = Observation.objects.filter(disputes__field="").order_by()
    of_it = of_it.values_list("pk", flat=True)
    observations |= set(filtered(of_it, metric=change.moved.get(Metric, ())))
    of_rows = ObservationCode.history.order_by().values_list("observation", flat=True)
    observations.update(filtered(of_rows, id=change.keys(ObservationCode)))
    if observations:
        known = observations & change.known_keys(Observation)
        derive_comparisons(known, comparable_with(observations, known))
    if appointments := change.keys(Appointment):
        derive(Event, in_dispute_over(posts_of(appointments)))


def in_dispute_over(posts):
    """The events of which a source names others than recorded holders of these."""
    disputes = Event.dispute_model().objects.filter(field="participations").order_by()
    return set(
        filtered(
            disputes.values_list("record", flat=True),
            record__participations__official__appointments__post=posts,
        )
    )


def comparable_with(keys, known=frozenset()):
    """What is comparable with these observations: groups of several that share a scope.

    With those that were ``known`` before also what they have been comparable with ever.
    """
    columns = [Observation._meta.get_field(name).attname for name in Observation.scope]
    past = set(filtered(Observation.history.values_list(*columns).distinct(), id=known))
    rows = ObservationCode.history.order_by().values_list("code", flat=True)
    past_codes = {"", *map(str, filtered(rows.distinct(), observation=known))}
    groups = defaultdict(set)
    for near in _near(keys, past, columns):
        near = near.annotate(codes_of_it=CODES)
        of_several = near.values_list(*columns, "codes_of_it")
        of_several = of_several.annotate(number=Count("pk")).filter(number__gt=1)
        scopes = {tuple(row[:-1]) for row in of_several}
        starts = {scope[columns.index("start")] for scope in scopes | past}
        found = near.values_list("pk", *columns, "codes_of_it")
        for key, *scope, codes in filtered(found, start=starts):
            was = tuple(scope) in past and past_codes.issuperset(codes.split(LIST_MARK))
            if was or (*scope, codes) in scopes:
                groups[*scope, codes].add(key)
    return [
        group
        for (*scope, _codes), group in groups.items()
        if tuple(scope) in past or not keys.isdisjoint(group)
    ]


def _near(keys, past, columns):
    """The observations of their metrics that began when one of these began, or had."""
    metrics, days = set(), set()
    for of_these in in_runs(keys):
        began = Observation.objects.filter(of_these).order_by().values_list("metric")
        for metric, *edges in began.annotate(Min(BEGAN), Max(BEGAN)):
            metrics.add(metric)
            days.update(edges)
    for scope in past:
        row = dict(zip(columns, scope, strict=True))
        metrics.add(row["metric_id"])
        days.add(PartialDate(row["start"]).earliest)
    for batch in batches(sorted(metrics)):
        began = {f"{BEGAN}__range": (min(days), max(days))}
        yield Observation.objects.filter(metric__in=batch, **began).order_by()


def derive_comparisons(keys, groups):
    """Derives which observations others in their groups contradict, and these keys."""
    rows = Observation.objects.select_related("metric").exclude(value="")
    rows = rows.exclude(status=Observation.Status.WITHDRAWN).order_by("pk")
    found = {row.pk: row for row in filtered(rows, pk=set().union(*groups))}
    against = {}
    for group in groups:
        group = [found[key] for key in sorted(group) if key in found]
        for one in group:
            others = [other for other in group if _contradict(one, other)]
            public = [other for other in others if one.is_public and other.is_public]
            if others:
                against[one.pk] = (_said_by(others), _said_by(public))
    everything = set(keys).union(*groups)
    derive_between(Observation, everything, Contradiction.VALUE, against)


def _said_by(observations):
    return [f"{other.value} ({other.slug})" for other in observations]


def _contradict(one, other):
    return of_quantities(one.value, other.value) == Standing.CONTRADICTS


def derive_all():
    """Derives every dispute anew, from all records and citations."""
    for model in cited_models():
        derive(model, set(model._base_manager.values_list("pk", flat=True)))
    derive_holders(set(Post._base_manager.values_list("pk", flat=True)))
    observations = set(Observation._base_manager.values_list("pk", flat=True))
    derive_comparisons(observations, comparable_with(observations))

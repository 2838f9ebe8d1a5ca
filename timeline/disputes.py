"""Disputes about what happened and was measured, between records of the same thing."""

from collections import defaultdict

from entities.disputes import derive_holders, posts_of
from entities.models import Appointment, Post
from provenance.agreement import Contradiction, Standing, of_quantities
from provenance.batches import batches, filtered
from provenance.dates import PartialDate
from provenance.disputes import cited_models, derive, derive_between, disputed_in, moved

from .models import Event, Metric, Observation


def refresh(change):
    """Derives anew which observations contradict those that a change touched."""
    observations = change.keys(Observation) | disputed_in(change, Observation)
    of_it = Observation.objects.filter(disputes__field="").values_list("pk", flat=True)
    observations |= set(filtered(of_it, metric=moved(change, Metric)))
    if observations:
        derive_comparisons(comparable_with(observations))
    if appointments := change.keys(Appointment):
        derive(Event, in_dispute_over(posts_of(appointments)))


def in_dispute_over(posts):
    """The events of which a source names others than recorded holders of these."""
    disputes = Event.dispute_model().objects.filter(field="participations")
    return set(
        filtered(
            disputes.values_list("record", flat=True),
            record__participations__official__appointments__post=posts,
        )
    )


def comparable_with(keys):
    """These observations, and all that are or ever were comparable with one of them."""
    columns = [Observation._meta.get_field(name).attname for name in Observation.scope]
    past = Observation.history.values_list(*columns).distinct()
    scopes = set(filtered(past, id=keys))
    found, alike = set(keys), Observation.objects.values_list("pk", *columns)
    metric, start = columns.index("metric_id"), columns.index("start")
    # An index finds those that share the metric and the first day.
    for places in batches(sorted({(scope[metric], scope[start]) for scope in scopes})):
        near = alike.filter(
            metric__in={metric for metric, _start in places},
            start_earliest__in={PartialDate(start).earliest for _m, start in places},
        )
        found.update(key for key, *scope in near.iterator() if tuple(scope) in scopes)
    return found


def derive_comparisons(keys):
    """Derives which of these comparable observations contradict each other."""
    groups = defaultdict(list)
    for batch in batches(sorted(keys)):
        rows = Observation.objects.filter(pk__in=batch).select_related("metric")
        for observation in rows:
            if observation.value and observation.status != Observation.Status.WITHDRAWN:
                groups[observation.comparability].append(observation)
    against = {}
    for group in groups.values():
        for one in group:
            others = [other for other in group if _contradict(one, other)]
            public = [other for other in others if one.is_public and other.is_public]
            if others:
                against[one.pk] = (_said_by(others), _said_by(public))
    derive_between(Observation, keys, Contradiction.VALUE, against)


def _said_by(observations):
    return [f"{other.value} ({other.slug})" for other in observations]


def _contradict(one, other):
    return of_quantities(one.value, other.value) == Standing.CONTRADICTS


def derive_all():
    """Derives every dispute anew, from all records and citations."""
    for model in cited_models():
        derive(model, set(model._base_manager.values_list("pk", flat=True)))
    derive_holders(set(Post._base_manager.values_list("pk", flat=True)))
    derive_comparisons(set(Observation._base_manager.values_list("pk", flat=True)))

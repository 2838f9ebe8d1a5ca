"""Disputes about what happened and was measured, between records of the same thing."""

from collections import defaultdict

from entities.disputes import derive_holders, posts_of
from entities.models import Appointment, Post
from provenance.agreement import Contradiction, Standing, of_quantities
from provenance.batches import batches
from provenance.dates import PartialDate
from provenance.disputes import cited_models, derive, derive_between, disputed_in, moved

from .models import Event, Metric, Observation


def refresh(change):
    """Derives anew which observations contradict those that a change touched."""
    observations = change.keys(Observation) | disputed_in(change, Observation)
    if metrics := moved(change, Metric):
        of_it = Observation.objects.filter(metric__in=metrics, disputes__field="")
        observations |= set(of_it.values_list("pk", flat=True))
    if observations:
        derive_comparisons(comparable_with(observations))
    if appointments := change.keys(Appointment):
        derive(Event, in_dispute_over(posts_of(appointments)))


def in_dispute_over(posts):
    """The events of which a source names others than recorded holders of these."""
    disputes = Event.dispute_model().objects.filter(
        field="participations",
        record__participations__official__appointments__post__in=posts,
    )
    return set(disputes.values_list("record", flat=True))


def comparable_with(keys):
    """These observations, and all that are or ever were comparable with one of them."""
    columns = [Observation._meta.get_field(name).attname for name in Observation.scope]
    found, scopes, days = set(keys), set(), defaultdict(set)
    for part in batches(keys):
        past = Observation.history.filter(id__in=part)
        scopes.update(past.values_list(*columns).distinct())
    # What is compared here is of one metric and begins on one day: there is an index.
    for scope in scopes:
        known = dict(zip(columns, scope, strict=True))
        days[known["metric_id"]].add(PartialDate(known["start"]).earliest)
    for metric, firsts in days.items():
        for part in batches(firsts):
            alike = Observation.objects.filter(metric=metric, start_earliest__in=part)
            rows = alike.values_list("pk", *columns)
            found |= {key for key, *scope in rows if tuple(scope) in scopes}
    return found


def derive_comparisons(keys):
    """Derives which of these comparable observations contradict each other."""
    groups = defaultdict(list)
    for observation in Observation.objects.filter(pk__in=keys).select_related("metric"):
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

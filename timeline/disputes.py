"""Disputes about what happened and was measured, between records of the same thing."""

from collections import defaultdict

from entities.disputes import posts_of
from entities.models import Appointment
from provenance.agreement import Contradiction, Standing, of_quantities
from provenance.disputes import derive, derive_between, disputed_in

from .models import Event, Observation


def refresh(change):
    """Derives anew which observations contradict those that a change touched."""
    observations = change.keys(Observation) | disputed_in(change, Observation)
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
    past = Observation.history.filter(id__in=keys).values(*columns).distinct()
    found = set(keys)
    for scope in past:
        alike = Observation.objects.filter(**scope)
        found |= set(alike.values_list("pk", flat=True))
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
            if others:
                said = sorted(f"{other.value} ({other.slug})" for other in others)
                is_public = any(other.is_public for other in others)
                against[one.pk] = ("; ".join(said), one.is_public and is_public)
    derive_between(Observation, keys, Contradiction.VALUE, against)


def _contradict(one, other):
    return of_quantities(one.value, other.value) == Standing.CONTRADICTS

"""What was last attested when, in queries: it ends, or fades, with that day.

Of what lasts and has an end that nobody states a row beside it may say until when a
source attests it. What is over by nature was over by that day; of anything else it is
likely until then, and possible ever after.
"""

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, OuterRef, Q


def attestations_of(model):
    """The table of what was last attested of these; None if none is kept of them."""
    try:
        return model._meta.get_field("attestation").related_model
    except FieldDoesNotExist:
        return None


def attested_from(model, day):
    """A condition: a source attests it on this day, or on a later one."""
    return _attested(model, until__gte=day)


def over_before(model, day):
    """A condition: it is over by nature, and last attested before this day."""
    return _attested(model, is_over=True, until__lt=day)


def _attested(model, **asked):
    table = attestations_of(model)
    if table is None:
        return Q(pk__in=[])
    return Q(Exists(table.objects.filter(record=OuterRef("pk"), **asked)))

"""What can be asked of the chronicle: of everything that happened, as one stream.

Each question takes events of any kind, or of one, and hands on those it is true of.
"""

from django.db.models import Q

from provenance.models import Record

from .models import Participation


def with_official(events, official):
    """Those that the official took part in."""
    return _with(events, Q(official=official))


def with_agency(events, agency):
    """Those that the agency took part in, itself or by somebody in office there."""
    office = Q(appointment__post__agency=agency)
    for record in ("official", "appointment", "appointment__post"):
        office &= Q(**{f"{record}__status": Record.Status.PUBLISHED})
    return _with(events, Q(agency=agency) | office)


def _with(events, condition):
    # A party in two roles would come twice out of a join.
    participations = Participation.objects.filter(condition)
    return events.filter(pk__in=participations.values("event"))

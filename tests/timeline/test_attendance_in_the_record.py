"""Who attended the events of the record, as it follows from their participations."""

import pytest
from django.db.models import Q

from entities.models import Agency, Official
from timeline.attendance import IN_OFFICE, out_of_step
from timeline.chronicle import with_agency, with_official
from timeline.models import Capacity, Event, Participation

pytestmark = pytest.mark.usefixtures("record")


def of(record):
    """What the events of a record are by their participations, and how they are asked.

    It is what the lists showed before there was an index of it.
    """
    came = Participation.objects.order_by()
    if isinstance(record, Official):
        keys = came.filter(official=record).values("event")
        return Event.objects.filter(pk__in=keys), with_official
    itself = came.filter(agency=record).values("event")
    office = Capacity.objects.filter(appointment__post__agency=record, **IN_OFFICE)
    office = office.order_by().values("event")
    return Event.objects.filter(Q(pk__in=itself) | Q(pk__in=office)), with_agency


@pytest.mark.parametrize("order", ["start_earliest", "-start_earliest", "slug"])
@pytest.mark.parametrize("kind", [Official, Agency])
def test_each_party_of_the_record_is_found_at_its_events(kind, order):
    assert list(out_of_step()) == []
    for record in kind.objects.all():
        events, ask = of(record)
        listed = ask(Event.objects.all(), record).order_by(order, "id")
        assert list(listed) == list(events.order_by(order, "id"))

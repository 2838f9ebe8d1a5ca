"""What is told of officials and places where names are matched with them."""

from django.db.models import Window
from django.db.models.functions import RowNumber

from provenance.exchange.reconciliation.kinds import Reconciled, reconciled_of

from ..models import Appointment, Official, Place

MOST_OFFICES = 2  # of an official, in a line
LOOKED_AT = 10  # offices of an official, held last: some may bear one title
LAST_FIRST = ("-start_earliest", "slug")


@reconciled_of.register(Official)
class ReconciledOfficial(Reconciled):
    """One person, told from namesakes by the latest offices."""

    rows = ("names", "identifiers")

    def descriptions(self, records):
        held = Appointment.objects.published_beside().filter(official__in=records)
        held = held.annotate(nth=Window(RowNumber(), "official", LAST_FIRST))
        held = held.filter(nth__lte=LOOKED_AT).select_related("post__agency")
        held = held.order_by(*LAST_FIRST)
        offices = {record.pk: {} for record in records}
        for appointment in held:
            offices[appointment.official_id][_office(appointment.post)] = None
        return {
            key: "; ".join(list(titles)[:MOST_OFFICES])
            for key, titles in offices.items()
        }


def _office(post):
    """The title of a post, with the agency where that is not in it."""
    title, agency = str(post), str(post.agency)
    return title if agency in title else f"{title}, {agency}"


@reconciled_of.register(Place)
class ReconciledPlace(Reconciled):
    """One place, also known by its ISO code."""

    def also_known_as(self, record):
        return [*super().also_known_as(record), record.iso_code]

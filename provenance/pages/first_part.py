"""The first of many records on the page of another; the rest is a list of its own."""

from dataclasses import dataclass

from ..evidence.visibility import with_disputes
from .addresses import asked, list_of
from .reading import public_view

MOST = 50  # records; a page stays readable, and costs the same whatever there is


@dataclass(frozen=True)
class FirstPart:
    """Some records, and the address of the list of all; empty if these are all."""

    records: list
    more: str = ""


def first_part(page, records, order, whole=False, are_few=False, **narrowing):
    """The first published ones of these in an order of theirs.

    ``whole`` reads each with all that the API shows of it. Where there ``are_few`` they
    are found by what they name, and else in their order. ``narrowing`` is what finds
    all of them in the list of their kind.
    """
    published = records.published_beside() if are_few else records.published()
    keys = published.order_by(*order).values_list("pk", flat=True)
    keys = list(keys[: MOST + 1])
    among = records.model.objects.filter(pk__in=keys[:MOST])
    found = public_view(among) if whole else with_disputes(among)
    place = {key: number for number, key in enumerate(keys)}
    more = ""
    if len(keys) > MOST:
        more = asked(list_of(records.model), **narrowing, known_at=page.known_at)
    return FirstPart(sorted(found, key=lambda one: place[one.pk]), more)

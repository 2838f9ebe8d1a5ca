"""However many values something is compared with, one parameter has them all."""

import pytest
from django.db import connection
from django.db.models import Prefetch
from django.test.utils import CaptureQueriesContext

from entities.models import Agency, Official, Place
from provenance.db.many_values import FEW
from tests import make
from tests.depth import cases
from tests.repeating import repeat

pytestmark = pytest.mark.django_db

# Beyond what SQLite nests, takes as parameters by default, and at most anywhere.
SIZES = (1_001, 32_767, 250_001)
# Each row is an object here, and so many of them fill the memory: one more than what
# PostgreSQL's protocol counts as parameters, and twice what SQLite takes by default.
ROWS = (SIZES[0], 65_536)


@pytest.mark.parametrize("size", SIZES[: cases(2, 3)])
def test_records_are_found_among_any_number_of_keys_and_of_texts(size):
    place, other = make.a_place(slug="nogales"), make.a_place(slug="tijuana")
    keys = [place.pk, *(other.pk + number for number in range(1, size))]
    assert list(Place.objects.filter(pk__in=keys)) == [place]
    assert list(Place.objects.exclude(pk__in=keys)) == [other]
    slugs = ["nogales", *(f"none-{number}" for number in range(1, size))]
    assert list(Place.objects.filter(slug__in=slugs)) == [place]


@pytest.mark.parametrize("size", ROWS[: cases(1, 2)])
def test_what_many_rows_name_is_fetched_ahead_with_one_query(size):
    place = make.a_place()
    repeat(place, size - 1)
    repeat(make.an_agency(country=place), size - 1, country_id=f"{place.pk} + number")
    with CaptureQueriesContext(connection) as asked:
        agencies = list(
            Agency.objects.only("country").prefetch_related(
                Prefetch("country", Place.objects.only("slug"))
            )
        )
    assert len(asked) == 2
    assert len({agency.country.slug for agency in agencies}) == size
    keys = [agency.country_id for agency in agencies]
    kept = Prefetch("agencies", Agency.objects.only("country"))
    fetched = Place.objects.only("slug").prefetch_related(kept).in_bulk(keys)
    assert sum(len(place.agencies.all()) for place in fetched.values()) == size


def test_values_that_are_missing_or_given_twice_count_once():
    place = make.a_place()
    agency = make.an_agency(country=place)
    keys = [None, *range(place.pk, place.pk + FEW + 1)] * 2
    assert list(Agency.objects.filter(country__in=keys)) == [agency]
    assert list(Place.objects.filter(pk__in=keys)) == [place]


def test_other_values_are_compared_as_django_does():
    official = make.an_official()
    moments = [official.created_at] * (FEW + 1)
    assert list(Official.objects.filter(created_at__in=moments)) == [official]
    assert list(Official.objects.filter(name__in=Official.objects.values("name")))


def test_one_of_many_keys_is_looked_up_and_no_table_is_read_through():
    make.a_place()
    found = Place.objects.filter(pk__in=range(1_000)).order_by().explain()
    assert "SCAN entities_place" not in found

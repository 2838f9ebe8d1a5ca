"""Many values, looked among by few queries."""

import pytest

from entities.models import Place
from provenance.db.batches import Among, batches, filtered
from tests import make

pytestmark = pytest.mark.django_db


def test_values_come_in_batches_and_none_is_left_out():
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batches([])) == []


def test_it_is_found_among_numbers_texts_and_records():
    one, two, _three = make.a_place(), make.a_place(), make.a_place()
    for values in ([one.pk, two.pk], {one.pk, two.pk, 0}):
        assert set(Place.objects.filter(pk__in=Among(values))) == {one, two}
    assert set(Place.objects.filter(slug__in=Among([one.slug, "no"]))) == {one}
    assert set(filtered(Place.objects.all(), parent=[one])) == set()
    assert set(filtered(Place.objects.all(), slug=[two.slug])) == {two}


def test_nothing_is_among_no_values_whatever_they_would_be():
    make.a_place()
    for name in ("pk", "slug", "parent"):
        assert not Place.objects.filter(**{f"{name}__in": Among([])}).exists()
    assert Place.objects.exclude(slug__in=Among([])).count() == 1


def test_hostile_texts_are_values_and_nothing_else():
    place = make.a_place('"; DROP TABLE x --', slug="a")
    for text in ('"; DROP TABLE x --', "'", "\\", "é\u202e", "[1]"):
        found = Place.objects.filter(name__in=Among([text, "none"]))
        assert set(found) == ({place} if text == place.name else set())

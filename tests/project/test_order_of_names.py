"""Names go in the order in which people look for them, wherever they are listed."""

import re

import pytest
from django.test import Client

from entities.models import Place
from provenance.tracking.changes import ChangeSet
from tests import make
from tests.curating import listed, superuser
from tests.folders import read_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NAMES = ["alamos villa", "Álvarez Villa", "Nogal Villa", "Ñuble Villa", "Zedillo Villa"]


@pytest.fixture(autouse=True)
def places():
    for name in reversed(NAMES):
        make.a_place(name)


def pages_of(api, address):
    """The names on all pages of a list, of two each."""
    found = []
    while address:
        page = api.get(address).json()
        found += [place["name"] for place in page["results"]]
        address = page["next"]
    return found


def test_over_the_api_page_by_page_and_back(api):
    address = "/api/v1/places/?limit=2&fields=name&ordering="
    assert pages_of(api, f"{address}name") == NAMES
    assert pages_of(api, f"{address}-name") == NAMES[::-1]


def test_on_the_pages(client):
    page = client.get("/places/").content.decode()
    assert re.findall("|".join(NAMES), page) == NAMES


def test_in_the_admin_and_by_its_columns():
    browser = superuser(Client())
    for order, expected in (("", NAMES), ("?o=1", NAMES), ("?o=-1", NAMES[::-1])):
        found = listed(browser.get(f"/admin/entities/place/{order}"))
        assert [place.name for place in found] == expected


def test_of_people_by_the_part_of_the_name_to_sort_by():
    for name, family in (("Ana Zúñiga", "Zúñiga"), ("Ñ", "Ñáñez"), ("Z", "Álvarez")):
        make.an_official(name, family_name=family)
    found = listed(superuser(Client()).get("/admin/entities/official/"))
    assert [one.family_name for one in found] == ["Álvarez", "Ñáñez", "Zúñiga"]


def test_as_they_are_written_by_whatever_way():
    read_in("places", "slug,status,name,kind\nzz,draft,Óbregon,city\n")
    place = Place.objects.get(slug="zz")
    assert place.sort_key == "obregon"
    place.name = "Ahumada"
    place.save()
    assert Place.objects.order_by("sort_key").first() == place


def test_as_was_known_at_a_moment_as_well(api):
    place = Place.objects.get(name="Nogal Villa")
    moment = ChangeSet.objects.first().at.isoformat().replace("+00:00", "Z")
    place.name = "Zzz"
    place.save()
    address = f"/api/v1/places/?ordering=name&known_at={moment}&fields=name"
    assert [one["name"] for one in api.get(address).json()["results"]] == NAMES

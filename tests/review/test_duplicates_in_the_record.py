"""The curated record holds nothing twice, and would not for long."""

import pytest

from entities.models import Agency, Official, Place
from provenance.review.duplicates import Names, duplicates
from tests import make
from timeline.models import Meeting
from timeline.records import RECORDS

pytestmark = pytest.mark.usefixtures("record")


def found(model):
    return [(pair.one.slug, pair.other.slug, pair.score) for pair in duplicates(model)]


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_the_record_holds_nothing_twice(model):
    assert found(model) == []


@pytest.mark.parametrize(
    ("model", "slug", "name"),
    [
        (Official, "raul-benitez-manaut", "Raul Benítez Manaut"),
        (Official, "luis-cresencio-sandoval", "Sandoval González Luis Cresencio"),
        (Official, "gregory-guillot", "G. M. Guillot"),
        (Official, "raymundo-morales", "Raymundo Moralez Angeles"),
        (Official, "jose-rafael-ojeda", "José Rafael Ojeda"),
        (Agency, "sedena", "Sedena"),
        (Agency, "sedena", "Secretariat of the National Defence"),
        (Agency, "unam", "Universidad Nacional Autónoma de México"),
        (Agency, "usnorthcom", "US Northern Command"),
        (Place, "washington-dc", "Washington D.C."),
        (Place, "tucson", "Tuscon"),
    ],
)
def test_a_twin_of_one_in_the_record_is_found(model, slug, name):
    kinds = {Agency: "ministry", Place: "city"}
    values = {"kind": kinds[model]} if model in kinds else {}
    twin = model.objects.create(slug="zz-twin", name=name, **values)
    (pair,) = Names(model).like(twin)
    assert pair.other.slug == slug
    assert [slug, "zz-twin"] in [list(pair[:2]) for pair in found(model)]


def test_an_event_told_in_other_words_is_found():
    call = Meeting.objects.get(slug="guillot-trevilla-call-2025-02")
    twin = make.a_meeting("Guillot–Trevilla call", slug="zz", start=call.start)
    for row in call.participations.all():
        make.a_participation(twin, official=row.official)
    assert found(Meeting) == [("guillot-trevilla-call-2025-02", "zz", 85)]

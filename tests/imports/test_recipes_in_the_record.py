"""The recipes with their real data, beside the curated record."""

import pytest

from entities.models import Agency, Appointment, Official, Place, Post
from provenance.models import ChangeSet
from tests import make
from tests.recipes import CABINET, ENCOUNTERS, cook, with_data
from timeline.models import Observation

pytestmark = [pytest.mark.usefixtures("record"), with_data]


def test_the_cabinet_meets_what_is_on_record_and_doubles_nothing():
    before = {
        model: set(model.objects.values_list("slug", flat=True))
        for model in (Place, Agency, Official, Post)
    }
    told = cook(*CABINET)
    assert told[:4] == [
        "places (mexico): 1 on record is left as it is.",
        "agencies: 3 on record are left as they are.",
        "officials: 3 on record are left as they are.",
        "posts: 3 on record are left as they are.",
    ]
    made = {
        model: model.objects.exclude(slug__in=slugs).count()
        for model, slugs in before.items()
    }
    assert made == {Place: 0, Agency: 14, Official: 162, Post: 44}
    identified = dict(
        Official.objects.filter(slug__in=before[Official]).values_list(
            "slug", "identifiers__value"
        )
    )
    assert {slug: one for slug, one in identified.items() if one} == {
        "claudia-sheinbaum": "Q5771800",
        "jose-rafael-ojeda": "Q58336815",
        "luis-cresencio-sandoval": "Q59868274",
    }
    (held,) = Appointment.objects.as_of("2015-01-01").filter(
        post__slug="secretary-of-national-defense"
    )
    assert held.official.name == "Salvador Cienfuegos"


def test_the_cabinet_as_the_reading_of_a_source_overwrites_nothing_and_cites_it():
    source = make.a_source(slug="mexican-cabinet-wikidata", kind="dataset")
    on_record = Appointment.objects.get(slug="sandoval-secretary-of-national-defense")
    told = cook(*CABINET, source=source.slug, locator="table of ministers")
    assert "appointments: 197 new, 2 claims" in told
    on_record.refresh_from_db()
    assert on_record.end == "2024-09-30"
    cited = on_record.citations.filter(source=source)
    assert dict(cited.values_list("field", "stated")) == {
        "official": "",
        "post": "",
        "start": "",
        "end": "..",
    }
    new = Appointment.objects.get(
        slug="salvador-cienfuegos-secretary-of-national-defense-2012-12-01"
    )
    cited = new.citations.filter(source=source, locator="table of ministers")
    assert set(cited.values_list("field", flat=True)) == {
        *("", "official", "post", "start", "end")
    }


def test_a_sector_is_not_the_city_that_it_is_called_after():
    cook(*ENCOUNTERS)
    assert Place.objects.get(slug="tucson").kind == "city"
    assert Place.objects.get(slug="tucson-sector").parent.slug == "united-states"
    (one,) = Observation.objects.during("2000-03").filter(place__slug="tucson-sector")
    assert one.value == "76245"


def test_a_dry_run_says_the_same_and_writes_nothing():
    changes = ChangeSet.objects.count()
    told = cook(*CABINET, dry_run=True)
    assert told[-1] == "584 of 584 rows would be written; nothing was."
    assert ChangeSet.objects.count() == changes
    assert not Official.objects.filter(slug="salvador-cienfuegos").exists()

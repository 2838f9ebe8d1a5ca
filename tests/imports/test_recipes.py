"""Every recipe with its real data, into a database that has nothing else."""

import re

import pytest
from django.db import transaction
from django.db.models import Sum

from entities.models import Agency, Appointment, Official, Place, Post
from provenance.imports.mapping import Mapping, parsing, rules
from provenance.imports.mapping.wide import WIDE
from provenance.models import ChangeSet, Source
from tests.recipes import (
    CABINET,
    DOCUMENTS,
    ENCOUNTERS,
    EVERY,
    RECIPES,
    cook,
    with_data,
)
from timeline.aggregates import Question, aggregate
from timeline.models import Metric, Observation

# The files


@pytest.mark.parametrize(
    "path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem
)
class TestEveryRecipe:
    def test_is_a_mapping_without_a_fault(self, path):
        assert Mapping.from_toml(path.read_text(encoding="utf-8")).tables

    def test_has_a_page_that_the_index_leads_to(self, path):
        page = path.with_suffix(".md")
        assert path.name in page.read_text(encoding="utf-8")
        assert page.name in (RECIPES / "README.md").read_text(encoding="utf-8")


def test_the_index_explains_every_word_of_the_format():
    index = (RECIPES / "README.md").read_text(encoding="utf-8")
    words = {*parsing.TOP, *parsing.READ, *parsing.WORDS, *rules.FEEDS, *WIDE}
    words |= {*rules.OF_TEXT, *rules.OF_DATES, *rules.OF_NUMBERS}
    assert not {word for word in words if not re.search(rf"`{word}\b", index)}


# The data


@pytest.fixture(scope="module")
def _all_cooked(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield {recipe: cook(recipe, file) for recipe, file in EVERY}
        transaction.set_rollback(True)


@pytest.fixture
def told(_all_cooked, db):
    """What the command printed of each recipe; the data is loaded once for all."""
    return _all_cooked


@with_data
def test_each_recipe_makes_what_its_file_has(told):
    assert told == {
        "mx-cabinet": [
            "places (mexico): 1 new",
            "agencies: 17 new",
            "officials: 165 new",
            "official_identifiers: 165 new",
            "posts: 47 new",
            "appointments: 199 new",
            "594 of 594 rows were written, as change 1.",
        ],
        "usbp-encounters": [
            "places (united-states): 1 new",
            "places (sectors): 21 new",
            "agencies: 1 new",
            "metrics: 1 new",
            "observations: 5268 new",
            "5292 of 5292 rows were written, as change 2.",
        ],
        "white-house-documents": [
            "sources: 190 new",
            "190 of 190 rows were written, as change 3.",
        ],
    }


@with_data
@pytest.mark.usefixtures("told")
class TestTheCabinet:
    def test_has_every_person_with_an_identifier_and_every_post(self):
        assert Official.objects.count() == 165
        assert Official.objects.filter(identifiers__scheme="wikidata").count() == 165
        assert Post.objects.count() == 47

    def test_starts_as_exactly_as_the_file_says(self):
        starts = [
            len(day) for day in Appointment.objects.values_list("start", flat=True)
        ]
        assert {one: starts.count(one) for one in set(starts)} == {10: 187, 7: 2, 4: 10}

    def test_says_who_held_a_post_on_a_date_and_that_nobody_did(self):
        def holders(post, day):
            held = Appointment.objects.as_of(day).filter(post__slug=post)
            return [appointment.official.name for appointment in held]

        assert holders("secretary-of-national-defense", "2015-01-01") == [
            "Salvador Cienfuegos"
        ]
        assert holders("secretary-of-government", "2008-11-04") == [
            "Juan Camilo Mouriño"
        ]
        assert holders("secretary-of-government", "2008-11-07") == []

    def test_has_those_still_in_office_who_have_no_end(self):
        assert Appointment.objects.filter(end="..").count() == 38
        assert not Appointment.objects.filter(end="").exists()

    def test_puts_posts_under_the_bodies_that_their_titles_name(self):
        agencies = dict(Post.objects.values_list("title", "agency__slug"))
        assert agencies["Secretary of the Navy"] == "semar"
        assert agencies["Governor of Chiapas"] == "government-of-chiapas"
        assert agencies["Governor of the Bank of Mexico"] == "bank-of-mexico"
        assert agencies["Mexican Ambassador to Ukraine"] == "government-of-mexico"


@with_data
@pytest.mark.usefixtures("told")
class TestTheEncounters:
    def test_have_every_value_and_know_which_are_missing(self):
        with_value = Observation.objects.exclude(value="")
        assert with_value.count() == 5112
        assert with_value.aggregate(sum=Sum("value_low"))["sum"] == 15_232_636
        missing = Observation.objects.filter(value="")
        assert missing.count() == 156
        assert set(missing.values_list("value_missing", flat=True)) == {
            "not-applicable"
        }

    def test_cover_the_months_and_the_sectors(self):
        assert Observation.objects.values("start").distinct().count() == 252
        assert Place.objects.filter(kind="sector").count() == 21

    @pytest.mark.parametrize(
        ("sector", "month", "value"),
        [
            ("tucson-sector", "2000-03", "76245"),
            ("rio-grande-valley-sector", "2019-05", "49821"),
            ("big-bend-sector", "1999-10", "891"),
        ],
    )
    def test_are_those_of_the_file(self, sector, month, value):
        (one,) = Observation.objects.during(month).filter(place__slug=sector)
        assert (one.value, one.metric.unit) == (value, "encounters")

    def test_add_up_to_what_the_file_does(self):
        for place in Place.objects.all():
            place.status = "published"
            place.save()
        asked = Question(("fiscal-year",), measure="sum")
        years = aggregate(Observation.objects.all(), asked).groups
        assert sum(year.low for year in years) == 15_232_636
        assert (years[0].period.first.year, years[0].low) == (1999, 1_676_438)

    def test_keep_a_true_zero_apart_from_what_is_missing(self):
        zeros = Observation.objects.filter(value="0")
        assert zeros.count() == 48
        assert not zeros.exclude(value_missing="").exists()


@with_data
@pytest.mark.usefixtures("told")
class TestTheDocuments:
    def test_are_sources_with_a_day_an_address_and_a_slug_each(self):
        assert Source.objects.count() == 190
        for column in ("slug", "url"):
            assert Source.objects.values(column).distinct().count() == 190
        assert {
            len(day) for day in Source.objects.values_list("published", flat=True)
        } == {10}

    def test_have_titles_without_what_nobody_sees(self):
        assert not Source.objects.filter(title__contains="\ufeff").exists()
        assert Source.objects.filter(title__contains="Border Security 🔥").count() == 1


@with_data
def test_everything_that_a_recipe_makes_is_a_draft(told):
    for model in (
        Source,
        Place,
        Agency,
        Official,
        Post,
        Appointment,
        Metric,
        Observation,
    ):
        assert set(model.objects.values_list("status", flat=True)) == {"draft"}


@with_data
@pytest.mark.parametrize(
    ("recipe", "same"),
    [
        (
            CABINET,
            ["official_identifiers: 165 unchanged", "appointments: 199 unchanged"],
        ),
        (ENCOUNTERS, ["observations: 5268 unchanged"]),
        (DOCUMENTS, ["sources: 190 on record are left as they are."]),
    ],
)
def test_the_second_time_everything_is_the_same_and_nothing_is_written(
    told, recipe, same
):
    changes = ChangeSet.objects.count()
    again = cook(*recipe)
    assert set(same) <= set(again)
    assert re.fullmatch(r"Nothing has changed: all \d+ rows are .*", again[-1])
    assert ChangeSet.objects.count() == changes
    assert not any("new" in line or "changed:" in line for line in again[:-1])

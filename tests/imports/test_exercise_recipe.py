"""The recipe of a list of exercises: its rows, made up, load as its page says."""

import pytest

from tests import make
from tests.recipes import RECIPES, read_in
from timeline.models import Deployment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
FILE = RECIPES / "exercise-list.csv"
RECIPE = str(RECIPES / "exercise-list.toml")


def test_a_dry_run_says_what_the_page_says():
    told = read_in(FILE, mapping=RECIPE, dry_run=True)
    page = FILE.with_suffix(".md").read_text(encoding="utf-8")
    assert "\n".join(["```", *told, "```"]) in page


def test_each_row_is_an_exercise_with_dates_place_and_all_who_took_part():
    make.a_source(slug="list")
    read_in(FILE, mapping=RECIPE, source="list")
    first, second = Deployment.objects.filter(slug__startswith="ardent-compass")
    assert (first.start, first.end) == ("[2006-01-01..2006-08-09]", "2006-08-09")
    assert (second.start, second.end) == ("2007-07-30", "[2007-07-30..2007-12-31]")
    cited = first.citations.filter(field__in=["start", "end"])
    assert dict(cited.values_list("field", "stated")) == {"start": "2006", "end": ""}
    assert second.place.slug == "nogales"
    took_part = second.participations.values_list("agency__slug", "role")
    assert dict(took_part) == {
        "mexican-army": "host",
        "usnorthcom": "participant",
        "arcadian-guard": "participant",
    }
    again = read_in(FILE, mapping=RECIPE, source="list")
    assert again[-1].startswith("Nothing has changed")

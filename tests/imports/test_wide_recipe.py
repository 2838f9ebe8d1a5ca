"""The recipe of a wide table: its rows, which are made up, load as its page says."""

import csv

import pytest

from tests.recipes import RECIPES, read_in
from tests.workbooks import xlsx
from timeline.models import Observation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
FILE = RECIPES / "crimes-by-month.csv"
RECIPE = str(RECIPES / "crimes-by-month.toml")


def test_a_dry_run_says_what_the_page_says():
    told = read_in(FILE, mapping=RECIPE, dry_run=True)
    page = FILE.with_suffix(".md").read_text(encoding="utf-8")
    assert "\n".join(["```", *told, "```"]) in page


def test_each_month_is_an_observation_of_its_days():
    read_in(FILE, mapping=RECIPE)
    made = Observation.objects.filter(metric__slug__startswith="crimes-")
    assert made.count() == 40
    leap = made.get(start="2024-02-01", metric__slug="crimes-homicidio-doloso")
    assert (leap.end, leap.value, leap.place.name) == ("2024-02-29", "58", "Nuevo León")
    assert leap.population == "Con arma de fuego"
    assert made.filter(value="0").count() == 9
    (one,) = made.as_of("2023-01-15", "definite").filter(
        metric__slug="crimes-homicidio-doloso", place__slug="sonora"
    )
    assert (one.value, one.start, one.end) == ("1104", "2023-01-01", "2023-01-31")


def test_the_same_rows_in_a_workbook_are_the_same_observations(tmp_path):
    read_in(FILE, mapping=RECIPE)
    with FILE.open(encoding="cp1252", newline="") as file:
        header, *rows = csv.reader(file)
    numbers = [[*row[:5], *map(as_number, row[5:])] for row in rows]
    book = tmp_path / "crimes.xlsx"
    book.write_bytes(xlsx(Datos=[header, *numbers]))
    assert read_in(book, mapping=RECIPE)[-1].startswith("Nothing has changed")


def as_number(text):
    """A cell as a spreadsheet has it."""
    return int(text.replace(",", "")) if text else None

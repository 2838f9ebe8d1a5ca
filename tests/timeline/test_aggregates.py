"""What observations come to: only what belongs together is put together."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from rest_framework.test import APIClient

from tests import make
from tests.depth import examples
from timeline.aggregates import Question, aggregate, bounds
from timeline.models import Observation

pytestmark = [pytest.mark.django_db, pytest.mark.database]

AT = "/api/v1/observations/aggregate/"


@pytest.fixture
def crossings(db):
    """A metric that adds up."""
    return make.a_metric("Crossings", slug="crossings", kind="count")


@pytest.fixture
def texas(db):
    country = make.a_country("United States", slug="usa")
    return make.a_place("Texas", slug="texas", kind="state", parent=country)


def month(metric, when, value="10", **others):
    """What was counted in a month; or in a year or on a day."""
    return make.an_observation(metric, value, start=when, end=when, **others)


def asked(**parameters):
    answer = APIClient().get(AT, parameters)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def values(*members, **parameters):
    """The results, each with these members of its group and its value."""
    found = asked(**parameters)["results"]
    return [(*(row[name] for name in members), row["value"]) for row in found]


def refusal(**parameters):
    answer = APIClient().get(AT, parameters)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    return error["parameter"], error["code"], error["message"]


def test_a_group_says_all_that_it_is_made_of(api, crossings, texas):
    navy = make.an_agency(slug="navy")
    disputed = month(crossings, "2024-01", "~10", place=texas, reported_by=navy)
    make.a_citation(disputed, field="value", stated="99")
    month(crossings, "2024-02", "5..6", place=texas, reported_by=navy)
    month(crossings, "2024-03", "", value_missing="withheld", place=texas)
    month(crossings, "2024", "400", place=texas.parent)
    answer = asked(metric="crossings", group_by="state,year", measure="sum")
    root = "http://testserver/api/v1/"
    assert answer == {
        "group_by": ["state", "year"],
        "measure": "sum",
        "left_out": [
            {
                "reason": "place",
                "number": 1,
                "message": "There is no place, or it lies in none of the kind that is "
                "grouped by.",
            }
        ],
        "results": [
            {
                "metric": {
                    "slug": "crossings",
                    "name": "Crossings",
                    "url": f"{root}metrics/crossings/",
                },
                "unit": "persons",
                "population": "",
                "modality": "actual",
                "place": {
                    "slug": "texas",
                    "name": "Texas",
                    "url": f"{root}places/texas/",
                },
                "reported_by": None,
                "codes": {},
                "parts": [],
                "period": "2024",
                "period_start": "2024-01-01",
                "period_end": "2024-12-31",
                "windows": "month",
                "places": "state",
                "value": "14..17",
                "value_low": 14,
                "value_high": 17,
                "observations": 3,
                "without_value": 1,
                "disputed": 1,
                "settled": 0,
                "left_out": 0,
                "covered": 0.1639,
                "overlap": False,
            }
        ],
    }


class TestWhatIsSummed:
    def test_is_no_level_and_no_rate(self):
        for kind in ("level", "rate", "percent-change"):
            make.an_observation(make.a_metric(f"A {kind}", slug=kind, kind=kind))
            parameter, code, message = refusal(measure="sum", metric=kind)
            assert (parameter, code) == ("measure", "not_summed")
            assert f"“A {kind}”" in message
            assert "mean, min, max or count" in message

    def test_is_of_windows_equally_long(self, crossings):
        for number in (1, 2, 3):
            month(crossings, f"2024-0{number}")
        month(crossings, "2023-12")
        month(crossings, "2024", "500")
        query = {"group_by": "year", "measure": "sum"}
        answer = asked(**query)
        assert [(row["period"], row["value"]) for row in answer["results"]] == [
            ("2023", "10"),
            ("2024", "30"),
        ]
        assert [row["windows"] for row in answer["results"]] == ["month"] * 2
        assert [row["left_out"] for row in answer["results"]] == [0, 1]
        assert values("period", **query, windows="year") == [
            ("2023", ""),
            ("2024", "500"),
        ]

    def test_is_of_places_of_one_kind(self, crossings, texas):
        month(crossings, "2024", "500", place=texas.parent)
        month(crossings, "2024", "20", place=texas)
        assert values("places", measure="sum") == [("country", "500")]
        assert values("places", measure="sum", places="state") == [("state", "20")]

    def test_counts_nothing_twice(self, crossings):
        navy, army = make.an_agency(slug="navy"), make.an_agency(slug="army")
        for agency in (navy, army):
            month(crossings, "2024-01", reported_by=agency)
        month(crossings, "2024-02", reported_by=navy)
        parameter, code, message = refusal(measure="sum", group_by="month")
        assert (parameter, code) == ("measure", "overlap")
        assert "January 2024" in message
        assert "reported_by" in message
        by_month = {"measure": "sum", "group_by": "month"}
        assert values("period", **by_month, overlaps="omit") == [
            ("2024-01", ""),
            ("2024-02", "10"),
        ]
        assert values("period", **by_month, reported_by="army") == [("2024-01", "10")]
        apart = values("reported_by", "period", measure="sum", group_by="reported_by")
        assert [(row[0]["slug"], row[-1]) for row in apart] == [
            ("army", "10"),
            ("navy", "20"),
        ]

    def test_counts_no_place_within_another_of_its_kind(self, crossings, texas):
        within = make.a_place("A part", kind="state", parent=texas)
        for place in (texas, within):
            month(crossings, "2024", place=place)
        assert refusal(measure="sum")[:2] == ("measure", "overlap")
        assert [v for *_, v in values(measure="sum", group_by="place")] == ["10", "10"]

    def test_is_not_reported_of_a_window_that_is_not_known(self, crossings):
        make.an_observation(crossings, "7", start="2024-05")
        make.an_observation(crossings, "8")
        answer = asked(measure="sum")
        assert answer["results"] == []
        (left_out,) = answer["left_out"]
        assert (left_out["reason"], left_out["number"]) == ("window", 2)
        taken = values("period", measure="sum", group_by="month", open_end="start")
        assert taken == [("2024-05", "7")]


class TestDimensions:
    @pytest.fixture
    def broken_down(self, crossings):
        """Crossings of a month, in all, by sex, and by sex and age."""
        sex, age = make.a_dimension(slug="sex"), make.a_dimension("Age", slug="age")
        codes = {
            word: make.a_code(dimension, word, word, slug=word.lower())
            for dimension, word in ((sex, "F"), (sex, "M"), (age, "Y"))
        }
        codes["G"] = make.a_code(sex, "G", "girls", slug="g", broader=codes["F"])
        for value, words in (
            ("9", ""),
            ("5", "F"),
            ("4", "M"),
            ("2", "G"),
            ("1", "FY"),
        ):
            observation = month(crossings, "2024-01", value)
            for word in words:
                make.a_code_of(observation, codes[word])

    def test_keep_the_whole_apart_from_its_parts(self, broken_down):
        assert values("parts", measure="sum") == [([], "9")]

    def test_are_grouped_by_with_the_whole_beside_its_parts(self, broken_down):
        rows = asked(measure="sum", group_by="dim:sex,year")["results"]
        told = [(row["codes"]["sex"], row["value"]) for row in rows]
        assert [(code and code["notation"], value) for code, value in told] == [
            (None, "9"),
            ("F", "5"),
            ("G", "2"),
            ("M", "4"),
        ]
        assert rows[1]["codes"]["sex"]["name"] == "F"
        assert rows[1]["left_out"] == 1
        assert all(row["parts"] == [] for row in rows)

    def test_of_one_level_are_put_together_where_there_is_no_whole(self, broken_down):
        Observation.objects.filter(value="9").delete()
        assert values("parts", measure="sum") == [(["sex"], "9")]

    def test_are_columns_of_csv(self, api, broken_down):
        query = {"group_by": "dim:sex", "measure": "max", "format": "csv"}
        head, *rows = api.get(AT, query).getvalue().decode().splitlines()
        place = head.split(",").index("dim:sex")
        assert [row.split(",")[place] for row in rows] == ["", "F", "G", "M"]

    def test_that_are_not_known_are_refused(self, broken_down):
        make.a_dimension(slug="secret", status="draft")
        for slug in ("sxe", "secret"):
            found = refusal(group_by=f"dim:{slug}")
            assert found[:2] == ("group_by", "no_such_record")

    def test_are_offered_on_the_page_of_the_metric(self, client, broken_down):
        page = client.get("/observations/aggregate/?metric=crossings&by=dim:sex")
        assert page.status_code == 200
        assert b'<option value="dim:sex" selected>' in page.content


class TestOtherMeasures:
    def test_have_both_ends_of_what_is_uncertain(self):
        troops = make.a_metric()
        for value in ("100", "~200", ">300"):
            month(troops, "2024-05", value)
        for measure, value in {
            "count": "3",
            "mean": ">=193.3333",
            "min": "100",
            "max": ">=300",
        }.items():
            ((found,),) = values(metric=troops.slug, measure=measure)
            assert found == value, measure

    def test_of_a_level_take_it_from_when_it_was(self):
        make.an_observation(value="15000", start="2024-05")
        assert values("period", measure="max", group_by="year") == [("2024", "15000")]

    def test_keep_apart_what_cannot_be_compared(self, crossings):
        month(crossings, "2024", "1", population="men")
        month(crossings, "2024", "2", population="women")
        month(crossings, "2024", "9", modality="planned")
        assert values("population", "modality", measure="max") == [
            ("", "planned", "9"),
            ("men", "actual", "1"),
            ("women", "actual", "2"),
        ]
        assert values(measure="count") == [("3",)]


class TestPeriods:
    def test_of_which_nothing_is_on_record_are_shown(self, crossings):
        month(crossings, "2023-11")
        month(crossings, "2024-02")
        quarters = values("period", "observations", group_by="quarter", measure="sum")
        assert quarters == [("2023-Q4", 1, "10"), ("2024-Q1", 1, "10")]
        months = values("period", group_by="month", measure="sum")
        assert months == [
            ("2023-11", "10"),
            ("2023-12", ""),
            ("2024-01", ""),
            ("2024-02", "10"),
        ]
        asked_for = {"group_by": "year", "measure": "sum", "from": "2022", "to": "2024"}
        assert values("period", **asked_for) == [
            ("2022", ""),
            ("2023", "10"),
            ("2024", "10"),
        ]

    def test_of_a_fiscal_year_begin_when_they_are_said_to(self, crossings):
        month(crossings, "2024-09", "1")
        month(crossings, "2024-10", "2")
        query = {"group_by": "fiscal-year", "measure": "sum"}
        assert values("period", "period_start", **query) == [
            ("FY2024", "2023-10-01", "1"),
            ("FY2025", "2024-10-01", "2"),
        ]
        assert values("period", **query, fiscal_start="7") == [("FY2025", "3")]

    def test_have_no_window_that_reaches_beyond_them_or_what_is_asked(self, crossings):
        make.an_observation(crossings, start="2023-07", end="2024-06")
        for query, reason in (
            ({"group_by": "year"}, "period"),
            ({"from": "2024"}, "outside"),
        ):
            answer = asked(measure="sum", **query)
            assert answer["results"] == []
            assert [each["reason"] for each in answer["left_out"]] == [reason]


class TestQuestions:
    @pytest.mark.parametrize(
        ("name", "value", "told"),
        [
            ("group_by", "yaer", "did you mean year"),
            ("group_by", "year,month", "Only one of these"),
            ("group_by", "place,state", "Only one of these"),
            ("measure", "total", "count, sum, mean, min, max"),
            ("fiscal_start", "13", "from 1 to 12"),
            ("limit", "5", "no such parameter"),
        ],
    )
    def test_that_make_no_sense_are_told_what_would(self, name, value, told):
        parameter, _code, message = refusal(**{name: value})
        assert parameter == name
        assert told in message

    def test_of_too_much_are_refused(self, crossings, monkeypatch):
        for when in ("2020-05", "2024-05"):
            month(crossings, when)
        monkeypatch.setattr(bounds, "MOST_GROUPS", 4)
        assert refusal(group_by="year")[:2] == ("group_by", "too_many")
        everything = {"group_by": "month", "from": "0002", "to": "9998"}
        assert refusal(**everything)[:2] == ("group_by", "too_many")
        monkeypatch.setattr(bounds, "MOST", 1)
        assert refusal()[:2] == ("metric", "too_many")

    def test_cost_as_many_queries_of_much_as_of_little(self, crossings, texas):
        counted = []
        for year in range(2000, 2004):
            for place in (texas, make.a_place()):
                month(crossings, str(year), place=place, reported_by=make.an_agency())
            with CaptureQueriesContext(connection) as caught:
                asked(group_by="state,reported_by,year", measure="mean")
            counted.append(len(caught))
        assert len(set(counted)) == 1

    def test_are_answered_as_csv_too(self, api, crossings, texas):
        month(crossings, "2024", "5..7", place=texas)
        query = {"group_by": "place", "measure": "sum", "format": "csv"}
        head, row = api.get(AT, query).getvalue().decode().splitlines()
        cells = dict(zip(head.split(","), row.split(","), strict=True))
        assert (cells["metric"], cells["place"]) == ("crossings", "texas")
        assert (cells["value"], cells["value_low"]) == ("5..7", "5")

    def test_are_numbers_in_a_spreadsheet(self, api, crossings):
        month(crossings, "2023", "12"), month(crossings, "2024", "5..7")
        query = {"group_by": "year", "measure": "sum", "format": "xlsx"}
        book = load_workbook(BytesIO(api.get(AT, query).getvalue()))
        head, *rows = book.active.iter_rows(values_only=True)
        assert [row[head.index("value")] for row in rows] == [12, "5..7"]


def test_a_place_and_an_agency_that_are_not_public_are_as_good_as_none(crossings):
    for number in (1, 2):
        hidden = make.a_place(slug=f"secret-{number}", status="draft")
        agency = make.an_agency(slug=f"hidden-{number}", status="draft")
        month(crossings, "2024", place=hidden, reported_by=agency)
    month(crossings, "2024", "99", status="draft")
    assert refusal(measure="sum")[:2] == ("measure", "overlap")
    query = {"group_by": "place,reported_by", "measure": "max"}
    assert values("place", "reported_by", **query) == [(None, None, "10")]


MONTHS = st.dictionaries(
    st.dates(date(1990, 1, 1), date(2029, 12, 31)).map(lambda day: f"{day:%Y-%m}"),
    st.integers(0, 10**6),
    max_size=8,
)


@settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(counted=MONTHS)
def test_what_is_summed_by_longer_periods_comes_to_the_same(crossings, counted):
    Observation.objects.filter(metric=crossings).delete()
    for when, value in counted.items():
        month(crossings, when, str(value))
    for sort in ("quarter", "year", "fiscal-year", ""):
        question = Question((sort,) if sort else (), measure="sum")
        groups = aggregate(Observation.objects.published(), question).groups
        assert sum(one.low or 0 for one in groups) == sum(counted.values())
        assert sum(one.observations for one in groups) == len(counted)

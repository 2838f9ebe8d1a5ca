"""Dimensions: what is measured is broken down by codes, and compared code by code."""

import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils.translation import override

from provenance.history.undo import CannotUndo, undo
from provenance.imports.mapping import Mapping
from provenance.merging import merge
from provenance.merging.joining import plan
from provenance.resources import resource_of
from provenance.resources.importing import finish, import_tables
from provenance.tables import open_sheet
from provenance.tracking.changes import ChangeSet, changing
from tests import PROJECT, make
from tests.curating import address, errors_of, row, save
from timeline.checks import UnsoundCodes
from timeline.models import (
    Code,
    Dimension,
    Metric,
    MetricDimension,
    Observation,
    ObservationCode,
    ObservationDispute,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HEADER = "slug,status,metric,value,start,modality,dim:age,dim:sex\r\n"
ROWS = (
    "all,draft,people,30,2020,actual,,\r\n"
    "five,draft,people,5,2020,actual,Y5,\r\n"
    "girls,draft,people,2,2020,actual,Y5,F\r\n"
    "women,draft,people,16,2020,actual,,F\r\n"
)


@pytest.fixture
def people():
    """A metric that is broken down by sex and by age, and the codes of both."""
    sex = make.a_dimension("Sex", slug="sex")
    age = make.a_dimension("Age", slug="age", name_es="Edad")
    make.a_code(sex, "F", "female", slug="sex-f", name_es="mujeres")
    make.a_code(sex, "M", "male", slug="sex-m", name_es="hombres")
    young = make.a_code(age, "Y0T17", "under 18", slug="age-y0t17")
    make.a_code(age, "Y5", "five years", slug="age-y5", broader=young)
    metric = make.a_metric("People", slug="people")
    metric.dimensions.add(sex, age)
    return metric


def code(slug):
    return Code.objects.get(slug=slug)


def counted(metric, value, *slugs, **values):
    """An observation of the codes of these slugs."""
    values = {"start": "2020", **values}
    observation = make.an_observation(metric, value, **values)
    for slug in slugs:
        ObservationCode.objects.create(observation=observation, code=code(slug))
    return observation


def disputed():
    """The slugs of the observations that others contradict, from all that there is."""
    found = ObservationDispute.objects.order_by("record__slug")
    before = list(found.values_list("record__slug", flat=True))
    call_command("refresh_disputes", stdout=io.StringIO())
    assert before == list(found.values_list("record__slug", flat=True))
    return before


def read_in(text, table="observations", **options):
    """What became of a file, and everything that is wrong with it."""
    imported = import_tables([(table, open_sheet(text.encode()))], **options)
    (outcome,) = imported.outcomes
    faults = [*imported.faults, *outcome.faults]
    return {k: n for k, n in outcome.counts.items() if n}, [str(f) for f in faults]


def exported():
    return b"".join(resource_of(Observation)().csv()).decode()


def codes_of(observation):
    rows = observation.code_rows.values_list("dimension__slug", "code__notation")
    return dict(rows)


class TestTwoObservations:
    def test_of_other_codes_do_not_conflict(self, people):
        counted(people, "30")
        counted(people, "5", "age-y5")
        counted(people, "2", "age-y5", "sex-f")
        counted(people, "3", "age-y5", "sex-m")
        assert disputed() == []

    def test_of_the_same_codes_conflict_in_whichever_order_they_were_said(self, people):
        counted(people, "2", "age-y5", "sex-f", slug="a")
        counted(people, "3", "sex-f", "age-y5", slug="b")
        assert disputed() == ["a", "b"]

    def test_are_looked_at_again_when_a_code_is_said_and_when_it_is_taken_off(
        self, people
    ):
        counted(people, "2", "sex-f", slug="a")
        other = counted(people, "3", slug="b")
        assert disputed() == []
        said = ObservationCode.objects.create(observation=other, code=code("sex-f"))
        assert disputed() == ["a", "b"]
        said.code = code("sex-m")
        said.save()
        assert disputed() == []
        said.code = code("sex-f")
        said.save()
        said.delete()
        assert disputed() == []


class TestATable:
    def test_has_a_column_for_each_declared_dimension_in_and_out(self, people):
        make.a_dimension(slug="unused")
        assert read_in(HEADER + ROWS) == ({"new": 4}, [])
        assert codes_of(Observation.objects.get(slug="girls")) == {
            "age": "Y5",
            "sex": "F",
        }
        text = exported()
        assert text.splitlines()[0].endswith("private_note,dim:age,dim:sex")
        assert text.splitlines()[3] == (
            "girls,draft,people,2,,2020,,,,,,,,actual,,,,,Y5,F"
        )
        assert read_in(text) == ({"same": 4}, [])

    def test_changes_the_code_of_one_dimension_and_leaves_the_others(self, people):
        read_in(HEADER + ROWS)
        girls = Observation.objects.get(slug="girls")
        assert read_in("slug,dim:sex\r\ngirls,M\r\nfive,\r\n") == (
            {"changed": 1, "same": 1},
            [],
        )
        assert codes_of(girls) == {"age": "Y5", "sex": "M"}
        girls.refresh_from_db()
        assert girls.version == 2
        undo(ChangeSet.objects.first())
        assert codes_of(girls) == {"age": "Y5", "sex": "F"}

    def test_says_what_of_a_code_is_wrong_and_what_would_be_right(self, people):
        make.a_metric(slug="plain")
        text = (
            "a,draft,people,1,2020,actual,Y6,F\r\n"
            "b,draft,people,1,2020,actual,F,\r\n"
            "c,draft,plain,1,2020,actual,,F\r\n"
        )
        assert read_in(HEADER + text) == (
            {"wrong": 3},
            [
                'line 2, column "dim:age": “age” has no code “Y6”; it has these: '
                "Y0T17, Y5.",
                'line 3, column "dim:age": “age” has no code “F”; it has these: '
                "Y0T17, Y5.",
                'line 4, column "dim:sex": The metric is not broken down by “sex”; '
                "add that to its dimensions, or leave “F” out.",
            ],
        )
        lacking = "nothing gives this column a value, and a new record needs one."
        assert read_in("slug,dim:sax\r\nall,F\r\n")[1] == [
            "the file: unknown column “dim:sax”; did you mean dim:sex / dim:age?",
            f'line 2, column "metric": {lacking}',
            f'line 2, column "modality": {lacking}',
            "line 2: Give a value, or the reason why there is none.",
        ]
        assert not Observation.objects.exists()

    def test_may_bring_the_dimensions_of_its_columns_along(self):
        page = (PROJECT / "docs" / "dimensions.md").read_text(encoding="utf-8")
        texts = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
        tables = ("dimensions", "codes", "metrics", "observations")
        pairs = zip(tables, texts, strict=True)
        sheets = [(name, open_sheet(text.encode())) for name, text in pairs]
        assert not import_tables(sheets).is_wrong
        women = Observation.objects.get(slug="encounters-2024-f")
        assert codes_of(women) == {"sex": "F"}

    def test_is_filled_from_foreign_columns_by_a_mapping(self, people):
        mapping = Mapping.from_toml(
            """
            name = "Counts"
            [observations]
            slug = {template = "{Sexo} {Año}"}
            status = "draft"
            metric = "people"
            modality = "actual"
            value = {from = "Total"}
            start = {from = "Año"}
            "dim:sex" = {from = "Sexo", map = {Mujeres = "F", Hombres = "M"}}
            "dim:age" = "Y5"
            """
        )
        sheet = open_sheet("Año,Sexo,Total\n2020,Mujeres,2\n2020,Hombres,3\n".encode())
        assert not import_tables(finish(mapping.steps(sheet))).is_wrong
        assert [codes_of(one) for one in Observation.objects.order_by("value_low")] == [
            {"age": "Y5", "sex": "F"},
            {"age": "Y5", "sex": "M"},
        ]


class TestTheApi:
    def test_says_and_takes_the_codes_of_an_observation(self, people, writer):
        body = {
            "slug": "girls",
            "metric": "people",
            "value": "2",
            "modality": "actual",
            "codes": [{"code": "age-y5"}, {"code": "sex-f"}],
        }
        made = writer.post("/api/v1/observations/", body, format="json")
        assert made.status_code == 201
        root = "http://testserver/api/v1"
        assert made.json()["codes"] == [
            {
                "dimension": {
                    "slug": dimension,
                    "name": name,
                    "url": f"{root}/dimensions/{dimension}/",
                },
                "notation": notation,
                "code": {"slug": slug, "name": called, "url": f"{root}/codes/{slug}/"},
            }
            for dimension, name, notation, slug, called in (
                ("age", "Age", "Y5", "age-y5", "five years"),
                ("sex", "Sex", "F", "sex-f", "female"),
            )
        ]

    @pytest.mark.parametrize(
        ("metric", "codes", "said"),
        [
            ("people", ["sex-f", "sex-m"], "already has a code of this dimension"),
            ("plain", ["sex-f"], "not broken down by “sex”"),
            (
                "people",
                ["sex-x"],
                "There is no code “sex-x”; did you mean sex-m / sex-f?",
            ),
        ],
    )
    def test_refuses_what_is_no_code_of_it(self, metric, codes, said, people, writer):
        make.a_metric(slug="plain")
        body = {"metric": metric, "value": "2", "modality": "actual"}
        body["codes"] = [{"code": slug} for slug in codes]
        refused = writer.post("/api/v1/observations/", body, format="json")
        assert refused.status_code == 400
        assert said in str(refused.json()["errors"])
        assert not Observation.objects.exists()

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("dim:sex=F", ["girls", "women"]),
            ("dim:age=Y5", ["five", "girls"]),
            ("dim:age=Y0T17", ["five", "girls"]),
            ("dim:age=Y0T17&dim:sex=F", ["girls"]),
            ("dim:sex=M", []),
            ("dim:sex=M,F", ["girls", "women"]),
            ("dim:sex__n=F", ["all", "five"]),
        ],
    )
    def test_finds_by_codes_and_by_those_that_include_them(
        self, query, found, people, api
    ):
        for slug, *codes in (
            ("all",),
            ("five", "age-y5"),
            ("girls", "age-y5", "sex-f"),
            ("women", "sex-f"),
        ):
            counted(people, "1", *codes, slug=slug)
        answer = api.get(f"/api/v1/observations/?metric=people&{query}&ordering=slug")
        assert [one["slug"] for one in answer.json()["results"]] == found

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("dim:sex=W", "“sex” has no code “W”; it has these: F, M."),
            ("dim:sax=F", "There is no dimension “sax”."),
            (
                "dim:=F",
                "There is no such parameter; choose one of: as_of, certainty, cursor, "
                "deployment, excel, fields, format, from, general_knowledge, "
                "in_dispute, known_at, limit, metric, modality, ordering, place, q, "
                "reported_by, source, status, theme, to, value_missing.",
            ),
        ],
    )
    def test_refuses_a_question_for_what_is_no_code(self, query, said, people, api):
        answer = api.get(f"/api/v1/observations/?{query}")
        assert answer.status_code == 400
        assert [error["message"] for error in answer.json()["errors"]] == [said]

    def test_writes_the_codes_into_columns_of_csv(self, people, api):
        counted(people, "2", "sex-f", slug="women")
        text = api.get("/api/v1/observations/?format=csv&fields=slug,dim:sex")
        assert b"".join(text) == b"slug,dim:sex\r\nwomen,F\r\n"


class TestTheForm:
    def test_offers_the_codes_of_what_the_metric_declares(self, people, curator):
        other = make.a_code(make.a_dimension("Mode"), "sea", "by sea")
        page = curator.get(address(Observation, "change", counted(people, "1").pk))
        (rows,) = [
            each.formset
            for each in page.context["inline_admin_formsets"]
            if each.formset.prefix == "code_rows"
        ]
        asked = rows.empty_form["code"].field.widget.widget
        offered = curator.get(
            asked.get_url(),
            {
                "app_label": "timeline",
                "model_name": "observationcode",
                "field_name": "code",
                "metric": people.pk,
            },
        ).json()["results"]
        assert f"metric={people.pk}" in asked.get_url()
        assert "Sex: female (F)" in [each["text"] for each in offered]
        assert str(other.pk) not in [each["id"] for each in offered]

    def test_refuses_two_codes_of_one_dimension_and_one_of_another_metric(
        self, people, curator
    ):
        observation = counted(people, "1")
        two = row("code_rows", 0, code=code("sex-f").pk)
        two |= row("code_rows", 1, code=code("sex-m").pk)
        assert errors_of(save(curator, observation, **two)) == {
            "code_rows.__all__": [
                "The observation already has a code of this dimension."
            ]
        }
        other = make.a_code(make.a_dimension("Mode", slug="mode"), "sea", "by sea")
        one = row("code_rows", code=other.pk)
        assert errors_of(save(curator, observation, **one)) == {
            "code_rows.code": [
                "The metric is not broken down by “mode”; add that to its dimensions, "
                "or leave “sea” out."
            ]
        }
        right = row("code_rows", code=code("sex-f").pk)
        assert save(curator, observation, **right).status_code == 302
        assert codes_of(observation) == {"sex": "F"}


class TestARule:
    def test_keeps_a_code_in_its_list_below_one_of_the_same(self, people):
        female = code("sex-f")
        female.broader = code("age-y0t17")
        with pytest.raises(ValidationError, match="a code of another dimension"):
            female.full_clean()
        female.broader, female.dimension = None, code("age-y5").dimension
        with pytest.raises(ValidationError, match="A code stays in its list"):
            female.full_clean()

    def test_keeps_a_dimension_declared_that_observations_are_broken_down_by(
        self, people
    ):
        counted(people, "2", "sex-f", slug="women")
        text = "slug,dimensions\r\npeople,age\r\n"
        said = [
            "the file: “People: 2 persons (2020)”: its metric is not broken down by "
            "“sex”; add that to the dimensions of the metric, or take “F” off."
        ]
        for dry_run in (True, False):
            assert read_in(text, "metrics", dry_run=dry_run)[1] == said
        assert people.dimensions.count() == 2

    def test_publishes_no_observation_before_its_codes(self, people, curator):
        secret = make.a_code(code("sex-f").dimension, "X", status="draft", slug="x")
        observation = counted(people, "2", status="draft")
        ObservationCode.objects.create(observation=observation, code=secret)
        make.a_citation(observation)
        observation.status = "published"
        with (
            pytest.raises(ValidationError, match="of the code “x”, which is not"),
            changing("form"),
        ):
            observation.save()

    def test_withdraws_no_code_that_a_published_observation_is_of(self, people):
        counted(people, "2", "sex-f")
        female = code("sex-f")
        female.status = "withdrawn"
        with (
            pytest.raises(ValidationError, match="of the code “sex-f”, which is not"),
            changing("form"),
        ):
            female.save()

    def test_finds_what_got_past_the_others(self, people):
        counted(people, "2", "sex-f", slug="women")
        assert UnsoundCodes().findings() == []
        dimension = code("sex-f").dimension
        dimension.status = "draft"
        dimension.save()
        people.dimension_rows.all().delete()
        assert [str(finding) for finding in UnsoundCodes().findings()] == [
            "error observation women codes: It is published, and of the code “sex-f”, "
            "which is not; publish the code and its dimension before it.",
            "error observation women codes: Its metric is not broken down by “sex”; "
            "add that to the dimensions of the metric, or take “F” off.",
        ]


def test_codes_that_are_merged_take_their_observations_along(people):
    counted(people, "2", "sex-f", slug="a")
    other = make.a_code(code("sex-f").dimension, "W", "women", slug="sex-w")
    counted(people, "3", "sex-w", slug="b")
    assert disputed() == []
    merge(code("sex-f"), other, "the same")
    assert codes_of(Observation.objects.get(slug="b")) == {"sex": "F"}
    assert disputed() == ["a", "b"]


def test_codes_of_two_lists_are_not_merged_and_the_preview_says_what_to_do(people):
    other = make.a_code(make.a_dimension(slug="gender"), "F", slug="gender-f")
    assert plan(code("sex-f"), other).blocks == (
        "“gender-f” belongs to “gender” and “sex-f” to “sex”; merge these two first.",
    )
    with pytest.raises(ValidationError, match="merge these two first"):
        merge(code("sex-f"), other)


@pytest.fixture
def gender(people):
    """A dimension like that of the sexes, with codes of both and one of its own."""
    sex, gender = code("sex-f").dimension, make.a_dimension("Gender", slug="gender")
    people.dimensions.add(gender)
    make.a_code(sex, "G", "girls", slug="sex-g", broader=code("sex-f"))
    girls = make.a_code(gender, "G", "girls", slug="gender-g")
    girls.broader = make.a_code(gender, "F", "female", slug="gender-f")
    girls.save()
    make.a_code(gender, "X", "neither", slug="gender-x")
    counted(people, "2", "sex-f", "gender-f", slug="both")
    counted(people, "3", "gender-f", slug="one")
    counted(people, "4", "gender-x", slug="other")
    for each in (*Dimension.objects.all(), *Code.objects.all()):
        make.a_citation(each)  # which it needs to stay published
    gender.refresh_from_db()
    return gender


def what_is_counted():
    """All rows of dimensions, codes and observations, but for when and how often."""
    return {
        model: list(
            model.objects.order_by("pk").values(
                *(
                    column.attname
                    for column in model._meta.concrete_fields
                    if column.name not in ("version", "updated_at")
                )
            )
        )
        for model in (Dimension, Code, MetricDimension, Observation, ObservationCode)
    }


def test_dimensions_that_are_merged_are_one_in_what_has_codes_of_both(gender):
    merge(code("sex-f").dimension, gender)
    told = {one.slug: codes_of(one) for one in Observation.objects.all()}
    assert told == {"both": {"sex": "F"}, "one": {"sex": "F"}, "other": {"sex": "X"}}
    assert not Code.objects.filter(slug__in=("gender-f", "gender-g")).exists()


def test_a_merge_of_dimensions_that_is_taken_back_leaves_what_was_there(people, gender):
    counted(people, "5", "sex-m", "gender-x", slug="differs")
    before = what_is_counted()
    merge(code("sex-f").dimension, gender)
    undo(ChangeSet.objects.first())
    assert what_is_counted() == before


def test_a_merge_of_codes_that_is_taken_back_leaves_what_was_there(gender):
    girls = code("gender-g")
    before = what_is_counted()
    merge(code("gender-x"), girls)
    undo(ChangeSet.objects.first())
    assert what_is_counted() == before


def test_a_merge_is_not_taken_back_under_what_was_counted_since(people, gender):
    merge(code("sex-f").dimension, gender)
    merged = ChangeSet.objects.first()
    counted(people, "6", "gender-x", slug="later")
    after = what_is_counted()
    with pytest.raises(CannotUndo, match="Observations have the code in the other"):
        undo(merged)
    with pytest.raises(CannotUndo, match="needs its dimension “Gender"):
        undo(merged, code("gender-x"))
    assert what_is_counted() == after


def test_the_page_of_a_metric_has_a_series_for_each_part_in_the_readers_words(
    people, client
):
    for year, number in (("2019", "15"), ("2020", "16")):
        counted(people, number, "sex-f", start=year)
        counted(people, f"{number}0", start=year)
    page = client.get("/metrics/people/")
    (observations,) = [s for s in page.context["sections"] if s.key == "observations"]
    assert sorted(
        (series.label, len(series.points)) for series in observations.chart.series
    ) == [("Actual", 2), ("Female, actual", 2)]
    told = client.get("/es/metrics/people/?dim:sex=F")
    assert "mujeres" in told.content.decode()
    (observations,) = [s for s in told.context["sections"] if s.key == "observations"]
    assert [len(series.points) for series in observations.chart.series] == [2]
    assert client.get("/metrics/people/?dim:sex=W").status_code == 400


def test_a_metric_says_in_what_it_is_counted():
    metric = make.a_metric(unit="persons", unit_es="personas", multiplier="thousands")
    metric = Metric.objects.get(pk=metric.pk)
    for language in ("en", "es"):  # what programs get is the same for all
        with override(language):
            assert metric.counted_in == "thousand persons"
    with override("es"):
        assert metric.counted_in_words == "mil personas"

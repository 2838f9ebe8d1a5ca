"""Saved mappings in the admin: as text, and as a form that matches columns."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from provenance.history.undo import undo
from provenance.imports.mapping import Mapping, mappings_for
from provenance.imports.mapping.simple import SimpleColumn, SimpleMapping, matched
from provenance.models import ChangeSet, SavedMapping
from tests import make
from tests.recipes import RECIPES
from tests.roles import somebody
from tests.workbooks import xlsx

pytestmark = pytest.mark.django_db

LIST = "/admin/provenance/savedmapping/"
MATCH = f"{LIST}match/"
PLACES = """name = "Cities of the census"
unused = ["pop"]

[places]
name = {from = "City"}
kind = "city"
parent = {from = "Country", map = {"MX" = "mexico", "" = "united-states"}}
"""


@pytest.fixture
def manager(client):
    """A data manager at the admin."""
    client.force_login(somebody("data manager"))
    return client


def asked(**fields):
    """What the form sends about three foreign columns for places."""
    headers = ["City", "Country", "pop"]
    return {
        "table": "places",
        "headers": json.dumps(headers),
        "name": "Cities of the census",
        "unused": ["pop"],
        "name-from": "City",
        "kind-constant": "city",
        "parent-from": "Country",
        "parent-map": "MX => mexico\n=> united-states",
        **fields,
    }


def test_the_header_of_a_sheet_of_a_workbook_is_matched(manager):
    book = xlsx(Notes=[["nothing"]], Cities=[["City", "Country", "pop"]])
    file = SimpleUploadedFile("cities.xlsx", book)
    page = manager.post(MATCH, {"table": "places", "file": file, "sheet": "Cities"})
    assert form_of(page).headers == ["City", "Country", "pop"]
    file.seek(0)
    page = manager.post(MATCH, {"table": "places", "file": file})
    assert "it has several sheets; name one of them" in page.content.decode()


def form_of(response):
    return response.context["match"]


# As text


def test_a_mapping_with_faults_is_not_saved_and_all_of_them_are_shown(manager):
    answer = manager.post(
        f"{LIST}add/", {"name": "People", "toml": '[officials]\nnam = "x"'}
    )
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors == {
        "toml": [
            "name: give the name of the mapping.",
            "officials.nam: unknown; did you mean name?",
            "officials.slug: give a template for the slug, as {template = “…”}.",
        ]
    }
    assert not SavedMapping.objects.exists()


def test_a_mapping_that_is_saved_is_listed_with_the_tables_that_it_feeds(manager):
    toml = (RECIPES / "mx-cabinet.toml").read_text(encoding="utf-8")
    answer = manager.post(f"{LIST}add/", {"name": "Cabinet", "toml": toml})
    assert answer.status_code == 302
    page = manager.get(LIST).text
    assert "Cabinet" in page
    assert "agencies, appointments, official_identifiers, officials, places" in page


def test_a_mapping_keeps_its_history(manager):
    saved = make.a_mapping("Cities", PLACES)
    manager.post(f"{LIST}{saved.pk}/change/", {"name": "Towns", "toml": PLACES})
    names = saved.history.order_by("history_id").values_list("name", flat=True)
    assert list(names) == ["Cities", "Towns"]
    assert ChangeSet.objects.latest("number").path == "form"


def test_what_a_change_did_to_a_mapping_is_said_and_taken_back(manager, api):
    manager.post(f"{LIST}add/", {"name": "Cities", "toml": PLACES})
    saved = SavedMapping.objects.get()
    manager.post(f"{LIST}{saved.pk}/change/", {"name": "Towns", "toml": PLACES})
    number = ChangeSet.objects.latest("number").pk
    page = manager.get(reverse("admin:change_set", args=[number])).text
    assert "Cities" in page and "Towns" in page
    assert api.get("/api/v1/changes/").json()["results"] == []
    undo(ChangeSet.objects.get(pk=number), None, "a slip")
    saved.refresh_from_db()
    assert saved.name == "Cities"


@pytest.mark.parametrize(
    ("role", "status"), [("viewer", 403), ("reviewer", 403), ("data manager", 200)]
)
def test_who_may_import_may_write_mappings(client, role, status):
    client.force_login(somebody(role))
    assert client.get(f"{LIST}add/").status_code == status
    assert client.get(MATCH).status_code == status
    assert client.get(LIST).status_code == 200


def test_the_mappings_for_a_table_are_those_that_feed_it_and_are_right():
    cities = make.a_mapping("Cities", PLACES)
    make.a_mapping("Broken", 'name = "x"\n[places]\nnom = "y"')
    make.a_mapping(
        "Laws", 'name = "Laws"\n[sources]\ntitle = {from = "t"}\nkind = "law"'
    )
    assert mappings_for(["places", "agencies"]) == [cities]
    assert mappings_for(["metrics"]) == []


# As a form


@pytest.mark.parametrize(
    "given_as",
    [
        {"header": "City\tCountry\tpop"},
        {"file": SimpleUploadedFile("c.csv", b"City,Country,pop\r\nYuma,US,100\r\n")},
    ],
)
def test_the_form_asks_about_each_column_and_proposes_those_called_alike(
    manager, given_as
):
    answer = manager.post(MATCH, {"table": "places", "name": "x", **given_as})
    form = form_of(answer)
    assert form.headers == ["City", "Country", "pop"]
    assert form.initial == {"unused": ["City", "Country", "pop"]}
    assert [row["column"] for row in form.rows()][:5] == [
        *("slug", "status", "name", "name_es", "kind")
    ]


def test_columns_are_matched_by_what_they_are_called_and_each_only_once():
    assert matched(
        ["name", "kind", "iso_code", "latitude"],
        ["Name", "ISO Code", "lattitude", "names"],
    ) == {"name": "Name", "iso_code": "ISO Code", "latitude": "lattitude"}


def test_a_file_that_is_no_table_is_refused_with_what_is_wrong(manager):
    answer = manager.post(MATCH, {"table": "places", "header": "a,a"})
    (said,) = answer.context["file"].non_field_errors()
    assert "the column “a” stands there 2 times" in said
    answer = manager.post(MATCH, {"table": "places"})
    assert answer.context["file"].non_field_errors() == [
        "Give either the file or its header row."
    ]


def test_the_form_shows_the_mapping_and_saves_it_under_its_name(manager):
    answer = manager.post(MATCH, asked())
    assert answer.context["toml"] == PLACES
    assert not SavedMapping.objects.exists()
    answer = manager.post(MATCH, asked(save="1"))
    saved = SavedMapping.objects.get()
    assert answer.url == reverse(
        "admin:provenance_savedmapping_change", args=[saved.pk]
    )
    assert (saved.name, saved.toml) == ("Cities of the census", PLACES.strip())
    answer = manager.post(MATCH, asked(save="1"))
    assert form_of(answer).errors["name"] == [
        "A mapping of this name is saved already."
    ]


def test_what_the_form_cannot_mean_is_said_beside_it(manager):
    answer = manager.post(
        MATCH,
        asked(
            **{
                "unused": [],
                "kind-from": "Country",
                "parent-map": "MX mexico",
                "slug-map": "a => b",
            }
        ),
    )
    assert form_of(answer).errors == {
        "kind-constant": ["Choose a column of the file or a fixed value, not both."],
        "parent-map": [
            "“MX mexico”: write it as value in the file => value to record."
        ],
        "slug-from": ["Choose the column of the file that this applies to."],
        "unused": ["Match these columns, or tick them as ignored: pop."],
    }


def test_a_mapping_that_the_form_makes_wrong_is_refused_with_its_missteps(manager):
    answer = manager.post(MATCH, asked(**{"name-from": "", "unused": ["pop", "City"]}))
    assert form_of(answer).non_field_errors() == [
        "places.slug: give a template for the slug, as {template = “…”}."
    ]


def test_a_simple_mapping_is_opened_again_as_it_was_saved(manager):
    saved = make.a_mapping("Cities of the census", PLACES)
    page = f"{LIST}{saved.pk}/match-again/"
    form = form_of(manager.get(page))
    assert form["name-from"].value() == "City"
    assert form["parent-map"].value() == "MX => mexico\n => united-states"
    assert form["unused"].value() == ("pop",)
    answer = manager.post(page, asked(name="Towns", save="1"))
    assert answer.status_code == 302
    saved.refresh_from_db()
    assert saved.name == "Towns"
    assert SavedMapping.objects.count() == 1


def test_a_mapping_that_says_more_than_the_form_is_left_to_its_text(manager):
    toml = (RECIPES / "mx-cabinet.toml").read_text(encoding="utf-8")
    saved = make.a_mapping("Cabinet", toml)
    answer = manager.get(f"{LIST}{saved.pk}/match-again/", follow=True)
    assert "has more than the form can show" in answer.text
    assert answer.redirect_chain == [(f"{LIST}{saved.pk}/change/", 302)]


letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.text(letters, min_size=1)


@given(
    name=texts,
    source=texts,
    constant=texts,
    words=st.dictionaries(st.text(letters), texts),
    unused=st.lists(texts, unique=True),
)
def test_a_simple_mapping_is_read_back_as_it_was_written(
    name, source, constant, words, unused
):
    columns = {
        "name": SimpleColumn(source, "", "", words),
        "kind": SimpleColumn(constant=constant),
    }
    unused = tuple(text for text in unused if text != source)
    simple = SimpleMapping(name, "places", columns, unused)
    assert SimpleMapping.from_toml(simple.toml()) == simple
    assert Mapping.from_toml(simple.toml()).reads == {source: "places.name"}


@pytest.mark.parametrize(
    "headers",
    [
        "[" * 100_000,
        '["\\ud800"]',
        json.dumps([f"column {n}" for n in range(201)]),
        '{"a": 1}',
        "[1]",
        "9" * 5000,
        "",
    ],
)
def test_what_no_page_sends_back_as_columns_is_not_found(manager, headers):
    sent = {"table": "places", "headers": headers}
    assert manager.post(MATCH, sent).status_code == 404


def test_as_many_columns_as_a_file_may_have_are_matched(manager):
    headers = json.dumps([f"column {n}" for n in range(200)])
    answer = manager.post(MATCH, {"table": "places", "headers": headers})
    assert answer.status_code == 200


def test_a_mapping_that_nothing_can_bear_to_read_is_refused_on_its_form(manager):
    sent = {"name": "Deep", "toml": "a = " + "[" * 50_000}
    answer = manager.post(f"{LIST}add/", sent)
    assert answer.context["errors"] == [["no TOML: it is nested too deep."]]
    assert not SavedMapping.objects.exists()

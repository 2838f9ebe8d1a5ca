"""The record as Popolo has it.

The schemas are written out from the text of the specification, http://www.
popoloproject.com/, whose own say the same; what Popolo does not know is told apart.
"""

import json

import pytest
from jsonschema import Draft202012Validator

from entities.models import OfficialIdentifier
from tests import make
from tests.exchange.schemas import a_list, an_object

pytestmark = [pytest.mark.django_db, pytest.mark.database]

AT = "/api/v1/popolo/"
TEXT = {"type": ["string", "null"]}
NEEDED = {"type": "string", "minLength": 1}
DATE = {"type": ["string", "null"], "pattern": "^[0-9]{4}(-[0-9]{2}){0,2}$"}
MOMENT = {"type": "string", "format": "date-time"}
LINK = an_object(("url",), url={"type": "string", "pattern": "^https?://"}, note=TEXT)
COMMON = {
    "id": NEEDED,
    "links": a_list(LINK),
    "sources": a_list(LINK),
    "created_at": MOMENT,
    "updated_at": MOMENT,
}
TERM = dict.fromkeys(("start_date", "end_date"), DATE)
TERM |= {f"{name}_edtf": TEXT for name in TERM}  # ours
LIFE = dict.fromkeys(("founding_date", "dissolution_date"), DATE)
LIFE |= {f"{name}_edtf": TEXT for name in LIFE}  # ours
OTHER_NAMES = a_list(an_object(("name",), name=NEEDED, note=TEXT, **TERM))


def a_class(**members):
    return a_list(an_object(COMMON, **COMMON, **members))


CLASSES = an_object(
    ("persons", "organizations", "posts", "memberships", "areas"),
    persons=a_class(
        name=NEEDED,
        family_name=TEXT,
        honorific_prefix=TEXT,
        other_names=OTHER_NAMES,
        identifiers=a_list(an_object(("identifier",), identifier=NEEDED, scheme=TEXT)),
    ),
    organizations=a_class(
        name=NEEDED,
        classification=TEXT,
        parent_id=TEXT,
        area_id=TEXT,
        other_names=OTHER_NAMES,
        **LIFE,
    ),
    posts=a_class(label=NEEDED, organization_id=NEEDED, **TERM),
    memberships=a_class(
        label=TEXT,
        role=TEXT,
        person_id=NEEDED,
        organization_id=NEEDED,
        post_id=NEEDED,
        **TERM,
    ),
    areas=a_class(
        name=NEEDED,
        identifier=TEXT,
        classification=TEXT,
        parent_id=TEXT,
        geometry={"type": ["object", "null"]},
    ),
)


@pytest.fixture
def document(api):
    """The document, once it is found to be as Popolo has it."""

    def fetched():
        answer = api.get(AT, headers={"Accept": "text/html"})
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
        told = json.loads(answer.getvalue())
        faults = Draft202012Validator(CLASSES).iter_errors(told)
        assert [error.message for error in faults] == []
        return told

    return fetched


def without(told, *names):
    """An object without what each has."""
    return {k: v for k, v in told.items() if k not in (*COMMON, *names)}


def test_an_empty_record_is_a_document(document):
    assert set(map(len, document().values())) == {0}


def test_everything_is_told_and_where_it_is_read(document):
    mexico = make.a_country(
        "Mexico", slug="mexico", iso_code="MX", latitude="23.5", longitude="-102"
    )
    navy = make.an_agency("Navy", slug="navy", country=mexico, founded="1821")
    make.an_agency_name(navy, "MARINA", start="2012~", language="es")
    ana = make.an_official("Ana Ruiz", slug="ana", family_name="Ruiz", honorific="Dr.")
    OfficialIdentifier.objects.create(official=ana, scheme="wikidata", value="Q1")
    post = make.a_post("Secretary", navy, slug="secretary", start="1940-12-30")
    held = make.an_appointment(
        ana, post, slug="ana-secretary", kind="acting", start="[2025-02-01..2025-02-10]"
    )
    make.a_citation(held, make.a_source("Gazette", url="https://example.org/gazette"))
    make.a_citation(held, make.a_source("A letter", slug="letter"))
    told = document()
    (person,), (body,) = told["persons"], told["organizations"]
    assert without(person) == {
        "name": "Ana Ruiz",
        "family_name": "Ruiz",
        "honorific_prefix": "Dr.",
        "other_names": [],
        "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
    }
    assert without(body) == {
        "name": "Navy",
        "classification": "ministry",
        "parent_id": None,
        "area_id": "mexico",
        "founding_date": "1821",
        "dissolution_date": None,
        "other_names": [
            {
                "name": "MARINA",
                "note": "acronym",
                "start_date": "2012",
                "start_date_edtf": "2012~",
                "end_date": None,
            }
        ],
    }
    assert without(told["posts"][0]) == {
        "label": "Secretary",
        "organization_id": "navy",
        "start_date": "1940-12-30",
        "end_date": None,
    }
    (membership,) = told["memberships"]
    assert without(membership) == {
        "label": "Secretary (acting)",
        "role": "Secretary",
        "person_id": "ana",
        "organization_id": "navy",
        "post_id": "secretary",
        "start_date": "2025-02",
        "start_date_edtf": "[2025-02-01..2025-02-10]",
        "end_date": None,
    }
    assert {(each["note"], each["url"]) for each in membership["sources"]} == {
        ("Gazette", "https://example.org/gazette"),
        ("A letter", "http://testserver/sources/letter/"),
    }
    assert told["areas"][0]["geometry"] == {
        "type": "Point",
        "coordinates": [-102, 23.5],
    }


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        ("", {"end_date": None}),
        ("2024-05", {"end_date": "2024-05"}),
        ("2024?", {"end_date": "2024", "end_date_edtf": "2024?"}),
        ("..", {"end_date": None, "end_date_edtf": ".."}),
        ("[..2024]", {"end_date": None, "end_date_edtf": "[..2024]"}),
        ("[2023..2024]", {"end_date": None, "end_date_edtf": "[2023..2024]"}),
        (
            "[2024-01..2024-12]",
            {"end_date": "2024", "end_date_edtf": "[2024-01..2024-12]"},
        ),
        (
            "[2024-05-01..2024-05-02]",
            {"end_date": "2024-05", "end_date_edtf": "[2024-05-01..2024-05-02]"},
        ),
    ],
)
def test_a_date_is_no_more_exact_than_it_is(document, recorded, told):
    make.a_post(end=recorded)
    (post,) = document()["posts"]
    assert {k: v for k, v in post.items() if k.startswith("end")} == told


def test_what_is_not_public_is_not_there(document):
    hidden = make.a_country("Xyzzy", slug="xyzzy", status="draft")
    make.an_agency("Navy", slug="navy", country=hidden)
    post = make.a_post(agency=make.an_agency("Xyzzy", status="withdrawn"))
    make.an_appointment(make.an_official("Xyzzy", status="draft"), post)
    ana = make.an_official("Ana Ruiz", slug="ana", private_note="xyzzy")
    make.a_citation(ana, make.a_source("xyzzy", status="draft"))
    told = document()
    assert "xyzzy" not in json.dumps(told).casefold()
    assert told["organizations"][0]["area_id"] is None
    assert told["persons"][0]["sources"] == []
    assert told["posts"] == told["memberships"] == []


def test_nominees_held_no_post(document):
    make.an_appointment(kind="nominee")
    assert document()["memberships"] == []


def test_any_text_comes_through(document):
    names = ['"', "\\n", "</script>", "José ﷽", "😀", ",[]{}"]
    for number, name in enumerate(names):
        make.an_official(name, slug=f"o-{number}")
    assert [each["name"] for each in document()["persons"]] == names


def test_it_is_whole_however_long(document, monkeypatch):
    monkeypatch.setattr("provenance.exchange.reading.WITH_ROWS", 2)
    for number in range(5):
        make.an_official(slug=f"o-{number}")
    assert [each["id"][-1] for each in document()["persons"]] == list("01234")


def test_it_is_asked_for_as_any_address(api):
    assert api.get("/api/v1/").json()["popolo"].endswith(AT)
    assert api.get(AT, {"nosuch": 1}).status_code == 400
    assert api.head(AT).status_code == 200
    tag = api.get(AT)["ETag"]
    assert api.get(AT, headers={"If-None-Match": tag}).status_code == 304

"""Places and events as GeoJSON (RFC 7946)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator

from tests import make
from tests.exchange.schemas import a_list, an_object

pytestmark = [pytest.mark.django_db, pytest.mark.database]

COLLECTIONS = ("places", "timeline", "meetings", "agreements", "deployments")
# RFC 7946: sections 3.1.1, 3.1.2, 3.2 and 3.3.
LONGITUDE = {"type": "number", "minimum": -180, "maximum": 180}
LATITUDE = {"type": "number", "minimum": -90, "maximum": 90}
POINT = an_object(
    ("type", "coordinates"),
    type={"const": "Point"},
    coordinates={
        "type": "array",
        "prefixItems": [LONGITUDE, LATITUDE],
        "minItems": 2,
        "items": False,
    },
)
FEATURE = an_object(
    ("type", "geometry", "properties"),
    type={"const": "Feature"},
    id={"type": "string"},
    geometry={"anyOf": [{"type": "null"}, POINT]},
    properties={"type": "object"},
)
LINK = an_object(
    ("rel", "type", "href"),
    rel={"enum": ["next", "previous"]},
    type={"const": "application/geo+json"},
    href={"type": "string"},
)
COLLECTION = Draft202012Validator(
    an_object(
        ("type", "features"),
        type={"const": "FeatureCollection"},
        features=a_list(FEATURE),
        links=a_list(LINK),
    )
)


@pytest.fixture
def collection(api):
    """A page of a list, once it is found to be as the RFC has it."""

    def fetched(name, at="", **asked):
        at = at or f"/api/v1/{name}/"
        asked = {} if "?" in at else {"format": "geojson", **asked}
        answer = api.get(at, asked, headers={"Accept": "application/geo+json"})
        assert answer.status_code == 200, answer.content
        assert answer["Content-Type"] == "application/geo+json"
        told = answer.json()
        assert [error.message for error in COLLECTION.iter_errors(told)] == []
        return told

    return fetched


def points(told):
    """Where each feature is, by its id."""
    return {
        each["id"]: each["geometry"] and each["geometry"]["coordinates"]
        for each in told["features"]
    }


def test_a_place_is_a_point_with_all_that_the_list_shows_of_it(api, collection):
    make.a_place("Nogales", slug="nogales", latitude="31.33", longitude="-110.94")
    (shown,) = api.get("/api/v1/places/").json()["results"]
    assert collection("places") == {
        "type": "FeatureCollection",
        "links": [],
        "features": [
            {
                "type": "Feature",
                "id": "nogales",
                "geometry": {"type": "Point", "coordinates": [-110.94, 31.33]},
                "properties": shown,
            }
        ],
    }


def test_what_has_no_position_has_no_geometry(collection):
    make.a_place(slug="somewhere")
    make.a_meeting(slug="call")
    make.a_meeting(
        slug="visit", place=make.a_place(slug="zero", latitude=0, longitude=0)
    )
    assert points(collection("places")) == {"somewhere": None, "zero": [0, 0]}
    assert points(collection("meetings")) == {"call": None, "visit": [0, 0]}


@pytest.mark.parametrize("kind", ["meeting", "agreement", "deployment", "milestone"])
def test_an_event_is_where_its_place_is(collection, kind):
    place = make.a_place(slug="nogales", latitude="31.33", longitude="-110.94")
    made = {"meeting": make.a_meeting, "agreement": make.an_agreement}
    maker = made.get(kind) or getattr(make, f"a_{kind}")
    event = maker(slug="what", place=place, start="2025-02")
    where = {"what": [-110.94, 31.33]}
    assert points(collection(event.collection)) == where
    told = collection("timeline", type=kind)
    assert points(told) == where
    assert told["features"][0]["properties"]["start_latest"] == "2025-02-28"


def test_pages_follow_each_other(collection):
    for number in range(5):
        make.a_place(slug=f"p-{number}", latitude=number, longitude=-number)
    seen, told = [], collection("places", limit=2)
    while True:
        seen += points(told)
        links = {link["rel"]: link["href"] for link in told["links"]}
        if "next" not in links:
            break
        told = collection("places", at=links["next"])
    assert seen == [f"p-{number}" for number in range(5)]
    assert links.keys() == {"previous"}


def test_it_is_narrowed_like_the_list(collection):
    make.a_place("Nogales", slug="nogales", latitude=31, longitude=-110)
    make.a_country("Mexico", slug="mexico")
    told = collection("places", kind="city", fields="name")
    (feature,) = told["features"]
    assert feature["properties"] == {"slug": "nogales", "name": "Nogales"}
    assert points(told) == {"nogales": [-110, 31]}


def test_it_is_as_the_record_stood(collection):
    place = make.a_place(slug="nogales", latitude=31, longitude=-110)
    before = place.history.latest().history_date.isoformat()
    place.latitude = 32
    place.save()
    assert points(collection("places", known_at=before)) == {"nogales": [-110, 31]}
    assert points(collection("places")) == {"nogales": [-110, 32]}


def test_nobody_is_told_where_a_hidden_place_is(collection, writer):
    hidden = make.a_place(slug="x", status="draft", latitude=31, longitude=-110)
    make.a_meeting(slug="call", place=hidden)
    assert points(collection("meetings")) == {"call": None}
    assert points(collection("places")) == {}
    answer = writer.get("/api/v1/meetings/", {"format": "geojson"})
    assert points(answer.json()) == {"call": [-110, 31]}


def test_a_page_takes_one_query_more_than_without_positions(api, collection):
    for number in range(20):
        place = make.a_place(latitude=number, longitude=0)
        make.a_meeting(place=place)
    with CaptureQueriesContext(connection) as plain:
        api.get("/api/v1/meetings/")
    with CaptureQueriesContext(connection) as on_the_map:
        collection("meetings")
    assert len(on_the_map) == len(plain) + 1


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ("officials/?format=geojson", "format"),  # people are nowhere
        ("places/?format=geo", "format"),
        ("places/?format=geojson&limit=0", "limit"),
        ("places/?format=geojson&cursor=x", "cursor"),
        ("places/?format=geojson&fields=nosuch", "fields"),
        ("places/x/?format=geojson", "format"),
    ],
)
def test_what_is_wrong_is_told(api, at, why):
    answer = api.get(f"/api/v1/{at}")
    assert answer.status_code == 400
    assert why in {each["parameter"] for each in answer.json()["errors"]}


def test_the_documentation_says_where_there_is_geojson(api):
    paths = api.get("/api/v1/schema/").json()["paths"]
    for path, operations in paths.items():
        has = "geojson" in str(operations["get"]) if "get" in operations else False
        name = path.removeprefix("/api/v1/").strip("/")
        assert has == (name in (*COLLECTIONS, "milestones")), path

"""The record as FollowTheMoney has it, read by the library of that name."""

import json

import pytest

from entities.models import OfficialIdentifier
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]

AT = "/api/v1/followthemoney/"


@pytest.fixture(scope="module")
def ontology():
    """The model of the library."""
    from followthemoney import model  # slow, and used here alone

    return model


@pytest.fixture
def entities(api, ontology):
    """The entities by their ids, once the library is found to take all of each."""

    def fetched():
        answer = api.get(AT, headers={"Accept": "application/x-ndjson"})
        assert answer.status_code == 200
        found = {}
        for line in answer.getvalue().splitlines():
            told = json.loads(line)
            proxy = ontology.get_proxy(told, cleaned=False)
            proxy.schema.validate(told)
            taken = {name: sorted(proxy.get(name)) for name in told["properties"]}
            given = {
                name: sorted(set(each)) for name, each in told["properties"].items()
            }
            assert taken == given  # it cleans away what it does not understand
            assert told["id"] not in found
            found[told["id"]] = told
        return found

    return fetched


def known(entity):
    """The properties of an entity without what each has."""
    common = {"modifiedAt", "publisher", "publisherUrl"}
    return {k: v for k, v in entity["properties"].items() if k not in common}


def test_everything_is_told_and_where_it_is_read(entities):
    mexico = make.a_country("Mexico", slug="mexico", iso_code="MX")
    state = make.an_agency("Government", slug="gov", kind="government", country=mexico)
    navy = make.an_agency(
        "Navy",
        slug="navy",
        country=mexico,
        parent=state,
        founded="1821",
        dissolved="..",
    )
    make.an_agency_name(navy, "MARINA")
    make.an_agency_name(navy, "War Ministry", kind="former")
    make.an_agency_name(navy, "Navvy", kind="misspelling")
    make.an_agency("Institute", slug="institute", kind="academic")
    ana = make.an_official("Ana Ruiz", slug="ana", family_name="Ruiz", honorific="Dr.")
    for scheme, value in (("wikidata", "Q42"), ("viaf", "7")):
        OfficialIdentifier.objects.create(official=ana, scheme=scheme, value=value)
    post = make.a_post("Secretary", navy, slug="secretary", seats=1)
    held = make.an_appointment(
        ana,
        post,
        slug="held",
        kind="acting",
        start="2024-05~",
        end="..",
        rank="Admiral",
    )
    make.a_citation(held, make.a_source("Gazette", url="https://example.org/gazette"))
    make.a_citation(ana, make.a_source("A letter", slug="letter"))
    told = entities()
    assert told["bordersec-agency-navy"]["schema"] == "PublicBody"
    assert known(told["bordersec-agency-navy"]) == {
        "name": ["Navy"],
        "abbreviation": ["MARINA"],
        "previousName": ["War Ministry"],
        "weakAlias": ["Navvy"],
        "classification": ["ministry"],
        "country": ["mx"],
        "parent": ["bordersec-agency-gov"],
        "incorporationDate": ["1821"],
        "description": ["dissolved: .. (EDTF)"],
    }
    assert told["bordersec-agency-institute"]["schema"] == "Organization"
    assert told["bordersec-official-ana"]["schema"] == "Person"
    assert known(told["bordersec-official-ana"]) == {
        "name": ["Ana Ruiz"],
        "lastName": ["Ruiz"],
        "title": ["Dr."],
        "wikidataId": ["Q42"],
        "notes": ["viaf: 7"],
        "sourceUrl": ["http://testserver/sources/letter/"],
    }
    assert told["bordersec-post-secretary"]["schema"] == "Position"
    assert known(told["bordersec-post-secretary"]) == {
        "name": ["Secretary"],
        "organization": ["bordersec-agency-navy"],
        "country": ["mx"],
        "numberOfSeats": ["1"],
    }
    assert told["bordersec-appointment-held"]["schema"] == "Occupancy"
    assert known(told["bordersec-appointment-held"]) == {
        "holder": ["bordersec-official-ana"],
        "post": ["bordersec-post-secretary"],
        "startDate": ["2024-05"],
        "status": ["current"],
        "summary": ["acting; Admiral"],
        "description": ["start: 2024-05~ (EDTF)", "end: .. (EDTF)"],
        "sourceUrl": ["https://example.org/gazette"],
    }
    page = "http://testserver/appointments/held/"
    assert told["bordersec-appointment-held"]["properties"]["publisherUrl"] == [page]


def test_what_is_not_public_is_not_there(entities):
    hidden = make.a_country("Xyzzy", slug="xyzzy", iso_code="MX", status="draft")
    navy = make.an_agency("Navy", slug="navy", country=hidden)
    post = make.a_post("Secretary", navy, slug="secretary")
    make.an_appointment(make.an_official("Xyzzy", status="draft"), post)
    make.an_appointment(post=post, kind="nominee", official=make.an_official(slug="a"))
    told = entities()
    assert "xyzzy" not in json.dumps(told).casefold()
    assert sorted(each["schema"] for each in told.values()) == [
        "Person",
        "Position",
        "PublicBody",
    ]
    assert not any("country" in each["properties"] for each in told.values())

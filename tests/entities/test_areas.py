"""The areas of agencies: the places that they are responsible for, or focus on."""

import re

import pytest
from django.core.exceptions import ValidationError

from entities.models import AgencyArea
from provenance.tracking.changes import changing
from tests import make
from tests.reading import ROOT, ask
from tests.sending import send
from tests.walking import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
@changing("other")
def command():
    """A command whose area is Mexico and Canada, and a place that is not public."""
    command = make.an_agency("Northern Command", "command", slug="command")
    mexico, canada = make.a_country(slug="mexico"), make.a_country("Canada", slug="ca")
    base = make.a_place("Secret base", slug="base", status="draft")
    for place in (mexico, canada, base):
        make.an_area(command, place)
    other = make.an_agency("Southern Command", slug="other")
    hidden = make.an_agency("Hidden command", slug="hidden", status="draft")
    belize = make.a_country("Belize", slug="belize")
    make.an_area(other, belize)
    make.an_area(hidden, mexico)
    make.a_place("Nogales", slug="nogales", parent=mexico)
    return command


def as_named(slug, name):
    return {"slug": slug, "name": name, "url": f"{ROOT}places/{slug}/"}


def test_an_agency_says_which_places_are_in_its_area_alone_and_in_a_list(api, command):
    areas = [as_named("ca", "Canada"), as_named("mexico", "Mexico")]
    assert api.get("/api/v1/agencies/command/").json()["areas"] == areas
    listed = api.get("/api/v1/agencies/?fields=areas,slug").json()["results"]
    assert listed == [
        {"slug": "command", "areas": areas},
        {"slug": "other", "areas": [as_named("belize", "Belize")]},
    ]


def test_agencies_are_found_by_a_place_in_their_area_and_by_no_other(api, command):
    assert ask(api, "agencies", area="mexico") == ["command"]
    assert ask(api, "agencies", area="mexico,belize") == ["command", "other"]
    assert ask(api, "agencies", area__n="mexico") == ["other"]
    assert ask(api, "agencies", area="nogales") == []  # of which no source speaks
    assert api.get("/api/v1/agencies/?area=mexico&area=ca").json()["results"]
    assert api.get("/api/v1/agencies/?area=base").status_code == 400


def test_places_are_found_by_the_agency_in_whose_area_they_are(api, command):
    assert ask(api, "places", area_of="command") == ["ca", "mexico"]
    assert ask(api, "places", area_of__n="command") == ["belize", "nogales"]
    assert api.get("/api/v1/places/?area_of=hidden").status_code == 400


def test_search_finds_an_agency_by_its_area_and_by_nothing_hidden(api, client, command):
    command.public_note = "Its area of focus."
    command.save()
    found = client.get("/search/?q=area+of+focus+canada")
    assert "Northern Command Public note: Its area of focus." in text_of(found)
    assert ask(api, "agencies", q="canada") == ["command"]
    assert ask(api, "agencies", q="command canada") == ["command"]

    def hits(words):
        page = client.get("/search/", {"q": words}).content.decode()
        return re.findall(r'href="/agencies/[a-z-]+/"', page)

    for hidden, nowhere in (
        ("secret base", "xyzzy plugh"),
        ("command secret", "command xyzzy"),
        ("area focus base", "area focus xyzzy"),
    ):
        assert not client.get("/api/v1/search/", {"q": hidden}).json()["results"]
        assert hits(hidden) == hits(nowhere)  # by the other words, if by any


def test_a_list_says_what_it_is_narrowed_to_by_the_name_of_the_relation(
    client, command
):
    told = text_of(client.get("/agencies/?area=mexico"))
    assert "Area of responsibility Mexico" in told
    told = text_of(client.get("/places/?area_of=command"))
    assert "In the area of responsibility of Northern Command" in told
    assert "Parent Mexico" in text_of(client.get("/places/?parent=mexico"))


def test_the_pages_of_both_lead_to_each_other_and_to_nothing_hidden(client, command):
    page = client.get("/agencies/command/").content.decode()
    assert "Area of responsibility" in page
    assert '<a href="/places/ca/">Canada</a>, <a href="/places/mexico/">' in page
    assert "Secret base" not in page
    page = client.get("/places/mexico/").content.decode()
    assert "In the area of responsibility of" in page
    assert '<a href="/agencies/command/">Northern Command</a>' in page
    assert "Hidden command" not in page
    page = client.get("/places/nogales/").content.decode()
    assert "area of responsibility" not in page


def test_it_is_read_in_and_written_by_slugs_with_a_row_of_history_each(
    manager, command
):
    text = "slug,areas\r\ncommand,belize|mexico\r\n"
    answer = send(manager, text, "agencies")
    assert answer.status_code == 201, answer.json()
    assert command.listed("areas") == ["belize", "mexico"]
    kinds = [row.history_type for row in AgencyArea.history.filter(agency=command)]
    assert sorted(kinds) == sorted("++++--")
    written = manager.get("/api/v1/agencies/?format=csv&area=belize&fields=slug,areas")
    assert written.getvalue().decode() == (
        "slug,areas\r\ncommand,belize|mexico\r\nother,belize\r\n"
    )


def test_a_source_that_names_another_area_is_in_dispute_with_it(api, command):
    make.a_citation(command, make.a_source(), field="areas", stated="belize|ca")
    make.a_citation(command, make.a_source(), field="areas")
    shown = api.get("/api/v1/agencies/command/").json()
    assert [one["agreement"] for one in shown["citations"]] == ["contradicts", "agrees"]
    assert shown["disputed"] == ["areas"]


def test_a_place_is_named_once():
    row = make.an_area()
    with pytest.raises(ValidationError, match="already has this area"):
        AgencyArea(agency=row.agency, place=row.place).full_clean()

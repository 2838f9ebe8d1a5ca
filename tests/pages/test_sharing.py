"""What other sites show of a page that is shared there."""

import io
import re
from html import unescape

import pytest
from PIL import Image

from provenance.models import Record
from provenance.registry.kinds import record_types
from tests import make
from tests.depth import cases
from tests.planting import CANARY, public_record, secrets

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def told(client, address):
    """The properties that a page has for others, by their names."""
    body = client.get(address).content.decode()
    found = re.findall(r'<meta (?:property|name)="([^"]*)" content="([^"]*)">', body)
    return {name: unescape(text) for name, text in found}


def test_a_record_says_what_it_is_and_has_a_picture(client):
    make.a_meeting("Call", slug="call", summary="Two generals spoke.", start="2025-02")
    shown = told(client, "/meetings/call/?known_at=")
    assert shown["og:title"] == "Call"
    assert shown["og:description"] == shown["description"] == "Two generals spoke."
    assert shown["og:url"] == "http://testserver/meetings/call/"
    assert shown["og:image"] == "http://testserver/meetings/call/picture.png"
    assert shown["twitter:card"] == "summary_large_image"


def test_an_official_is_told_by_the_last_offices(client):
    ana, navy = make.an_official("Ana", slug="ana"), make.an_agency("The Navy")
    for title, start in (("Aide", "2001"), ("Captain", "2010"), ("Admiral", "2020")):
        make.an_appointment(ana, make.a_post(title, agency=navy), start=start)
    shown = told(client, "/officials/ana/")
    assert shown["og:description"] == "Admiral, The Navy; Captain, The Navy"


def test_every_page_says_where_it_is_whatever_page_of_a_list_it_is(client):
    for address, there in [
        ("/", "/"),
        ("/agencies/?q=navy&known_at=", "/agencies/?q=navy"),
        ("/es/disputes/", "/es/disputes/"),
        ("/search/?q=a", "/search/?q=a"),
    ]:
        shown = told(client, address)
        assert shown["og:url"] == f"http://testserver{there}"
        assert shown["og:title"] and shown["og:description"]
        assert shown["og:image"].endswith("/picture.png")


def picture(client, address, **headers):
    """The picture at an address, once it was looked at as one."""
    answer = client.get(address, **headers)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    image = Image.open(io.BytesIO(answer.content))
    image.load()
    assert image.size == (1200, 630)
    assert len(answer.content) < 100_000
    return answer.content


def test_there_is_a_picture_of_each_kind_of_record_and_of_the_site(client):
    public = public_record()
    kinds = cases(("official", "agency", "meeting", "metric"), tuple(record_types()))
    for record in public.values():
        if record.record_type not in kinds:
            continue
        picture(client, f"/{record.collection}/{record.slug}/picture.png")
    make.a_deployment(start="2025-02-05", end="..")
    picture(client, "/picture.png")
    picture(client, "/es/picture.png")


def test_a_picture_is_kept_until_the_record_changes(client):
    meeting = make.a_meeting("Call", slug="call", start="2025-02")
    answer = client.get("/meetings/call/picture.png")
    seen = {"If-None-Match": answer["ETag"]}
    assert client.get("/meetings/call/picture.png", headers=seen).status_code == 304
    meeting.title = "Another call"
    meeting.save()
    again = client.get("/meetings/call/picture.png", headers=seen)
    assert again.status_code == 200
    assert again.content != answer.content


def test_what_is_hidden_has_no_picture_and_is_in_none(client):
    public = public_record()
    addresses = ["/picture.png", "/officials/ana/picture.png"]
    addresses += ["/agencies/agency/picture.png", "/places/mexico/picture.png"]
    before = [client.get(address).content for address in addresses]
    hidden = secrets(public)
    assert [client.get(address).content for address in addresses] == before
    for record in hidden:
        address = f"/{record.collection}/{record.slug}/picture.png"
        assert client.get(address).status_code == 404
    for address in ("/", "/officials/ana/"):
        assert CANARY not in client.get(address).content.decode()


def test_a_long_title_and_signs_of_all_sorts_are_drawn(client):
    make.an_official("Ñandú Žižek 李 " + "x" * 250, slug="long")
    make.a_meeting("a " * 140, slug="words", status=Record.Status.PUBLISHED)
    picture(client, "/officials/long/picture.png")
    picture(client, "/meetings/words/picture.png")

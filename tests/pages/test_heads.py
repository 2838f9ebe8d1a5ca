"""Who headed an agency, and what an official heads, at the top of their pages."""

import re
from html import unescape

import pytest
import time_machine

from provenance.models import Portrait, Record
from tests import make
from tests.pictures import a_picture
from tests.walking import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def navy():
    """A ministry with two heads, one after the other, and a deputy."""
    navy = make.an_agency("Navy", slug="navy")
    secretary = make.a_post("Secretary", agency=navy, kind="head")
    deputy = make.a_post("Deputy", agency=navy, kind="deputy")
    held = [
        ("Ana", secretary, "2018-12-01", "2024-09-30", {"rank": "Admiral"}),
        ("Eva", secretary, "2024-10-01", "..", {}),
        ("Luz", deputy, "2018", "..", {}),
        ("Sol", secretary, "2024-10", "..", {"kind": "nominee"}),
        ("Tom", secretary, "2024-10", "..", {"status": Record.Status.DRAFT}),
    ]
    for name, post, start, end, more in held:
        official = make.an_official(name, slug=name.lower())
        make.an_appointment(official, post, start=start, end=end, **more)
    return navy


def opening(client, address):
    """What the page begins with, as a reader sees it."""
    body = client.get(address).content.decode()
    found = re.findall(r'(?s)<section class="opening".*?</section>', body)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", "".join(found))).split())


@time_machine.travel("2025-02-05T12:00:00Z", tick=False)
def test_the_page_begins_with_who_heads_it_today(client, navy):
    told = opening(client, "/agencies/navy/")
    assert told.startswith("Head as of 5 February 2025 Eva Secretary 1 October 2024 →")
    assert "Ana" not in told and "Luz" not in told and "Sol" not in told
    assert "Tom" not in told


def test_or_on_a_date_as_vague_as_it_is_asked_for(client, navy):
    told = opening(client, "/agencies/navy/?as_of=2020-05")
    assert told.startswith("Head as of May 2020 Ana Admiral, Secretary")
    both = opening(client, "/agencies/navy/?as_of=2024")
    assert "Ana maybe" in both and "Eva maybe" in both
    nobody = opening(client, "/agencies/navy/?as_of=1999")
    assert "Nobody is on record in this office on that date." in nobody


def test_a_portrait_of_the_head_is_shown(client, navy):
    official = (
        navy.posts.get(kind="head").appointments.get(official__slug="eva").official
    )
    Portrait.add(official, a_picture(), credit="E. Paz", licence="CC BY 4.0")
    body = client.get("/agencies/navy/").content.decode()
    assert "/officials/eva/thumbnail.jpg?" in body


def test_an_agency_without_such_an_office_has_nothing_of_it(client):
    agency = make.an_agency(slug="casede")
    make.a_post("Professor", agency=agency, kind="staff")
    assert opening(client, "/agencies/casede/") == ""


def test_a_date_that_is_none_is_refused(client, navy):
    answer = client.get("/agencies/navy/?as_of=03/04/2024")
    assert answer.status_code == 400
    assert "as_of:" in text_of(answer)


@time_machine.travel("2025-02-05T12:00:00Z", tick=False)
def test_an_official_is_introduced_by_the_office_of_today_or_the_last_one(client, navy):
    told = opening(client, "/officials/eva/")
    assert told.startswith("In office as of 5 February 2025 Secretary , Navy 1 October")
    told = opening(client, "/officials/ana/")
    assert told.startswith("Last known office Secretary , Navy Admiral · ")
    make.an_appointment(make.an_official(slug="kay"), start="2001")
    assert opening(client, "/officials/kay/").startswith("Last known office ")
    assert opening(client, "/officials/tom/") == ""

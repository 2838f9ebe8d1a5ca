"""An answer that has not changed is told by one query, and nothing else tells so."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from provenance.history.undo import undo
from provenance.models import ChangeSet, PublicEdition, Record
from tests import make
from tests.curating import superuser
from timeline.models import Meeting

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LISTS = ["/api/v1/meetings/?limit=5", "/api/v1/citations/", "/", "/meetings/"]
LISTS += ["/timeline.json", "/timeline.ics", "/api/v1/package/"]


def given(**status):
    """A meeting with a citation, and then with somebody who took part."""
    meeting = make.a_meeting(slug="call", **status)
    make.a_citation(meeting, make.a_source(slug="sheet"))
    make.a_participation(meeting)
    return meeting


def again(client, address, answer, **headers):
    """The answer to one who has that answer already."""
    return client.get(address, headers={"If-None-Match": answer["ETag"], **headers})


@pytest.mark.parametrize("address", LISTS)
def test_what_has_not_changed_is_told_by_a_single_query(
    address, client, django_assert_num_queries
):
    given()
    answer = client.get(address)
    with django_assert_num_queries(1):
        unchanged = again(client, address, answer)
    assert unchanged.status_code == 304
    assert not unchanged.content
    for header in ("ETag", "Cache-Control"):
        assert unchanged[header] == answer[header]
    varies, varied = unchanged.get("Vary", ""), answer.get("Vary", "")
    assert set(varies.split(", ")) == set(varied.split(", "))


@pytest.mark.parametrize("address", LISTS)
def test_a_change_of_what_the_public_sees_is_shown(address, client):
    meeting = given()
    answer = client.get(address)
    meeting.title = "Another title"
    meeting.save()
    assert again(client, address, answer).status_code == 200


def test_a_page_of_many_parts_asks_once_of_which_edition_it_is(client):
    make.a_meeting()
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert sum("provenance_publicedition" in each["sql"] for each in asked) == 1


def test_a_draft_raises_no_edition():
    meeting = given()
    edition = PublicEdition.current()
    draft = make.a_meeting(slug="draft", status=Record.Status.DRAFT)
    draft.title = "Another title"
    draft.save()
    make.a_citation(draft, meeting.citations.get().source)
    make.a_participation(draft, official=make.an_official(status=Record.Status.DRAFT))
    assert PublicEdition.current() == edition
    draft.delete()
    assert PublicEdition.current() == edition


@pytest.mark.parametrize(
    "act",
    [
        lambda meeting: meeting.citations.get().delete(),
        lambda meeting: make.a_participation(meeting),
        lambda meeting: Meeting.objects.filter(pk=meeting.pk).get().delete(),
        lambda meeting: undo(ChangeSet.objects.first()),
        lambda meeting: make.a_source(slug="other"),
    ],
    ids=["a citation", "a row", "deleting it", "taking it back", "another record"],
)
def test_each_way_in_which_the_public_record_changes_raises_it(act):
    meeting = given()
    edition = PublicEdition.current()
    act(meeting)
    assert PublicEdition.current() != edition


def test_withdrawing_and_publishing_raise_it():
    meeting = given()
    for status in ("withdrawn", "published"):
        edition = PublicEdition.current()
        meeting.status = status
        meeting.save()
        assert PublicEdition.current() != edition


def test_what_a_stranger_was_answered_does_not_count_for_others(client):
    given()
    (address, *_others) = LISTS
    answer = client.get(address)
    assert again(client, address, answer, accept="*/*").status_code == 200
    assert again(client, address, answer, accept_language="es").status_code == 200
    assert again(client, address + "&ordering=slug", answer).status_code == 200
    signed_in = Client()
    superuser(signed_in)
    assert settings.SESSION_COOKIE_NAME in signed_in.cookies
    assert again(signed_in, address, answer).status_code == 200


def test_what_was_never_answered_is_not_told_to_be_unchanged(client):
    given()
    for tag in ("*", 'W/"0-0"', "nonsense"):
        headers = {"If-None-Match": tag}
        address = "/api/v1/meetings/?nonsense=1"
        assert client.get(address, headers=headers).status_code == 400
    edition = f'W/"{PublicEdition.current()}-'
    assert client.get(LISTS[0])["ETag"].startswith(edition)
    assert not client.get(address)["ETag"].startswith(edition)

"""What stands on the first page above the timeline."""

import re

import pytest

from entities.models import Place
from provenance.models import Record
from tests import make
from tests.planting import CANARY, public_record, secrets
from tests.walking import links_on, text_of
from timeline.models import Meeting

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def front(answer):
    """The part of the page above the timeline; empty if there is none."""
    found = re.findall(
        r'(?s)<section class="front".*?</div>\s*</section>', answer.content.decode()
    )
    return found[0] if found else ""


def test_it_says_how_much_of_each_kind_is_on_record(client):
    make.a_meeting()
    make.a_meeting(status=Record.Status.DRAFT)
    for _n in range(2):
        make.a_place()
    part = front(client.get("/"))
    assert '<a href="/places/"><strong>2</strong> Places</a>' in part
    assert '<a href="/meetings/"><strong>1</strong> Meetings</a>' in part
    assert "Deployments" not in part


def test_many_are_not_counted_to_the_end(client, monkeypatch):
    monkeypatch.setattr("timeline.pages.front.COUNTED", 2)
    for _n in range(3):
        make.a_place()
    assert "<strong>more than 2</strong> Places" in front(client.get("/"))


def test_large_numbers_are_written_by_thousands(client, monkeypatch):
    many = [(Place, 10_000), (Meeting, 2_500)]
    monkeypatch.setattr("timeline.pages.front.amounts", lambda: many)
    make.a_meeting()
    part = front(client.get("/"))
    assert "<strong>more than 9,999</strong> Places" in part
    assert "<strong>2,500</strong> Meetings" in part


def test_it_says_what_is_disputed_and_what_changed_last(client):
    meeting = make.a_meeting("Call", slug="call", start="2025-02")
    make.a_citation(meeting, field="start", stated="2025-01")
    answer = client.get("/")
    (dispute,) = meeting.disputes.all()
    assert f'href="/disputes/{dispute.key}/">Call: Start</a>' in front(answer)
    assert re.search(
        r'href="/meetings/call/">Call</a> <span class="quiet">(added|changed), \d',
        front(answer),
    )
    either = re.findall(r'(?s)<p class="either">(.*?)</p>', front(answer))
    assert [re.sub("<[^>]*>", "", each) for each in either] == [
        "February 2025orJanuary 2025"
    ]
    settled = meeting.citations.get()
    settled.assessment, settled.note = "mistaken", "Written before the call."
    settled.save()
    meeting.title = "Long call"
    meeting.save()
    after = front(client.get("/"))
    assert "Call: Start" not in after
    assert (
        'href="/meetings/call/">Long call</a> <span class="quiet">changed: Title'
        in after
    )


def test_its_questions_are_answered(client):
    ana = make.an_official("Ana", slug="ana")
    for _n in range(2):
        meeting = make.a_meeting(start="2025")
        make.a_participation(meeting, official=ana)
        make.a_participation(meeting, agency=make.an_agency("Navy"))
    answer = client.get("/")
    assert "Whom did Ana meet?" in text_of(answer)
    (part,) = re.findall(r'(?s)id="to-try".*?</section>', front(answer))
    asked = re.findall(r'href="([^"]*)"', part)
    assert len(asked) == 3
    here = make.an_observation(make.a_metric("Ships", slug="ships"), "9", start="2025")
    make.a_citation(here, field="value", stated="5")
    make.a_meeting(place=make.a_place())
    (part,) = re.findall(r'(?s)id="to-try".*?</section>', front(client.get("/")))
    asked = re.findall(r'href="([^"]*)"', part)
    assert asked[-2:] == ["/metrics/ships/", "/map/"]
    for address in asked:
        assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_it_shows_nothing_that_is_hidden_and_stands_on_the_first_page_alone(client):
    public = public_record()
    before = front(client.get("/"))
    assert before
    secrets(public)
    after = client.get("/")
    assert CANARY not in after.content.decode()
    assert front(after) == before
    for narrowed in ("/?q=a", "/?order=oldest", "/?known_at=now"):
        assert not front(client.get(narrowed, follow=True))
    assert links_on(after)


def test_events_of_which_only_a_last_day_is_known_break_nothing(client):
    make.a_meeting(start="[..2009]")
    assert front(client.get("/"))

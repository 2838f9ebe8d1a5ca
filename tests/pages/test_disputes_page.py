"""The list of disputes and what it says to readers, who know neither slugs nor EDTF."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.walking import text_of

pytestmark = pytest.mark.django_db

WHY = {"assessment": "mistaken", "note": "The caption is wrong."}


@pytest.fixture
def disputes():
    """One of a date, which is open, and one of who was there, which is settled."""
    call = make.a_meeting("Call", slug="the-call", start="[2025-02-01..2025-02-10]")
    watch = make.a_source("The Watch", slug="the-watch")
    make.a_citation(call, watch, field="start", stated="2025-01")
    make.a_participation(call, official=make.an_official("Ana Núñez", slug="ana-n"))
    make.an_official("Ricardo Trevilla", slug="ricardo-trevilla")
    stated = "ana-n|ricardo-trevilla"
    make.a_citation(call, watch, field="participations", stated=stated, **WHY)


def rows_of(page):
    """Each dispute of a page: the class of its row, and its text."""
    rows = re.findall(r'(?s)<tr class="(\w+)">(.*?)</tr>', page.content.decode())
    return [(state, text_of_part(row)) for state, row in rows]


def text_of_part(part):
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def test_tells_what_is_recorded_what_is_stated_instead_by_whom_and_why(
    client, disputes
):
    (first, second) = rows_of(client.get("/disputes/"))
    assert first[0] == "open"
    assert re.fullmatch(
        "Call Start 1–10 February 2025 January 2025 – The Watch "
        r"open since \d+ \w+ \d{4} Not assessed yet.",
        first[1],
    )
    assert second[0] == "settled"
    assert re.fullmatch(
        "Call Participations Ana Núñez Ana Núñez , Ricardo Trevilla – The Watch "
        "settled since .+ Mistaken: The caption is wrong.",
        second[1],
    )


def test_shows_no_slug_and_no_edtf_but_in_a_tooltip(client, disputes):
    page = client.get("/disputes/").content.decode()
    for address in ("/disputes/", *re.findall(r'href="(/disputes/[a-z]+-\d+/)"', page)):
        answer = client.get(address)
        shown = text_of(answer)
        for hidden in ("2025-02-01", "2025-01", "ricardo-trevilla", "the-watch"):
            assert hidden not in shown, address
    assert 'title="[2025-02-01..2025-02-10]"' in page
    assert 'href="/officials/ricardo-trevilla/"' in page


@pytest.mark.parametrize(
    ("asked", "states"),
    [
        ("state=open", ["open"]),
        ("state=settled", ["settled"]),
        ("kind=date", ["open"]),
        ("kind=value", ["settled"]),
        ("kind=value&state=open", []),
        ("kind=unconfirmed", None),
    ],
)
def test_is_narrowed_by_state_and_kind(client, disputes, asked, states):
    answer = client.get(f"/disputes/?{asked}")
    if states is None:
        assert answer.status_code == 400
    else:
        assert [state for state, _text in rows_of(answer)] == states


def test_many_are_told_with_as_many_queries_as_few(client, disputes):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/disputes/").status_code == 200
        return len(captured)

    few = queries()
    watch = make.a_source("Another", slug="another")
    for number in range(5):
        call = make.a_meeting(f"Call {number}", start="2025-02")
        make.a_citation(call, watch, field="start", stated="2025-01")
        make.a_participation(call, official=make.an_official(f"Official {number}"))
        make.a_citation(call, watch, field="participations", stated="ana-n")
    assert queries() == few


def test_observations_that_contradict_each_other_stand_side_by_side(client):
    metric = make.a_metric("Crossings")
    for value in ("~10", "20"):
        make.an_observation(metric, value, slug=f"o{value.strip('~')}")
    told = " | ".join(text for _state, text in rows_of(client.get("/disputes/")))
    assert "Value about 10 persons 20 persons –" in told
    assert "Value 20 persons about 10 persons –" in told


def test_three_places_in_one_article_are_one_source(client):
    call = make.a_meeting(slug="call", start="2025-02")
    release = make.a_source("The release")
    article, digest = make.a_source("An article"), make.a_source("A digest")
    for locator in ("title", "para. 1", "para. 4"):
        make.a_citation(call, article, field="start", locator=locator)
    page = text_of(client.get("/meetings/call/"))
    assert "1 source agrees" in page
    for source in (article, digest):
        source.reports.add(release)
    make.a_citation(call, digest, field="start")
    page = text_of(client.get("/meetings/call/"))
    assert "2 sources agree, 1 independent" in page

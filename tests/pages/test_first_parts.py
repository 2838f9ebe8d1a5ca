"""Lists on the page of a record have an end, and lead to where the rest is."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from provenance.pages.addresses import page_of
from provenance.pages.first_part import MOST
from provenance.tracking.changes import changing
from tests import make
from tests.walking import links_on, text_of
from timeline.pages.network import LISTED

pytestmark = pytest.mark.django_db

MANY = MOST + 3


def observations(metric, numbers):
    for number in numbers:
        start = f"{1900 + number}-01-01"
        yield make.an_observation(metric, slug=f"o-{number:03}", start=start)


def appointments_of_one(official, numbers):
    post = make.a_post()
    for number in numbers:
        start = f"{1900 + number}"
        yield make.an_appointment(
            official, post, slug=f"a-{number:03}", start=start, end=start
        )


def offices_at_one(agency, numbers):
    for number in numbers:
        yield make.a_post(f"Office {number:03}", agency=agency, slug=f"p-{number:03}")


def agencies_below_one(agency, numbers):
    for number in numbers:
        yield make.an_agency(
            f"Agency {number:03}", parent=agency, slug=f"b-{number:03}"
        )


# What makes the record, what makes many of the others, and how the list is asked for.
CASES = {
    "observations": (make.a_metric, observations, "/observations/?metric="),
    "appointments": (
        make.an_official,
        appointments_of_one,
        "/appointments/?official=",
    ),
    "offices": (make.an_agency, offices_at_one, "/posts/?agency="),
    "agencies": (make.an_agency, agencies_below_one, "/agencies/?parent="),
}


@pytest.fixture(params=CASES.values(), ids=CASES)
def case(request):
    return request.param


def shown_on(client, address, slugs):
    """Which of these records a page leads to."""
    links = links_on(client.get(address))
    return {slug for slug in slugs if any(link.endswith(f"/{slug}/") for link in links)}


@changing("other")  # as one change, which is faster
def made(maker, record, numbers):
    return [one.slug for one in maker(record, numbers)]


def test_a_page_shows_the_first_and_its_list_has_them_all(client, case):
    one, others, asked = case
    record = one(slug="the-one")
    slugs = made(others, record, range(MANY))
    page = page_of(record)
    assert len(shown_on(client, page, slugs)) == MOST
    every = f"{asked}{record.slug}"
    assert every in links_on(client.get(page))
    found, address = set(), every
    while address:
        found |= shown_on(client, address, slugs)
        body = client.get(address).content.decode()
        assert "the-one" in body
        following = re.search(r'href="([^"]+)" rel="next"', body)
        address = unescape(following[1]) if following else ""
    assert found == set(slugs)


def test_as_many_as_are_shown_have_no_list_of_their_own(client, case):
    one, others, asked = case
    record = one(slug="the-one")
    slugs = made(others, record, range(3))
    page = page_of(record)
    assert shown_on(client, page, slugs) == set(slugs)
    assert f"{asked}{record.slug}" not in links_on(client.get(page))


def test_a_page_costs_the_same_however_many_there_are(client, case):
    one, others, _asked = case
    record = one(slug="the-one")
    costs = []
    for numbers in (range(MANY), range(MANY, 2 * MANY)):
        made(others, record, numbers)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page_of(record))
        costs.append(len(queries))
        assert len(answer.content) < 200_000
    assert costs[0] == costs[1]


def test_a_list_is_asked_for_by_what_is_public_alone(client):
    metric = make.a_metric(slug="crossings")
    make.an_observation(metric, slug="seen")
    make.an_observation(make.a_metric(), slug="of-another")
    make.a_metric(slug="hidden", status="draft")
    links = links_on(client.get("/observations/?metric=crossings"))
    assert "/observations/seen/" in links
    assert "/observations/of-another/" not in links
    for slug in ("hidden", "nothing"):
        answer = client.get(f"/observations/?metric={slug}")
        assert answer.status_code == 400
        assert f"“{slug}”" in text_of(answer)


def test_words_are_looked_for_among_what_is_narrowed(client):
    one, other = make.an_agency(slug="one"), make.an_agency(slug="other")
    make.a_post("Director", agency=one, slug="here")
    make.a_post("Director", agency=other, slug="elsewhere")
    answer = client.get("/posts/?agency=one&q=director")
    assert '<input type="hidden" name="agency" value="one">' in answer.content.decode()
    assert "/posts/here/" in links_on(answer)
    assert "/posts/elsewhere/" not in links_on(answer)


@changing("other")
def a_busy_meeting(number):
    meeting = make.a_meeting(slug="congress", start="2019")
    source = make.a_source(slug="book")
    for page in range(number):
        make.a_participation(meeting)
        locator = f"p. {page}"
        make.a_citation(meeting, source, field="start", locator=locator)
        make.a_citation(
            meeting, source, field="start", stated="2018", locator=locator + "a"
        )
    return meeting


def test_a_field_shows_the_first_citations_and_says_how_many_more_there_are(client):
    page = text_of(client.get(page_of(a_busy_meeting(23))))
    assert page.count("p. ") == 2 * 20
    assert "6 more are in the table of citations" in page
    assert "1 source agrees" in page  # in however many places
    assert "1 disagrees" in page


def test_an_event_of_many_shows_the_first_and_where_all_are(client, monkeypatch):
    monkeypatch.setattr("timeline.pages.events.PEOPLE", 5)
    answer = client.get(page_of(a_busy_meeting(7)))
    assert answer.content.decode().count('href="/officials/official-') == 5
    assert "2 more took part. Show all" in text_of(answer)


def test_a_source_tells_of_the_first_fields_and_where_all_are(client):
    source = make.a_source(slug="book")
    costs = []
    for numbers in (range(MANY), range(MANY, 2 * MANY)):
        with changing("other"):
            for number in numbers:
                make.a_citation(make.a_place(slug=f"pl-{number:03}"), source)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/sources/book/")
        costs.append(len(queries))
        links = links_on(answer)
        assert sum(link.startswith("/places/pl-") for link in links) == MOST
        assert "/api/v1/sources/book/support/" in links
    assert costs[0] == costs[1]
    few = make.a_source(slug="leaflet")
    make.a_citation(make.a_place(slug="here"), few)
    links = links_on(client.get("/sources/leaflet/"))
    assert "/places/here/" in links
    assert "/api/v1/sources/leaflet/support/" not in links


def test_of_a_source_that_is_cited_very_often_the_first_citations_are_looked_at(
    client, monkeypatch
):
    monkeypatch.setattr("provenance.evidence.support.LOOKED_AT", 2)
    source = make.a_source(slug="book")
    for slug in ("one", "two", "three"):
        make.a_citation(make.a_meeting(slug=slug), source)
    late = make.a_milestone(slug="late", start="2025")
    make.a_citation(late, source, field="start", stated="2024")
    answer = client.get("/sources/book/")
    assert re.findall(r'href="/meetings/([a-z]*)/"', answer.content.decode()) == [
        "one",
        "two",
    ]
    assert "/api/v1/sources/book/support/" in links_on(answer)
    # What it states otherwise is found wherever it stands.
    assert "Contradicted by this source" in text_of(answer)


def test_a_network_lists_the_closest_and_its_files_all(client):
    agency = make.an_agency(slug="semar")

    @changing("other")
    def related(numbers):
        meeting = make.a_meeting()
        make.a_participation(meeting, agency=agency)
        for number in numbers:
            official = make.an_official(f"Ana {number:03}", slug=f"o-{number:03}")
            make.a_participation(meeting, official=official)

    related(range(LISTED + 4))
    page = client.get("/agencies/semar/network/")
    text = text_of(page)
    assert f"closest of {LISTED + 4}, the table {LISTED}; JSON and CSV have all" in text
    assert len(page.context["relations"]) == LISTED
    whole = client.get("/agencies/semar/network.json").json()
    assert len(whole["relations"]) == LISTED + 4


@pytest.mark.parametrize("address", ["/timeline.json", "/timeline.ics"])
def test_a_file_of_events_asks_the_same_for_few_as_for_many(client, address):
    costs = []
    for _number in range(2):
        for _event in range(3):
            meeting = make.a_meeting(start="2025", place=make.a_place())
            make.a_participation(meeting)
            make.a_citation(meeting, field="start", stated="2024")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        costs.append(len(queries))
    assert costs == [4, 4]  # with the two that say what dates rest on

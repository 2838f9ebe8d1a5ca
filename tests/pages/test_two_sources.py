"""Two sources compared, as a page."""

import re
from html import unescape

import pytest

from provenance.models import Record
from tests import make
from tests.walking import links_on, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def sources():
    """Two articles that agree on one thing and differ on another."""
    watch = make.a_source("The Watch", slug="w-1", published="2025-03")
    sheet = make.a_source("Fact sheet", slug="s-2")
    call = make.a_meeting("Call", slug="call", start="[2025-02-01..2025-02-10]")
    troops = make.a_deployment("Troops", slug="troops", personnel="15000")
    make.a_citation(call, watch, field="start", locator="para. 4")
    for place in ("headline", "para. 1"):
        make.a_citation(call, sheet, field="start", stated="2025-01", locator=place)
    make.a_citation(troops, watch, field="personnel")
    make.a_citation(troops, sheet, field="personnel")
    make.a_citation(make.a_place("Nogales"), watch)
    make.a_citation(make.an_official("Ana"), sheet, field="name")
    return watch, sheet


def parts(client, address):
    """The parts of the page, each as a reader sees it, by its heading."""
    body = client.get(address).content.decode()
    found = re.findall(r"(?s)<h2 [^>]*>(.*?)</h2>(.*?)</section>", body)
    return {unescape(head): text_in(part) for head, part in found}


def text_in(html):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def test_it_says_where_they_differ_and_agree_and_what_only_one_says(client, sources):
    told = parts(client, "/sources/w-1/compare/?with=s-2")
    assert list(told) == [
        "Where they differ",
        "Where they agree",
        "Only in “The Watch”",
        "Only in “Fact sheet”",
    ]
    differ = told["Where they differ"]
    assert (
        "Call Start 1–10 February 2025 (para. 4) January 2025 (headline; para. 1)"
        in differ
    )
    assert "Troops Personnel 15,000 persons 15,000 persons" in told["Where they agree"]
    assert told["Only in “The Watch”"] == "1 record Nogales Record"
    assert told["Only in “Fact sheet”"] == "1 record Ana Name"


def test_what_was_cited_for_another_value_does_not_agree_before_it_is_looked_at(client):
    watch, sheet = make.a_source("The Watch", slug="w-1"), make.a_source(slug="s-2")
    call = make.a_meeting("Call", slug="call", start="2025-02")
    make.a_citation(call, watch, field="start")
    call.start = "2025-03"
    call.save()
    make.a_citation(call, sheet, field="start")
    told = parts(client, "/sources/w-1/compare/?with=s-2")
    assert list(told) == ["Where both can be true"]
    said = "Call Start February 2025 needs re-check March 2025"
    assert said in told["Where both can be true"]


def test_no_slug_and_no_text_of_edtf_is_before_a_reader(client, sources):
    page = text_of(client.get("/sources/w-1/compare/?with=s-2"))
    for text in ("2025-02-01", "2025-01", "w-1", "s-2", "personnel"):
        assert text not in page


def test_the_page_of_a_source_leads_to_it(client, sources):
    answer = client.get("/sources/w-1/")
    assert "/sources/w-1/compare/?with=s-2" in links_on(answer)
    assert "2 fields in common" in text_of(answer)
    assert "/sources/w-1/compare/" in links_on(answer)
    choice = client.get("/sources/w-1/compare/").content.decode()
    assert '<option value="s-2">Fact sheet</option>' in choice


def test_what_is_hidden_is_in_neither(client, sources):
    watch, sheet = sources
    before = client.get("/sources/w-1/compare/?with=s-2").content
    hidden = make.a_source("Secret", slug="secret", status=Record.Status.DRAFT)
    draft = make.a_meeting("Secret", status=Record.Status.DRAFT)
    for source in (watch, sheet, hidden):
        make.a_citation(draft, source)
    assert client.get("/sources/w-1/compare/?with=s-2").content == before
    assert client.get("/sources/secret/compare/").status_code == 404
    assert client.get("/sources/w-1/compare/?with=secret").status_code == 400


@pytest.mark.parametrize(
    ("other", "told"),
    [("nothing", "there is no source"), ("w-1", "this one is the same")],
)
def test_a_source_that_it_cannot_be_compared_with_is_refused(
    client, sources, other, told
):
    answer = client.get(f"/sources/w-1/compare/?with={other}")
    assert answer.status_code == 400
    assert told in text_of(answer)


def test_many_fields_are_compared_in_part_and_lead_to_all(client, sources, monkeypatch):
    monkeypatch.setattr("provenance.pages.two_sources.A_KIND", 0)
    answer = client.get("/sources/w-1/compare/?with=s-2")
    assert "/api/v1/sources/w-1/comparison/?with=s-2" in links_on(answer)

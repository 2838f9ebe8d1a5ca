"""The timeline and its pages for other programs: no date more exact than it is."""

import json
import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from entities.models import Place
from provenance.pages.references import bibtex_of, csl_of, reference_of
from provenance.pages.sitemaps import RecordsMap
from tests import make
from tests.planting import CANARY, public_record, secrets
from tests.walking import every_page

pytestmark = pytest.mark.django_db


def events_of_calendar(client, address="/timeline.ics"):
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {
        str(event["summary"]): event
        for event in Calendar.from_ical(answer.content).walk("VEVENT")
    }


class TestTimelineJs:
    def test_says_of_a_date_what_is_known_of_it_and_the_rest_in_words(self, client):
        make.a_meeting(
            "Call", slug="call", start="2025-02", summary="They <b>spoke</b>."
        )
        make.a_deployment(
            "Troops",
            slug="troops",
            start="[2025-02-01..2025-02-10]",
            end="2026",
        )
        make.a_meeting("Some day", slug="undated")
        answer = client.get("/timeline.json")
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer.json() == {
            "title": {"text": {"headline": "Border-security cooperation", "text": ""}},
            "events": [
                {
                    "unique_id": "troops",
                    "group": "deployment",
                    "display_date": "1–10 February 2025 → 2026",
                    "start_date": {"year": 2025, "month": 2},
                    "end_date": {"year": 2026},
                    "text": {
                        "headline": '<a href="http://testserver/deployments/troops/">'
                        "Troops</a>",
                        "text": "<p></p>",
                    },
                },
                {
                    "unique_id": "call",
                    "group": "meeting",
                    "display_date": "February 2025",
                    "start_date": {"year": 2025, "month": 2},
                    "text": {
                        "headline": '<a href="http://testserver/meetings/call/">'
                        "Call</a>",
                        "text": "<p>They &lt;b&gt;spoke&lt;/b&gt;.</p>",
                    },
                },
            ],
        }


class TestCalendar:
    def test_is_sure_of_exact_days_alone(self, client):
        make.a_meeting("On the day", start="2025-04-16")
        make.a_meeting("Some time in the month", start="2025-02")
        make.a_meeting("Perhaps", start="2025-04-16?")
        make.a_deployment("From then on", start="2025-01-20", end="..")
        make.a_meeting("Who knows when")
        found = events_of_calendar(client)
        shown = {
            title: (
                event["dtstart"].dt,
                event["dtend"].dt if "dtend" in event else None,
                str(event["status"]),
            )
            for title, event in found.items()
        }
        assert shown == {
            "On the day": (date(2025, 4, 16), date(2025, 4, 17), "CONFIRMED"),
            "Some time in the month": (date(2025, 2, 1), date(2025, 3, 1), "TENTATIVE"),
            "Perhaps": (date(2025, 4, 16), date(2025, 4, 17), "TENTATIVE"),
            "From then on": (date(2025, 1, 20), None, "CONFIRMED"),
        }
        month = found["Some time in the month"]
        assert str(month["description"]).startswith("February 2025.")

    def test_takes_hostile_texts_as_texts(self, client):
        title = "A, B; C\\n END:VEVENT é 👮 " + "long " * 40
        make.a_meeting(title.strip(), slug="call", start="2025-04-16")
        (event,) = events_of_calendar(client).values()
        assert str(event["summary"]) == title.strip()
        assert str(event["url"]) == "http://testserver/meetings/call/"


class TestAtom:
    def test_tells_what_was_written_the_newest_first(self, client):
        first = make.a_meeting("Call <1>", slug="call")
        make.a_meeting("A draft", status="draft")
        first.title = "Call of the two"
        first.save()
        answer = client.get("/changes.atom")
        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        body = answer.content.decode()
        titles = re.findall(r"<title>([^<]*)</title>", body)[1:]
        assert titles == [
            "Call of the two: A value, a row or a citation of it changed",
            "Call of the two: It was made, and published with that",
        ]
        assert "http://testserver/meetings/call/" in body
        ids = re.findall(r"<id>(tag:[^<]*)</id>", body)
        assert len(set(ids)) == 2

    def test_of_an_empty_record_is_a_feed_as_well(self, client):
        answer = client.get("/changes.atom")
        assert answer.status_code == 200
        assert b"<entry>" not in answer.content
        assert answer.content == client.get("/changes.atom").content


class TestEmbedding:
    def test_an_address_of_the_timeline_is_offered_as_a_frame(self, client):
        asked = "/oembed?url=http%3A%2F%2Ftestserver%2F%3Ftype%3Dmeeting%26x%3D1"
        shown = client.get(f"{asked}&maxwidth=400").json()
        assert shown == {
            "version": "1.0",
            "type": "rich",
            "provider_name": "bordersec",
            "provider_url": "http://testserver/",
            "title": "Border-security cooperation",
            "html": '<iframe src="http://testserver/embed/?type=meeting" '
            'title="Timeline" width="400" height="600" loading="lazy" '
            'sandbox="allow-popups allow-top-navigation-by-user-activation"></iframe>',
            "width": 400,
            "height": 600,
        }

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("", 404),
            ("url=http://elsewhere.example/", 404),
            ("url=http://testserver/admin/", 404),
            ("url=http://%5B", 404),
            ("url=ftp://testserver/", 404),
            ("url=http://testserver/&format=xml", 501),
            ("url=http://testserver/&maxwidth=wide", 400),
        ],
    )
    def test_another_address_is_not(self, client, query, status):
        assert client.get(f"/oembed?{query}").status_code == status

    def test_only_what_is_meant_for_it_is_shown_within_other_sites(self, client):
        framed = client.get("/embed/")
        assert "frame-ancestors *" in framed["Content-Security-Policy"]
        assert "X-Frame-Options" not in framed
        for address in ("/", "/search/"):
            whole = client.get(address)
            assert "frame-ancestors 'none'" in whole["Content-Security-Policy"]
            assert whole["X-Frame-Options"] == "DENY"


class TestCiting:
    def test_a_source_is_cited_as_the_work_that_it_is(self, client):
        make.a_source(
            "Calls & {braces}",
            kind="news-article",
            slug="watch",
            author="Ana Núñez",
            publisher="The Watch",
            language="en",
            published="2025-04",
            url="https://watch.example/a_b",
        )
        assert client.get("/sources/watch/cite.json").json() == [
            {
                "id": "watch",
                "type": "article-newspaper",
                "title": "Calls & {braces}",
                "URL": "https://watch.example/a_b",
                "author": [{"literal": "Ana Núñez"}],
                "publisher": "The Watch",
                "container-title": "The Watch",
                "language": "en",
                "issued": {"date-parts": [[2025, 4]]},
            }
        ]
        assert client.get("/sources/watch/cite.bib").content.decode() == (
            "@article{watch,\n"
            "  title = {Calls \\& \\{braces\\}},\n"
            "  author = {Ana Núñez},\n"
            "  journal = {The Watch},\n"
            "  publisher = {The Watch},\n"
            "  year = {2025},\n"
            "  month = {4},\n"
            "  language = {en},\n"
            "  url = {https://watch.example/a_b},\n"
            "}\n"
        )

    def test_another_record_is_cited_as_an_entry_of_the_database(self):
        official = make.an_official("Ana Núñez", slug="ana")
        item = csl_of(official, "http://testserver/officials/ana/")
        day = official.updated_at
        assert item == {
            "id": "official-ana",
            "type": "entry",
            "title": "Ana Núñez",
            "container-title": "bordersec",
            "URL": "http://testserver/officials/ana/",
            "issued": {"date-parts": [[day.year, day.month, day.day]]},
        }
        day = f"{official.updated_at.day} "
        assert reference_of(item, "Ana").startswith(f"“Ana”, bordersec, {day}")
        assert bibtex_of(item).startswith("@misc{official-ana,\n")

    def test_a_vague_date_is_cited_in_words(self):
        source = make.a_source("Sheet", slug="sheet", published="[..2009-10]")
        item = csl_of(source, "http://testserver/")
        assert item["issued"] == {"literal": "by October 2009"}
        about = make.a_source("Sheet", slug="about", published="2009~")
        issued = csl_of(about, "http://testserver/")["issued"]
        assert issued == {"date-parts": [[2009]], "circa": True}
        about = make.a_source(published="2001-24~")
        issued = csl_of(about, "http://testserver/")["issued"]
        assert issued == {"date-parts": [[2001]], "season": 4, "circa": True}


class TestLinkedData:
    def of(self, client, address):
        body = client.get(address).content.decode()
        text, _breadcrumbs = re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', body
        )
        return json.loads(text)

    def test_says_exact_dates_and_no_others(self, client):
        place = make.a_place("Nogales", slug="nogales")
        make.a_meeting("Call", slug="call", start="2025-02", place=place)
        shown = self.of(client, "/meetings/call/")
        del shown["dateModified"]
        assert shown == {
            "@context": "https://schema.org",
            "@type": "Event",
            "@id": "http://testserver/meetings/call/",
            "name": "Call",
            "startDate": "2025-02",
            "location": {
                "@id": "http://testserver/places/nogales/",
                "name": "Nogales",
            },
        }
        make.a_meeting("Other", slug="other", start="[2025-02-01..2025-02-10]")
        assert "startDate" not in self.of(client, "/meetings/other/")

    def test_cannot_end_its_script(self, client):
        make.an_official("A </script><script>alert(1)</script>", slug="ana")
        body = client.get("/officials/ana/").content.decode()
        assert "<script>alert" not in body
        name = self.of(client, "/officials/ana/")["name"]
        assert name == "A </script><script>alert(1)</script>"


class TestSitemap:
    def test_names_every_public_page_and_no_other(self, client):
        public = public_record()
        secrets(public)
        index = client.get("/sitemap.xml").content.decode()
        named = set()
        for part in re.findall(r"<loc>http://testserver([^<]*)</loc>", index):
            body = client.get(part).content.decode()
            assert CANARY not in body
            named |= set(re.findall(r"<loc>http://testserver([^<]*)</loc>", body))
        assert "/officials/ana/" in named
        records = {page for page in named if page.count("/") == 3}
        assert len(records) == len(public)
        assert {a.status_code for a in map(client.get, named)} == {200}

    def test_says_when_each_page_was_last_written_and_the_index_when_any(self, client):
        for day in (1, 2):
            with time_machine.travel(f"2026-01-0{day}T12:00:00Z", tick=False):
                make.a_place(slug=f"place-{day}")
        body = client.get("/sitemap-places.xml").content.decode()
        entries = re.findall(r"/places/([^/]+)/</loc><lastmod>([^<]+)<", body)
        assert entries == [("place-1", "2026-01-01"), ("place-2", "2026-01-02")]
        index = client.get("/sitemap.xml").content.decode()
        newest = r"sitemap-places.xml</loc><lastmod>([^<]+)<"
        assert re.findall(newest, index) == ["2026-01-02T12:00:00+00:00"]

    def test_reads_no_record_to_say_which_parts_there_are(self, client):
        costs = []
        for number in range(2):
            for _number in range(1 + 20 * number):
                make.a_place()
            with CaptureQueriesContext(connection) as asked:
                client.get("/sitemap.xml")
            costs.append(len(asked))
            rows = [each["sql"] for each in asked.captured_queries]
            reads = re.compile("SELECT COUNT|.* DESC LIMIT 1$")
            assert all(reads.match(sql) for sql in rows), rows
        assert costs[0] == costs[1]

    def test_has_each_public_page_once_however_many_there_are(
        self, client, monkeypatch
    ):
        monkeypatch.setattr(RecordsMap, "limit", 2)
        places = [make.a_place() for _number in range(7)]
        hidden = {places[1], places[2], places[3], places[6]}
        for place in hidden:
            place.status = Place.Status.DRAFT
            place.save()
        index = client.get("/sitemap.xml").content.decode()
        parts = re.findall(r"testserver(/sitemap-places[^<]*)</loc>", index)
        bodies = [client.get(part).content.decode() for part in parts]
        named = re.findall(r"testserver/places/([^/]+)/<", "".join(bodies))
        assert named == [place.slug for place in places if place not in hidden]
        beyond = {"p": len(parts) + 1}
        assert client.get("/sitemap-places.xml", beyond).status_code == 404

    def test_is_only_read(self, client):
        for address in ("/sitemap.xml", "/sitemap-lists.xml"):
            assert client.post(address).status_code == 405


def test_no_feed_knows_what_is_hidden(client):
    public = public_record()
    secrets(public)
    for address in (
        "/timeline.json",
        "/timeline.ics",
        "/changes.atom",
        "/embed/",
        *(f"/officials/ana/cite.{form}" for form in ("json", "bib")),
    ):
        assert CANARY not in client.get(address).content.decode(), address


def test_pages_lead_to_their_other_forms(client):
    make.an_official("Ana", slug="ana")
    body = client.get("/officials/ana/").content.decode()
    links = re.findall(r'href="(/[^"]*(?:cite|format=csv|/api/v1/o)[^"]*)"', body)
    assert len(links) >= 3
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    assert every_page(client, "/officials/ana/", most=3)


def test_an_address_of_too_many_parameters_is_none_of_the_timeline(client):
    url = "http://testserver/?" + "&".join(f"a={number}" for number in range(51))
    assert client.get("/oembed", {"url": url}).status_code == 404


def test_the_feed_of_changes_ends_at_the_moment_that_is_asked_for(client):
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        make.an_official("Ana", slug="ana")
    with time_machine.travel("2026-01-03T12:00:00Z", tick=False):
        make.an_official("Bea", slug="bea")
        then = client.get("/changes.atom?known_at=2026-01-02").content.decode()
        now = client.get("/changes.atom").content.decode()
    assert ("Ana" in then, "Bea" in then) == (True, False)
    assert "Bea" in now

"""The desk: what waits, the queue that settles in place, and an article in hand."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from entities.models import Agency, Appointment, Official, Place
from provenance.models import Source
from provenance.tracking.changes import ChangeSet, changing
from tests import make
from tests.curating import address, said, save, somebody_of_staff
from tests.importing import NOGALES, PLACES, upload
from timeline.models import Meeting

pytestmark = pytest.mark.django_db


def desk(client):
    """The tasks on the desk: their numbers, and their lines, by their titles."""
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return {
        task.title: (task.number, [(line.text, line.address) for line in task.lines])
        for task in answer.context["tasks"]
    }


class TestTasks:
    def test_are_open_disputes_the_newest_first(self, curator):
        agency = make.an_agency("SEMAR", slug="semar", kind="ministry")
        make.a_citation(agency, field="name", stated="MARINA")
        dispute = agency.disputes.get()
        assert desk(curator)["Open disputes"] == (
            "1",
            [("SEMAR: name", f"/admin/disputes/agency-{dispute.pk}/")],
        )

    def test_are_drafts_and_what_waits_for_review_kind_by_kind(self, curator):
        make.an_agency(status="draft")
        make.an_official(status="draft")
        make.an_official(status="in-review")
        found = desk(curator)
        assert found["Drafts"] == (
            "2",
            [
                ("Agencies", f"{address(Agency, 'changelist')}?status__exact=draft"),
                ("Officials", f"{address(Official, 'changelist')}?status__exact=draft"),
            ],
        )
        assert found["Waiting for review"][0] == "1"

    def test_are_published_values_without_a_citation(self, curator):
        official = make.an_official("Ana Núñez", slug="ana", honorific="Dr.")
        make.an_official("Eva", status="draft")
        title = "Missing citations"
        assert desk(curator)[title] == (
            "1",
            [("Officials", f"{address(Official, 'changelist')}?cited=part")],
        )
        make.a_citation(official)  # of which the name is our own word, and not the rest
        assert desk(curator)[title][0] == "1"
        make.a_citation(official, field="honorific")
        assert desk(curator)[title] == ("0", [])

    def test_say_how_far_each_kind_is(self, curator):
        for number in range(4):
            agency = make.an_agency(slug=f"a-{number}", founded="1821")
            if number:
                make.a_citation(agency, field="founded")
        page = curator.get("/admin/")
        (line,) = next(
            task.lines
            for task in page.context["tasks"]
            if str(task.title) == "Missing citations"
        )
        assert (line.beside, line.done, line.of) == ("1", 3, 4)
        assert (
            '<progress value="3" max="4" title="3 of 4 done"' in page.content.decode()
        )

    def test_are_incumbents_not_heard_of_for_a_year(self, curator):
        now = timezone.now().date()
        year, month = now.year, f"{now:%Y-%m}"
        long_ago, lately = f"{year - 3}", month

        def held(end, published=long_ago, as_of=""):
            one = make.an_appointment(start="2001", end=end)
            source = make.a_source(published=published)
            make.a_citation(one, source, as_of=as_of)
            return one.slug

        stale = {held(".."), held(""), held(f"[{year - 2}..]")}
        fresh = {
            held("..", lately),
            held("..", as_of=lately),
            held(f"[{lately}..]"),
            held(f"{year - 2}"),
        }
        day = now - timedelta(days=365)
        found = Appointment.objects.unheard_of_since(day)
        assert {one.slug for one in found} == stale
        assert fresh.isdisjoint(stale)
        number, lines = desk(curator)["Possibly outdated appointments"]
        assert number == "3"
        ((_title, link),) = lines
        assert curator.get(link).context["cl"].result_count == 3

    def test_are_imports_and_recent_changes_by_whom(self, curator):
        page = upload(curator, PLACES + NOGALES)
        key = page.context["upload"].pk
        with changing(ChangeSet.Path.COMMAND, reason="A letter came"):
            make.an_official("Ana", status="draft")
        found = desk(curator)
        assert found["Imports"][1] == [
            (str(page.context["upload"]), f"/admin/entities/place/import/{key}/")
        ]
        assert found["Recent changes"][1][0][0] == "A letter came"
        save(curator, model=Place, slug="naco", name="Naco", kind="city")
        assert desk(curator)["Recent changes"][1][0][0] == "Naco (naco)"

    def test_are_counted_no_further_than_anybody_reads(self, curator, monkeypatch):
        for number in range(4):
            make.an_official(slug=f"o-{number}", status="draft")
            make.an_agency(slug=f"a-{number}")
        monkeypatch.setattr("provenance.admin.desk.COUNTED", 3)
        monkeypatch.setattr("provenance.admin.desk.LOOKED_AT", 2)
        found = desk(curator)
        assert found["Drafts"][0] == "3+"
        assert found["Missing citations"][0] == "2+"  # of the newest two agencies
        shown = curator.get("/admin/").content.decode()
        assert f'{address(Official, "changelist")}?status__exact=draft">3+</a>' in shown

    def test_say_of_a_large_change_that_it_wrote_more(self, curator, monkeypatch):
        with changing(ChangeSet.Path.COMMAND):
            for number in range(3):
                make.an_official(slug=f"o-{number}", status="draft")
            make.an_agency(status="draft")
        assert desk(curator)["Recent changes"][1][0][0] == "4 records"
        monkeypatch.setattr("provenance.admin.changed_records.MOST", 2)
        assert desk(curator)["Recent changes"][1][0][0] == "3+ records"
        assert ">3+ records<" in curator.get("/admin/changes/").content.decode()

    def test_are_those_of_what_one_may_see(self, client):
        make.an_official(status="draft")
        make.an_agency(status="draft")
        client.force_login(somebody_of_staff("vera", "entities.view_official"))
        found = desk(client)
        assert found["Drafts"] == (
            "1",
            [("Officials", f"{address(Official, 'changelist')}?status__exact=draft")],
        )
        assert "Recent changes" not in found
        assert "Open disputes" not in found


def test_an_empty_record_says_what_to_begin_with(curator):
    page = curator.get("/admin/")
    steps = page.context["first_steps"]
    assert steps[0] == ("Add the first source", "/admin/provenance/source/add/")
    assert ("Import a table of sources", "/admin/provenance/source/import/") in steps
    assert "manage.py load" in page.content.decode()
    make.a_source()
    page = curator.get("/admin/")
    assert not page.context["first_steps"]
    assert "Nothing open:" in page.content.decode()


class TestQueue:
    def in_dispute(self):
        agency = make.an_agency("SEMAR", slug="semar", kind="ministry")
        source = make.a_source("The caption", published="2025-04")
        make.a_citation(agency, source, field="name", stated="MARINA", locator="p. 2")
        return agency.disputes.get()

    def test_settles_where_it_stands_and_goes_on_there(self, curator):
        dispute = self.in_dispute()
        page = curator.get("/admin/disputes/?state=open&type=agency")
        body = page.content.decode()
        for told in ("SEMAR", "MARINA", "The caption", "2025-04", "p. 2"):
            assert told in body
        (shown,) = page.context["page"].rows
        sent = {
            "seen": shown.seen,
            "statement": [shown.statements[0].key],
            "assessment": "translation",
            "note": "The short name.",
            "back": "state=open&type=agency",
        }
        answer = curator.post(f"/admin/disputes/{dispute.key}/", sent)
        assert answer.status_code == 302
        assert answer["Location"] == "/admin/disputes/?type=agency&state=open"
        dispute.refresh_from_db()
        assert dispute.state == "settled"

    def test_leads_nowhere_else(self, curator):
        dispute = self.in_dispute()
        shown = curator.get(f"/admin/disputes/{dispute.key}/").context["dispute"]
        sent = {
            "seen": shown.seen,
            "statement": [shown.statements[0].key],
            "assessment": "translation",
            "note": "The short name.",
            "back": "next=//elsewhere.example/&state=%2F%2Felsewhere",
        }
        answer = curator.post(f"/admin/disputes/{dispute.key}/", sent)
        assert answer["Location"] == "/admin/disputes/?state=%2F%2Felsewhere"


class TestASettledDispute:
    def test_says_how_it_was_settled_and_is_opened_again_with_that_reason(
        self, curator
    ):
        agency = make.an_agency("SEMAR", slug="semar", kind="ministry")
        make.a_citation(agency, field="name", stated="MARINA")
        page = f"/admin/disputes/{agency.disputes.get().key}/"
        assert "Reopen" not in curator.get(page).content.decode()
        settled = self.sent(curator, page, "translation", "The short name.")
        assert "Settled: SEMAR: name" in said(settled)
        again = curator.get(page).content.decode()
        assert "Settled as translation." in again
        assert again.count("The short name.") >= 2  # told, and to be kept or changed
        opened = self.sent(curator, page, "unresolved", "The short name. See p. 3.")
        assert "Open again: SEMAR: name" in said(opened)
        assert agency.disputes.get().state == "open"
        notes = agency.citations.get().history.values_list("note", flat=True)
        assert list(notes) == ["The short name. See p. 3.", "The short name.", ""]

    def sent(self, client, page, assessment, note):
        shown = client.get(page).context["dispute"]
        keys = [citation.key for citation in shown.statements]
        data = {"seen": shown.seen, "statement": keys, "note": note}
        return client.post(page, {**data, "assessment": assessment}, follow=True)


def citation_form(page):
    """The new citation that a form opens with; None if it opens with none."""
    for inline in page.context["inline_admin_formsets"]:
        if inline.formset.prefix == "citations" and inline.formset.extra_forms:
            return inline.formset.extra_forms[0]
    return None


class TestAnArticle:
    def test_is_made_taken_in_hand_and_cited_by_what_is_entered_next(self, curator):
        form = {
            "title": "The Watch",
            "kind": "news-article",
            "status": "draft",
            "slug": "watch",
            "published": "",
            "report_rows-TOTAL_FORMS": 0,
            "report_rows-INITIAL_FORMS": 0,
            "provenance_source_save_and_enter": "1",
        }
        page = curator.get(address(Source, "add")).content.decode()
        assert 'name="provenance_source_save_and_enter"' in page
        popup = curator.get(address(Source, "add"), {"_popup": "1"}).content.decode()
        assert 'name="provenance_source_save_and_enter"' not in popup
        answer = curator.post(address(Source, "add"), form)
        assert answer.status_code == 302
        source = Source.objects.get(slug="watch")
        assert answer["Location"] == address(Source, "enter", source.pk)
        page = curator.get(answer["Location"])
        page = curator.get("/admin/")
        assert "Current source: <strong>The Watch</strong>" in page.content.decode()
        page = curator.get(address(Official, "add"))
        assert citation_form(page).initial == {"source": source.pk}
        form = {
            "name": "Ana Núñez",
            "status": "draft",
            "slug": "ana",
            "names-TOTAL_FORMS": 0,
            "names-INITIAL_FORMS": 0,
            "identifiers-TOTAL_FORMS": 0,
            "identifiers-INITIAL_FORMS": 0,
            "citations-TOTAL_FORMS": 1,
            "citations-INITIAL_FORMS": 0,
            "citations-0-source": source.pk,
            "citations-0-field": "",
        }
        answer = curator.post(address(Official, "add"), form)
        assert answer.status_code == 302, re.findall(
            r'class="errorlist.*?</ul>', answer.content.decode()
        )
        citation = Official.objects.get(slug="ana").citations.get()
        assert (citation.source, citation.field) == (source, "")

    def test_is_not_put_forward_twice_for_one_record(self, curator):
        official, source = make.an_official(slug="ana"), make.a_source()
        curator.post("/admin/source-in-hand/", {"source": source.pk})
        page = address(Official, "change", official.pk)
        assert citation_form(curator.get(page)).initial == {"source": source.pk}
        make.a_citation(official, source)
        assert citation_form(curator.get(page)) is None

    def test_is_laid_down(self, curator):
        source = make.a_source()
        curator.post("/admin/source-in-hand/", {"source": source.pk})
        assert "current_source" in curator.get("/admin/").context
        curator.post("/admin/source-in-hand/", {})
        assert "current_source" not in curator.get("/admin/").context
        assert citation_form(curator.get(address(Official, "add"))) is None

    def test_has_to_be_one_that_one_may_see(self, client, curator):
        source = make.a_source()
        assert curator.get("/admin/source-in-hand/").url == "/admin/"
        for key in ("999999", "x", "9" * 30):
            answer = curator.post("/admin/source-in-hand/", {"source": key})
            assert answer.status_code in (302, 404)
        client.force_login(somebody_of_staff("vera", "entities.view_official"))
        answer = client.post("/admin/source-in-hand/", {"source": source.pk})
        assert answer.status_code == 404


class TestSmallTimeline:
    def test_shows_what_is_recorded_and_what_sources_state(self, curator):
        meeting = make.a_meeting("Call", start="2025-02")
        source = make.a_source("The Watch")
        make.a_citation(meeting, source, field="start", stated="2025-01")
        page = curator.get(address(Meeting, "change", meeting.pk))
        lanes = page.context["drawing"].lanes
        assert [lane.label for lane in lanes] == ["Recorded", "The Watch"]
        (mark,) = lanes[1].rows[0]
        assert (mark.when, mark.dispute) == ("January 2025", "open")
        assert 'class="spans"' in page.content.decode()

    def test_shows_the_offices_of_an_official(self, curator):
        official = make.an_official()
        post = make.a_post("Secretary")
        make.an_appointment(official, post, start="2020", end="2024")
        page = curator.get(address(Official, "change", official.pk))
        (lane,) = page.context["drawing"].lanes
        assert lane.label == "Secretary"

    def test_shows_the_last_of_very_many_offices(self, curator, monkeypatch):
        monkeypatch.setattr("entities.admin.DRAWN", 2)
        official = make.an_official()
        for year in ("2001", "2003", "2002"):
            make.an_appointment(official, make.a_post(year), start=year)
        page = curator.get(address(Official, "change", official.pk))
        lanes = page.context["drawing"].lanes
        assert [lane.label for lane in lanes] == ["2002", "2003"]

    def test_is_left_out_where_nothing_is_dated(self, curator):
        official = make.an_official()
        page = curator.get(address(Official, "change", official.pk))
        assert page.context["drawing"] is None

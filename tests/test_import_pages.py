"""Importing in the admin: what is previewed is what is written, once, by whom it is."""

import csv
import io
import json
import re
import sqlite3
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.utils import timezone

from entities.models import Agency, AgencyName, Place
from provenance import staging
from provenance.changes import ChangeSet, changing
from provenance.models import Upload
from provenance.resources.outcome import SHOWN
from provenance.roles import CURATOR, DATA_MANAGER, VIEWER
from provenance.tables import MAX_BYTES
from provenance.undoing import undo
from tests import make
from tests.curating import address, superuser
from tests.importing import (
    NOGALES,
    PLACES,
    confirm,
    counts,
    faults,
    imported,
    sealed,
    sent,
    upload,
)
from tests.roles import somebody
from timeline.models import Meeting

pytestmark = pytest.mark.django_db

STREAM = {"HTTP_ACCEPT": "application/x-ndjson"}


@pytest.fixture
def curator(client):
    """A browser in which a superuser is signed in."""
    return superuser(client)


@pytest.fixture
def _everything_is_long(monkeypatch):
    """Files of any length are read as long ones are."""
    monkeypatch.setattr("provenance.admin.importing.LONG", 0)


def at(page, name):
    """An address of the upload that a page is about."""
    return page.context["at"][name]


def rows(page, kind):
    """The rows of one kind on a page: the line and the key of each."""
    return [(row["line"], row["key"]) for row in page.context["report"]["rows"][kind]]


def lines_of(answer):
    """What a stream of progress says, line by line."""
    assert answer["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.getvalue().splitlines()]


def table_in(answer):
    """The rows of a CSV file, each by its columns."""
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode(), newline="")))


class TestPreview:
    def test_shows_first_what_an_import_would_do(self, curator):
        make.a_place("Sonora", slug="sonora", kind="state")
        make.a_place("Tucson", slug="tucson", kind="city")
        page = upload(
            curator,
            "slug,status,name,kind\r\nnogales,draft,Nogales,city\r\n"
            "sonora,published,Sonora (Mexico),state\r\n"
            "tucson,published,Tucson,city\r\n",
        )
        assert counts(page) == {"new": 1, "changed": 1, "same": 1}
        assert rows(page, "new") == [(2, "nogales")]
        assert rows(page, "changed") == [(3, "sonora")]
        html = page.content.decode()
        assert re.search(
            r'<code>name</code>\s+<span class="said">Sonora</span>\s+→ '
            r'<span class="said">Sonora<ins> \(Mexico\)</ins></span>',
            html,
        )
        assert Place.objects.count() == 2

    def test_waits_in_the_database_and_says_how_it_was_read(self, curator):
        text = "slug;status;name;kind\r\nnogales;draft;Nogales;city\r\n"
        page = upload(curator, text.encode("utf-16"), name="a.csv", reason="because")
        kept = Upload.objects.get()
        assert (kept.user.username, kept.table) == ("ana", "places")
        assert bytes(kept.data) == text.encode("utf-16")
        facts = dict(page.context["facts"])
        assert facts["Read as"] == "UTF-16, parted by semicolon"
        assert (facts["Rows"], facts["Reason"]) == (1, "because")
        assert facts["SHA-256"] == kept.sha256[:12]
        assert counts(page) == {"new": 1}

    def test_warns_of_a_new_record_that_looks_like_one_on_record(self, curator):
        make.a_place("Tucson", slug="tucson", kind="city")
        page = upload(curator, f"{PLACES}tuscon,draft,Tuscon,city\r\n")
        (warning,) = page.context["report"]["warnings"]
        assert warning == {
            "line": 2,
            "column": "name",
            "value": "",
            "message": "this would be new, but “tucson” is on record: “Tuscon” and "
            "“Tucson” are 83% alike.",
        }
        assert warning["message"] in page.content.decode()
        confirm(curator, page)
        assert Place.objects.count() == 2  # a warning, not a fault

    def test_names_every_fault_with_its_line_and_column(self, curator):
        page = upload(
            curator,
            'slug,status,name,kind,parent\r\na,draft,"Two\nlines",city,\r\n'
            "b,draft,B,town,\r\nc,maybe,C,city,nowhere\r\n",
        )
        assert sorted(fault.split(":")[0] for fault in faults(page)) == [
            "2, name",
            "4, kind",
            "5, parent",
            "5, status",
        ]
        assert "confirm" not in buttons(page)
        assert not Place.objects.exists()

    def test_of_a_header_alone_has_nothing_to_confirm(self, curator):
        page = upload(curator, PLACES)
        assert counts(page) == {}
        assert "There is nothing to write." in page.content.decode()
        assert "confirm" not in buttons(page)

    def test_shows_the_words_of_a_file_as_words(self, curator):
        page = upload(
            curator,
            f"{PLACES}nogales,draft,<script>alert(1)</script>,city\r\n",
            name="<script>alert(2).csv",
        )
        assert "<script>alert" not in page.content.decode()
        assert "<script>alert" not in confirm(curator, page).content.decode()
        upload(curator, PLACES, name="<script>alert(2).csv")
        listed = curator.get(address(Place, "import")).content.decode()
        assert "alert(2)" in listed
        assert "<script>alert" not in listed

    def test_shows_a_hundred_rows_of_a_kind_and_gives_all_of_them(self, curator):
        numbers = range(SHOWN + 1)
        text = "".join(f"p{n},draft,=P{n},city\r\n" for n in numbers)
        page = upload(curator, PLACES + text)
        assert counts(page) == {"new": SHOWN + 1}
        assert len(rows(page, "new")) == SHOWN
        assert f"All {SHOWN + 1} as CSV" in page.content.decode()
        answer = curator.get(at(page, "rows"), {"kind": "new"})
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        names = [row for row in table_in(answer) if row["column"] == "name"]
        assert [row["key"] for row in names] == [f"p{n}" for n in numbers]
        assert names[0] == {
            "line": "2",
            "key": "p0",
            "column": "name",
            "before": "",
            "after": "'=P0",
            "what": "written",
        }
        assert not Place.objects.exists()

    def test_gives_all_faults_as_csv(self, curator):
        page = upload(curator, f"{PLACES}a,draft,A,town\r\nb,maybe,B,city\r\n")
        answer = curator.get(at(page, "rows"), {"kind": "wrong"})
        told = [(row["line"], row["column"]) for row in table_in(answer)]
        assert told == [("2", "kind"), ("3", "status")]

    @pytest.mark.parametrize("kind", ["", "nothing", "same", "new\0"])
    def test_gives_no_rows_of_a_kind_that_is_none(self, curator, kind):
        page = upload(curator, PLACES + NOGALES)
        assert curator.get(at(page, "rows"), {"kind": kind}).status_code == 404

    def test_of_a_long_text_keeps_what_differs_in_sight(self, curator):
        long = "word " * 2_000
        make.a_place("Nogales", slug="nogales", public_note=f"{long}old {long}end")
        page = upload(curator, f"slug,public_note\r\nnogales,{long}new {long}end\r\n")
        (row,) = page.context["report"]["rows"]["changed"]
        (cell,) = row["cells"]
        assert len(cell["before"]) < 1_000
        html = page.content.decode()
        assert "<del>old</del>" in html
        assert "<ins>new</ins>" in html


def buttons(page):
    """What the buttons of the page of an upload lead to."""
    shown = page.content.decode()
    return {name for name, link in page.context["at"].items() if f'"{link}"' in shown}


class TestForm:
    @pytest.mark.parametrize(
        ("text", "part"),
        [
            ("slug,titel\r\na,b\r\n", "unknown column “titel”"),
            ("status,name\r\ndraft,A\r\n", "the column “slug” is needed"),
            ("slug,name\r\na\r\n", "it has 1 cells, the header has 2"),
            ('slug,name\r\na,"b\r\n', "never closed"),
            ("slug,name\r\na,José\r\n".encode("latin-1"), "save the file as UTF-8"),
            (b"PK\x03\x04", "this is a spreadsheet"),
            ("slug,name\r\na,b\x00\r\n", "U+0000"),
            ("slug,slug\r\na,b\r\n", "stands there 2 times"),
            ("", "empty"),
        ],
    )
    def test_refuses_what_an_import_would_have_to_guess(self, curator, text, part):
        page = upload(curator, text)
        assert page.status_code == 200
        assert part in " ".join(faults(page))
        if "at" in page.context:
            assert "confirm" not in buttons(page)

    def test_reads_what_a_spreadsheet_writes(self, curator):
        text = "slug;status;name;kind\r\nnogales;draft;Nogales;city\r\n"
        for data in (text.encode("utf-8-sig"), text.encode("utf-16")):
            assert counts(upload(curator, data)) == {"new": 1}

    def test_refuses_a_file_that_is_too_large_and_keeps_nothing_of_it(self, curator):
        page = upload(curator, b"x" * (MAX_BYTES + 1))
        assert page.status_code == 413
        assert faults(page) == ["The file is larger than 20 MiB; split it."]
        assert not Upload.objects.exists()

    @pytest.mark.parametrize("asked", [{"table": "officials"}, {"table": "x"}])
    def test_takes_no_table_of_other_lists(self, curator, asked):
        page = curator.post(address(Place, "import"), asked)
        assert page.status_code == 200
        assert set(page.context["form"].errors) == {"table", "file"}

    def test_keeps_of_the_name_of_a_file_one_short_line(self, curator):
        name = "../../a\nb\x1b" + "c" * 300 + ".csv"
        done = imported(curator, PLACES + NOGALES, name=name)
        kept = done.context["upload"].file_name
        assert len(kept) <= 200
        assert kept.isprintable()
        assert "/" not in kept

    def test_lists_the_uploads_of_ones_own_that_wait(self, curator, client):
        page = upload(curator, PLACES + NOGALES, name="mine.csv")
        listed = curator.get(address(Place, "import"))
        assert [str(each) for each, *_rest in listed.context["waiting"]] == ["mine.csv"]
        assert "1 new, 0 changed, 0 claims, 0 the same" in listed.content.decode()
        confirm(curator, page)
        assert not curator.get(address(Place, "import")).context["waiting"]
        upload(curator, PLACES + NOGALES)
        client.force_login(User.objects.create_superuser("eve"))
        assert not client.get(address(Place, "import")).context["waiting"]

    def test_asks_for_a_source_only_where_rows_are_cited(self, curator):
        source = make.a_source(slug="sheet")
        form = curator.get(address(Place, "import")).context["form"]
        assert list(form.fields) == [
            *("table", "file", "source", "locator", "as_of", "reason")
        ]
        make.an_agency(slug="semar")
        page = upload(
            curator,
            "agency,text,kind\r\nsemar,MARINA,acronym\r\n",
            Agency,
            "agency_names",
            source=source.pk,
        )
        assert "leave it empty" in page.context["form"].errors["source"][0]
        page = upload(curator, PLACES + NOGALES, locator="p. 2", as_of="2024")
        assert set(page.context["form"].errors) == {"locator", "as_of"}
        asked = {"source": source.pk, "locator": "p.\u202e2", "as_of": "2024-13"}
        page = upload(curator, PLACES + NOGALES, **asked)
        assert set(page.context["form"].errors) == {"locator", "as_of"}
        assert not Upload.objects.exists()


class TestConfirmation:
    def test_writes_what_was_seen_and_says_who_and_why(self, curator):
        done = imported(curator, PLACES + NOGALES, name="border.csv", reason="a typo")
        change = ChangeSet.objects.get()
        assert counts(done) == {"new": 1}
        assert "Imported as" in done.content.decode()
        assert address_of(change) in done.content.decode()
        written = Place.objects.get().history.get()
        assert (written.change_set, change.path) == (change, "import")
        assert change.user.username == "ana"
        assert change.reason == "import of border.csv: a typo"
        kept = Upload.objects.get()
        assert (kept.change, bytes(kept.data)) == (change, b"")

    def test_is_taken_once_and_then_shows_the_same_report(self, curator):
        page = upload(curator, PLACES + NOGALES)
        first, second = confirm(curator, page), confirm(curator, page)
        assert first.redirect_chain == second.redirect_chain
        assert second.context["upload"].change == first.context["upload"].change
        assert second.context["report"] == first.context["report"]
        assert Place.objects.get().history.count() == 1
        assert ChangeSet.objects.count() == 1

    def test_is_of_the_preview_and_says_what_has_changed_since(self, curator):
        place = make.a_place("Nogales", slug="nogales", status="draft")
        make.a_place("Sonora", slug="sonora", kind="state")
        page = upload(curator, f"{PLACES}nogales,draft,Nogales (Mexico),city\r\n")
        with changing("form", user=User.objects.get(), reason="by hand"):
            place.name = "Heroica Nogales"
            place.save()
        refused = confirm(curator, page)
        assert refused.status_code == 409
        place.refresh_from_db()
        assert place.name == "Heroica Nogales"
        (since,) = refused.context["since"]
        assert since["change"] == ChangeSet.objects.first()
        ((record, _address, differences),) = since["records"]
        assert record.slug == "nogales"
        told = [each.in_words for each in differences]
        assert "Name: Nogales → Heroica Nogales" in told
        html = refused.content.decode()
        assert "Nothing was written" in html
        assert "by hand" in html
        assert confirm(curator, refused).status_code == 200
        place.refresh_from_db()
        assert place.name == "Nogales (Mexico)"

    def test_is_of_no_preview_that_was_not_shown(self, curator):
        place = make.a_place("Nogales", slug="nogales")
        page = upload(curator, f"{PLACES}nogales,published,N,city\r\n")
        place.name = "Heroica Nogales"
        place.save()
        for _click in range(2):
            assert confirm(curator, page).status_code == 409
        place.refresh_from_db()
        assert place.name == "Heroica Nogales"

    def test_stands_where_a_change_in_the_meantime_met_nothing_of_it(self, curator):
        page = upload(curator, PLACES + NOGALES)
        make.a_place("Tucson", slug="tucson")
        assert confirm(curator, page).context["upload"].change
        assert Place.objects.count() == 2

    def test_writes_nothing_if_the_record_no_longer_takes_it(self, curator):
        country = make.a_country(slug="mexico")
        page = upload(
            curator,
            "slug,status,name,kind,parent\r\nnogales,draft,Nogales,city,mexico\r\n"
            "sonora,draft,Sonora,state,mexico\r\n",
        )
        country.delete()
        refused = confirm(curator, page)
        assert refused.status_code == 409
        assert "There is no place “mexico”" in faults(refused)[0]
        assert "confirm" not in buttons(refused)
        assert not Place.objects.exists()

    def test_of_what_was_not_looked_at_writes_nothing(self, curator, monkeypatch):
        monkeypatch.setattr("provenance.admin.importing.LONG", 0)
        page = upload(curator, PLACES + NOGALES)
        assert page.context["report"] is None
        assert confirm(curator, page).context["report"] is None
        assert not Place.objects.exists()

    def test_of_what_is_wrong_or_does_nothing_writes_nothing(self, curator):
        for text in (f"{PLACES}a,draft,A,town\r\n", PLACES):
            assert confirm(curator, upload(curator, text)).status_code == 409
        assert not ChangeSet.objects.exists()

    def test_is_taken_back_whole(self, curator):
        done = imported(curator, PLACES + NOGALES)
        change = done.context["upload"].change
        take_back = f"{address_of(change)}take-back/"
        assert take_back in done.content.decode()
        seal = curator.post(take_back).context["seal"]
        curator.post(take_back, {"seal": seal})
        assert not Place.objects.exists()
        again = curator.get(at(done, "upload"))
        assert "taken back by change 2" in again.content.decode()

    def test_leaves_a_report_to_keep(self, curator):
        done = imported(curator, PLACES + NOGALES, name="border.csv")
        report = curator.get(at(done, "report")).json()
        assert report == {
            "table": "places",
            "file_name": "border.csv",
            "sha256": done.context["upload"].sha256,
            "size": len(PLACES + NOGALES),
            "rows": 1,
            "encoding": "UTF-8",
            "delimiter": ",",
            "source": "",
            "locator": "",
            "as_of": "",
            "reason": "",
            "change": 1,
            "report": done.context["report"],
        }
        assert sum(report["report"]["counts"].values()) == report["rows"]
        assert curator.get(at(done, "rows"), {"kind": "new"}).status_code == 303

    def test_of_a_source_cites_it_and_overwrites_nothing(self, curator):
        source = make.a_source(slug="sheet")
        agency = make.an_agency("Navy", slug="semar", founded="1940", status="draft")
        page = upload(
            curator,
            "slug,name,kind,founded\r\nsemar,Navy,,1821\r\nnew,New,ministry,\r\n",
            Agency,
            "agencies",
            source=source.pk,
            locator="p. 2",
            as_of="2024",
        )
        assert dict(page.context["facts"])["Source"] == "sheet, p. 2, 2024"
        assert counts(page) == {"claim": 1, "new": 1}
        html = " ".join(page.content.decode().split())
        supports = '<code>name</code> <strong>supports</strong> <span class="said">Navy'
        states = '<strong>states</strong> <ins class="said">1821</ins> · recorded: '
        assert supports in html
        assert f'{states}<span class="said">1940</span>' in html
        change = confirm(curator, page).context["upload"].change
        agency.refresh_from_db()
        assert agency.founded == "1940"
        assert [
            (made.field, made.stated, made.locator, made.as_of)
            for made in agency.citations.order_by("field")
        ] == [("founded", "1821", "p. 2", "2024"), ("name", "", "p. 2", "2024")]
        undo(change)
        assert not agency.citations.exists()
        assert list(Agency.objects.all()) == [agency]

    def test_of_a_source_that_is_gone_writes_nothing(self, curator):
        source = make.a_source(slug="sheet")
        make.an_agency("Navy", slug="semar")
        text = "slug,name\r\nsemar,Navy\r\n"
        page = upload(curator, text, Agency, "agencies", source=source.pk)
        source.delete()
        refused = confirm(curator, page)
        assert "There is no source “sheet”" in faults(refused)[0]
        assert not ChangeSet.objects.filter(path="import").exists()

    def test_takes_the_rows_of_a_record_too(self, curator):
        make.an_agency(slug="semar")
        done = imported(
            curator,
            "agency,text,kind,language,start\r\nsemar,MARINA,acronym,es,1940\r\n",
            Agency,
            "agency_names",
        )
        assert counts(done) == {"new": 1}
        assert AgencyName.objects.get().text == "MARINA"

    def test_takes_citations_of_the_field_of_a_kind_of_event(self, curator):
        meeting = make.a_meeting(slug="call")
        source = make.a_source(slug="article")
        head = "type,record,field,source,locator,stated\r\n"
        line = "meeting,call,format,article,para. 2,call\r\n"
        imported(curator, head + line, Meeting, "citations")
        assert meeting.citations.get().source == source
        wrong = upload(
            curator, f"{head}nothing,call,,article,p. 2,\r\n", Meeting, "citations"
        )
        assert "none of the types" in faults(wrong)[0]


def address_of(change):
    return f"/admin/changes/{change.pk}/"


@pytest.mark.usefixtures("_everything_is_long")
class TestLongFiles:
    def test_are_read_when_asked_to_and_say_how_far_they_are(self, curator):
        page = upload(curator, PLACES + NOGALES)
        assert page.context["report"] is None
        assert "<progress" in page.content.decode()
        *steps, end = lines_of(curator.post(at(page, "read"), **STREAM))
        assert end == {"address": at(page, "upload")}
        assert steps[-1] == {"done": 1, "rows": 1}
        page = curator.get(end["address"])
        assert counts(page) == {"new": 1}
        *steps, end = lines_of(
            curator.post(at(page, "confirm"), sealed(page), **STREAM)
        )
        assert steps[-1] == {"done": 1, "rows": 1}
        assert curator.get(end["address"]).context["upload"].change
        written = Place.objects.get().history.get()
        assert written.history_user.username == "ana"

    def test_are_read_and_confirmed_without_a_script_as_well(self, curator):
        page = upload(curator, PLACES + NOGALES)
        page = curator.post(at(page, "read"), follow=True)
        assert counts(page) == {"new": 1}
        assert confirm(curator, page).context["upload"].change

    def test_are_not_read_twice(self, curator):
        page = upload(curator, PLACES + NOGALES)
        curator.post(at(page, "read"))
        read = Upload.objects.get().last_change
        make.a_place()
        assert lines_of(curator.post(at(page, "read"), **STREAM)) == [
            {"address": at(page, "upload")}
        ]
        assert Upload.objects.get().last_change == read

    def test_show_what_has_changed_where_they_lead_to(self, curator):
        place = make.a_place("Nogales", slug="nogales")
        page = upload(curator, f"{PLACES}nogales,published,N,city\r\n")
        page = curator.post(at(page, "read"), follow=True)
        place.name = "Heroica Nogales"
        place.save()
        *_steps, end = lines_of(
            curator.post(at(page, "confirm"), sealed(page), **STREAM)
        )
        page = curator.get(end["address"])
        assert "Nothing was written" in page.content.decode()
        assert not page.context["upload"].change

    def test_leave_nothing_when_the_browser_goes_away(self, curator):
        page = upload(curator, PLACES + NOGALES)
        page = curator.post(at(page, "read"), follow=True)
        work = staging.confirm(kept := Upload.objects.get(), kept.seal)
        next(work)
        work.close()  # as the server does with what it can send to nobody
        assert not Place.objects.exists()
        assert not connection.needs_rollback
        assert confirm(curator, page).context["upload"].change


class TestUploads:
    def everywhere(self, client, page):
        """How each address of an upload answers."""
        addresses = page.context["at"]
        got = ("upload", "rows", "report")
        for name in got:
            yield client.get(addresses[name], {"kind": "new"})
        for name in addresses.keys() - set(got):
            yield client.post(addresses[name])

    def test_of_others_are_as_unknown_as_those_that_never_were(self, curator, client):
        page = upload(curator, PLACES + NOGALES)
        client.force_login(User.objects.create_superuser("eve"))
        theirs = list(self.everywhere(client, page))
        Upload.objects.all().delete()
        never = list(self.everywhere(client, page))
        secret = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
        for other, none in zip(theirs, never, strict=True):
            assert other.status_code == none.status_code == 404
            assert secret.sub(b"", other.content) == secret.sub(b"", none.content)
        assert not Place.objects.exists()

    def test_that_waited_for_a_day_are_gone(self, curator):
        page = upload(curator, PLACES + NOGALES)
        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            superuser(curator, "bea")
            for answer in self.everywhere(curator, page):
                assert answer.status_code == 404
            curator.force_login(User.objects.get(username="ana"))
            for answer in self.everywhere(curator, page):
                assert answer.status_code == 410
                assert "more than a day" in answer.content.decode()
            upload(curator, PLACES)
            assert [kept.size for kept in Upload.objects.all()] == [len(PLACES)]
            assert curator.get(at(page, "upload")).status_code == 404
        assert not Place.objects.exists()

    def test_are_not_found_under_another_list(self, curator):
        page = upload(curator, PLACES + NOGALES)
        elsewhere = at(page, "confirm").replace("/place/", "/agency/")
        assert curator.post(elsewhere).status_code == 404

    def test_are_cancelled(self, curator):
        page = upload(curator, PLACES + NOGALES)
        answer = curator.post(at(page, "cancel"))
        assert (answer.status_code, answer.url) == (303, address(Place, "import"))
        assert not Upload.objects.exists()

    def test_are_not_cancelled_any_more_once_they_are_imported(self, curator):
        done = imported(curator, PLACES + NOGALES)
        curator.post(at(done, "cancel"))
        assert curator.get(at(done, "upload")).context["upload"].change

    def test_are_not_read_anew_once_they_are_imported(self, curator):
        page = upload(curator, PLACES + NOGALES)
        late = staging.preview(kept := Upload.objects.get())
        assert bytes(kept.data)
        report = confirm(curator, page).context["report"]
        staging.finish(late)
        assert Upload.objects.get().report == report

    def test_go_with_their_owner(self, curator):
        upload(curator, PLACES + NOGALES)
        User.objects.get().delete()
        assert not Upload.objects.exists()

    def test_are_no_change_of_the_record(self, curator):
        upload(curator, PLACES + NOGALES)
        assert not ChangeSet.objects.exists()

    @pytest.mark.parametrize("role", [VIEWER, CURATOR])
    def test_are_for_those_who_may_import(self, client, role):
        client.force_login(somebody(DATA_MANAGER))
        page = upload(client, PLACES + NOGALES)
        assert confirm_is_offered(page)
        client.force_login(somebody(role))
        assert sent(client, PLACES).status_code == 403
        for answer in self.everywhere(client, page):
            assert answer.status_code == 403

    def test_ask_each_time_whether_one_may_import_still(self, client):
        user = somebody(DATA_MANAGER)
        client.force_login(user)
        page = upload(client, PLACES + NOGALES)
        user.groups.clear()
        user.user_permissions.add(Permission.objects.get(codename="change_place"))
        assert client.post(at(page, "confirm")).status_code == 403
        assert not Place.objects.exists()


def confirm_is_offered(page):
    return "confirm" in buttons(page)


@contextmanager
def full():
    """While this lasts, the database has no room for another place."""
    if connection.vendor == "postgresql":
        with refusing("53100"):
            yield
        return
    with connection.cursor() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        yield
        cursor.execute("PRAGMA max_page_count = 1073741823")


@contextmanager
def busy():
    """While this lasts, somebody else holds what a place is written with."""
    if connection.vendor == "postgresql":
        with refusing("55P03"):
            yield
        return
    name = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(name, uri=True, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def refusing(code):
    """While this lasts, PostgreSQL answers every place with this error."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse_places() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse_places BEFORE INSERT ON entities_place "
            "EXECUTE FUNCTION refuse_places()"
        )
        yield
        cursor.execute("DROP TRIGGER refuse_places ON entities_place")
        cursor.execute("DROP FUNCTION refuse_places")


@pytest.mark.django_db(transaction=True)
class TestDatabase:
    @pytest.mark.parametrize(
        ("refusing", "status", "said"),
        [(full, 507, "The database is full."), (busy, 503, "The database is busy.")],
        ids=["full", "busy"],
    )
    def test_that_refuses_to_write_says_so_once(self, curator, refusing, status, said):
        long = "".join(f"p{n},draft,P{n},city\r\n" for n in range(200))
        page = upload(curator, PLACES + long)
        with refusing():
            answer = confirm(curator, page)
            rows = curator.get(at(page, "rows"), {"kind": "new"})
            *_steps, end = lines_of(
                curator.post(at(page, "confirm"), sealed(page), **STREAM)
            )
        for told in (answer, rows):
            assert told.status_code == status
            assert told.content.decode().count(said) == 1
        assert end["error"].startswith(said)
        assert not Place.objects.exists()
        assert not ChangeSet.objects.exists()
        assert confirm(curator, page).context["upload"].change
        assert Place.objects.count() == 200

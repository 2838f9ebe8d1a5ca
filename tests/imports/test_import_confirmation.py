"""Confirming an import: what was seen is written, once, or nothing is."""

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
from provenance.history.undo import undo
from provenance.imports import uploads
from provenance.models import Upload
from provenance.review.roles import CURATOR, DATA_MANAGER, VIEWER
from provenance.tracking.changes import ChangeSet, changing
from tests import make
from tests.curating import address, superuser
from tests.importing import (
    NOGALES,
    PLACES,
    at,
    buttons,
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

TOWNS = """\
name = "Towns"
[places]
name = {from = "Town"}
kind = {from = "What"}"""
STREAM = {"HTTP_ACCEPT": "application/x-ndjson"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def _everything_is_long(monkeypatch):
    """Files of any length are read as long ones are."""
    monkeypatch.setattr("provenance.admin.importing.LONG", 0)


def address_of(change):
    return f"/admin/changes/{change.pk}/"


def lines_of(answer):
    """What a stream of progress says, line by line."""
    assert answer["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.getvalue().splitlines()]


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
        assert "Nothing was imported" in html
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
            "sheet": "",
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
        assert "is not a valid type" in faults(wrong)[0]


@pytest.mark.usefixtures("_everything_is_long")
class TestLongFiles:
    def test_are_read_when_asked_to_and_say_how_far_they_are(self, curator):
        page = upload(curator, PLACES + NOGALES)
        assert page.context["report"] is None
        assert "<progress" in page.content.decode()
        assert "The file has 1 row. " in page.content.decode()
        *steps, end = lines_of(curator.post(at(page, "read"), **STREAM))
        assert end == {"address": at(page, "upload")}
        assert steps[-1] == {"done": 1, "rows": 1, "work": "Rows checked"}
        page = curator.get(end["address"])
        assert counts(page) == {"new": 1}
        *steps, end = lines_of(
            curator.post(at(page, "confirm"), sealed(page), **STREAM)
        )
        assert steps[-1] == {"done": 1, "rows": 1, "work": "Rows done"}
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
        assert "Nothing was imported" in page.content.decode()
        assert not page.context["upload"].change

    def test_leave_nothing_when_the_browser_goes_away(self, curator):
        page = upload(curator, PLACES + NOGALES)
        page = curator.post(at(page, "read"), follow=True)
        work = uploads.confirm(kept := Upload.objects.get(), kept.seal)
        next(work)
        work.close()  # as the server does with what it can send to nobody
        assert not Place.objects.exists()
        assert not connection.needs_rollback
        assert confirm(curator, page).context["upload"].change


class TestUploads:
    def everywhere(self, client, page):
        """How each address of an upload answers."""
        addresses = page.context["at"]
        got = ("upload", "rows", "report", "aside", "progress")
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
        late = uploads.preview(kept := Upload.objects.get())
        assert bytes(kept.data)
        report = confirm(curator, page).context["report"]
        uploads.finish(late)
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
        assert "confirm" in buttons(page)
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


@contextmanager
def full():
    """While this lasts, the database has no room for another place."""
    if connection.vendor == "postgresql":
        with refusing("53100"):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # pages that nothing is on would be room
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
    @pytest.mark.parametrize("kind", ["new", "wrong"])
    def test_is_free_again_before_the_first_row_is_sent(self, curator, kind):
        page = upload(curator, PLACES + "a,draft,A,city\r\nb,draft,B,town\r\n")
        answer = curator.get(at(page, "rows"), {"kind": kind})
        assert not connection.in_atomic_block
        assert b"".join(answer).count(b"\r\n") > 1

    @pytest.mark.parametrize(
        ("refusing", "status", "said"),
        [
            (full, 507, "The disk of the database is full."),
            (busy, 503, "The database is busy."),
        ],
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


class TestSettingAside:
    TEXT = PLACES + NOGALES + "naco,draft,,city\r\n"
    WRONG = "naco,draft,,city,name: This field cannot be blank.\r\n"

    def asked(self, client):
        page = upload(client, self.TEXT, name="border.csv")
        assert "set_aside" in buttons(page) and "confirm" not in buttons(page)
        return client.post(at(page, "set_aside"), follow=True)

    def test_is_previewed_and_the_other_rows_are_imported(self, curator):
        page = self.asked(curator)
        assert {"confirm", "aside"} <= buttons(page)
        assert "1 row would be set aside" in page.content.decode()
        assert not Place.objects.exists()
        done = confirm(curator, page)
        assert counts(done) == {"new": 1, "wrong": 1}
        assert [place.slug for place in Place.objects.all()] == ["nogales"]

    def test_gives_the_rows_back_before_and_after(self, curator):
        page = self.asked(curator)
        for seen in (page, confirm(curator, page)):
            file = curator.get(at(seen, "aside"))
            assert file["Content-Disposition"].endswith('"border-set-aside.csv"')
            back = file.getvalue().decode()
            assert back == PLACES.replace("\r", ",why_set_aside\r") + self.WRONG
        mended = imported(curator, back.replace("draft,,", "draft,Naco,"))
        assert counts(mended) == {"new": 1}

    def test_of_a_file_that_a_mapping_reads_gives_its_own_rows_back(self, curator):
        towns = make.a_mapping("Towns", TOWNS)
        text = "Town,What\r\nNaco,city\r\nSonoyta,nonsense\r\n"
        page = upload(curator, text, mapping=towns.pk)
        done = confirm(curator, curator.post(at(page, "set_aside"), follow=True))
        assert counts(done) == {"new": 1, "wrong": 1}
        file = curator.get(at(done, "aside")).getvalue().decode()
        assert file.startswith("Town,What,why_set_aside\r\nSonoyta,nonsense,")
        assert file.count("\r\n") == 2

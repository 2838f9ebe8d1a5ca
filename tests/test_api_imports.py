"""Tables over the API: by the one way in, all of it or nothing, and only by who may."""

import gzip
import hashlib
import io
import zipfile
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test.client import FakePayload
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

import provenance.api.imports as door
from entities.models import Place, PlaceCitation
from provenance.importing import Attribution, import_tables, tables
from provenance.models import ChangeSet
from provenance.roles import CURATOR, DATA_MANAGER, REVIEWER, VIEWER
from provenance.tables import UPLOAD, open_sheet
from tests import make
from tests.replaying import replayed, tracked_tables
from tests.replaying import tables as rows_on_record
from tests.roles import somebody
from tests.writing import program
from timeline.models import EventTheme, Meeting

pytestmark = pytest.mark.django_db

IMPORTS = "/api/v1/imports/"
PLACES = "slug,status,name,kind\r\n"
NOGALES = PLACES + "nogales,draft,Nogales,city\r\n"


@pytest.fixture
def manager():
    """A program with the rights of a data manager."""
    return program(somebody(DATA_MANAGER, "dora"))


def send(client, body, table="places", content_type="text/csv", headers=None, **asked):
    """What is answered to a table."""
    data = body if isinstance(body, bytes) else body.encode()
    at = f"{IMPORTS}?{urlencode({'table': table, **asked})}"
    return client.generic("POST", at, data, content_type, headers=headers)


def with_rights(*codes):
    """A program of somebody with these permissions, and that to import."""
    user = User.objects.create_user(f"user-{User.objects.count()}")
    codes = {"import_tables", *codes}
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    assert user.user_permissions.count() == len(codes)
    return program(user)


def problem(answer, status):
    """The members of a problem that differ, once it is one of this status."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body = answer.json()
    assert (answer.status_code, body.pop("status")) == (status, status), body
    assert body.pop("type") == "about:blank"
    del body["title"]
    return body


def fault(message, line=None, column=None, value="", code="invalid"):
    """One thing wrong in a file, as the answer has it."""
    said = {"line": line, "column": column, "value": value}
    return {**said, "code": code, "message": message}


def about(table, text, counts, **others):
    """The whole answer about a file that is right."""
    data = text.encode()
    return {
        "table": table,
        "dry_run": False,
        "change": None,
        "sha256": hashlib.sha256(data).hexdigest(),
        "encoding": "UTF-8",
        "delimiter": ",",
        "rows": sum(counts.values()),
        "counts": dict.fromkeys(("new", "changed", "claim", "same", "wrong"), 0)
        | counts,
        "warned": len(others.get("warnings", ())),
        "warnings": [],
        "shown": [],
        **others,
    }


def row(kind, line, key, *cells):
    """One row of an answer: its cells as column, before, after, how."""
    names = ("column", "before", "after", "how")
    told = [dict(zip(names, cell, strict=True)) for cell in cells]
    return {"kind": kind, "line": line, "key": key, "cells": told}


NEW_NOGALES = row(
    "new",
    2,
    "nogales",
    ("slug", "", "nogales", "written"),
    ("status", "", "draft", "written"),
    ("name", "", "Nogales", "written"),
    ("kind", "", "city", "written"),
)


class TestWriting:
    def test_a_table_is_written_as_one_change(self, manager):
        make.a_place("Sonora", slug="sonora", kind="state")
        make.a_place("Tucson", slug="tucson")
        text = NOGALES + "sonora,published,Sonora (Mexico),state\r\n"
        text += "tucson,published,Tucson,city\r\n"
        answer = send(manager, text)
        change = ChangeSet.objects.first()
        assert answer.json() == about(
            "places",
            text,
            {"new": 1, "changed": 1, "same": 1},
            change=change.number,
            shown=[
                NEW_NOGALES,
                row(
                    "changed",
                    3,
                    "sonora",
                    ("name", "Sonora", "Sonora (Mexico)", "written"),
                ),
            ],
        )
        assert answer.status_code == 201
        assert (change.path, change.user.username) == ("import", "dora")
        assert change.reason == "import of places"
        assert {row.change_set for row in Place.history.filter(change_set=change)} == {
            change
        }
        assert Place.objects.get(slug="sonora").name == "Sonora (Mexico)"
        assert replayed() == rows_on_record()

    def test_the_reason_is_that_of_the_header(self, manager):
        reason = "Lista de Núñez".encode().decode("latin-1")
        send(manager, NOGALES, headers={"X-Change-Reason": reason})
        assert ChangeSet.objects.first().reason == "Lista de Núñez"
        assert Place.history.get().history_change_reason == "Lista de Núñez"

    def test_the_same_request_again_writes_nothing(self, manager):
        assert send(manager, NOGALES).status_code == 201
        before, changes = rows_on_record(), ChangeSet.objects.count()
        again = send(manager, NOGALES)
        assert again.status_code == 200
        assert again.json() == about("places", NOGALES, {"same": 1})
        assert (rows_on_record(), ChangeSet.objects.count()) == (before, changes)

    def test_a_dry_run_shows_the_same_and_writes_nothing(self, manager):
        dry = send(manager, NOGALES, dry_run="true")
        assert dry.status_code == 200
        assert dry.json() == about(
            "places", NOGALES, {"new": 1}, dry_run=True, shown=[NEW_NOGALES]
        )
        assert not Place.objects.exists()
        assert not ChangeSet.objects.exists()
        assert send(manager, NOGALES, dry_run="false").status_code == 201

    def test_what_looks_doubtful_is_written_and_said(self, manager):
        text = PLACES + "merida,draft,MÃ©rida,city\r\n"
        answer = send(manager, text)
        assert answer.status_code == 201
        assert (answer.json()["warned"], answer.json()["warnings"]) == (
            1,
            [
                {
                    "line": 2,
                    "column": "name",
                    "value": "MÃ©rida",
                    "message": (
                        "“MÃ©rida” looks encoded twice; is “Mérida” meant? Save the "
                        "file as UTF-8."
                    ),
                }
            ],
        )

    def test_of_many_rows_and_warnings_the_first_hundred_are_shown(self, manager):
        lines = [f"p{n},draft,MÃ©rida {n},city" for n in range(150)]
        body = send(manager, PLACES + "\r\n".join(lines), dry_run="true").json()
        assert body["counts"]["new"] == 150
        assert [shown["line"] for shown in body["shown"]] == list(range(2, 102))
        assert (len(body["warnings"]), body["warned"] >= 150) == (100, True)

    def test_it_reads_what_a_spreadsheet_writes(self, manager):
        text = "slug;status;name;kind\r\nnogales;draft;Nogales;city\r\n"
        for data, encoding in (
            (text.encode("utf-16"), "UTF-16"),
            (text.encode("utf-8-sig"), "UTF-8 with a byte order mark"),
        ):
            charset = encoding[:6].rstrip().lower().replace("utf-8 ", "utf-8")
            kind = f"text/csv; charset={charset}"
            body = send(manager, data, content_type=kind, dry_run="true").json()
            assert (body["encoding"], body["delimiter"]) == (encoding, ";")
            assert body["sha256"] == hashlib.sha256(data).hexdigest()

    def test_the_charset_of_the_body_is_not_that_of_the_query(self, manager):
        kind = "text/csv; charset=UTF-16"
        for query in ("table=places", "table=places&locator=%C3%A9"):
            answer = manager.generic(
                "POST", f"{IMPORTS}?{query}", NOGALES.encode("utf-16"), kind
            )
            found = [e["parameter"] for e in answer.json().get("errors", ())]
            assert found == ([] if query == "table=places" else ["locator"])

    def test_it_takes_more_than_other_bodies_may_have(self, manager):
        notes = ["x" * 60_000] * 50
        lines = [f"p{n},draft,P {n},city,{note}" for n, note in enumerate(notes)]
        text = "slug,status,name,kind,public_note\r\n" + "\r\n".join(lines)
        assert len(text) > django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        assert send(manager, text).status_code == 201
        assert Place.objects.count() == 50


def told():
    """Every table as text, and every row of history with its change: but no keys."""
    rows = {name: resource().rows() for name, resource in tables().items()}
    history = [
        (
            model,
            row.history_type,
            row.history_user_id,
            row.history_change_reason,
            row.change_set.path,
            row.change_set.reason,
            row.change_set.user_id,
            str(getattr(row, "slug", "")),
        )
        for model in tracked_tables()
        for row in model.history.order_by("history_id").select_related("change_set")
        if row.change_set
    ]
    return rows, history


@pytest.mark.parametrize("with_source", [False, True])
def test_the_api_writes_what_every_other_way_in_writes(manager, with_source):
    theme = make.a_theme(slug="drugs")
    meeting = make.a_meeting("Call", slug="call", start="2025-02")
    EventTheme.objects.create(event=meeting, theme=theme)
    source = make.a_source(slug="article")
    asked = {"source": "article", "locator": "table 1", "as_of": "2025-02"}
    text = (
        "slug,title,start,themes\r\ncall,The call,2025-02-03,drugs\r\n"
        "visit,A visit,2025-03~,drugs\r\n"
    )

    def undone(write):
        with transaction.atomic():
            write()
            found = told()
            transaction.set_rollback(True)
        return found

    def by_the_api():
        answer = send(manager, text, "meetings", **(asked if with_source else {}))
        assert answer.status_code == 201

    def by_hand():
        import_tables(
            [("meetings", open_sheet(text.encode()))],
            user=User.objects.get(username="dora"),
            reason="import of meetings",
            attribution=Attribution(source, "table 1", "2025-02")
            if with_source
            else None,
        )

    written = undone(by_the_api)
    assert written == undone(by_hand)
    assert written != told()


class TestReadings:
    ASKED = {"source": "article", "locator": "table 1", "as_of": "2025-02"}

    def test_what_a_source_says_overwrites_nothing(self, manager):
        make.a_source(slug="article", status="draft")
        nogales = make.a_place("Nogales", slug="nogales", kind="city")
        text = "slug,name,kind\r\nnogales,Heroica Nogales,city\r\n"
        answer = send(manager, text, **self.ASKED)
        assert answer.status_code == 201
        assert answer.json() == about(
            "places",
            text,
            {"claim": 1},
            change=ChangeSet.objects.first().number,
            shown=[
                row(
                    "claim",
                    2,
                    "nogales",
                    ("name", "Nogales", "Heroica Nogales", "states"),
                    ("kind", "city", "city", "supports"),
                )
            ],
        )
        nogales.refresh_from_db()
        assert nogales.name == "Nogales"
        rows = PlaceCitation.objects.values_list(
            "field", "source__slug", "stated", "locator", "as_of"
        )
        assert set(rows) == {
            ("name", "article", "Heroica Nogales", "table 1", "2025-02"),
            ("kind", "article", "", "table 1", "2025-02"),
        }
        assert send(manager, text, **self.ASKED).status_code == 200

    def test_a_table_that_no_source_is_cited_for_is_refused(self, manager):
        make.a_source(slug="article")
        make.an_agency(slug="semar")
        text = "agency,text,kind,language\r\nsemar,Navy,short,en\r\n"
        answer = send(manager, text, "agency_names", source="article")
        said = "no source is cited for rows of this table; import it without a source."
        assert problem(answer, 400)["errors"] == [fault(said, code="not_cited")]

    @pytest.mark.django_db(transaction=True)
    def test_a_source_gone_in_the_meantime_is_a_conflict(self, manager, monkeypatch):
        source = make.a_source(slug="article", status="draft")

        def gone(data, **options):
            source.delete()
            return open_sheet(data, **options)

        monkeypatch.setattr(door, "open_sheet", gone)
        text = "slug,name,kind\r\nnogales,Nogales,city\r\n"
        answer = send(manager, text, source="article")
        assert problem(answer, 409)
        assert not Place.objects.exists()


def a_zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("places.csv", NOGALES)
    return file.getvalue()


SAVE = "save the file as UTF-8."
WRONG = {
    "nothing": (b"", fault("it is empty.")),
    "an archive": (
        a_zip(),
        fault("this is a spreadsheet or another archive (ZIP); save it as CSV, UTF-8."),
    ),
    "a packed table": (
        gzip.compress(NOGALES.encode()),
        fault("this is compressed (gzip); unpack it first."),
    ),
    "JSON": (
        b'[{"slug": "a"}]',
        fault("this is JSON; save the table as CSV, UTF-8."),
    ),
    "Latin-1": (
        (PLACES + "jose,draft,José,city\r\n").encode("latin-1"),
        fault(f"byte 0xE9 at place 15 is not UTF-8; {SAVE}", 2),
    ),
    "NUL": (
        PLACES + "a,draft,A\0,city\r\n",
        fault("control character U+0000; is this CSV, saved as UTF-8?", 2),
    ),
    "a short row": (
        PLACES + "a,draft\r\n",
        fault("it has 2 cells, the header has 4.", 2),
    ),
    "an open quote": (
        PLACES + 'a,draft,"A,city\r\n',
        fault("a quote that is opened here is never closed.", 2),
    ),
    "an unknown column": (
        "slug,nam\r\na,A\r\n",
        fault("unknown column “nam”; did you mean name?"),
    ),
    "a column twice": (
        "slug,slug\r\na,b\r\n",
        fault("the column “slug” stands there 2 times, in places 1, 2.", 1),
    ),
    "no key": (
        "name\r\nA\r\n",
        fault("the column “slug” is needed; rows are known by it."),
    ),
    "a row twice": (
        NOGALES + "nogales,draft,Nogales,city\r\n",
        fault("Line 2 has the same key; keep one of the two.", 3),
    ),
}


class TestFaults:
    @pytest.mark.parametrize("case", WRONG)
    def test_a_wrong_file_is_refused_by_place_and_writes_nothing(self, manager, case):
        body, found = WRONG[case]
        before = rows_on_record()
        assert problem(send(manager, body), 400) == {
            "detail": "The file is not accepted. Nothing was written.",
            "faults": 1,
            "errors": [found],
        }
        assert rows_on_record() == before
        assert not ChangeSet.objects.exists()

    def test_every_cell_that_is_wrong_is_named(self, manager):
        make.a_place(slug="mexico", kind="country")
        text = (
            'slug,status,name,kind,parent,latitude\r\na,draft,"Two\nlines",city,,\r\n'
            "b,draft,B,town,,1e9\r\nc,maybe,C,city,mexicoo,\r\n"
        )
        body = problem(send(manager, text), 400)
        assert body["faults"] == 5
        assert [(e["line"], e["column"], e["value"]) for e in body["errors"]] == [
            (2, "name", "Two\\nlines"),
            (4, "kind", "town"),
            (4, "latitude", "1e9"),
            (5, "status", "maybe"),
            (5, "parent", "mexicoo"),
        ]
        assert "did you mean mexico?" in body["errors"][-1]["message"]
        assert Place.objects.count() == 1

    def test_of_many_faults_a_hundred_are_told_and_all_are_counted(self, manager):
        lines = [f"p{n},draft,P {n},town" for n in range(1234)]
        body = problem(send(manager, PLACES + "\r\n".join(lines)), 400)
        assert (body["faults"], len(body["errors"])) == (1234, 100)
        assert [error["line"] for error in body["errors"]] == list(range(2, 102))

    def test_a_dry_run_refuses_the_same(self, manager):
        text = PLACES + "a,draft,A,town\r\n"
        dry = send(manager, text, dry_run="true")
        assert problem(dry, 400) == problem(send(manager, text), 400)

    def test_right_rows_beside_a_wrong_one_are_not_written(self, manager):
        lines = [f"p{n},draft,P {n},city" for n in range(6000)]
        text = PLACES + "\r\n".join([*lines, "last,draft,Last,town"])
        assert problem(send(manager, text), 400)["faults"] == 1
        assert not Place.history.exists()

    def test_what_keeps_a_record_from_being_public_is_told_by_line(self, manager):
        text = NOGALES + "tucson,published,Tucson,city\r\n"
        said = "“Tucson”: it has no citation; name a source for it."
        for dry_run in ("true", "false"):
            answer = send(manager, text, dry_run=dry_run)
            assert problem(answer, 400)["errors"] == [fault(said, 3, code="missing")]
        assert not Place.objects.exists()

    def test_a_change_that_is_refused_as_a_whole_is_a_conflict(self, manager, settings):
        settings.CLOSING_A_CHANGE = [
            *settings.CLOSING_A_CHANGE,
            "tests.test_api_imports.refuse",
        ]
        assert problem(send(manager, NOGALES), 409) == {
            "detail": "What was asked would leave the record in a wrong state.",
            "faults": 1,
            "errors": [fault("not today.", code="closed")],
        }
        assert not Place.objects.exists()
        assert not ChangeSet.objects.exists()


def refuse(change):
    """Refuses every change that writes something."""
    if change.touched:
        raise ValidationError("not today.", "closed")


class Untouched(FakePayload):
    """A body that nobody may read."""

    def read(self, *args):
        raise AssertionError("the body was read")


class TestBodies:
    @pytest.mark.parametrize(
        ("kind", "headers"),
        [
            ("application/json", {}),
            ("multipart/form-data; boundary=x", {}),
            ("application/x-www-form-urlencoded", {}),
            ("text/plain", {}),
            ("text/csv; charset=latin-1", {}),
            ("text/csv; charset=windows-1252", {}),
            ("text/csv; charset=utf-32", {}),
            ("text/csv", {"Content-Encoding": "gzip"}),
        ],
    )
    def test_only_plain_csv_is_taken(self, manager, kind, headers):
        answer = send(manager, NOGALES, content_type=kind, headers=headers)
        assert problem(answer, 415)
        assert not Place.objects.exists()

    def test_the_largest_is_read_and_what_is_larger_is_not(self, manager):
        answer = send(manager, b"x" * UPLOAD.bytes)
        assert problem(answer, 400)
        asked = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": IMPORTS,
            "QUERY_STRING": "table=places",
            "CONTENT_TYPE": "text/csv",
            "CONTENT_LENGTH": str(UPLOAD.bytes + 1),
            "wsgi.input": Untouched(),
        }
        answer = manager.request(**asked)
        assert problem(answer, 413) == {
            "detail": "The request is larger than is accepted."
        }

    def test_nothing_is_read_of_who_may_not_import(self):
        asked = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": IMPORTS,
            "QUERY_STRING": "table=places",
            "CONTENT_TYPE": "text/csv",
            "CONTENT_LENGTH": "1000000",
            "wsgi.input": Untouched(),
        }
        assert problem(program(somebody(CURATOR)).request(**asked), 403)
        assert problem(APIClient().request(**asked), 401)

    @pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
    def test_tables_are_only_posted(self, manager, method):
        asked = {"HTTP_IF_MATCH": '"1"'}
        assert problem(getattr(manager, method)(IMPORTS, **asked), 405)


class TestQuestions:
    def wrong(self, client, **asked):
        given = {"table": "places", **asked}
        at = f"{IMPORTS}?{urlencode({n: v for n, v in given.items() if v is not None})}"
        body = problem(client.generic("POST", at, NOGALES, "text/csv"), 400)
        assert not Place.objects.exists()
        return [tuple(error.values()) for error in body["errors"]]

    def test_the_table_is_one_of_the_tables(self, manager):
        assert self.wrong(manager, table="place") == [
            (
                "table",
                "no_such_table",
                "There is no table “place”; did you mean places?",
            )
        ]
        names = ", ".join(tables())
        said = f"Name the table that the file goes into: {names}."
        assert self.wrong(manager, table=None) == [("table", "required", said)]

    def test_everything_wrong_is_told_at_once(self, manager):
        found = self.wrong(
            manager, locator="table 2", as_of="2025-13", dry_run="yes", tabel="places"
        )
        assert [(name, code) for name, code, _said in found] == [
            ("tabel", "unknown"),
            ("as_of", "no_such_day"),
            ("as_of", "without_source"),
            ("dry_run", "invalid_choice"),
            ("locator", "without_source"),
        ]

    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("as_of", "03/04/2024", "invalid"),
            ("as_of", "..", "ongoing"),
            ("locator", "two\nlines", "unseen"),
            ("dry_run", "1", "invalid_choice"),
            ("source", "articel", "no_such_record"),
        ],
    )
    def test_each_parameter_is_read_strictly(self, manager, name, value, code):
        make.a_source(slug="article")
        found = self.wrong(manager, **{"source": "article", name: value})
        assert [(parameter, word) for parameter, word, _said in found] == [(name, code)]

    def test_a_parameter_is_given_once_and_not_empty(self, manager):
        for query, code in (("table=places&table=posts", "twice"), ("table=", "empty")):
            answer = manager.generic("POST", f"{IMPORTS}?{query}", NOGALES, "text/csv")
            (error,) = problem(answer, 400)["errors"]
            assert error["code"] == code


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "status"),
        [(VIEWER, 403), (CURATOR, 403), (REVIEWER, 403), (DATA_MANAGER, 201)],
    )
    def test_importing_is_for_data_managers(self, role, status):
        answer = send(program(somebody(role)), NOGALES)
        assert answer.status_code == status
        assert Place.objects.exists() == (status == 201)

    def test_it_takes_a_token(self, admin_client):
        for client in (APIClient(), admin_client):
            answer = client.generic("POST", f"{IMPORTS}?table=places", NOGALES)
            assert problem(answer, 401)
        assert not Place.objects.exists()

    @pytest.mark.parametrize(
        ("verb", "line", "said"),
        [
            ("add", 3, "you may not change places."),
            ("change", 2, "you may not add places."),
        ],
    )
    def test_each_row_asks_whether_it_may_be_written(self, verb, line, said):
        make.a_place("Tucson", slug="tucson", status="draft")
        client = with_rights("view_place", f"{verb}_place")
        text = NOGALES + "tucson,draft,Tuscon,city\r\n"
        assert problem(send(client, text), 403) == {
            "detail": "You may not do this.",
            "faults": 1,
            "errors": [fault(said, line, code="permission")],
        }
        assert Place.objects.get().name == "Tucson"

    def test_rights_that_are_missing_are_told_before_other_faults(self):
        lines = [f"p{n},draft,P {n},town" for n in range(200)]
        text = PLACES + "\r\n".join(lines)
        body = problem(send(with_rights("change_place"), text), 403)
        assert {error["code"] for error in body["errors"]} == {"permission"}
        assert (body["faults"], len(body["errors"])) == (400, 100)

    def test_no_record_is_published_by_who_may_not_publish(self):
        make.a_place("Nogales", slug="nogales", status="draft")
        make.a_citation(Place.objects.get())
        client = with_rights("add_place", "change_place")
        text = "slug,status\r\nnogales,published\r\n"
        said = "“Nogales”: you may not publish or withdraw it; submit it for review."
        body = problem(send(client, text), 403)
        assert body["errors"] == [fault(said, 2, code="permission")]
        assert Place.objects.get().status == "draft"

    def test_no_source_is_cited_by_who_may_not_cite(self):
        make.a_source(slug="article")
        make.a_place(slug="nogales")
        client = with_rights("add_place", "change_place")
        answer = send(client, "slug,name\r\nnogales,N\r\n", source="article")
        said = "you may not add citations."
        assert problem(answer, 403)["errors"] == [fault(said, code="permission")]

    @pytest.mark.parametrize(
        ("rights", "told"),
        [
            ((), ["add", "add", "delete"]),
            (("add",), ["delete"]),
            (("add", "delete"), []),
        ],
    )
    def test_lists_are_written_by_who_may_write_their_rows(self, rights, told):
        for slug in ("arms", "drugs"):
            make.a_theme(slug=slug)
        for slug in ("call", "other"):
            make.a_meeting("Call", slug=slug, status="draft")
        client = with_rights(
            *("add_meeting", "change_meeting"),
            *(f"{verb}_eventtheme" for verb in rights),
        )
        text = (
            "slug,status,title,themes\r\nnew,draft,New,drugs\r\ncall,draft,Call,arms\r\n"
            "other,draft,Another,\r\nplain,draft,Plain,\r\n"
        )
        answer = send(client, text, "meetings")
        if not told:
            assert answer.status_code == 201
            assert EventTheme.objects.count() == 2
            return
        name = EventTheme._meta.verbose_name_plural
        lines = [2, 3, 3] if len(told) == 3 else [3]
        assert problem(answer, 403)["errors"] == [
            fault(f"you may not {verb} {name}.", line, "themes", code="permission")
            for verb, line in zip(told, lines, strict=True)
        ]
        assert Meeting.objects.count() == 2
        assert not EventTheme.objects.exists()

    def test_a_permission_taken_away_is_gone_at_the_next_request(self):
        client = with_rights("add_place", "change_place")
        assert send(client, NOGALES).status_code == 201
        User.objects.get().user_permissions.remove(
            Permission.objects.get(codename="import_tables")
        )
        assert problem(send(client, NOGALES), 403) == {
            "detail": "You do not have permission to perform this action."
        }


CANARY = "xyzzy"


class TestWhatIsHidden:
    def test_is_told_by_no_row_of_a_table_that_one_may_not_see(self):
        make.a_place(
            CANARY, slug="nogales", status="draft", private_note=f"{CANARY}: call"
        )
        for rights in (
            ("add_place",),
            ("add_agency", "change_agency"),
            ("add_place", "add_placecitation"),
        ):
            client = with_rights(*rights)
            right, wrong = (
                send(client, f"slug,private_note\r\nnogales,{note}\r\n")
                for note in (f"{CANARY}: call", "another")
            )
            assert problem(right, 403) == {
                "detail": "You may not do this.",
                "errors": [
                    {
                        "parameter": "table",
                        "code": "permission",
                        "message": (
                            "You may not import into this table, or not see what is "
                            "in it."
                        ),
                    }
                ],
            }
            assert right.content == wrong.content
            assert CANARY not in right.content.decode()

    def test_a_source_that_one_may_not_see_is_as_good_as_none(self):
        make.a_source(slug="article", status="draft")
        make.a_source(slug="articles")
        client = with_rights("add_place", "change_place", "add_placecitation")
        hidden = send(client, NOGALES, source="article")
        unknown = send(client, NOGALES, source="articla")
        assert problem(hidden, 400)["errors"][0]["message"] == (
            "There is no source “article”; did you mean articles?"
        )
        assert hidden.content == unknown.content.replace(b"articla", b"article")
        seeing = with_rights(
            "add_place", "change_place", "add_placecitation", "view_source"
        )
        assert send(seeing, NOGALES, source="article").status_code == 201

    def test_is_shown_to_who_may_change_it(self, manager):
        make.a_place(slug="nogales", status="draft", private_note=f"{CANARY}: call")
        text = "slug,private_note\r\nnogales,another\r\n"
        (shown,) = send(manager, text, dry_run="true").json()["shown"]
        assert shown["cells"][0]["before"] == f"{CANARY}: call"


CELLS = st.sampled_from(
    ["", "a", "nogales", "draft", "published", "city", "mexico", "'=1", '"', '""', "\0"]
) | st.text(max_size=8)
TEXTS = st.lists(st.lists(CELLS, max_size=6).map(",".join), max_size=4).map("\n".join)


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    body=st.binary(max_size=60)
    | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | TEXTS.map(lambda text: (PLACES + text).encode("utf-8", "surrogatepass")),
    table=st.sampled_from(list(tables())),
    dry_run=st.sampled_from(["true", "false"]),
)
def test_no_body_breaks_anything(admin_user, body, table, dry_run):
    client = APIClient()
    client.force_authenticate(admin_user)
    with transaction.atomic():
        answer = send(client, body, table, dry_run=dry_run)
        assert answer.status_code in (200, 201, 400), answer.content
        transaction.set_rollback(True)

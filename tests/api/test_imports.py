"""Tables over the API: by the one way in, all of it or nothing, and only by who may."""

import hashlib
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission, User
from django.db import transaction

import provenance.api.imports as door
from entities.models import Appointment, Place, PlaceCitation
from provenance.models import ChangeSet
from provenance.resources.importing import Attribution, import_tables, tables
from provenance.tables import open_sheet
from tests import make
from tests.replaying import replayed, tracked_tables
from tests.replaying import tables as rows_on_record
from tests.roles import with_token
from tests.sending import IMPORTS, NOGALES, PLACES, fault, problem, send
from tests.workbooks import xlsx
from timeline.models import EventTheme

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
        "told": [],
        "shown": [],
        "set_aside": None,
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

    def test_invalid_rows_are_set_aside_on_request_and_come_back(self, manager):
        text = NOGALES + "naco,draft,,city\r\n"
        for dry_run in ("true", "false"):
            answer = send(manager, text, set_aside="true", dry_run=dry_run)
            change = ChangeSet.objects.first()
            assert answer.json() == about(
                "places",
                text,
                {"new": 1, "wrong": 1},
                dry_run=dry_run == "true",
                change=change and change.number,
                shown=[NEW_NOGALES],
                set_aside=(
                    "slug,status,name,kind,why_set_aside\r\n"
                    "naco,draft,,city,name: This field cannot be blank.\r\n"
                ),
            )
        assert answer.status_code == 201
        assert [place.slug for place in Place.objects.all()] == ["nogales"]

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

    def test_it_reads_a_sheet_of_a_workbook(self, manager):
        head = ["slug", "status", "name", "kind"]
        data = xlsx(Uno=[head], Dos=[head, ["nogales", "draft", "Nogales", "city"]])
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        body = send(manager, data, content_type=kind, sheet="Dos").json()
        assert (body["encoding"], body["delimiter"]) == ("XLSX", "")
        assert body["told"] == ["Read from the sheet “Dos”."]
        assert body["shown"] == [NEW_NOGALES]
        (said,) = problem(send(manager, data, content_type=kind), 400)["errors"]
        assert said["message"] == (
            "it has several sheets; name one of them: “Uno”, “Dos”."
        )

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


CABINET = """\
name = "Cabinet"
[officials]
find = {by = "name", from = "person"}
name = {from = "person"}
[appointments]
slug = {template = "{person} {since}"}
official = {of = "officials"}
post = "secretary"
kind = "substantive"
start = {from = "since"}"""
PEOPLE = "person;since\r\nAna;2001\r\nEva;2004-02\r\nEva;soon\r\n"


class TestMappings:
    """A file with other people's columns, read by a mapping that is saved."""

    @pytest.fixture(autouse=True)
    def cabinet(self, db):
        make.a_post(slug="secretary")
        return make.a_mapping("Cabinet", CABINET)

    def test_rows_go_into_each_table_that_it_feeds_as_one_change(self, manager):
        text = PEOPLE.replace("soon", "2007")
        answer = send(manager, text, table=None, mapping="Cabinet")
        change, body = ChangeSet.objects.first(), answer.json()
        assert (answer.status_code, body["change"]) == (201, change.number)
        assert change.reason == "import of officials, appointments"
        told = [(one["table"], one["counts"]["new"]) for one in body["tables"]]
        assert told == [("officials", 2), ("appointments", 3)]
        assert (body["table"], body["rows"], body["counts"]["new"]) == (None, 3, 5)
        shown = [row for one in body["tables"] for row in one["shown"]]
        assert sorted(shown, key=lambda row: row["line"]) == body["shown"]
        starts = Appointment.objects.values_list("official__name", "start")
        assert set(starts) == {("Ana", "2001"), ("Eva", "2004-02"), ("Eva", "2007")}
        again = send(manager, text, table=None, mapping="Cabinet")
        assert (again.status_code, again.json()["change"]) == (200, None)

    def test_faults_name_the_columns_of_the_file_and_can_be_set_aside(self, manager):
        said = problem(send(manager, PEOPLE, table=None, mapping="Cabinet"), 400)
        (wrong,) = said["errors"]
        assert (wrong["line"], wrong["column"]) == (4, "since")
        assert not Appointment.objects.exists()
        body = send(
            manager, PEOPLE, table=None, mapping="Cabinet", set_aside="true"
        ).json()
        assert Appointment.objects.count() == 2
        header, row = body["set_aside"].splitlines()
        assert header.startswith("person,since,")
        assert row.startswith("Eva,soon,")

    def test_a_row_that_means_no_record_is_set_aside_with_what_needs_it(self, manager):
        for slug in ("ana-one", "ana-two"):
            make.an_official("Ana", slug=slug)
        text = "person;since\r\nAna;2001\r\nEva;soon\r\nIda;2004\r\n"
        body = send(
            manager, text, table=None, mapping="Cabinet", set_aside="true"
        ).json()
        told = [
            (one["table"], one["counts"]["new"], one["counts"]["wrong"])
            for one in body["tables"]
        ]
        assert told == [("officials", 2, 1), ("appointments", 1, 2)]
        _header, ana, eva = body["set_aside"].splitlines()
        assert ana.startswith(
            'Ana,2001,"person: “Ana” matches several records: ana-one'
        )
        assert eva.startswith('Eva,soon,"since: “soon” is not a date')
        assert [one.official.name for one in Appointment.objects.all()] == ["Ida"]

    @pytest.mark.parametrize(
        ("asked", "parameter", "code"),
        [
            ({"mapping": "Cabinets"}, "mapping", "no_such_mapping"),
            ({"mapping": "Cabinet", "table": "places"}, "table", "with_mapping"),
            ({"mapping": "Old"}, "mapping", "invalid"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, asked, parameter, code, manager):
        make.a_mapping("Old", 'name = "Old"\n[officials]\nrank = {from = "x"}\n')
        said = problem(send(manager, PEOPLE, **{"table": None, **asked}), 400)
        told = {(error["parameter"], error["code"]) for error in said["errors"]}
        assert told == {(parameter, code)}

    def test_whoever_may_not_import_into_one_of_its_tables_is_refused(self, api):
        user = User.objects.create_user("paula")
        names = "import_tables", "view_official", "add_official"
        for name in names:
            user.user_permissions.add(Permission.objects.get(codename=name))
        answer = send(with_token(api, user), PEOPLE, table=None, mapping="Cabinet")
        (error,) = problem(answer, 403)["errors"]
        assert (error["parameter"], error["code"]) == ("mapping", "permission")


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

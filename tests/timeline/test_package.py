"""The record as one data package: for whom it is, and how it is sent."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from provenance.registry.kinds import cited_types
from tests import make
from tests.packages import COMPLETE, made, unpacked
from tests.planting import CANARY, public_record, secrets
from tests.streams import hang_up
from timeline.records import CITED


@pytest.mark.django_db
class TestForThePublic:
    def test_tells_nothing_of_what_is_hidden(self):
        public = public_record()
        before = unpacked(made(public=True, **COMPLETE))
        secrets(public)
        make.a_citation(public["post"], quotation=CANARY, locator="shown")
        data = made(public=True, **COMPLETE)
        after = unpacked(data)
        for name, content in after.items():
            assert CANARY.encode() not in content, name
        assert CANARY.encode() in b"".join(unpacked(made(**COMPLETE)).values())
        assert before.keys() == after.keys() >= {"officials.csv", "meetings.csv"}
        assert "distinctions.csv" not in after
        for name in before.keys() - {"citations.csv", "claims.csv", "sources.csv"}:
            if name != "datapackage.json":
                assert before[name] == after[name], name
        described = json.loads(after["datapackage.json"])
        columns = {
            field["name"]
            for file in described["resources"]
            for field in file["schema"]["fields"]
        }
        assert not columns & {"status", "private_note", "quotation", "checked_against"}

    def test_tells_which_dates_no_source_states(self):
        call = make.a_meeting(slug="call", start="2025-02", end="2025-03")
        make.a_citation(call, field="start")
        make.a_citation(make.a_meeting(slug="visit", start="2025", end="2025"))
        files = unpacked(made(public=True))
        rows = csv.DictReader(StringIO(files["meetings.csv"].decode()))
        told = {row["slug"]: row["general_knowledge"] for row in rows}
        assert told == {"call": "end", "visit": "end|start"}
        described = json.loads(files["datapackage.json"])["resources"]
        (meetings,) = (file for file in described if file["name"] == "meetings")
        assert meetings["schema"]["fields"][-1]["name"] == "general_knowledge"
        assert b"general_knowledge" not in unpacked(made())["meetings.csv"]


@pytest.mark.django_db
class TestTheCommand:
    def test_writes_the_file(self, tmp_path):
        make.a_place(slug="nogales")
        out, path = StringIO(), tmp_path / "record.zip"
        call_command("data_package", str(path), "--claims", stdout=out)
        assert out.getvalue() == f"The record was written to {path}.\n"
        assert path.read_bytes() == made(**COMPLETE)
        assert [each.name for each in tmp_path.iterdir()] == ["record.zip"]

    def test_names_a_place_where_nothing_can_be_written(self, tmp_path):
        with pytest.raises(CommandError, match="No such file or directory"):
            call_command("data_package", str(tmp_path / "none" / "record.zip"))


def test_every_cited_kind_is_in_the_tables_of_citations():
    assert set(cited_types().values()) == set(CITED)


@pytest.mark.django_db
class TestOverTheApi:
    def test_is_what_the_public_may_see(self, api):
        secrets(public_record())
        answer = api.get("/api/v1/package/", headers={"Accept": "application/zip"})
        assert answer.streaming
        assert answer["Content-Type"] == "application/zip"
        file = 'attachment; filename="bordersec.zip"'
        assert answer["Content-Disposition"] == file
        assert answer.getvalue() == made(public=True, **COMPLETE)
        assert api.get("/api/v1/").json()["package"].endswith("/api/v1/package/")
        assert api.get("/api/v1/package/?nosuch=1").status_code == 400
        assert api.head("/api/v1/package/").status_code == 200

    def test_is_left_when_nobody_reads_on(self, api):
        make.a_place(slug="nogales")
        for read in (0, 1, 5):
            answer = api.get("/api/v1/package/")
            blocks = iter(answer)
            for _block in range(read):
                next(blocks)
            hang_up(answer)
        assert api.get("/api/v1/places/nogales/").status_code == 200


@pytest.mark.django_db
class TestKept:
    @pytest.fixture(autouse=True)
    def folder(self, settings, tmp_path):
        settings.KEPT_FILES = tmp_path / "kept"
        make.a_place(slug="nogales")
        return settings.KEPT_FILES

    @staticmethod
    def is_file(api):
        """Whether it is sent as a file, and not while it is made."""
        answer = api.get("/api/v1/package/")
        hang_up(answer)
        return "Content-Length" in answer

    @staticmethod
    def files(folder):
        return sorted(path.name for path in folder.glob("*"))

    def test_is_made_once_in_an_edition(self, api, folder):
        first = api.get("/api/v1/package/")
        whole = first.getvalue()
        (name,) = self.files(folder)
        assert name.endswith("-bordersec.zip")
        assert (folder / name).read_bytes() == whole == made(public=True, **COMPLETE)
        again = api.get("/api/v1/package/")
        assert again.getvalue() == whole
        assert again["Content-Length"] == str(len(whole))
        for header in ("Content-Type", "Content-Disposition", "ETag"):
            assert again[header] == first[header]
        tag = {"If-None-Match": again["ETag"]}
        assert api.get("/api/v1/package/", headers=tag).status_code == 304

    def test_is_made_anew_when_the_public_sees_something_else(self, api, folder):
        api.get("/api/v1/package/").getvalue()
        (before,) = self.files(folder)
        make.a_place(slug="draft", status="draft")
        assert self.is_file(api)
        make.a_place(slug="tucson")
        assert not self.is_file(api)
        answer = api.get("/api/v1/package/")
        assert b"tucson" in unpacked(answer.getvalue())["places.csv"]
        (after,) = self.files(folder)
        assert after != before

    def test_leaves_nothing_when_nobody_reads_on(self, api, folder):
        answer = api.get("/api/v1/package/")
        next(iter(answer))
        hang_up(answer)
        assert self.files(folder) == []

    def test_is_sent_where_nothing_can_be_kept(self, api, folder):
        folder.write_text("no folder")
        assert api.get("/api/v1/package/").getvalue() == made(public=True, **COMPLETE)

    def test_is_kept_by_a_command_before_anybody_asks(self, api, folder):
        out = StringIO()
        call_command("data_package", "--keep", stdout=out)
        assert out.getvalue() == "The package of the public record is kept.\n"
        assert self.is_file(api)

    def test_the_command_says_what_is_wrong(self, folder, tmp_path):
        for asked in ([], [str(tmp_path / "a.zip"), "--keep"], ["--keep", "--claims"]):
            with pytest.raises(CommandError, match="Name a file to write"):
                call_command("data_package", *asked)
        folder.write_text("no folder")
        with pytest.raises(CommandError, match="nothing can be written there"):
            call_command("data_package", "--keep")

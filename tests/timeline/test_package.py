"""The record as one data package: for whom it is, and how it is sent."""

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

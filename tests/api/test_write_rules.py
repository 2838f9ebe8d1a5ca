"""The rules that hold for all that is written over HTTP."""

import pytest
from django.db import IntegrityError, OperationalError

from entities.models import Agency, AgencyName, Official
from provenance.models import Source
from provenance.tracking.tracked import Tracked
from tests import make
from tests.writing import pointers
from timeline.models import Meeting, Participation

pytestmark = pytest.mark.django_db


def table_sizes():
    return {
        model: model.objects.count()
        for model in Tracked.__subclasses__()
        if not model._meta.abstract
    }


class TestTheRules:
    def test_those_of_the_model_hold_and_point_to_the_field(self, writer):
        make.a_post(slug="chief")
        for address, body, expected in [
            ("posts", {"start": "2020", "end": "2019"}, [""]),
            ("posts", {"seats": 0}, ["/seats"]),
        ]:
            answer = writer.patch(f"/api/v1/{address}/chief/", body)
            assert pointers(answer) == expected, body
        make.an_observation(slug="counted")
        body = {"value": "5", "value_missing": "withheld"}
        answer = writer.patch("/api/v1/observations/counted/", body)
        assert pointers(answer) == [""]
        assert "value, or the reason" in answer.json()["errors"][0]["message"]

    def test_a_relation_that_is_empty_is_told_in_the_words_of_its_field(self, writer):
        def told(address, **body):
            answer = writer.post(f"/api/v1/{address}/", {"slug": "new", **body})
            errors = answer.json()["errors"]
            return {error["pointer"]: error["message"] for error in errors}

        empty = "“agency” may not be empty; write the slug of the agency."
        for said in ({}, {"agency": ""}, {"agency": None}):
            assert told("posts", title="Chief", **said) == {"/agency": empty}
        rows = [{"official": "", "role": "host"}]
        meeting = {"title": "A call", "format": "call", "start": "2020"}
        assert told(
            "meetings", **meeting, place="", themes=[""], participations=rows
        ) == {
            "/place": "“place” is an empty text; write the slug of the place, or null "
            "for none.",
            "/themes/0": "An item of “themes” is empty; write the slug of the theme, "
            "or leave the item out.",
            "/participations/0/official": "“official” is an empty text; write the slug "
            "of the official, or null for none.",
        }
        assert told("meetings", **meeting, themes=None) == {
            "/themes": "Write a list of slugs; [] for none."
        }

    def test_no_record_stands_above_itself(self, writer):
        top = make.a_place(slug="top")
        make.a_place(slug="below", parent=top)
        answer = writer.patch("/api/v1/places/top/", {"parent": "below"})
        assert pointers(answer) == ["/parent"]
        assert "circular" in answer.json()["errors"][0]["message"]
        answer = writer.patch("/api/v1/places/top/", {"parent": "top"})
        assert answer.status_code == 400

    def test_an_appointment_of_somebody_else_is_no_capacity(self, writer):
        make.a_meeting(slug="call")
        official, other = make.an_official(slug="ana"), make.an_appointment(slug="bea")
        row = {"role": "host", "official": official.slug, "appointments": [other.slug]}
        answer = writer.patch("/api/v1/meetings/call/", {"participations": [row]})
        assert pointers(answer) == ["/participations/0/appointments/0"]

    def test_of_rows_point_to_the_row(self, writer):
        make.a_meeting(slug="call")
        make.an_official(slug="ana")
        make.an_agency(slug="navy")
        rows = [
            {"role": "host", "official": "ana"},
            {"role": "host"},
            {"role": "host", "official": "ana", "agency": "navy"},
        ]
        answer = writer.patch("/api/v1/meetings/call/", {"participations": rows})
        assert set(pointers(answer)) == {"/participations/1", "/participations/2"}
        answer = writer.patch(
            "/api/v1/meetings/call/", {"participations": rows[:1] * 2}
        )
        assert pointers(answer) == ["/participations/1"]
        rows = [{"kind": "follows", "event": "call"}]
        answer = writer.patch("/api/v1/meetings/call/", {"links": rows})
        assert pointers(answer) == ["/links/0"]
        rows = [{"kind": "follows", "event": "cal"}]
        answer = writer.patch("/api/v1/meetings/call/", {"links": rows})
        assert pointers(answer) == ["/links/0/event"]
        assert "did you mean call?" in answer.json()["errors"][0]["message"]
        assert not Participation.objects.exists()

    def test_what_cannot_be_written_leaves_nothing_of_the_rest(self, writer):
        make.an_agency(slug="navy", kind="ministry")
        before, history = table_sizes(), Agency.history.count()
        for body in (
            {"name": "B", "names": [{"text": "A", "kind": "short"}, {"text": "B"}]},
            {"name": "B", "names": [{"text": "A", "kind": "short", "start": ".."}]},
            {
                "name": "B",
                "names": [{"text": "A", "kind": "short", "start": "2", "end": "1"}],
            },
            {
                "name": "B",
                "names": [
                    {"text": "A", "kind": "short"},
                    {"text": "B", "kind": "short", "start": "2020", "end": "2019"},
                ],
            },
        ):
            answer = writer.patch("/api/v1/agencies/navy/", body)
            assert answer.status_code == 400
            body = {"kind": "ministry", **body}
            assert writer.post("/api/v1/agencies/", body).status_code == 400
        assert table_sizes() == before
        assert Agency.history.count() == history
        assert Agency.objects.get().name != "B"

    def test_a_fault_of_ours_in_the_midst_leaves_nothing(self, writer, monkeypatch):
        make.an_agency(slug="navy")

        def broken(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr(AgencyName, "save", broken)
        writer.raise_request_exception = False
        body = {"name": "B", "names": [{"text": "A", "kind": "short"}]}
        answer = writer.patch("/api/v1/agencies/navy/", body)
        assert answer.status_code == 500
        assert Agency.objects.get().version == 1
        body["kind"] = "ministry"
        assert writer.post("/api/v1/agencies/", body).status_code == 500
        assert Agency.objects.count() == 1

    def test_whoever_is_overtaken_is_told_so(self, writer, monkeypatch):
        def taken(*args, **kwargs):
            raise IntegrityError

        monkeypatch.setattr(Official, "save", taken)
        answer = writer.post("/api/v1/officials/", {"name": "Ana"})
        assert answer.status_code == 409
        assert "Somebody else" in answer.json()["detail"]

    def test_whoever_meets_a_lock_is_told_to_repeat(self, writer, monkeypatch):
        make.an_official("Ana", slug="ana", status="draft")

        def giving_up_after(done):
            def half(*args, **kwargs):
                done(*args, **kwargs)
                raise OperationalError("deadlock detected")

            return half

        for method in ("save", "delete"):
            done = getattr(Official, method)
            monkeypatch.setattr(Official, method, giving_up_after(done))
        for answer in (
            writer.post("/api/v1/officials/", {"name": "Bea"}),
            writer.patch("/api/v1/officials/ana/", {"name": "Bea"}),
            writer.delete("/api/v1/officials/ana/"),
        ):
            assert answer.status_code == 503
            assert answer["Content-Type"] == "application/problem+json"
            assert answer["Retry-After"] == "1"
            assert "repeat the request" in answer.json()["detail"]
        assert [official.name for official in Official.objects.all()] == ["Ana"]


class TestCitations:
    @pytest.fixture
    def body(self, db):
        make.a_meeting(slug="call", start="2025-02", status="draft")
        make.a_source(slug="article", status="draft")
        return {
            "type": "meeting",
            "record": "call",
            "source": "article",
            "field": "format",
            "locator": "para. 3",
            "stated": "video-call",
            "quotation": "by video",
        }

    def test_one_is_made_changed_and_deleted(self, writer, body):
        answer = writer.post("/api/v1/citations/", body)
        assert answer.status_code == 201, answer.content
        shown, address = answer.json(), answer["Location"]
        assert shown["record"]["url"] == "http://testserver/api/v1/meetings/call/"
        assert shown["agreement"] == "compatible"
        assert writer.get(address).json() == shown
        Meeting.objects.get().save()
        answer = writer.patch(address, {"field": "start", "stated": "2024"})
        assert answer.json()["agreement"] == "contradicts"
        assert writer.get("/api/v1/meetings/call/").json()["disputed"] == ["start"]
        assert writer.delete(address).status_code == 204
        assert writer.get(address).status_code == 404

    def test_put_takes_all_but_what_it_is_for(self, writer, body):
        address = writer.post("/api/v1/citations/", body)["Location"]
        assert "/note" in pointers(writer.put(address, {"source": "article"}))
        whole = {name: body[name] for name in body if name not in ("type", "record")}
        whole |= {"as_of": "2025", "assessment": "outdated"}
        whole |= {"note": "Older.", "note_es": "Anterior."}
        shown = writer.put(address, whole).json()
        assert shown["as_of_latest"] == "2025-12-31"

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"type": "source"}, ["/type"]),
            ({"type": "event"}, ["/type"]),
            ({"record": "cal"}, ["/record"]),
            ({"record": 7}, ["/record"]),
            ({"source": "articel"}, ["/source"]),
            ({"field": "private_note"}, ["/field"]),
            ({"field": "kind"}, ["/field"]),
            ({"stated": "by pigeon"}, ["/stated"]),
            ({"field": "place", "stated": "nowhere"}, ["/stated"]),
            ({"field": ""}, [""]),
            ({"assessment": "mistaken"}, [""]),
            ({"as_of": "yesterday"}, ["/as_of"]),
            ({"agreement": "agrees"}, ["/agreement"]),
            ({"version": 1}, ["/version"]),
        ],
    )
    def test_the_rules_hold(self, writer, body, changed, expected):
        answer = writer.post("/api/v1/citations/", {**body, **changed})
        assert pointers(answer) == expected
        assert not Meeting.objects.get().citations.exists()

    def test_what_one_is_for_is_fixed(self, writer, body):
        make.a_meeting(slug="other")
        address = writer.post("/api/v1/citations/", body)["Location"]
        answer = writer.patch(address, {"record": "other"})
        assert pointers(answer) == ["/record"]
        answer = writer.patch(address, {"type": "official", "record": "call"})
        assert pointers(answer) == ["/type"]

    def test_the_same_place_is_cited_once(self, writer, body):
        writer.post("/api/v1/citations/", body)
        assert pointers(writer.post("/api/v1/citations/", body)) == [""]

    def test_every_kind_of_record_can_be_cited(self, writer):
        make.a_source(slug="article")
        for kind, maker in make.RECORDS.items():
            if kind is Source:
                continue
            body = {"type": kind.type_name(), "record": maker().slug}
            body["source"] = "article"
            answer = writer.post("/api/v1/citations/", body)
            assert answer.status_code == 201, answer.content
            assert answer.json()["type"] == kind.type_name()

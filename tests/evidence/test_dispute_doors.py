"""Disputes by every door: the API, the pages of the admin, the table of settlements."""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from provenance.evidence.settling import settle_between
from provenance.tracking.changes import ChangeSet, changing
from tests import make
from tests.curating import somebody_of_staff, superuser
from tests.evidence.test_disputes import found, found_anew
from tests.folders import load, write
from tests.walking import text_of
from tests.writing import program

pytestmark = pytest.mark.django_db


class TestTheTableOfSettlements:
    @pytest.fixture
    def post(self):
        post = make.a_post(slug="secretary", seats=1)
        make.an_appointment(post=post, slug="a", start="2018", end="2024-10-01")
        make.an_appointment(post=post, slug="b", start="2024-06-01", end="2025")
        return post

    def test_brings_back_what_was_settled(self, post, tmp_path):
        call_command("dump", str(tmp_path / "open"), stderr=io.StringIO())
        settle_between(post.disputes.get(), "other-scope", "They shared it.")
        call_command("dump", str(tmp_path / "settled"), stderr=io.StringIO())
        lines = (tmp_path / "settled" / "disputes.csv").read_text("utf-8").split()
        assert lines[0] == "type,record,kind,assessment,note,note_es,checked_against"
        assert lines[1].startswith("post,secretary,holder,other-scope,")
        post.disputes.get().delete()
        call_command("refresh_disputes", stdout=io.StringIO())
        assert found() == [("secretary", "", "holder", "open")]
        _said, _seen, failure = load(tmp_path / "settled")
        assert failure is None
        assert found_anew() == [("secretary", "", "holder", "settled")]
        said, _seen, _failure = load(tmp_path / "settled")
        assert said.startswith("Nothing has changed")

    def test_settles_nothing_where_nothing_is_contradicted(self, post, tmp_path):
        head = "type,record,kind,assessment,note"
        for kind in ("value", "holder"):
            rows = [head, f"post,elsewhere,{kind},mistaken,Why."]
            make.a_post(slug="elsewhere") if kind == "value" else None
            load(write(tmp_path / kind, disputes=rows))
        assert found_anew() == [("secretary", "", "holder", "open")]


class TestTheAPI:
    @pytest.fixture
    def agency(self):
        return make.an_agency(name="SEMAR", slug="semar", kind="ministry")

    def test_shows_a_dispute_with_all_that_it_rests_on(self, api, agency):
        source = make.a_source(slug="sheet")
        make.a_citation(agency, source, field="name", stated="MARINA", locator="p. 1")
        make.a_citation(agency, field="name")
        (dispute,) = agency.disputes.all()
        (listed,) = api.get("/api/v1/disputes/").json()["results"]
        assert listed == {
            "key": f"agency-{dispute.pk}",
            "self": f"http://testserver/api/v1/disputes/agency-{dispute.pk}/",
            "type": "agency",
            "record": {
                "slug": "semar",
                "name": "SEMAR",
                "url": "http://testserver/api/v1/agencies/semar/",
            },
            "field": "name",
            "kind": "value",
            "state": "open",
        }
        whole = api.get(listed["self"]).json()
        (statement,) = whole.pop("statements")
        assert whole == {
            **listed,
            "recorded": "SEMAR",
            "also_about": [],
            "others": [],
            "assessment": "",
            "note": "",
            "note_es": "",
        }
        assert (statement["source"]["slug"], statement["stated"]) == ("sheet", "MARINA")
        assert statement["agreement"] == "contradicts"

    @pytest.mark.parametrize(
        ("asked", "number"),
        [
            ("type=agency", 1),
            ("type=post", 0),
            ("kind=value", 1),
            ("kind=date", 0),
            ("state=open", 1),
            ("state=settled", 0),
            ("field=name", 1),
            ("field=kind", 0),
            ("record=semar", 1),
            ("source=sheet", 1),
        ],
    )
    def test_is_asked_by_what_a_dispute_is(self, api, agency, asked, number):
        make.a_citation(
            agency, make.a_source(slug="sheet"), field="name", stated="MARINA"
        )
        answer = api.get(f"/api/v1/disputes/?{asked}")
        assert answer.status_code == 200
        assert len(answer.json()["results"]) == number

    def test_tells_the_public_nothing_of_a_draft(self, api, agency):
        draft = make.a_source(status="draft")
        make.a_citation(agency, draft, field="kind", stated="command")
        said = make.a_citation(agency, field="name", stated="MARINA")
        said.assessment, said.note = "translation", "The short name."
        said.save()
        make.a_citation(agency, draft, field="name", stated="Navy")
        (shown,) = api.get("/api/v1/disputes/").json()["results"]
        assert (shown["field"], shown["state"]) == ("name", "settled")
        assert len(api.get(shown["self"]).json()["statements"]) == 1
        hidden = agency.disputes.get(field="kind")
        assert api.get(f"/api/v1/disputes/agency-{hidden.pk}/").status_code == 404
        agency.refresh_from_db()
        agency.status = "withdrawn"
        agency.save()
        assert api.get("/api/v1/disputes/").json()["results"] == []
        assert api.get(shown["self"]).status_code == 404

    def test_names_no_draft_among_others(self, api):
        post = make.a_post(seats=1)
        make.an_appointment(post=post, slug="a", start="2018", end="2024")
        make.an_appointment(post=post, slug="b", start="2019", end="2023")
        make.an_appointment(
            post=post, slug="c", start="2020", end="2021", status="draft"
        )
        (listed,) = api.get("/api/v1/disputes/").json()["results"]
        shown = api.get(listed["self"])
        assert [other["slug"] for other in shown.json()["others"]] == ["a", "b"]
        assert "2019" not in shown.content.decode()

    def test_settles_what_was_read_and_nothing_later(self, agency, django_user_model):
        writer = program(django_user_model.objects.create_superuser("writer"))
        make.a_citation(agency, field="name", stated="MARINA")
        address = f"/api/v1/disputes/agency-{agency.disputes.get().pk}/"
        body = {"assessment": "translation", "note": "The short name."}
        answer = writer.patch(address, body, headers={"If-Match": ""})
        assert answer.status_code == 428
        tag = writer.get(address)["ETag"]
        make.a_citation(agency, field="name", stated="Navy")
        assert writer.patch(address, body, headers={"If-Match": tag}).status_code == 412
        tag = writer.get(address)["ETag"]
        wrong = writer.patch(address, {**body, "note": " "}, headers={"If-Match": tag})
        assert wrong.status_code == 400
        answer = writer.patch(address, body, headers={"If-Match": tag})
        assert (answer.status_code, answer.json()["state"]) == (200, "settled")
        assert found_anew() == [("semar", "name", "value", "settled")]

    def test_lets_nobody_settle_without_the_permission(self, api, agency):
        make.a_citation(agency, field="name", stated="MARINA")
        address = f"/api/v1/disputes/agency-{agency.disputes.get().pk}/"
        body = {"assessment": "translation", "note": "The short name."}
        assert api.patch(address, body).status_code == 401
        viewer = program(somebody_of_staff("vera", "entities.view_agencycitation"))
        assert viewer.patch(address, body).status_code == 403
        assert found() == [("semar", "name", "value", "open")]

    def test_lists_many_in_as_many_queries_as_few(self, api, agency):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                assert api.get("/api/v1/disputes/").status_code == 200
            return len(captured)

        make.a_citation(agency, field="name", stated="MARINA")
        few = queries()
        for number in range(20):
            other = make.an_agency(name=f"Agency {number}")
            make.a_citation(other, field="name", stated="MARINA")
        assert queries() == few


class TestThePages:
    @pytest.fixture
    def agency(self):
        agency = make.an_agency(name="SEMAR", slug="semar", kind="ministry")
        make.a_citation(agency, field="name", stated="MARINA", locator="p. 7")
        return agency

    def page_of(self, agency):
        return f"/admin/disputes/agency-{agency.disputes.get().pk}/"

    def test_list_what_is_in_dispute_and_lead_to_it(self, agency, client):
        superuser(client)
        for asked in ("", "?state=open", "?kind=value", "?type=agency"):
            assert (
                self.page_of(agency)
                in client.get(f"/admin/disputes/{asked}").content.decode()
            )
        for asked in ("?state=settled", "?kind=unconfirmed", "?type=post"):
            assert (
                self.page_of(agency)
                not in client.get(f"/admin/disputes/{asked}").content.decode()
            )
        assert client.get("/admin/disputes/?cursor=x").status_code == 404

    def test_settle_a_dispute_as_it_was_shown(self, agency, client):
        superuser(client)
        address = self.page_of(agency)
        shown = client.get(address)
        assert "p. 7" in shown.content.decode()
        said = {"assessment": "translation", "note": "The short name."}
        said |= {"seen": shown.context["dispute"].seen}
        said |= {"statement": [one.key for one in agency.citations.all()]}
        make.a_citation(agency, field="name", stated="Navy")
        assert "Nothing was saved" in client.post(address, said).content.decode()
        said["seen"] = client.get(address).context["dispute"].seen
        said["statement"] = [one.key for one in agency.citations.all()]
        assert client.post(address, said).status_code == 302
        assert found_anew() == [("semar", "name", "value", "settled")]

    def test_confirm_what_was_cited_for_another_value(self, client):
        agency = make.an_agency(name="SEMAR")
        citation = make.a_citation(agency, field="name")
        agency.name = "MARINA"
        agency.save()
        superuser(client)
        address = self.page_of(agency)
        assert (
            address in client.get("/admin/disputes/?kind=unconfirmed").content.decode()
        )
        seen = client.get(address).context["dispute"].seen
        client.post(address, {"seen": seen, "statement": [citation.key]})
        assert not found_anew()

    def test_let_a_viewer_look_and_not_settle(self, agency, client):
        client.force_login(somebody_of_staff("vera", "entities.view_agencycitation"))
        address = self.page_of(agency)
        seen = client.get(address).context["dispute"].seen
        said = {"assessment": "mistaken", "note": "No.", "seen": seen}
        assert client.post(address, said).status_code == 403
        client.force_login(somebody_of_staff("nora"))
        assert client.get("/admin/disputes/").status_code == 403
        assert client.get(address).status_code == 404

    def test_settle_all_that_was_chosen_or_nothing(self, client):
        meeting = make.a_meeting(place=make.a_place(slug="nogales"))
        gone = make.a_place(slug="gone")
        make.a_citation(meeting, field="place", stated=make.a_place().slug)
        make.a_citation(meeting, field="place", stated="gone")
        gone.delete()
        superuser(client)
        address = f"/admin/disputes/meeting-{meeting.disputes.get().pk}/"
        said = {"assessment": "mistaken", "note": "No."}
        said |= {"seen": client.get(address).context["dispute"].seen}
        said |= {"statement": [one.key for one in meeting.citations.all()]}
        before = ChangeSet.objects.count()
        assert client.post(address, said).context["errors"]
        assert not meeting.citations.exclude(assessment="").exists()
        assert ChangeSet.objects.count() == before

    def test_show_first_what_is_left_to_settle_of_many_statements(self, client):
        meeting, source = make.a_meeting(start="2025"), make.a_source()

        @changing("other")
        def cited():
            for number in range(13):
                where = {"field": "start", "locator": f"p. {number:02}"}
                make.a_citation(meeting, source, stated="2024", **where)

        cited()
        superuser(client)
        queue = client.get("/admin/disputes/")
        (shown,) = queue.context["page"].rows
        assert len(shown.statements) == 10
        assert "3 more statements are shown once these are settled" in text_of(queue)
        address = f"/admin/disputes/{shown.key}/"
        said = {"assessment": "mistaken", "note": "No.", "seen": shown.seen}
        said |= {"statement": [citation.key for citation in shown.statements]}
        assert client.post(address, said).status_code == 302
        (shown,) = client.get("/admin/disputes/").context["page"].rows
        left = [one.locator for one in shown.statements if not one.is_settled]
        assert left == ["p. 10", "p. 11", "p. 12"]
        assert len(client.get(address).context["dispute"].statements) == 13

    @pytest.mark.parametrize("asked", ["type", "kind", "state"])
    def test_list_nothing_for_a_word_that_is_none(self, agency, client, asked):
        superuser(client)
        page = client.get("/admin/disputes/", {asked: "\0"})
        assert page.context["page"].rows == []

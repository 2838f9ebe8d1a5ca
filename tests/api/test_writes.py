"""Writing over HTTP: what is made, changed and deleted, all of it or nothing."""

import json

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from entities.models import Agency, AgencyName
from provenance.models import Source
from provenance.models.renaming import rename
from tests import make
from tests.writing import pointers, program
from timeline.models import Agreement, Deployment, EventTheme, Meeting

pytestmark = pytest.mark.django_db


NAVY = {"name": "Navy", "kind": "ministry"}


class TestHistory:
    def test_every_write_says_who_did_it_and_why(self, user_who):
        user = user_who("add_agency", "change_agency", "delete_agency")
        client = program(user)
        reason = {"HTTP_X_CHANGE_REASON": "Lista de Núñez".encode().decode("latin-1")}
        body = {"name": "Navy", "kind": "ministry", "slug": "navy"}
        body["names"] = [{"text": "MARINA", "kind": "acronym"}]
        client.post("/api/v1/agencies/", body, **reason)
        client.patch("/api/v1/agencies/navy/", {"name": "The Navy"}, **reason)
        client.patch("/api/v1/agencies/navy/", {"names": []}, **reason)
        client.delete("/api/v1/agencies/navy/", **reason)
        for model, kinds in ((Agency, "-~~+"), (AgencyName, "-+")):
            rows = model.history.all()
            assert "".join(row.history_type for row in rows) == kinds
            assert {row.history_user for row in rows} == {user}
            assert {row.history_change_reason for row in rows} == {"Lista de Núñez"}

    def test_a_write_that_changes_nothing_writes_nothing(self, writer):
        agency = make.an_agency(slug="navy")
        make.an_agency_name(agency, "MARINA", "acronym")
        body = {"name": agency.name, "names": [{"text": "MARINA", "kind": "acronym"}]}
        answer = writer.patch("/api/v1/agencies/navy/", body)
        assert answer.json()["version"] == 2  # the second is its name
        assert (Agency.history.count(), AgencyName.history.count()) == (2, 1)

    @pytest.mark.parametrize(
        "name",
        [
            *("history_user", "history_user_id", "history_date", "history_id"),
            *("history_change_reason", "_change_reason", "_history_user", "user"),
            *("version", "created_at", "updated_at", "search_text", "id", "pk"),
        ],
    )
    @pytest.mark.parametrize("value", [1, "2001-01-01T00:00:00Z", None])
    def test_nobody_writes_as_somebody_else_or_at_another_time(
        self, writer, name, value
    ):
        agency = make.an_agency(slug="navy")
        body = {"name": "The Navy", "kind": "ministry", name: value}
        assert f"/{name}" in pointers(writer.post("/api/v1/agencies/", body))
        assert f"/{name}" in pointers(writer.patch("/api/v1/agencies/navy/", body))
        body = {"type": "agency", "record": "navy", "source": make.a_source().slug}
        answer = writer.post("/api/v1/citations/", {**body, name: value})
        assert f"/{name}" in pointers(answer)
        assert Agency.history.count() == Agency.objects.count() == 1
        assert not agency.citations.exists()

    def test_the_author_is_whose_token_it_is_whoever_is_signed_in(
        self, user_who, admin_user
    ):
        user = user_who("add_agency")
        client = program(user)
        client.force_login(admin_user)
        headers = {"HTTP_REMOTE_USER": "admin", "HTTP_X_FORWARDED_USER": "admin"}
        answer = client.post("/api/v1/agencies/", NAVY, **headers)
        assert answer.status_code == 201, answer.content
        assert Agency.history.get().history_user == user

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("why\r\nX-Evil: 1", "whyX-Evil: 1"),
            ("\r\n\r\n<script>", "<script>"),
            ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
            ("turned \u202e round\u2028", "turned  round"),
            ("a" * 10_240, "a" * 500),
            ("\n \t", None),
            ("\udcff", "?"),
        ],
    )
    def test_a_reason_is_one_short_line_and_goes_nowhere_else(
        self, writer, given, kept
    ):
        sent = given.encode("utf-8", "replace").decode("latin-1")
        answer = writer.post("/api/v1/agencies/", NAVY, HTTP_X_CHANGE_REASON=sent)
        assert answer.status_code == 201
        assert Agency.history.get().history_change_reason == kept
        assert "Evil" not in f"{answer.headers}{answer.content}"
        values = str(Agency.objects.values().get())
        assert "Evil" not in values and "aaa" not in values

    def test_a_record_counts_the_writes_of_its_rows(self, writer):
        agency = make.an_agency(slug="navy")
        body = {"names": [{"text": "MARINA", "kind": "acronym"}]}
        answer = writer.patch("/api/v1/agencies/navy/", body)
        assert answer.json()["version"] == 2
        assert Agency.objects.get().updated_at > agency.updated_at


class TestMaking:
    def test_a_record_is_made_with_all_its_rows(self, writer):
        place, theme = make.a_country(slug="mexico"), make.a_theme(slug="border")
        appointment = make.an_appointment(slug="holder")
        official = appointment.official
        agency, target = make.an_agency(slug="navy"), make.a_milestone(slug="tariff")
        body = {
            "title": "Call of the two",
            "start": "2025-02",
            "place": place.slug,
            "themes": [theme.slug],
            "participations": [
                {"role": "host", "agency": agency.slug},
                {
                    "role": "participant",
                    "official": official.slug,
                    "appointments": [appointment.slug],
                },
            ],
            "links": [{"kind": "resulted-in", "event": target.slug}],
            "format": "call",
            "requested_by": official.slug,
            "status": "in-review",
            "private_note": "Check.",
        }
        answer = writer.post("/api/v1/meetings/", body)
        assert answer.status_code == 201, answer.content
        shown = answer.json()
        assert answer["Location"] == shown["self"]
        assert shown["slug"] == "call-of-the-two"
        assert shown["start_latest"] == "2025-02-28"
        assert [row["role"] for row in shown["participations"]] == [
            "host",
            "participant",
        ]
        assert shown["links"][0]["event"]["type"] == "milestone"
        assert shown["private_note"] == "Check."
        meeting = Meeting.objects.get()
        assert meeting.type == "meeting"
        assert list(meeting.themes.all()) == [theme]
        assert APIClient().get(shown["self"]).status_code == 404

    @pytest.mark.parametrize(
        ("collection", "body"),
        [
            ("sources", {"title": "A", "kind": "law", "reports": ["known"]}),
            (
                "places",
                {"name": "A", "kind": "city", "latitude": 31.3, "longitude": -110},
            ),
            ("agencies", {"name": "A", "kind": "ministry", "founded": "1940"}),
            (
                "officials",
                {"name": "A", "identifiers": [{"scheme": "w", "value": "Q"}]},
            ),
            ("posts", {"title": "A", "agency": "navy", "seats": 1}),
            ("appointments", {"official": "ana", "post": "chief", "kind": "acting"}),
            ("themes", {"name": "A", "definition": "What\nit is."}),
            ("meetings", {"title": "A"}),
            ("agreements", {"title": "A", "kind": "treaty", "state": "signed"}),
            ("deployments", {"title": "A", "kind": "relief", "personnel": 15000}),
            ("milestones", {"title": "A", "kind": "tariff"}),
            ("metrics", {"name": "A", "kind": "level", "unit": "persons"}),
            ("observations", {"metric": "troops", "value": "~5", "modality": "actual"}),
        ],
    )
    def test_one_of_each_kind(self, writer, collection, body):
        make.a_source(slug="known")
        make.an_official(slug="ana")
        make.a_post(slug="chief", agency=make.an_agency(slug="navy"))
        make.a_metric(slug="troops")
        answer = writer.post(f"/api/v1/{collection}/", body)
        assert answer.status_code == 201, answer.content
        shown = answer.json()
        for name, value in body.items():
            assert in_write_form(shown[name]) == in_write_form(value), name

    def test_a_slug_is_proposed_that_is_free(self, writer):
        make.an_official("Ana Núñez", slug="ana-nunez")
        answer = writer.post("/api/v1/officials/", {"name": "Ana Núñez"})
        assert answer.json()["slug"] == "ana-nunez-2"

    def test_a_slug_that_is_taken_is_refused(self, writer):
        make.an_official(slug="ana", status="draft")
        answer = writer.post("/api/v1/officials/", {"name": "Ana", "slug": "ana"})
        assert pointers(answer) == ["/slug"]

    @pytest.mark.parametrize(
        ("name", "slug", "expected"),
        [
            ("Ana", "ana\r\nX-Evil: 1", "/slug"),
            ("Ana", "ana%0d%0aX-Evil:%201", "/slug"),
            ("Ana", "//evil.example/", "/slug"),
            ("Ana", "../../admin", "/slug"),
            ("Ana\r\nX-Evil: 1", None, "/name"),
            ("Ana%0d%0aX-Evil: 1", None, "ana-0d-0ax-evil-1"),
            ("//evil.example/?a=1#b", None, "evil-example-a-1-b"),
            ("@evil.example", None, "evil-example"),
            ("\u560a\u560d", None, "official"),  # CR LF, if cut to single bytes
        ],
    )
    def test_an_address_is_made_of_nothing_but_a_slug(
        self, writer, name, slug, expected
    ):
        body = {"name": name} if slug is None else {"name": name, "slug": slug}
        answer = writer.post("/api/v1/officials/", body)
        assert not answer.has_header("X-Evil")
        if expected.startswith("/"):
            assert pointers(answer) == [expected]
            assert not answer.has_header("Location")
        else:
            here = f"http://testserver/api/v1/officials/{expected}/"
            assert answer["Location"] == here

    def test_a_query_cannot_add_to_the_header_that_leads_to_another_slug(self, api):
        rename(make.an_official(slug="ana"), "anna")
        for sent in ("fields=name%0d%0a", "fields=name\r\n", "fields=name\r\n%20"):
            answer = api.generic("GET", "/api/v1/officials/ana/", QUERY_STRING=sent)
            assert answer.status_code == 308
            assert answer["Location"].startswith("http://testserver/api/v1/officials/a")
            assert not {"\r", "\n"} & {*answer["Location"]}

    def test_a_draft_can_be_referred_to(self, writer):
        make.an_agency(slug="navy", status="draft")
        body = {"title": "Chief", "agency": "navy"}
        answer = writer.post("/api/v1/posts/", body)
        assert answer.json()["agency"]["slug"] == "navy"

    def test_text_is_kept_in_one_form(self, writer):
        answer = writer.post("/api/v1/officials/", {"name": " Nu\u0301n\u0303ez "})
        assert answer.json()["name"] == "Núñez"


def in_write_form(value):
    """What was shown, as it would be written."""
    if isinstance(value, dict):
        return value.get("slug") or {
            name: value[name] for name in ("scheme", "value") if name in value
        }
    if isinstance(value, list):
        return [in_write_form(item) for item in value]
    return str(value)


class TestChanging:
    def test_patch_changes_what_is_named_and_nothing_else(self, writer):
        agency = make.an_agency(slug="navy", private_note="Check.")
        make.an_agency_name(agency, "MARINA", "acronym")
        shown = writer.patch("/api/v1/agencies/navy/", {"founded": "1940~"}).json()
        assert shown["founded_latest"] == "1940-12-31"
        assert (shown["private_note"], len(shown["names"])) == ("Check.", 1)

    def test_a_former_slug_leads_to_where_the_record_is_written(self, writer, user_who):
        agency = make.an_agency(slug="sedena", status="draft")
        rename(agency, "defensa")
        for write in (writer.put, writer.patch, writer.delete):
            answer = write("/api/v1/agencies/sedena/", {})
            assert answer.status_code == 308
            assert answer["Location"].endswith("/api/v1/agencies/defensa/")
        assert writer.patch("/api/v1/agencies/nothing/", {}).status_code == 404
        reader = program(user_who("view_agency"))
        assert reader.patch("/api/v1/agencies/sedena/", {}).status_code == 403
        assert writer.delete("/api/v1/agencies/defensa/").status_code == 204
        assert writer.delete("/api/v1/agencies/defensa/").status_code == 404

    def test_put_takes_all_of_it(self, writer):
        make.an_official(
            "Ana", slug="ana", honorific="Dr.", private_note="Check.", status="draft"
        )
        answer = writer.put("/api/v1/officials/ana/", {"name": "Ana"})
        assert pointers(answer) == [
            "/family_name",
            "/honorific",
            "/names",
            "/identifiers",
            "/public_note",
            "/public_note_es",
            "/status",
            "/private_note",
        ]
        whole = {
            "name": "Ana N.",
            "family_name": "N.",
            "honorific": "",
            "names": [],
            "identifiers": [{"scheme": "wikidata", "value": "Q1"}],
            "public_note": "",
            "public_note_es": "",
            "status": "in-review",
            "private_note": "",
        }
        shown = writer.put("/api/v1/officials/ana/", whole).json()
        assert {name: shown[name] for name in whole} == whole
        assert shown["slug"] == "ana"

    def test_a_slug_is_fixed(self, writer):
        make.an_official("Ana", slug="ana")
        address = "/api/v1/officials/ana/"
        assert pointers(writer.patch(address, {"slug": "bea"})) == ["/slug"]
        assert writer.patch(address, {"slug": "ana"}).status_code == 200

    def test_rows_are_known_by_what_they_are_and_only_changed_ones_are_written(
        self, writer
    ):
        agency = make.an_agency(slug="navy")
        kept = make.an_agency_name(agency, "MARINA", "acronym")
        changed = make.an_agency_name(agency, "SEMAR", "acronym")
        make.an_agency_name(agency, "Old", "former")
        rows = [
            {"text": "SEMAR", "kind": "acronym", "end": "2024"},
            {"text": "MARINA", "kind": "acronym"},
            {"text": "New", "kind": "short"},
        ]
        answer = writer.patch("/api/v1/agencies/navy/", {"names": rows})
        texts = {name["text"]: name["end"] for name in answer.json()["names"]}
        assert texts == {"MARINA": "", "New": "", "SEMAR": "2024"}
        assert set(agency.names.values_list("pk", flat=True)) > {kept.pk, changed.pk}
        types = [row.history_type for row in AgencyName.history.order_by("history_id")]
        assert types == ["+", "+", "+", "-", "~", "+"]

    def test_provisions_can_change_places(self, writer):
        agreement = make.an_agreement(slug="pact")
        make.a_provision(agreement, 1, "First.")
        make.a_provision(agreement, 2, "Second.")
        rows = [{"position": 1, "text": "Second."}, {"position": 2, "text": "First."}]
        shown = writer.patch("/api/v1/agreements/pact/", {"provisions": rows}).json()
        assert [row["text"] for row in shown["provisions"]] == ["Second.", "First."]

    def test_lists_of_records_are_replaced(self, writer):
        meeting = make.a_meeting(slug="call")
        for slug in ("a", "b"):
            theme = make.a_theme(slug=slug)
            EventTheme.objects.create(event=meeting, theme=theme)
        make.a_theme(slug="c")
        body = {"themes": ["c", "b", "b"]}
        shown = writer.patch("/api/v1/meetings/call/", body).json()
        assert [theme["slug"] for theme in shown["themes"]] == ["b", "c"]
        types = [row.history_type for row in EventTheme.history.order_by("history_id")]
        assert types == ["+", "+", "-", "+"]
        source = make.a_source(slug="article")
        answer = writer.patch("/api/v1/sources/article/", {"reports": ["article"]})
        assert pointers(answer) == ["/reports/0"]
        assert not source.reports.exists()

    def test_a_relation_can_be_taken_away(self, writer):
        make.a_meeting(slug="call", place=make.a_place())
        shown = writer.patch("/api/v1/meetings/call/", {"place": None}).json()
        assert shown["place"] is None

    def test_a_draft_is_published_and_a_published_record_withdrawn(self, writer, api):
        make.a_citation(make.an_official(slug="ana", status="draft"))
        address = "/api/v1/officials/ana/"
        assert api.get(address).status_code == 404
        writer.patch(address, {"status": "published"})
        assert api.get(address).status_code == 200
        writer.patch(address, {"status": "withdrawn"})
        assert api.get(address).status_code == 404

    def test_an_event_is_not_changed_as_another_kind(self, writer):
        make.a_meeting(slug="call")
        answer = writer.patch("/api/v1/agreements/call/", {"title": "B"})
        assert answer.status_code == 404
        assert not Agreement.objects.exists()
        assert not Deployment.objects.exists()


class TestDeleting:
    def test_a_draft_goes_with_its_rows(self, writer):
        agency = make.an_agency(slug="navy", status="draft")
        make.an_agency_name(agency)
        make.a_citation(agency)
        assert writer.delete("/api/v1/agencies/navy/").status_code == 204
        assert not Agency.objects.exists()
        assert AgencyName.history.first().history_type == "-"

    def test_what_is_published_is_withdrawn_instead(self, writer):
        make.an_agency(slug="navy")
        answer = writer.delete("/api/v1/agencies/navy/")
        assert answer.status_code == 409
        assert '{"status": "withdrawn"}' in answer.json()["detail"]
        assert Agency.objects.exists()

    def test_what_is_referred_to_stays_and_it_is_said_by_what(self, writer):
        agency = make.an_agency(slug="navy", status="draft")
        make.a_post(slug="chief", agency=agency)
        answer = writer.delete("/api/v1/agencies/navy/")
        assert answer.status_code == 409
        assert answer.json()["detail"] == (
            "It is referred to by post “chief”. Change those first."
        )
        source = make.a_source(slug="article", status="draft")
        make.a_citation(agency, source)
        answer = writer.delete("/api/v1/sources/article/")
        assert answer.status_code == 409
        assert "citation" in answer.json()["detail"]
        assert Source.objects.exists()

    def test_what_is_not_there_cannot_be_deleted(self, writer):
        assert writer.delete("/api/v1/agencies/nothing/").status_code == 404


def test_the_body_is_read_before_the_database_is_held(writer, monkeypatch):
    """A client that sends slowly must not keep the others from writing."""
    order = []
    read = json.loads

    def noting(*args, **kwargs):
        order.append("read")
        return read(*args, **kwargs)

    monkeypatch.setattr("provenance.api.parsing.json.loads", noting)
    entered = transaction.Atomic.__enter__

    def entering(self):
        order.append("held")
        return entered(self)

    monkeypatch.setattr(transaction.Atomic, "__enter__", entering)
    writer.post("/api/v1/officials/", {"name": "Ana"})
    assert order.index("read") < order.index("held")

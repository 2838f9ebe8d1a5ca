"""Writing over HTTP: by token and permission, by every rule, all of it or nothing."""

import io
import json

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from knox.models import get_token_model
from rest_framework.test import APIClient

from entities.models import Agency, AgencyName, Official
from provenance.models import Source
from provenance.renaming import rename
from provenance.tracking import Tracked
from tests import make
from tests.writing import program
from timeline.models import Agreement, Deployment, EventTheme, Meeting, Participation

pytestmark = pytest.mark.django_db


@pytest.fixture
def user_who(django_user_model):
    """Makes users with the permissions named, as ``add_agency``."""

    def make_user(*codes, **values):
        name = values.pop("username", f"user-{len(codes)}-{'-'.join(codes)}"[:150])
        user = django_user_model.objects.create_user(name, **values)
        user.user_permissions.set(Permission.objects.filter(codename__in=codes))
        assert user.user_permissions.count() == len(codes)
        return user

    return make_user


@pytest.fixture
def writer(django_user_model):
    """A program that may write everything."""
    return program(django_user_model.objects.create_superuser("writer"))


def table_sizes():
    return {
        model: model.objects.count()
        for model in Tracked.__subclasses__()
        if not model._meta.abstract
    }


def pointers(answer, status=400):
    assert answer.status_code == status, answer.content
    return [error["pointer"] for error in answer.json()["errors"]]


class TestWhoMay:
    def test_nobody_without_a_token(self, api):
        make.an_official(slug="ana")
        for answer in (
            api.post("/api/v1/officials/", {"name": "Bea"}),
            api.put("/api/v1/officials/ana/", {}),
            api.patch("/api/v1/officials/ana/", {}),
            api.delete("/api/v1/officials/ana/"),
            api.delete("/api/v1/officials/nobody/"),
            api.post("/api/v1/citations/", {}),
        ):
            assert answer.status_code == 401
            assert answer["WWW-Authenticate"] == "Token"
            assert answer["Content-Type"] == "application/problem+json"

    def test_nobody_by_being_signed_in_to_the_admin(self, api, admin_user):
        api.force_login(admin_user)
        answer = api.post("/api/v1/officials/", {"name": "Bea"})
        assert answer.status_code == 401
        assert not Official.objects.exists()

    @pytest.mark.parametrize(
        ("code", "allowed"),
        [
            ("view_official", set()),
            ("add_official", {"POST"}),
            ("change_official", {"PUT", "PATCH"}),
            ("delete_official", {"DELETE"}),
            ("change_agency", set()),
        ],
    )
    def test_each_method_needs_the_permission_for_it(self, user_who, code, allowed):
        client, draft = program(user_who(code)), {"name": "Bea", "status": "draft"}
        whole = {**draft, "public_note": "", "private_note": "", "family_name": ""}
        whole |= {"honorific": "", "names": [], "identifiers": []}
        done = set()
        for method, body in [
            ("POST", draft),
            ("PUT", whole),
            ("PATCH", draft),
            ("DELETE", None),
        ]:
            official = make.an_official(status="draft")
            address = f"/api/v1/officials/{official.slug}/"
            if method == "POST":
                address = "/api/v1/officials/"
            named = {} if method == "POST" else {"HTTP_IF_MATCH": '"1"'}
            answer = getattr(client, method.lower())(address, body, **named)
            if answer.status_code == 403:
                assert answer["Content-Type"] == "application/problem+json"
                continue
            assert answer.status_code in (200, 201, 204), answer.content
            done.add(method)
        assert done == allowed

    def test_whoever_may_only_add_gets_the_draft_back_once(self, user_who):
        client = program(user_who("add_official"))
        answer = client.post("/api/v1/officials/", {"name": "Bea"})
        assert answer.json()["status"] == "draft"
        assert client.get(answer["Location"]).status_code == 404

    def test_a_citation_needs_the_permission_for_its_table(self, user_who):
        client = program(user_who("add_eventcitation"))
        make.a_meeting(slug="call")
        make.an_official(slug="ana")
        source = make.a_source(slug="article")
        body = {"type": "meeting", "record": "call", "source": source.slug}
        assert client.post("/api/v1/citations/", body).status_code == 201
        body = {"type": "official", "record": "ana", "source": source.slug}
        assert client.post("/api/v1/citations/", body).status_code == 403

    def test_a_token_that_has_expired_or_whose_user_is_not_active_is_none(
        self, user_who
    ):
        user = user_who("add_official")
        client = program(user)
        user.is_active = False
        user.save()
        assert client.get("/api/v1/officials/").status_code == 401
        user.is_active = True
        user.save()
        assert client.get("/api/v1/officials/").status_code == 200
        get_token_model().objects.update(expiry=timezone.now())
        assert client.post("/api/v1/officials/", {"name": "B"}).status_code == 401

    def test_a_permission_taken_away_is_gone_at_the_next_request(self, user_who):
        user = user_who("add_official")
        client = program(user)
        assert client.post("/api/v1/officials/", {"name": "A"}).status_code == 201
        user.user_permissions.clear()
        assert client.post("/api/v1/officials/", {"name": "B"}).status_code == 403


class TestTokens:
    def test_the_command_prints_one_that_works_and_keeps_only_a_digest(self, user_who):
        user_who("add_official", username="robot")
        out, err = io.StringIO(), io.StringIO()
        call_command("api_token", "robot", stdout=out, stderr=err)
        text = out.getvalue().strip()
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {text}")
        assert client.post("/api/v1/officials/", {"name": "A"}).status_code == 201
        (kept,) = get_token_model().objects.values()
        assert text not in str(kept)
        assert "shown only now" in err.getvalue()

    def test_the_command_says_whose_it_cannot_make(self, user_who):
        user_who(username="gone", is_active=False)
        for name in ("nobody", "gone"):
            with pytest.raises(CommandError, match=name):
                call_command("api_token", name)


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
                    "appointment": appointment.slug,
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

    def test_no_record_stands_above_itself(self, writer):
        top = make.a_place(slug="top")
        make.a_place(slug="below", parent=top)
        answer = writer.patch("/api/v1/places/top/", {"parent": "below"})
        assert pointers(answer) == ["/parent"]
        assert "circle" in answer.json()["errors"][0]["message"]
        answer = writer.patch("/api/v1/places/top/", {"parent": "top"})
        assert answer.status_code == 400

    def test_an_appointment_of_somebody_else_is_no_capacity(self, writer):
        make.a_meeting(slug="call")
        official, other = make.an_official(slug="ana"), make.an_appointment(slug="bea")
        row = {"role": "host", "official": official.slug, "appointment": other.slug}
        answer = writer.patch("/api/v1/meetings/call/", {"participations": [row]})
        assert pointers(answer) == ["/participations/0/appointment"]

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
        whole |= {"as_of": "2025", "assessment": "outdated", "note": "Older."}
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

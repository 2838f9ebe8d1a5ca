"""Who may write over HTTP: by token and permission."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from knox.models import get_token_model
from rest_framework.test import APIClient

from entities.models import Official
from tests import make
from tests.writing import program

pytestmark = pytest.mark.django_db


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
        whole |= {"honorific": "", "names": [], "identifiers": [], "public_note_es": ""}
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

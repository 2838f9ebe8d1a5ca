"""Whatever is sent: a documented status, one form of problem, and nothing written."""

import pytest
from django.test import RequestFactory

from entities.models import Official
from provenance.api import problems
from tests import make
from tests.writing import OFFICIALS, refused

pytestmark = pytest.mark.django_db


class TestTheForm:
    def test_of_a_query_names_each_parameter(self, api):
        answer = api.get(f"{OFFICIALS}?nam=x&limit=0&q=a&q=b")
        assert refused(answer, 400) == {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": "The query of this address is not understood.",
            "errors": [
                {
                    "parameter": "nam",
                    "code": "unknown",
                    "message": "There is no such parameter; choose one of: cursor, "
                    "excel, fields, format, in_dispute, known_at, limit, ordering, q, "
                    "source, status.",
                },
                {"parameter": "q", "code": "twice", "message": "It is given twice."},
                {
                    "parameter": "limit",
                    "code": "invalid",
                    "message": "Write a whole number from 1 to 500.",
                },
            ],
        }

    def test_of_a_body_points_to_each_place(self, writer):
        body = {
            "nmae": "Ana",
            "version": 7,
            "names": [{"text": "A.", "kind": "nick"}, "B."],
        }
        errors = refused(writer.post(OFFICIALS, body), 400)["errors"]
        assert [(e["pointer"], e["code"]) for e in errors] == [
            ("/name", "required"),
            ("/names/0/kind", "invalid_choice"),
            ("/names/1", "invalid"),
            ("/nmae", "unknown"),
            ("/version", "read_only"),
        ]
        messages = {e["pointer"]: e["message"] for e in errors}
        assert messages["/nmae"] == "There is no such field; did you mean name / names?"
        assert messages["/names/0/kind"] == (
            "“nick” is not a valid choice; choose one of: official, short, "
            "acronym, synonym, former, translation, misspelling."
        )

    def test_of_a_mistaken_slug_names_close_ones(self, api):
        make.an_agency(slug="usnorthcom")
        answer = api.get("/api/v1/posts/?agency=usnorthcon")
        (error,) = refused(answer, 400)["errors"]
        assert error["message"] == (
            "There is no agency “usnorthcon”; did you mean usnorthcom?"
        )

    @pytest.mark.parametrize(
        "address",
        [
            "/api/",
            "/api/v2/",
            "/api/v1/nothing/",
            "/api/v1/nothing",
            "/api/v1/officials/nobody/",
            "/api/v1/officials/NOBODY/",
            "/api/v1/officials/a%00b/",
            "/api/v1/officials/%ED%A0%80/",
            "/api/v1/officials/-1/",
            "/api/v1/officials/" + "9" * 101 + "/",
            "/api/v1/officials/a%0D%0Ab/",
            "/api/v1/officials/%1B[31m/",
            "/api/v1/officials/../../etc/passwd",
            "/api/v1/citations/meeting-" + "9" * 18 + "/",
            "/api/v1/citations/meeting-" + "9" * 40 + "/",
            "/api/v1/citations/source-1/",
            "/api/v1/citations/nothing-1/",
        ],
    )
    def test_of_what_is_not_there_is_the_same_for_all(self, api, address):
        for method in (api.get, api.head, api.options):
            answer = method(address)
            known = "officials/n" in address or "officials/-1" in address
            known = known or ("citations" in address and "9" * 40 not in address)
            if method == api.options and known:
                continue  # the address could be one: what it can do is no secret
            assert answer.status_code == 404
        assert refused(api.get(address), 404)["detail"] == (
            "There is no such record or address."
        )

    def test_of_a_method_that_is_none_here(self, api):
        for method in (api.put, api.patch, api.delete):
            refused(method(OFFICIALS), 405)
        for method in (api.post, api.put, api.patch, api.delete):
            refused(method("/api/v1/timeline/"), 405)
            refused(method("/api/v1/search/"), 405)
            refused(method("/api/v1/search/?q="), 405)
        refused(api.generic("TRACE", OFFICIALS), 405)
        refused(api.generic("BREW", OFFICIALS), 405)
        answer = api.post("/api/v1/timeline/")
        assert answer["Allow"] == "GET, HEAD, OPTIONS"

    def test_of_a_method_named_in_a_header_there_is_none(self, api):
        make.an_official(slug="ana")
        api.get(f"{OFFICIALS}ana/", HTTP_X_HTTP_METHOD_OVERRIDE="DELETE")
        assert Official.objects.filter(slug="ana").exists()

    def test_of_a_form_that_is_not_offered(self, api):
        refused(api.get(OFFICIALS, HTTP_ACCEPT="text/zzz"), 406)
        refused(api.get(OFFICIALS, HTTP_ACCEPT="text/html"), 406)

    def test_of_a_token_that_is_none(self, api):
        for header in (
            "Token abc",
            "Token",
            "Token a b",
            f"Token {'a' * 5000}",
            "Token \xff\xfe",
        ):
            answer = api.get(OFFICIALS, HTTP_AUTHORIZATION=header)
            refused(answer, 401)
            assert answer["WWW-Authenticate"] == "Token"

    def test_of_django_itself(self, settings, client):
        settings.DEBUG = False
        client.raise_request_exception = False
        answer = client.get(OFFICIALS, HTTP_HOST="evil.example.org")
        refused(answer, 400)
        assert b"evil" not in answer.content

    def test_of_a_fault_of_ours_says_nothing_of_the_inside(
        self, settings, client, monkeypatch
    ):
        settings.DEBUG = False
        client.raise_request_exception = False

        def broken(*args):
            raise RuntimeError("SELECT secret FROM /home")

        monkeypatch.setattr("provenance.api.views.RecordView.asked_order", broken)
        answer = client.get(OFFICIALS)
        body = refused(answer, 500)
        assert body["detail"] == "Something went wrong here. Nothing was written."

    def test_is_for_the_api_only(self, rf):
        for handler in (problems.bad_request, problems.permission_denied):
            answer = handler(rf.get("/admin/"), ValueError())
            assert answer["Content-Type"].startswith("text/html")
        answer = problems.page_not_found(RequestFactory().get("/"), ValueError())
        assert answer["Content-Type"].startswith("text/html")

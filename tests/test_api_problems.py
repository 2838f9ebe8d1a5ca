"""Whatever is sent: a documented status, one form of problem, and nothing written."""

import json
from http import HTTPStatus

import pytest
from django.test import RequestFactory
from knox.models import get_token_model

from entities.models import Official
from provenance import problems
from tests import make

pytestmark = pytest.mark.django_db

OFFICIALS = "/api/v1/officials/"


@pytest.fixture
def writer(api, django_user_model):
    """A program that may write everything."""
    user = django_user_model.objects.create_superuser("writer")
    _token, text = get_token_model().objects.create(user=user)
    api.credentials(HTTP_AUTHORIZATION=f"Token {text}")
    return api


def refused(answer, status):
    """The body of a problem, which must be a whole one."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert list(body)[:4] == ["type", "title", "status", "detail"]
    assert body["type"] == "about:blank"
    assert body["title"] == HTTPStatus(status).phrase
    assert body["status"] == status
    assert body["detail"]
    return body


def post(api, body, content_type="application/json", **headers):
    return api.generic("POST", OFFICIALS, body, content_type=content_type, **headers)


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
                    "message": "There is no such parameter.",
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
            "“nick” is none of the words for it: official, short, acronym, former, "
            "translation, misspelling."
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


class TestHostileQueries:
    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("nosuch=1", 400),
            ("parent__parent__secret__startswith=z", 400),
            ("name__regex=(", 400),
            ("search_text__contains=a", 400),
            ("pk=1", 400),
            ("id__in=1,2", 400),
            ("status=draft", 400),
            ("ordering=secret", 400),
            ("ordering=private_note", 400),
            ("ordering=name,slug", 400),
            ("fields=private_note", 400),
            ("fields=search_text", 400),
            ("fields=__class__", 400),
            ("fields=", 400),
            ("fields=name,,slug", 400),
            ("format=xml", 400),
            ("q=" + "a" * 60_000, 414),
            ("q=" + "+".join(["a"] * 3000), 400),
            ("q=" + "+".join(["a"] * 8), 200),
            ("q=" + "+".join(["a"] * 9), 400),
            ("q=" + "a" * 101, 400),
            ("q=%00", 400),
            ("q=a%00b", 400),
            ("q=%ED%A0%80", 400),
            ("q=%FF", 400),
            ("q=%25", 200),
            ("q=_", 200),
            ("q=", 400),
            ("q='; DROP TABLE x;--", 200),
            ("source=" + "a" * 5000, 400),
            ("source=%00", 400),
            ("id__in=" + ",".join(map(str, range(30_000))), 414),
            ("%00=1", 400),
            ("=1", 400),
            ("&&&&", 200),
            ("q=a;limit=1", 200),
        ],
    )
    def test_each_has_its_answer(self, api, query, status):
        make.an_official()
        answer = api.generic("GET", OFFICIALS, QUERY_STRING=query)
        assert answer.status_code == status, answer.content
        if status != 200:
            refused(answer, status)

    def test_a_query_on_one_record_is_as_strict(self, api):
        make.an_official(slug="ana")
        for query in ("q=a", "limit=1", "expand=names", "fields=nothing"):
            refused(api.get(f"{OFFICIALS}ana/?{query}"), 400)

    def test_a_query_of_a_write_is_not_passed_over(self, writer):
        refused(writer.post(f"{OFFICIALS}?dry_run=1", {"name": "Ana"}), 400)
        assert not Official.objects.exists()


class TestHostileBodies:
    @pytest.mark.parametrize(
        ("body", "status", "said"),
        [
            ("[" * 100_000, 400, "nested"),
            ('{"a":' * 960 + "1" + "}" * 960, 400, "nested"),
            ("[" * 40 + "]" * 40, 400, "nested"),
            (r'{"name": "\ud800"}', 400, "U+D800"),
            (r'{"name": "a\u0000b"}', 400, "U+0000"),
            (r'{"a\u0000": 1}', 400, "U+0000"),
            ('{"name": "a", "name": "b"}', 400, "twice"),
            ('{"name": "a", "names": [{"text": 1, "text": 2}]}', 400, "twice"),
            ('{"name": NaN}', 400, "no number"),
            ('{"name": Infinity}', 400, "no number"),
            ('{"name": 1e999999999999999999999}', 400, "exponent"),
            ('{"name": -1.5E-999999999999999999999}', 400, "exponent"),
            ('{"name": ' + "9" * 5000 + "}", 400, "JSON"),
            ("", 400, "not accepted"),
            ("{", 400, "JSON"),
            ("null", 400, "not accepted"),
            ("[]", 400, "not accepted"),
            ('"name"', 400, "not accepted"),
            ("7", 400, "not accepted"),
            ('{"name": "a"} {}', 400, "JSON"),
            ("{'name': 'a'}", 400, "JSON"),
            (b"\xff\xfe{\x00}\x00", 400, "UTF-8"),
            ('{"name": "Ana"}'.encode("utf-16"), 400, "UTF-8"),
            (b'\xef\xbb\xbf{"name": "Ana"}', 400, "JSON"),
            ('{"name": "Núñez"}'.encode("latin-1"), 400, "UTF-8"),
            ('{"name": "' + "a" * 3_000_000 + '"}', 413, "larger"),
        ],
    )
    def test_each_has_its_answer(self, writer, body, status, said):
        answer = post(writer, body)
        assert said in json.dumps(refused(answer, status), ensure_ascii=False)
        assert not Official.objects.exists()

    @pytest.mark.parametrize(
        "content_type",
        [
            "text/plain",
            "text/csv",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=latin-1",
            "application/json; charset=nosuch",
            "application/json; charset=bz2_codec",
            "application/json; charset=utf-16",
        ],
    )
    def test_only_json_in_utf_8_is_read(self, writer, content_type):
        refused(post(writer, '{"name": "Ana"}', content_type), 415)
        assert not Official.objects.exists()

    def test_a_packed_body_is_not_unpacked(self, writer):
        answer = post(writer, b"\x1f\x8b\x08", HTTP_CONTENT_ENCODING="gzip")
        refused(answer, 415)

    def test_json_that_says_that_it_is_utf_8_is_read(self, writer):
        answer = post(writer, '{"name": "Núñez"}', "application/json; charset=UTF-8")
        assert answer.status_code == 201
        assert answer.json()["name"] == "Núñez"

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example.org",
            "http://a\nb",
            "ftp://example.org/",
            "http://" + "a" * 3000 + ".org/",
            " https://example.org/",
        ],
    )
    def test_an_address_that_no_reader_should_follow_is_refused(self, writer, url):
        body = {"title": "A", "kind": "law", "url": url}
        errors = refused(writer.post("/api/v1/sources/", body), 400)["errors"]
        assert {error["pointer"] for error in errors} == {"/url"}

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", 7),
            ("name", True),
            ("name", None),
            ("name", ["Ana"]),
            ("name", {"text": "Ana"}),
            ("name", ""),
            ("name", "a" * 301),
            ("name", "a\u202eb"),
            ("name", "a\u200bb"),
            ("name", "a\nb"),
            ("slug", "Ana Núñez"),
            ("slug", "-ana"),
            ("slug", "a" * 101),
            ("slug", ""),
            ("slug", 7),
            ("status", "public"),
            ("status", 1),
            ("status", ["draft"]),
            ("status", {}),
            ("names", "Ana"),
            ("names", {"text": "Ana"}),
            ("names", None),
            ("names", [None]),
            ("names", [[]]),
            ("names", [{}] * 501),
            ("citations", []),
            ("disputed", []),
            ("id", 1),
            ("pk", 1),
            ("self", "x"),
            ("created_at", "2020-01-01T00:00:00Z"),
            ("updated_at", "2020-01-01T00:00:00Z"),
            ("search_text", "x"),
            ("history", []),
            ("a/b~c", 1),
        ],
    )
    def test_a_value_that_is_none_is_named(self, writer, field, value):
        answer = writer.post(OFFICIALS, {"name": "Ana", **{field: value}})
        errors = refused(answer, 400)["errors"]
        step = field.replace("~", "~0").replace("/", "~1")
        assert all(error["pointer"].startswith(f"/{step}") for error in errors)
        assert not Official.objects.exists()

    @pytest.mark.parametrize(
        ("collection", "field", "value"),
        [
            ("places", "latitude", "31.33"),
            ("places", "latitude", 91),
            ("places", "latitude", 1e300),
            ("places", "latitude", 31.1234567),
            ("places", "latitude", True),
            ("posts", "seats", "1"),
            ("posts", "seats", 1.5),
            ("posts", "seats", 0),
            ("posts", "seats", 10**30),
            ("posts", "seats", True),
            ("posts", "start", "03/04/2024"),
            ("posts", "start", ".."),
            ("posts", "start", "2024-02-30"),
            ("posts", "start", 2024),
            ("posts", "agency", "nothing"),
            ("posts", "agency", 1),
            ("posts", "agency", {"slug": "navy"}),
            ("posts", "agency", None),
            ("sources", "accessed_on", "2024-02"),
            ("sources", "accessed_on", "2024-02-30"),
            ("sources", "accessed_on", "20240203"),
            ("deployments", "personnel", "15,000"),
            ("deployments", "personnel", 1.5),
            ("deployments", "personnel", True),
            ("deployments", "themes", ["nothing"]),
            ("deployments", "themes", [1]),
            ("agencies", "country", "nogales"),
        ],
    )
    def test_a_value_of_the_wrong_kind_is_named(self, writer, collection, field, value):
        make.a_place(slug="nogales")
        whole = {
            "places": {"name": "A", "kind": "city"},
            "posts": {"title": "A", "agency": make.an_agency(slug="navy").slug},
            "sources": {"title": "A", "kind": "law"},
            "deployments": {"title": "A", "kind": "relief"},
            "agencies": {"name": "A", "kind": "ministry"},
        }[collection]
        answer = writer.post(f"/api/v1/{collection}/", {**whole, field: value})
        errors = refused(answer, 400)["errors"]
        assert all(e["pointer"].split("/")[1] in (field, "") for e in errors), errors

    def test_only_so_many_errors_are_listed(self, writer):
        body = {"name": "Ana", **{f"field-{n}": n for n in range(500)}}
        errors = refused(writer.post(OFFICIALS, body), 400)["errors"]
        assert len(errors) == problems.MAX_ERRORS

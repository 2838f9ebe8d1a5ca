"""Hostile requests of programs: each is refused by name, and writes nothing."""

import json

import pytest

from entities.models import Official
from provenance.api import problems
from tests import make
from tests.writing import OFFICIALS, refused

pytestmark = pytest.mark.django_db


def post(api, body, content_type="application/json", **headers):
    return api.generic("POST", OFFICIALS, body, content_type=content_type, **headers)


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
        assert errors
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
        named = {error["pointer"].split("/")[1] for error in errors}
        assert named
        assert named <= {field, ""}

    def test_only_so_many_errors_are_listed(self, writer):
        body = {"name": "Ana", **{f"field-{n}": n for n in range(500)}}
        errors = refused(writer.post(OFFICIALS, body), 400)["errors"]
        assert len(errors) == problems.MAX_ERRORS

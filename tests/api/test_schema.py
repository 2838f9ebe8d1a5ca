"""The description of the API: complete, true, and readable without any other site."""

import io
import json
import re
from base64 import b64encode
from hashlib import sha256

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.urls import get_resolver

from provenance.registry.kinds import record_types
from tests import make


@pytest.fixture(scope="module")
def schema():
    """The description, which must come without a warning and be valid."""
    out = io.StringIO()
    options = {"validate": True, "fail_on_warn": True, "format": "openapi-json"}
    call_command("spectacular", stdout=out, **options)
    return json.loads(out.getvalue())


# What is asked by POST because it is long, and changes nothing.
QUESTIONS = {"/api/v1/reconcile/"}


def properties(schema, name):
    return schema["components"]["schemas"][name]["properties"]


@pytest.mark.django_db
def test_it_is_served_as_openapi_3_1(api, schema):
    answer = api.get("/api/v1/schema/")
    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.json()["paths"].keys() == schema["paths"].keys()
    assert api.get("/api/v1/schema/?nosuch=1").status_code == 400


def test_it_has_every_address(schema):
    served = {
        re.sub(r"\(\?P<(\w+)>.*?\)/", r"{\1}/", str(pattern.pattern)).strip("^Z\\")
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern) == "api/v1/"
        for pattern in resolver.url_patterns
    }
    served = {route for route in served if route.endswith("/")}
    described = {path.removeprefix("/api/v1/") for path in schema["paths"]}
    assert described - {""} == served - {"schema/", "docs/"}


def test_it_explains_every_parameter_and_every_field(schema):
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            assert operation["description"], path
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query":
                    assert parameter["description"], (path, parameter["name"])
    for kind in record_types().values():
        for name, field in properties(schema, kind.__name__).items():
            assert "$ref" in str(field) or field.get("description"), (kind, name)


def test_it_names_the_errors_of_every_operation(schema):
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"].keys()
            expected = {"400", "406", "414"} | ({"404"} if "{" in path else set())
            if method != "get":
                expected |= {"413", "415"}
            if method != "get" and path not in QUESTIONS:
                expected |= {"401", "403", "409"}
            if method not in ("get", "post"):
                expected |= {"412", "428"}
            assert expected <= answers
            problem = operation["responses"]["400"]["content"]
            assert list(problem) == ["application/problem+json"]


def test_it_says_which_version_is_read_and_asks_which_is_written(schema):
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            asked = [
                parameter["name"]
                for parameter in operation.get("parameters", ())
                if parameter["in"] == "header" and parameter.get("required")
            ]
            over = method not in ("get", "post")
            assert asked == (["If-Match"] if over else []), (path, method)
            # What an import made is many records, and none of them is shown.
            no_record = {"/api/v1/imports/", *QUESTIONS}
            makes_one = method == "post" and path not in no_record
            one = "{" in path or makes_one
            tagged = [
                status
                for status, answer in operation["responses"].items()
                if "ETag" in answer.get("headers", {})
            ]
            shown = {"get": ["200"], "post": ["201"], "delete": []}
            assert tagged == (shown.get(method, ["200"]) if one else []), (path, method)
    overtaken = schema["components"]["schemas"]["Overtaken"]
    assert overtaken["required"] == ["current_version", "changes"]


def test_it_tells_what_is_read_from_what_is_written(schema):
    read = properties(schema, "Appointment")["official"]
    assert read["properties"].keys() == {"slug", "name", "url"}
    written = properties(schema, "AppointmentRequest")
    assert written["official"]["type"] == "string"
    assert not {"version", "start_earliest", "citations", "self"} & written.keys()


@pytest.mark.django_db
def test_every_answer_is_as_described(api, schema):
    """Of each kind of record: no member too many, none too few, each of its type."""
    for kind, maker in make.RECORDS.items():
        record = maker()
        if hasattr(record, "citations"):
            make.a_citation(record)
        shown = api.get(f"/api/v1/{kind.collection}/{record.slug}/").json()
        described = schema["components"]["schemas"][kind.__name__]
        assert shown.keys() <= described["properties"].keys()
        assert set(described["required"]) <= shown.keys()
        for name, value in shown.items():
            types = described["properties"][name].get("type", "object")
            types = [types] if isinstance(types, str) else types
            assert {*types} & JSON_TYPES[type(value)], (kind, name)


JSON_TYPES = {
    type(None): {"null"},
    str: {"string"},
    int: {"integer", "number"},
    float: {"number"},
    list: {"array"},
    dict: {"object"},
}


class TestThePages:
    def test_need_nothing_from_elsewhere(self, client, db):
        page = client.get("/api/v1/docs/")
        assert page.status_code == 200
        text = page.content.decode()
        assert "http://" not in text
        assert "https://" not in text
        files = re.findall(r'(?:src|href)="(/static/[^"]+)"', text)
        assert len(files) >= 3
        for file in files:
            assert finders.find(file.removeprefix("/static/")), file

    def test_run_no_script_that_stands_in_the_page(self, client, db):
        text = client.get("/api/v1/docs/").content.decode()
        scripts = re.findall(r"<script(.*?)>(.*?)</script>", text, re.DOTALL)
        assert scripts
        for script in scripts:
            assert "src=" in script[0]
            assert not script[1].strip()
        (script,) = re.findall(r'src="([^"]*script=)"', text)
        answer = client.get(script)
        assert answer["Content-Type"].startswith("application/javascript")
        assert b"/api/v1/schema/" in answer.content

    def test_may_style_themselves_and_nothing_else(self, client, db):
        page = client.get("/api/v1/docs/")
        (style,) = re.findall("<style>(.*?)</style>", page.content.decode(), re.DOTALL)
        digest = b64encode(sha256(style.encode()).digest()).decode()
        policy = page["Content-Security-Policy"]
        assert f"style-src 'self' 'sha256-{digest}'" in policy
        assert "unsafe" not in policy
        assert "sha256" not in client.get("/api/v1/")["Content-Security-Policy"]

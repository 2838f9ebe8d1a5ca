"""Names in other people's tables are matched with records, as OpenRefine asks."""

import json
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Agency, Official
from provenance.models.renaming import rename
from tests import make
from tests.exchange.schemas import (
    EXTENDED,
    MANIFEST,
    PROPOSED,
    RESULTS,
    SUGGESTED_PROPERTIES,
    SUGGESTED_RECORDS,
    SUGGESTED_TYPES,
    checked,
)

pytestmark = [pytest.mark.usefixtures("record"), pytest.mark.database]

HERE = "/api/v1/reconcile/"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def asked(api):
    """Asks for candidates, as a client does; by a form, or in the address."""

    def asking(by="post", **queries):
        given = {"queries": json.dumps(queries)}
        if by == "get":
            return api.get(HERE, given)
        return api.generic("POST", HERE, urlencode(given), content_type=FORM)

    return asking


@pytest.fixture
def found(asked):
    """The candidates for one query."""

    def finding(query, **more):
        answer = checked(asked(q0={"query": query, **more}), RESULTS)
        return answer["q0"]["result"]

    return finding


@pytest.fixture
def extended(api):
    """The rows of what is fetched of records."""

    def fetching(ids, *names):
        wanted = {"ids": ids, "properties": [{"id": name} for name in names]}
        return checked(api.get(HERE, {"extend": json.dumps(wanted)}), EXTENDED)

    return fetching


def refused(answer, status=400):
    """Where an answer says that something is wrong."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return {each.get("pointer", each["parameter"]) for each in answer.json()["errors"]}


class TestTheManifest:
    def test_says_what_the_service_can_do(self, api):
        told = checked(api.get(HERE), MANIFEST)
        types = [each["id"] for each in told["defaultTypes"]]
        assert types == ["place", "agency", "official", "post"]
        assert told["suggest"].keys() == {"entity", "property", "type"}

    def test_leads_to_addresses_that_answer(self, api):
        told = checked(api.get(HERE), MANIFEST)
        for service in (
            *told["suggest"].values(),
            told["extend"]["propose_properties"],
        ):
            asked = {"prefix": "a"} if "suggest" in service["service_path"] else {}
            at = service["service_url"] + service["service_path"]
            assert api.get(at, asked).status_code == 200, at
        for template in (told["preview"]["url"], told["view"]["url"]):
            at = template.replace("{{id}}", "agencies%2Fsedena")
            assert api.get(at).status_code in (200, 302)

    def test_makes_of_an_id_the_address_of_the_record(self, api):
        told = checked(api.get(HERE), MANIFEST)
        answer = api.get(told["identifierSpace"] + "agencies/sedena")
        assert answer.json()["slug"] == "sedena"

    def test_is_open_to_the_pages_of_any_site_and_to_no_jsonp(self, api):
        assert api.get(HERE)["Access-Control-Allow-Origin"] == "*"
        answer = api.get(HERE, {"callback": "f"})
        assert refused(answer) == {"callback"}
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer


class TestCandidates:
    def test_are_told_with_their_kind_and_what_tells_them_from_namesakes(self, found):
        assert found("Nogales", type="place") == [
            {
                "id": "places/nogales",
                "name": "Nogales",
                "description": "city, Mexico",
                "type": [{"id": "place", "name": "Place"}],
                "score": 100,
                "features": [{"id": "name", "value": 100}],
                "match": True,
            }
        ]

    def test_of_each_record_it_is_the_first_by_its_own_name(self, asked):
        records = [
            record
            for kind in (Agency, Official)
            for record in kind.objects.published()[:20]
        ]
        queries = {one.slug: {"query": one.name, "limit": 3} for one in records}
        answer = checked(asked(**queries), RESULTS)
        for record in records:
            first, *_others = answer[record.slug]["result"]
            assert first["name"] == record.name
            assert first["score"] == 100

    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("SEDENA", "agencies/sedena"),  # another of its names
            ("Navy, Secretariat of", "agencies/semar"),
            ("Secretario de la Marina", "posts/secretary-of-the-navy"),  # translated
            ("guillot, gregory m.", "officials/gregory-guillot"),
            ("Gregry Guilot", "officials/gregory-guillot"),  # slips
            ("Gen. Gregory Guillot", "officials/gregory-guillot"),
            ("gregory-guillot", "officials/gregory-guillot"),
            ("officials/gregory-guillot", "officials/gregory-guillot"),
        ],
    )
    def test_are_found_however_they_are_called(self, found, text, meant):
        assert found(text)[0]["id"] == meant

    def test_match_only_if_called_just_so_and_no_other_is(self, found):
        assert not found("Gregry Guilot")[0]["match"]
        make.a_place("Nogales", slug="nogales-veracruz")
        assert [each["match"] for each in found("Nogales", type="place")] == [False] * 2

    def test_are_ordered_by_what_else_is_known(self, found):
        other = make.a_place("Nogales", slug="nogales-veracruz", kind="site")
        known = [{"pid": "kind", "v": "site"}]
        first, second = found("Nogales", type=["place"], properties=known)
        assert (first["id"], first["match"]) == (f"places/{other.slug}", True)
        assert (second["id"], second["match"]) == ("places/nogales", False)
        assert first["score"] > second["score"]

    @pytest.mark.parametrize(
        "v", ["Ruritania", "XR", "ruritania", ["x", "XR"], {"id": "places/ruritania"}]
    )
    def test_agree_with_a_relation_named_in_any_way(self, found, v):
        country = make.a_country("Ruritania", slug="ruritania", iso_code="XR")
        make.an_agency("Royal Guard", country=country, founded="1894-02~")
        known = [{"pid": "country", "v": v}, {"pid": "founded", "v": "1894"}]
        (first, *_others) = found("Royal Guard", properties=known)
        assert {"id": "properties", "value": 1} in first["features"]
        assert first["match"]

    def test_are_those_with_the_properties_if_there_is_no_name(self, asked):
        known = [{"pid": "agency", "v": {"id": "agencies/sedena"}}]
        answer = checked(asked(q={"properties": known, "type": "post"}), RESULTS)
        ids = {each["id"] for each in answer["q"]["result"]}
        assert "posts/secretary-of-national-defense" in ids
        assert {each["score"] for each in answer["q"]["result"]} == {100}

    def test_are_no_more_than_asked_and_of_the_types_asked(self, found):
        few = found("Secretary of National Defense", limit=1, type=["post", "agency"])
        assert [each["type"][0]["id"] for each in few] == ["post"]

    def test_are_the_same_by_either_method(self, asked):
        one = asked("get", a={"query": "Marina"}, b={"query": "Zzyzx"})
        assert one.json() == asked(a={"query": "Marina"}, b={"query": "Zzyzx"}).json()
        assert one.json()["b"] == {"result": []}

    def test_are_never_hidden_records_nor_told_by_them(self, found):
        make.an_agency("Bureau of Zzyzx", slug="zzyzx", status="draft")
        hidden = make.a_country("Xyzzy Land", slug="xyzzy", status="draft")
        make.an_agency("Office of Wombats", slug="wombats", country=hidden)
        post = make.a_post("Keeper of Wombats", make.an_agency(status="draft"))
        for text in ("Bureau of Zzyzx", "zzyzx", "agencies/zzyzx", post.title):
            assert f"zzyzx {post.slug}" not in json.dumps(found(text))
        (first, *_others) = found(
            "Office of Wombats", properties=[{"pid": "country", "v": "xyzzy"}]
        )
        assert first["description"] == "ministry"
        assert {"id": "properties", "value": 0.5} in first["features"]

    def test_tell_officials_by_the_offices_held_last(self, found):
        official, agency = make.an_official("Zoe Wombat"), make.an_agency("Wombats")
        for year in range(2001, 2016):
            post = make.a_post(f"Keeper {year} of Wombats", agency)
            make.an_appointment(official, post, start=str(year))
        with CaptureQueriesContext(connection) as captured:
            (first, *_others) = found("Zoe Wombat")
        assert first["description"] == "Keeper 2015 of Wombats; Keeper 2014 of Wombats"
        (of_offices,) = [
            each["sql"] for each in captured if "ROW_NUMBER" in each["sql"]
        ]
        with connection.cursor() as cursor:
            cursor.execute(of_offices)
            assert len(cursor.fetchall()) == 10

    def test_of_fifty_names_cost_as_many_queries_as_of_one(self, asked):
        names = [*Official.objects.published().values_list("name", flat=True)[:49]]
        asked(q={"query": names[0]})
        with CaptureQueriesContext(connection) as one:
            asked(q={"query": names[0]})
        with CaptureQueriesContext(connection) as all_of_them:
            asked(**{str(n): {"query": name} for n, name in enumerate(names)})
        assert len(all_of_them) - len(one) <= 4  # kinds of which nothing was found
        assert len(all_of_them) <= 20


class TestWhatIsRefused:
    def test_everything_that_is_wrong_is_told_at_once(self, asked):
        answer = asked(
            a={"query": "", "limit": 0, "type": "x", "typo": 1},
            b={},
            c={"query": "x", "properties": [{"pid": "nosuch", "v": "x"}]},
            d={"query": "x", "type_strict": "maybe", "properties": "x"},
            e={"query": "x" * 301},
        )
        assert refused(answer) == {
            "/a/query",
            "/a/limit",
            "/a/type",
            "/a/typo",
            "/b",
            "/c/properties/0/pid",
            "/d/type_strict",
            "/d/properties",
            "/e/query",
        }

    def test_a_batch_that_is_too_long(self, asked):
        answer = asked(**{str(n): {"query": "x"} for n in range(51)})
        assert refused(answer, 413) == {""}

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"a":{"query":"b"},"a":{}}', "1"])
    def test_what_is_no_batch(self, api, text):
        assert refused(api.get(HERE, {"queries": text}))

    def test_a_form_that_asks_nothing_or_two_things(self, api):
        for body in ("", "typo=1", "queries={}&queries={}", "queries={}&extend={}"):
            answer = api.generic("POST", HERE, body, content_type=FORM)
            assert refused(answer), body
        answer = api.generic("POST", HERE, "{}", content_type="application/json")
        assert answer.status_code == 415

    def test_values_that_cannot_be_fetched(self, api):
        for wanted, where in (
            ({"ids": "x", "properties": []}, {"/ids"}),
            ({"ids": ["a"] * 501, "properties": []}, {"/ids"}),
            ({"ids": [], "properties": [{"id": "no"}]}, {"/properties/0/id"}),
            ({"ids": []}, {"/properties"}),
        ):
            answer = api.get(HERE, {"extend": json.dumps(wanted)})
            if answer.status_code != 414:
                assert refused(answer) == where


class TestFetching:
    def test_gives_each_value_as_what_it_is(self, extended):
        make.a_place("Zenda", slug="zenda", latitude="31.5", longitude="-110.25")
        ids = ["agencies/sedena", "places/zenda", "posts/nobody"]
        told = extended(ids, "kind", "country", "latitude", "names", "slug")
        assert told["meta"][1] == {"id": "country", "name": "Country"}
        names = [{"str": name} for name in ("DEFENSA", "SEDENA")]
        sedena = told["rows"]["agencies/sedena"]
        assert sedena["country"] == [{"id": "places/mexico", "name": "Mexico"}]
        assert sedena["kind"] == [{"str": "ministry"}]
        assert [each for each in sedena["names"] if each in names] == names
        assert sedena["latitude"] == []
        assert told["rows"]["places/zenda"]["latitude"] == [{"float": 31.5}]
        assert set(map(len, told["rows"]["posts/nobody"].values())) == {0}

    def test_follows_a_slug_that_was_another_once(self, extended):
        rename(Agency.objects.get(slug="sedena"), "defensa")
        told = extended(["agencies/sedena"], "slug")
        assert told["rows"] == {"agencies/sedena": {"slug": [{"str": "defensa"}]}}

    def test_gives_nothing_that_is_hidden(self, extended):
        hidden = make.a_country("Xyzzy Land", slug="xyzzy", status="draft")
        make.an_agency("Zzyzx", slug="zzyzx", status="draft")
        wombats = make.an_agency("Office of Wombats", slug="wombats", country=hidden)
        for place in (hidden, make.a_place("Zenda", slug="zenda")):
            make.an_area(wombats, place)
        ids = ["agencies/zzyzx", "agencies/wombats"]
        told = extended(ids, "name", "country", "areas")
        assert told["rows"] == {
            "agencies/zzyzx": {"name": [], "country": [], "areas": []},
            "agencies/wombats": {
                "name": [{"str": "Office of Wombats"}],
                "country": [],
                "areas": [{"id": "places/zenda", "name": "Zenda"}],
            },
        }


class TestSuggesting:
    def test_finds_records_by_the_beginnings_of_their_names(self, api):
        asked = {"prefix": "guil", "spell": "always"}  # as OpenRefine asks
        answer = checked(api.get(f"{HERE}suggest/entity/", asked), SUGGESTED_RECORDS)
        assert {
            "id": "officials/gregory-guillot",
            "name": "Gregory M. Guillot",
            "notable": [{"id": "official", "name": "Official"}],
        } in answer["result"]

    def test_goes_on_behind_what_was_suggested(self, api):
        asked = {"prefix": "secretary", "type": "post"}
        at = f"{HERE}suggest/entity/"
        first = checked(api.get(at, asked), SUGGESTED_RECORDS)["result"]
        rest = checked(api.get(at, {**asked, "cursor": 1}), SUGGESTED_RECORDS)["result"]
        assert first[1:] == rest[: len(first) - 1]

    def test_shows_nothing_hidden(self, api):
        make.an_agency("Bureau of Zzyzx", slug="zzyzx", status="draft")
        for prefix in ("zzy", "agencies/zzyzx", "bureau of zzyzx"):
            answer = api.get(f"{HERE}suggest/entity/", {"prefix": prefix})
            assert b"agencies/zzyzx" not in answer.content

    def test_finds_properties_and_types(self, api):
        asked = {"prefix": "off"}
        found = checked(api.get(f"{HERE}suggest/type/", asked), SUGGESTED_TYPES)
        assert found["result"] == [{"id": "official", "name": "Official"}]
        asked = {"prefix": "fou", "type": "agency"}
        at = f"{HERE}suggest/property/"
        found = checked(api.get(at, asked), SUGGESTED_PROPERTIES)
        assert found["result"] == [{"id": "founded", "name": "Founded"}]

    def test_proposes_the_properties_of_a_type(self, api):
        asked = {"type": "post", "limit": 2}
        found = checked(api.get(f"{HERE}properties/", asked), PROPOSED)
        assert [each["id"] for each in found["properties"]] == ["slug", "title"]

    @pytest.mark.parametrize(
        "asked",
        [
            {"prefix": "a", "cursor": "x"},
            {"prefix": "a", "cursor": "501"},
            {"prefix": "a", "type": "x"},
            {"prefix": "a" * 301},
            {"prefix": "a b c d e f g h i"},
        ],
    )
    def test_refuses_what_it_does_not_understand(self, api, asked):
        assert refused(api.get(f"{HERE}suggest/entity/", asked))


class TestOneRecord:
    def test_is_previewed_in_a_frame_of_any_site(self, api):
        asked = {"id": "agencies/sedena"}
        answer = api.get(f"{HERE}preview/", asked, headers={"Accept": "text/html"})
        assert answer["Content-Type"].startswith("text/html")
        assert "X-Frame-Options" not in answer
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        page = answer.content.decode()
        assert '<h1><a href="/agencies/sedena/">' in page
        assert "<dt>Country</dt><dd>Mexico</dd>" in page

    def test_is_shown_on_its_page(self, api):
        answer = api.get(f"{HERE}view/", {"id": "agencies/sedena"})
        assert (answer.status_code, answer.url[-18:]) == (302, "r/agencies/sedena/")

    @pytest.mark.parametrize("where", ["view", "preview"])
    def test_is_hidden_as_if_there_were_none(self, api, where):
        make.an_agency("Zzyzx", slug="zzyzx", status="draft")
        hidden = api.get(f"{HERE}{where}/", {"id": "agencies/zzyzx"})
        unknown = api.get(f"{HERE}{where}/", {"id": "agencies/nobody"})
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.content == unknown.content
        assert refused(api.get(f"{HERE}{where}/", {"id": ""}))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="The plan of SQLite is read.")
def test_no_table_is_read_as_a_whole_to_find_candidates(asked):
    """Nor before a join, which no plan of the whole list would tell."""
    statements = []

    def noting(execute, sql, params, many, context):
        if "MATCH" in sql:
            statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noting):
        asked(q={"query": "Gregory Guillot"})
    assert (
        len(statements) == 6
    )  # places, posts, and agencies and officials by names too
    for sql, params in statements:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            steps = [row[3] for row in cursor.fetchall()]
        assert not any("BLOOM" in step for step in steps)
        scans = [step for step in steps if step.startswith("SCAN")]
        assert all("VIRTUAL TABLE" in step or "(subquery" in step for step in scans)

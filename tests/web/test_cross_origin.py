"""Scripts of other sites read what is public, and do nothing in anybody's name."""

import pytest

from provenance.review.roles import CURATOR
from tests import make
from tests.roles import somebody, with_token
from tests.streams import hang_up

pytestmark = pytest.mark.django_db

ORIGIN = {"Origin": "https://elsewhere.test"}
ALLOWED = "Access-Control-Allow-Origin"


@pytest.mark.parametrize(
    "address",
    [
        *("/api/v1/", "/api/v1/places/", "/api/v1/places/nogales/", "/api/v1/schema/"),
        *("/api/v1/places/?format=csv", "/api/v1/places/?format=parquet"),
        *("/api/v1/package/", "/timeline.json", "/es/timeline.ics", "/changes.atom"),
        *("/api/v1/nothing/", "/api/v1/places/?nothing=1", "/places/nogales/cite.bib"),
    ],
)
def test_what_is_public_is_read_by_any_site(client, address):
    make.a_place(slug="nogales")
    for ask in (client.get, client.head, client.options):
        answer = ask(address, headers=ORIGIN)
        assert answer[ALLOWED] == "*"
        exposed = answer["Access-Control-Expose-Headers"].split(", ")
        assert {"ETag", "Link"} <= set(exposed)
        assert "Access-Control-Allow-Credentials" not in answer
        assert answer.status_code < 500
        hang_up(answer)


def test_what_has_not_changed_is_so_for_other_sites_too(client):
    tag = client.get("/api/v1/places/")["ETag"]
    answer = client.get("/api/v1/places/", headers={"If-None-Match": tag, **ORIGIN})
    assert (answer.status_code, answer[ALLOWED]) == (304, "*")


def test_no_other_site_writes_or_uses_a_token_or_a_session(client, api, admin_client):
    asked = {"Access-Control-Request-Method": "POST"}
    asked |= {"Access-Control-Request-Headers": "authorization", **ORIGIN}
    answer = client.options("/api/v1/places/", headers=asked)
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer["Access-Control-Allow-Headers"] == "If-None-Match"
    writer = with_token(api, somebody(CURATOR))
    for refused in (
        writer.get("/api/v1/places/", headers=ORIGIN),
        client.post("/api/v1/places/", headers=ORIGIN),
        admin_client.get("/admin/", headers=ORIGIN),
        client.get("/places/", headers=ORIGIN),
    ):
        assert ALLOWED not in refused


def test_a_page_of_a_list_links_to_those_around_it(client):
    for slug in "abc":
        make.a_place(slug=slug)
    first = client.get("/api/v1/places/?limit=1")
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    second = client.get(first.json()["next"])
    assert second["Link"] == (
        f'<{second.json()["next"]}>; rel="next", '
        f'<{second.json()["previous"]}>; rel="prev"'
    )
    assert "Link" not in client.get("/api/v1/places/")

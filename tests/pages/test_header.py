"""What stands above every page: its languages, its colors, and the way to it."""

import json
import re

import pytest

from tests import make
from tests.walking import text_of

pytestmark = pytest.mark.django_db


def crumbs(answer):
    """The way to a page as JSON-LD has it: names and addresses."""
    blocks = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', answer.content.decode()
    )
    (trail,) = [b for b in map(json.loads, blocks) if b["@type"] == "BreadcrumbList"]
    items = trail["itemListElement"]
    assert [item["position"] for item in items] == list(range(1, len(items) + 1))
    return [(item["name"], item.get("item")) for item in items]


class TestColorScheme:
    def choose(self, client, **sent):
        return client.post("/color-scheme/", sent)

    def sheet(self, client):
        return client.get("/color-scheme.css").content.decode()

    def test_that_is_chosen_is_kept_and_leads_back_to_the_page(self, client):
        answer = self.choose(client, scheme="dark", next="/es/agencies/?q=a")
        assert (answer.status_code, answer["Location"]) == (302, "/es/agencies/?q=a")
        sheet = client.get("/color-scheme.css")
        assert sheet["Content-Type"] == "text/css"
        assert "color-scheme: dark;" in sheet.content.decode()
        assert sheet["Vary"] == "Cookie"
        self.choose(client, scheme="light")
        assert (
            "color-scheme: light;" in client.get("/color-scheme.css").content.decode()
        )
        self.choose(client, scheme="system")
        assert "light dark" in self.sheet(client)

    def test_changes_no_page_but_the_style_sheet(self, client):
        make.a_meeting()
        before = client.get("/")
        tag = client.get("/color-scheme.css")["ETag"]
        self.choose(client, scheme="dark")
        after = client.get("/", headers={"If-None-Match": before["ETag"]})
        assert after.status_code == 304
        sheet = client.get("/color-scheme.css", headers={"If-None-Match": tag})
        assert sheet.status_code == 200

    def test_that_is_none_is_refused_and_nothing_is_kept(self, client):
        answer = self.choose(client, scheme="pink")
        assert answer.status_code == 400
        assert "“pink” is not a valid choice" in text_of(answer)
        assert not answer.cookies
        client.cookies["color_scheme"] = "pink"
        assert "light dark" in self.sheet(client)

    @pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", ""])
    def test_leads_nowhere_else(self, client, elsewhere):
        answer = self.choose(client, scheme="dark", next=elsewhere)
        assert answer["Location"] == "/"

    def test_is_offered_on_every_page_without_a_script(self, client):
        page = client.get("/agencies/?q=a").content.decode()
        (form,) = re.findall(r'(?s)<form class="scheme" method="post".*?</form>', page)
        assert 'name="next" value="/agencies/?q=a"' in form
        assert re.findall(r'name="scheme" value="(\w+)"', form) == [
            "light",
            "dark",
            "system",
        ]


class TestLanguages:
    def test_are_told_to_search_engines_with_one_for_all_others(self, client):
        for address in ("/agencies/", "/es/agencies/"):
            page = client.get(address).content.decode()
            found = re.findall(
                r'<link rel="alternate" hreflang="(.*?)" href="(.*?)">', page
            )
            assert dict(found) == {
                "en": "http://testserver/agencies/",
                "x-default": "http://testserver/agencies/",
                "es": "http://testserver/es/agencies/",
            }

    def test_lead_from_the_header_to_the_same_page(self, client):
        page = client.get("/agencies/?q=a").content.decode()
        (header,) = re.findall(r"(?s)<header.*?</header>", page)
        assert 'href="http://testserver/es/agencies/?q=a" hreflang="es"' in header


class TestBreadcrumbs:
    def test_lead_to_a_record_from_the_list_of_its_kind(self, client):
        make.an_official("Ana Núñez", slug="ana")
        answer = client.get("/officials/ana/")
        assert "Timeline Officials Ana Núñez" in text_of(answer)
        assert crumbs(answer) == [
            ("Timeline", "http://testserver/"),
            ("Officials", "http://testserver/officials/"),
            ("Ana Núñez", None),
        ]
        above = crumbs(client.get("/officials/ana/network/"))
        assert above[2] == ("Ana Núñez", "http://testserver/officials/ana/")
        assert crumbs(client.get("/es/officials/ana/"))[1] == (
            "Funcionarios",
            "http://testserver/es/officials/",
        )

    def test_stay_at_the_moment_that_is_shown(self, client):
        make.an_official(slug="ana")
        then = client.get("/officials/ana/?known_at=now")["Location"].partition("?")[2]
        (_home, (_name, listed), _here) = crumbs(client.get(f"/officials/ana/?{then}"))
        assert listed == f"http://testserver/officials/?{then}"

    def test_are_not_where_one_begins_nor_where_nothing_is(self, client):
        for address in ("/", "/officials/nobody/"):
            assert "breadcrumbs" not in client.get(address).content.decode()


@pytest.mark.parametrize(
    "back", ["foo", "a b", "/a\nb", "//evil.example/", "http:///x"]
)
def test_a_choice_leads_to_no_address_that_is_none_of_ours(back, client):
    answer = client.post("/color-scheme/", {"scheme": "dark", "next": back})
    assert answer.status_code == 302
    assert answer["Location"] in ("/", "/a%0Ab")

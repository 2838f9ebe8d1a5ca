"""Every page of the curated record: reached, whole, and of this site alone."""

import re

import pytest
from django.urls import reverse

from provenance.pages.addresses import page_of
from provenance.registry.kinds import record_types
from tests.curating import superuser
from tests.depth import cases
from tests.walking import every_page, is_page, links_on, text_of

pytestmark = pytest.mark.django_db


def some_pages(client):
    """The first pages that a reader comes to, by their addresses."""
    answers = every_page(client, "/", most=cases(25, 40))
    pages = {at: answer for at, answer in answers.items() if is_page(answer)}
    assert len(pages) > 15
    return pages


class TestEveryPage:
    def test_of_the_curated_record_can_be_reached_by_links_and_is_whole(
        self, record, client
    ):
        answers = every_page(client, "/", most=cases(60, 200))
        assert {answer.status_code for answer in answers.values()} == {200}
        for model in record_types().values():
            for one in model.objects.published().order_by("slug")[: cases(1, 3)]:
                assert client.get(page_of(one)).status_code == 200

    def test_asks_no_other_host_and_runs_nothing_of_its_own(self, record, client):
        for address, answer in some_pages(client).items():
            body = answer.content.decode()
            loaded = (
                r'<(?:img|script|iframe|object|source|use)\s[^>]*?(?:src|href|data)="'
            )
            sources = re.findall(loaded + r'([^"]*)"', body)
            assert sources
            assert all(source.startswith("/") for source in sources), address
            styles = re.findall(
                r'<link rel="(?:stylesheet|icon)[^>]*href="([^"]*)"', body
            )
            # One has a line for the colors that the reader chose.
            styles.remove(reverse("pages:color-scheme-sheet"))
            assert styles
            assert all(style.startswith("/static/") for style in styles), address
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=", body), address
            policy = answer["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "script-src 'self'" in policy

    def test_has_one_heading_that_names_it_and_says_its_language(self, record, client):
        for address, answer in some_pages(client).items():
            body = answer.content.decode()
            assert body.count("<h1") == 1, address
            assert re.search(r'<html lang="en">', body), address
            assert re.search(r"<title>\s*[^\s·]", body), address
            ids = re.findall(r'\sid="([^"]+)"', body)
            assert len(ids) == len(set(ids)), address

    def test_that_has_not_changed_is_not_sent_again(self, record, client):
        for address in ("/", "/officials/gregory-guillot/", "/disputes/"):
            tag = client.get(address)["ETag"]
            assert (
                client.get(address, headers={"If-None-Match": tag}).status_code == 304
            )

    def test_leaves_parameters_of_others_alone(self, record, client):
        asked = client.get("/?utm_source=letter&q=guillot")
        assert asked.status_code == 200
        assert "utm_source" not in "".join(links_on(asked))

    def test_with_now_lead_to_this_moment(self, record, client):
        answer = client.get("/officials/gregory-guillot/?known_at=now")
        assert answer.status_code == 302
        then = client.get(answer["Location"])
        assert then.status_code == 200
        assert "You see the record as it stood at" in text_of(then)


class TestFeeds:
    def test_are_narrowed_as_the_timeline_is(self, record, client):
        shown = client.get("/timeline.json?official=gregory-guillot&from=2025").json()
        slugs = {event["unique_id"] for event in shown["events"]}
        asked = "/api/v1/timeline/?official=gregory-guillot&from=2025&fields=slug,start"
        found = client.get(asked).json()["results"]
        known = {each["slug"] for each in found if each["start"]}  # it draws no other
        assert slugs == known
        assert client.get("/timeline.json?type=party").status_code == 400


class TestDesk:
    def test_lead_to_lists_that_hold_as_many_as_they_say(self, record, client):
        superuser(client)
        found = client.get("/admin/").context["tasks"]
        followed = 0
        for task in found:
            for line in task.lines:
                page = client.get(line.address)
                assert page.status_code == 200, line.address
                if "cl" in (page.context or {}) and line.beside.isdecimal():
                    assert page.context["cl"].result_count == int(line.beside)
                    followed += 1
            if task.address:
                assert client.get(task.address).status_code == 200
        assert followed > 5

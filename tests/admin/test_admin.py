"""Every page of the admin, and the desk it begins with."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

from entities.models import Agency, Official, Place
from provenance.models import Source
from tests import PROJECT, make
from tests.curating import (
    MAKERS,
    address,
    errors_of,
    every_kind,
    listed,
    save,
    somebody_of_staff,
)
from timeline.models import (
    Meeting,
)

pytestmark = pytest.mark.django_db


class TestEveryPage:
    @every_kind
    def test_opens(self, curator, model):
        record = MAKERS[model]()
        for page, keys in {
            "changelist": (),
            "add": (),
            "change": (record.pk,),
            "history": (record.pk,),
            "import": (),
            "export": (),
        }.items():
            assert curator.get(address(model, page, *keys)).status_code == 200, page

    @every_kind
    def test_saves_what_it_shows_without_a_change(self, curator, model):
        record = MAKERS[model]()
        if model is not Source:
            make.a_citation(record, locator="para. 1")
        response = save(curator, record)
        assert response.status_code == 302, errors_of(response)
        again = model.objects.get(pk=record.pk)
        assert again.version == record.version
        assert again.history.count() == record.history.count()

    def test_runs_no_script_that_the_policy_forbids(self, curator):
        meeting = make.a_meeting()
        make.a_citation(meeting)
        for page in (
            reverse("admin:index"),
            address(Meeting, "changelist"),
            address(Meeting, "change", meeting.pk),
            address(Meeting, "import"),
        ):
            response = curator.get(page)
            policy = response.headers["Content-Security-Policy"]
            assert "script-src 'self' 'unsafe-eval'" in policy
            scripts = Scripts(response.content.decode())
            assert scripts.inline == []
            assert not [src for src in scripts.addresses if not src.startswith("/")]

    def test_is_for_staff_alone(self, client):
        for page in ("admin:index", "admin:meaning", "admin:entities_place_changelist"):
            assert client.get(reverse(page)).status_code == 302
        client.force_login(User.objects.create_user("passer-by"))
        assert client.get(reverse("admin:meaning")).status_code == 302


class Scripts(HTMLParser):
    """The scripts of a page: those written into it, and the addresses of the others."""

    def __init__(self, html):
        super().__init__()
        self.inline, self.addresses = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "script":
            if "src" in attributes:
                self.addresses.append(attributes["src"])
            elif attributes.get("type") not in ("application/json",):
                self.inline.append(self.get_starttag_text())
        self.inline += [name for name in attributes if re.fullmatch("on[a-z]+", name)]


class TestDesk:
    def test_counts_by_status_and_leads_to_the_lists(self, curator):
        make.a_place()
        make.a_place(status="draft")
        make.a_place(status="draft")
        response = curator.get(reverse("admin:index"))
        rows = {
            row["title"]: row
            for _title, rows in response.context["shelves"]
            for row in rows
        }
        assert [cell["number"] for cell in rows["Places"]["numbers"]] == [2, 0, 1, 0]
        drafts = curator.get(rows["Places"]["numbers"][0]["address"])
        assert len(listed(drafts)) == 2

    def test_shows_only_what_one_may_see(self, client):
        viewer = somebody_of_staff("viewer", "entities.view_place")
        client.force_login(viewer)
        page = client.get(reverse("admin:index")).content.decode()
        assert address(Place, "changelist") in page
        assert address(Agency, "changelist") not in page

    def test_finds_a_record_by_any_of_its_names(self, curator):
        official = make.an_official("Julio César Benítez")
        make.an_official_name(official, "Capitán Trueno")
        for text in ("benitez", "TRUENO", "benitez julio"):
            page = curator.get(reverse("admin:search"), {"s": text, "extended": "1"})
            assert address(Official, "change", official.pk) in page.content.decode()

    def test_finds_nothing_in_what_one_may_not_see(self, client):
        make.an_official("Julio César Benítez")
        client.force_login(somebody_of_staff("viewer", "entities.view_place"))
        page = client.get(reverse("admin:search"), {"s": "benitez", "extended": "1"})
        assert "Ben" not in page.content.decode()

    @pytest.mark.parametrize(
        "query",
        ["s=&extended=1", "s=" + "x" * 5000, "s=a&page=abc", "s=%00", "page=-1"],
    )
    def test_answers_any_search(self, curator, query):
        assert curator.get(f"{reverse('admin:search')}?{query}").status_code == 200


def test_no_page_shows_or_makes_a_token():
    names = {model.__name__ for model in admin.site._registry}
    assert not {"AuthToken", "AccessAttempt", "AccessLog"} & names


def test_one_package_alone_names_what_the_admin_is_made_of():
    named = re.compile(r"import_export\.admin|simple_history\.admin|\bunfold\b")
    project = PROJECT
    naming = {
        path.relative_to(project).as_posix()
        for app in ("provenance", "entities", "timeline")
        for path in (project / app).rglob("*.py")
        if named.search(path.read_text(encoding="utf-8"))
    }
    assert naming
    assert all(path.startswith("provenance/admin") for path in naming), naming

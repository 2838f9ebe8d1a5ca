"""Who may do what in the admin: every address, asked by everybody."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.urls import URLResolver, get_resolver, reverse

from entities.models import Agency, AgencyName, Official, Place
from provenance.models import ChangeSet, Record, SavedMapping, Source
from tests import make
from tests.curating import MAKERS, TELLING, address, filled, row, somebody_of_staff
from tests.depth import cases
from tests.importing import an_upload, upload
from tests.importing import faults as found
from timeline.models import Event, Meeting

pytestmark = pytest.mark.django_db

NOBODY, VIEWER, EDITOR, SUPERUSER = "nobody", "viewer", "editor", "superuser"
ACTIONS = {NOBODY: (), VIEWER: ("view",), EDITOR: ("view", "add", "change")}
# An import replaces the lists whole.
IMPORTING = ("import_tables", "delete_eventtheme", "delete_sourcereport")
OURS = ("provenance", "entities", "timeline")

# What a GET of each page of a record answers, by who asks.
PAGES = {
    "changelist": (403, 200, 200, 200),
    "add": (403, 403, 200, 200),
    "change": (403, 200, 200, 200),
    "history": (403, 200, 200, 200),
    "take_back": (403, 302, 302, 302),
    "restore": (403, 302, 302, 302),
    "deleted": (403, 200, 200, 200),
    "delete": (403, 403, 403, 200),  # a draft: nobody deletes what is published
    "import": (403, 403, 200, 200),
    "upload": (403, 403, 200, 200),
    "upload_read": (403, 403, 302, 302),
    "upload_confirm": (403, 403, 302, 302),
    "upload_cancel": (403, 403, 302, 302),
    "upload_set_aside": (403, 403, 302, 302),
    "upload_progress": (403, 403, 200, 200),
    "upload_aside": (403, 403, 303, 303),  # there is none
    "upload_rows": (403, 403, 404, 404),  # of no kind
    "upload_report": (403, 403, 200, 200),
    "export": (403, 200, 200, 200),
    "duplicates": (403, 200, 200, 200),
    "merge": (403, 403, 403, 200),
    "distinguish": (403, 403, 403, 302),
    "views": (403, 302, 302, 302),
}
PAGES_OF_SOURCES = {
    **PAGES,
    "what_rests_on_it": (403, 200, 200, 200),
    "comparison": (403, 200, 200, 200),
    "enter": (403, 403, 200, 200),
    "file": (403, 404, 404, 404),  # of which it has none
}
PAGES_WITH_PICTURE = {
    **PAGES,
    "portrait": (403, 403, 200, 200),
    "picture": (403, 404, 404, 404),  # of which there is none
}
# Events of every kind in one list: to look at, and never written as such.
PAGES_OF_EVENTS = {
    "changelist": (403, 200, 200, 200),
    "add": (403, 403, 403, 403),
    "change": (403, 302, 302, 302),
    "history": (403, 302, 302, 302),
    "delete": (403, 403, 403, 403),
}
PAGES_OF_MAPPINGS = {
    "changelist": (403, 200, 200, 200),
    "add": (403, 403, 200, 200),
    "change": (403, 200, 200, 200),
    "history": (403, 200, 200, 200),
    "delete": (403, 403, 403, 200),
    "match_columns": (403, 403, 200, 200),
    "match_again": (403, 403, 200, 200),
}
PAGES_OF_PEOPLE = {
    "changelist": (403, 403, 403, 200),
    "add": (403, 403, 403, 200),
    "change": (403, 403, 403, 200),
    "history": (403, 403, 403, 200),
    "delete": (403, 403, 403, 200),
    "password_change": (403, 403, 403, 200),
}
PAGES_OF_THE_SITE = {
    "index": (200, 200, 200, 200),
    "login": (302, 302, 302, 302),
    "logout": (302, 302, 302, 302),
    "password_change": (200, 200, 200, 200),
    "password_change_done": (200, 200, 200, 200),
    "jsi18n": (200, 200, 200, 200),
    "search": (200, 200, 200, 200),
    "second_factor": (200, 200, 200, 200),
    "sessions": (200, 200, 200, 200),
    "sessions_of": (403, 403, 403, 200),
    "meaning": (200, 200, 200, 200),
    "current_source": (302, 302, 302, 302),
    "attention": (302, 302, 302, 302),
    "teamwork": (403, 302, 302, 302),
    "disputes": (403, 200, 200, 200),
    "dispute": (404, 200, 200, 200),
    "changes": (403, 200, 200, 200),
    "change_set": (403, 200, 200, 200),
    "take_back": (403, 302, 302, 302),
    "autocomplete": (403, 200, 200, 200),
    "app_list": (404, 200, 200, 200),
    "view_on_site": (404, 404, 404, 404),
}
QUERIES = {
    "meaning": {"kind": "date", "text": "2025"},
    "autocomplete": {
        "app_label": "entities",
        "model_name": "agency",
        "field_name": "country",
    },
}


def somebody(role):
    """Somebody of staff with the permissions of the role on all of the record."""
    if role == SUPERUSER:
        return User.objects.create_superuser(role)
    user = User.objects.create_user(role, is_staff=True)
    for action in ACTIONS[role]:
        user.user_permissions.add(
            *Permission.objects.filter(
                content_type__app_label__in=OURS, codename__startswith=f"{action}_"
            )
        )
    if role == EDITOR:
        user.user_permissions.add(*Permission.objects.filter(codename__in=IMPORTING))
    return user


def names_of_pages():
    """The name of every address of the admin."""

    def walk(resolver):
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern)
            elif pattern.name:
                yield pattern.name

    (site,) = (
        resolver
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "namespace", "") == "admin"
    )
    return set(walk(site))


def pages_of(model):
    if model is Event:
        return PAGES_OF_EVENTS
    if model is Source:
        return PAGES_OF_SOURCES
    if model in (Agency, Official):
        return PAGES_WITH_PICTURE
    if model is SavedMapping:
        return PAGES_OF_MAPPINGS
    if model is ChangeSet:
        return {}  # among those of the site
    return PAGES if issubclass(model, Record) else PAGES_OF_PEOPLE


def test_no_page_is_left_out():
    known = set(PAGES_OF_THE_SITE)
    for model in admin.site._registry:
        meta = model._meta
        known |= {
            f"{meta.app_label}_{meta.model_name}_{page}" for page in pages_of(model)
        }
    known.remove("auth_group_password_change")
    assert names_of_pages() == known


ROLES = list(enumerate([NOBODY, VIEWER, EDITOR, SUPERUSER]))


EVERY = list(admin.site._registry)
REGISTERED = [model for model in EVERY if model in cases(TELLING, MAKERS)]
REGISTERED += [model for model in EVERY if model not in MAKERS]


class TestEveryPage:
    @pytest.mark.parametrize(("place", "role"), cases(ROLES[1:3], ROLES))
    @pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
    def test_of_a_record_answers_whom_it_should(self, client, place, role, model):
        user = somebody(role)
        client.force_login(user)
        if model is Event:
            record = make.a_meeting(status="draft")
        elif model in MAKERS:
            record = MAKERS[model](status="draft")
        elif model is ChangeSet:
            return
        else:
            record = model.objects.create(
                **{"username" if model is User else "name": "another"}
            )
        lists = (
            *("changelist", "add", "import", "export"),
            *("deleted", "duplicates", "match_columns", "views"),
        )
        keys = {page: [record.pk] for page in pages_of(model) if page not in lists}
        if model in MAKERS:
            two = [record.pk, MAKERS[model]().pk]
            keys |= {"merge": two, "distinguish": two}
            mine = [an_upload(user, model.collection).pk]
            keys |= {page: mine for page in PAGES if page.startswith("upload")}
        keys["file"] = [record.pk, 1]
        if hasattr(record, "history"):
            keys["take_back"] = [record.pk, ChangeSet.objects.first().pk]
            keys["restore"] = [record.pk, record.history.latest().pk]
        for page, answers in pages_of(model).items():
            if page == "password_change":
                continue
            asked = address(model, page, *keys.get(page, ()))
            assert client.get(asked).status_code == answers[place], (role, asked)

    @pytest.mark.parametrize(("place", "role"), ROLES)
    def test_of_the_site_answers_whom_it_should(self, client, place, role):
        user = somebody(role)
        client.force_login(user)
        place_in_dispute = make.a_place()
        make.a_citation(place_in_dispute, field="name", stated="Another")
        dispute = place_in_dispute.disputes.get()
        for page, answers in PAGES_OF_THE_SITE.items():
            keys = {
                "app_list": ["entities"],
                "view_on_site": [1, 1],
                "change_set": [1],
                "take_back": [1],
                "dispute": [f"place-{dispute.pk}"],
                "sessions_of": [user.pk],
                "teamwork": ["place", place_in_dispute.slug],
            }.get(page, [])
            asked = reverse(f"admin:{page}", args=keys)
            answer = client.get(asked, QUERIES.get(page))
            assert answer.status_code == answers[place], (role, page)


class TestViewers:
    @pytest.fixture
    def viewer(self, client):
        client.force_login(somebody(VIEWER))
        return client

    @pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
    def test_change_nothing(self, viewer, model):
        record = MAKERS[model](status="draft")
        form = {"name": "X", "title": "X", "kind": "city", "seen_version": 1}
        version = record.history.latest().pk
        waiting = an_upload(User.objects.get(username=VIEWER), model.collection).pk
        for page, keys in {
            "add": (),
            "change": (record.pk,),
            "delete": (record.pk,),
            "take_back": (record.pk, ChangeSet.objects.first().pk),
            "restore": (record.pk, version),
            "import": (),
            "upload_read": (waiting,),
            "upload_confirm": (waiting,),
            "upload_cancel": (waiting,),
            "upload_set_aside": (waiting,),
        }.items():
            answer = viewer.post(address(model, page, *keys), form)
            assert answer.status_code == 403, page
        viewer.post(
            address(model, "changelist"),
            {
                "action": "delete_selected",
                "_selected_action": [record.pk],
                f"seen_version-{record.pk}": record.version,
                "post": "yes",
            },
        )
        again = model.objects.get()
        assert (again.version, str(again)) == (record.version, str(record))

    def test_are_offered_no_import(self, viewer):
        page = viewer.get(address(Place, "changelist")).content.decode()
        assert address(Place, "import") not in page
        assert address(Place, "export") in page

    def test_see_what_they_cannot_change(self, viewer):
        agency = make.an_agency("SEMAR", founded="1940")
        make.an_agency_name(agency, "Armada")
        make.a_citation(agency, locator="para. 7", as_of="2024-11")
        page = viewer.get(address(Agency, "change", agency.pk)).content.decode()
        for text in (
            "SEMAR",
            "1940 (some day from 1 January to 31 December 1940)",
            "Armada",
            "para. 7",
            "2024-11 (some day from 1 to 30 November 2024)",
        ):
            assert text in page
        assert not re.search(r'name="(?:_save|name)"', page)


class TestImports:
    def page(self, client, *permissions):
        importing = ("provenance.import_tables", *permissions)
        client.force_login(somebody_of_staff("somebody", *importing))
        return client.get(address(Agency, "import"))

    def test_need_adding_or_changing(self, client):
        answer = self.page(client, "entities.view_agency", "entities.delete_agency")
        assert answer.status_code == 403

    def test_need_a_permission_of_their_own(self, client):
        rights = [f"entities.{verb}_agency" for verb in ("view", "add", "change")]
        client.force_login(somebody_of_staff("somebody", *rights))
        assert client.get(address(Agency, "import")).status_code == 403

    @pytest.mark.parametrize(
        ("verb", "faults"),
        [
            ("add", ["2, : you may not change agencies."]),
            ("change", ["3, : you may not add agencies."]),
        ],
    )
    def test_ask_of_each_row_whether_it_may_be_written(self, client, verb, faults):
        make.an_agency("SEMAR", slug="semar", status="draft")
        self.page(client, "entities.view_agency", f"entities.{verb}_agency")
        rows = "slug,status,name,kind\nsemar,draft,A,ministry\nb,draft,B,ministry\n"
        assert found(upload(client, rows, Agency, "agencies")) == faults

    def test_are_offered_for_the_tables_that_one_may_write(self, client):
        answer = self.page(client, "entities.add_agency", "entities.change_agency")
        choices = answer.context["form"].fields["table"].choices
        assert [label for _place, label in choices] == ["Agencies"]

    def test_of_rows_need_the_permission_for_the_rows(self, client):
        answer = self.page(
            client,
            *(
                f"entities.{action}_{name}"
                for action in ("add", "change")
                for name in ("agency", "agencyname")
            ),
        )
        choices = answer.context["form"].fields["table"].choices
        assert [label for _place, label in choices] == ["Agencies", "Agency names"]

    def test_of_a_list_need_the_permissions_for_its_rows(self, client):
        make.a_theme(slug="arms")
        meeting = [f"timeline.{action}_meeting" for action in ("view", "add")]
        user = somebody_of_staff("somebody", "provenance.import_tables", *meeting)
        client.force_login(user)
        rows = "slug,title,themes\ncall,A call,\ntalk,A talk,arms\n"
        page = upload(client, rows, Meeting, "meetings")
        assert found(page) == ["3, themes: you may not add themes of events."]
        user.user_permissions.add(Permission.objects.get(codename="add_eventtheme"))
        assert not found(upload(client, rows, Meeting, "meetings"))


def test_whoever_may_change_may_export(client):
    place = make.a_place()
    client.force_login(somebody_of_staff("somebody", "entities.change_place"))
    page = address(Place, "export")
    assert client.get(page).status_code == 200
    answer = client.post(page, {"format": "0", "resource": "0"})
    assert place.slug in answer.getvalue().decode()


class TestRows:
    def test_are_changed_by_those_who_may(self, client):
        agency = make.an_agency()
        client.force_login(
            somebody_of_staff(
                "somebody", "entities.view_agency", "entities.change_agency"
            )
        )
        page = address(Agency, "change", agency.pk)
        data = filled(client.get(page)) | row("names", text="Mine", kind="short")
        client.post(page, data | {"names-INITIAL_FORMS": 0})
        assert not AgencyName.objects.exists()


class TestChoices:
    def test_are_for_those_who_may_see_what_is_chosen(self, client):
        make.a_country()
        client.force_login(
            somebody_of_staff(
                "somebody", "entities.change_agency", "entities.view_agency"
            )
        )
        answer = client.get(reverse("admin:autocomplete"), QUERIES["autocomplete"])
        assert answer.status_code == 403

    def test_of_events_are_those_of_the_kinds_that_one_may_see(self, client):
        make.a_meeting("A call")
        make.a_milestone("A call for tariffs")
        client.force_login(somebody_of_staff("somebody", "timeline.view_meeting"))
        query = {
            "app_label": "timeline",
            "model_name": "eventlink",
            "field_name": "target",
        }
        answer = client.get(reverse("admin:autocomplete"), query).json()
        assert [choice["text"] for choice in answer["results"]] == ["A call (meeting)"]
        listed = client.get(address(Event, "changelist")).context["cl"].result_list
        assert [event.title for event in listed] == ["A call"]
        hidden = Event.objects.get(title="A call for tariffs")
        assert client.get(address(Event, "change", hidden.pk)).url == reverse(
            "admin:index"
        )

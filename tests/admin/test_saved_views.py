"""Lists as somebody wants to see them: views, columns, filters by several values."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command

from entities.models import Official
from provenance.models import Attention, SavedView
from tests import make
from tests.curating import address, listed, said
from timeline.models import Meeting

pytestmark = pytest.mark.django_db

MEETINGS, OFFICIALS = address(Meeting, "changelist"), address(Official, "changelist")


def curator_called(client, name):
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=["viewer", "curator"]))
    client.force_login(user)
    return user


@pytest.fixture
def ana(client):
    return curator_called(client, "ana")


def save(client, page=MEETINGS, **sent):
    return client.post(f"{page}views/", {"save": "1", **sent}, follow=True)


def shown_columns(answer):
    cl = answer.context["cl"]
    return [getattr(one, "__name__", one) for one in cl.list_display][1:]


def test_a_view_keeps_filters_words_order_and_columns(client, ana):
    make.a_meeting(slug="a", title="Call of two", format="call", status="draft")
    make.a_meeting(slug="b", title="Call of three", format="call")
    query = "q=call&status__exact=draft&o=-1&p=3&e=1"
    page = save(client, name=" My  calls ", query=query, column=["title", "slug"])
    (view,) = SavedView.objects.all()
    assert (view.name, view.query, view.is_shared) == (
        "My calls",
        "q=call&status__exact=draft&o=-1",
        False,
    )
    assert page.redirect_chain[-1][0] == (
        f"{MEETINGS}?q=call&status__exact=draft&o=-1&view={view.pk}"
    )
    assert [meeting.slug for meeting in listed(page)] == ["a"]
    assert shown_columns(page) == ["title", "slug_of_record"]
    assert 'aria-current="page">My calls' in page.content.decode()


def test_dates_in_a_column_are_as_people_read_them(client, ana):
    make.a_meeting(start="[2025-02-01..2025-02-10]", place=make.a_place("Nogales"))
    page = save(client, name="Starts", column=["title", "start", "place"])
    body = page.content.decode()
    assert ">1–10 February 2025</span>" in body
    assert "Nogales" in body


def test_columns_are_kept_for_one_user_until_they_are_reset(client, ana):
    views = f"{OFFICIALS}views/"
    usual = shown_columns(client.get(OFFICIALS))
    client.post(views, {"keep": "1", "column": ["honorific", "name", "nonsense"]})
    assert shown_columns(client.get(OFFICIALS)) == ["honorific_of_record", "name"]
    curator_called(client, "ben")
    assert shown_columns(client.get(OFFICIALS)) == usual
    client.force_login(ana)
    client.post(views, {"reset": "1"})
    assert shown_columns(client.get(OFFICIALS)) == usual


def test_a_shared_view_is_offered_to_all_and_dropped_by_its_user_alone(client, ana):
    save(client, name="For all", shared="1", query="status__exact=draft")
    save(client, name="For me")
    shared = SavedView.objects.get(name="For all")
    curator_called(client, "ben")
    body = client.get(MEETINGS).content.decode()
    assert "For all <small>ana</small>" in body
    assert "For me" not in body
    assert client.post(f"{MEETINGS}views/", {"drop": shared.pk}).status_code == 404
    client.force_login(ana)
    assert client.post(f"{MEETINGS}views/", {"drop": shared.pk}).status_code == 302
    assert not SavedView.objects.filter(name="For all").exists()


def test_the_view_of_somebody_else_is_no_view(client, ana):
    save(client, name="For me", column=["slug"])
    view = SavedView.objects.get()
    curator_called(client, "ben")
    page = client.get(f"{MEETINGS}?view={view.pk}")
    assert page.status_code == 200
    assert "slug_of_record" not in shown_columns(page)


@pytest.mark.parametrize("key", ["x", "0", "9" * 30, "-1", ""])
def test_a_view_that_is_none_is_the_usual_list(client, ana, key):
    page = client.get(f"{MEETINGS}?view={key}")
    assert page.status_code == 200
    assert "title" in shown_columns(page)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"name": " "}, "Give the view a name."),
        ({"name": "x" * 101}, "A name has at most 100 characters."),
        ({"name": "Calls"}, "You have a view of this name already."),
        ({"name": "y", "query": f"q={'x' * 3000}"}, "The view has too many filters"),
    ],
)
def test_what_cannot_be_saved_is_said(client, ana, sent, message):
    save(client, name="Calls")
    page = save(client, **sent)
    assert any(message in text for text in said(page))
    assert SavedView.objects.count() == 1


def test_whoever_may_not_see_a_list_saves_no_view_of_it(client, user_who):
    client.force_login(user_who("view_source", is_staff=True))
    assert client.post(f"{MEETINGS}views/", {"save": "1"}).status_code == 403
    assert client.get(f"{MEETINGS}views/").status_code == 403


def test_reloading_leads_back_to_the_list(client, ana):
    assert client.get(f"{MEETINGS}views/").url == MEETINGS


def test_a_filter_takes_any_of_some_values(client, ana):
    one, other = make.an_official(slug="o-1"), make.an_official(slug="o-2")
    for slug, kind, officials in (
        ("call", "call", (one, other)),
        ("visit", "visit", (other,)),
        ("neither", "workshop", ()),
    ):
        meeting = make.a_meeting(slug=slug, format=kind)
        for official in officials:
            make.a_participation(meeting, official=official)
    for query in (
        "format__exact=call&format__exact=visit",
        f"participations__official__id__exact={one.pk}"
        f"&participations__official__id__exact={other.pk}",
    ):
        page = client.get(f"{MEETINGS}?{query}")
        assert sorted(m.slug for m in listed(page)) == ["call", "visit"], query
    for wrong in ("format__exact=x&format__exact=call", "place__id__exact=x"):
        assert client.get(f"{MEETINGS}?{wrong}", follow=True).status_code == 200


def test_columns_of_many_rows_take_as_many_queries(
    client, ana, django_assert_max_num_queries
):
    save(client, name="All", column=["title", "place", "requested_by", "updated_at"])
    view = SavedView.objects.get()
    for number in range(40):
        make.a_meeting(
            slug=f"m-{number}",
            place=make.a_place(slug=f"p-{number}"),
            requested_by=make.an_official(slug=f"o-{number}"),
        )
    with django_assert_max_num_queries(16):
        client.get(f"{MEETINGS}?view={view.pk}")


class TestAWatchedView:
    @pytest.fixture
    def view(self, client, ana):
        save(client, name="Calls", query="format__exact=call")
        view = SavedView.objects.get()
        client.post(f"{MEETINGS}views/", {"watch": view.pk})
        return view

    def test_tells_what_others_change_in_it(self, client, ana, view):
        make.a_meeting(format="visit")
        assert "Changes of what I watch" not in client.get("/admin/").content.decode()
        make.a_meeting(format="call")
        desk = client.get("/admin/")
        (change,) = desk.context["waiting"]["changed"]
        assert str(change["text"]) == "Calls"
        assert change["address"] == f"{MEETINGS}?format__exact=call&view={view.pk}"
        client.post(
            "/admin/attention/", {"seen": desk.context["waiting"]["last_change"]}
        )
        assert "Changes of what I watch" not in client.get("/admin/").content.decode()

    def test_is_told_of_by_mail(self, client, ana, view, settings):
        settings.EMAIL_HOST = "mail.example.org"
        get_user_model().objects.filter(pk=ana.pk).update(email="ana@example.org")
        Attention.objects.create(user=ana, by_mail=True)
        for number in range(2):
            make.a_meeting(format="visit", slug=f"visit-{number}")
            call_command("send_notifications", verbosity=0)
        assert mail.outbox == []
        make.a_meeting(format="call")
        for _turn in range(2):
            call_command("send_notifications", verbosity=0)
        (sent,) = mail.outbox
        assert sent.body.startswith("1 change touched what you watch.\n")

    def test_is_watched_no_more_once_that_is_said(self, client, ana, view):
        client.post(f"{MEETINGS}views/", {"unwatch": view.pk})
        make.a_meeting(format="call")
        assert "Changes of what I watch" not in client.get("/admin/").content.decode()

    def test_that_is_gone_or_has_a_filter_that_is_none_is_passed_over(
        self, client, ana, view
    ):
        make.a_meeting(format="call")
        SavedView.objects.update(query="nonsense=1")
        assert client.get("/admin/").status_code == 200
        SavedView.objects.all().delete()
        assert client.get("/admin/").status_code == 200

    def test_of_somebody_else_is_not_watched(self, client, ana, view):
        curator_called(client, "ben")
        for act in ("watch", "unwatch"):
            answer = client.post(f"{MEETINGS}views/", {act: view.pk})
            assert answer.status_code == 404

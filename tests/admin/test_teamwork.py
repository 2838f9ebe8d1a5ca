"""Comments, assignments and what is watched, as curators meet them in the admin."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from provenance.models import Assignment, Attention, Comment, Watch
from tests import make
from tests.curating import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    """A curator who is signed in."""
    user = get_user_model().objects.create_user("ana", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=["viewer", "curator"]))
    client.force_login(user)
    return user


@pytest.fixture
def ben():
    return get_user_model().objects.create_user("ben", is_staff=True)


@pytest.fixture
def agency():
    return make.an_agency(slug="marina", name="Ministry of the Navy")


def act(client, record, name, **sent):
    kind = record.record_type
    where = f"/admin/teamwork/{kind}/{record.slug}/"
    return client.post(where, {"act": name, **sent}, follow=True)


def form_of(record):
    return address(type(record), "change", record.pk)


def test_a_comment_on_a_field_is_answered_and_resolved(client, ana, agency):
    page = act(client, agency, "comment", text=" Since when, @ana? ", field="founded")
    assert page.redirect_chain == [(f"{form_of(agency)}#teamwork", 302)]
    (thread,) = Comment.objects.all()
    assert (thread.field, thread.text, thread.author) == (
        "founded",
        "Since when, @ana?",
        ana,
    )
    act(client, agency, "comment", text="1821", thread=thread.pk)
    body = client.get(form_of(agency)).content.decode()
    assert body.index("Since when, @ana?") < body.index("<p>1821</p>")
    assert "<h3>Founded</h3>" in body
    act(client, agency, "resolve", thread=thread.pk)
    assert "Resolved by ana" in client.get(form_of(agency)).content.decode()
    act(client, agency, "reopen", thread=thread.pk)
    thread.refresh_from_db()
    assert (thread.resolved_at, thread.resolved_by) == (None, None)


def test_a_record_that_is_assigned_waits_on_the_dashboard(client, ana, ben, agency):
    act(client, agency, "assign", to="ana", note="Find its start")
    act(client, agency, "assign", to="ana", note="And its end")
    desk = client.get("/admin/").content.decode()
    assert "Waiting for me" in desk
    assert "Ministry of the Navy: And its end" in desk
    assert "Find its start" not in desk
    act(client, agency, "assign", to="ben")
    assert "Waiting for me" not in client.get("/admin/").content.decode()
    act(client, agency, "done")
    assert not Assignment.objects.filter(done_at=None).exists()


def test_a_dispute_is_assigned_and_talked_about(client, ana):
    agency = make.an_agency(founded="1821")
    make.a_citation(agency, field="founded", stated="1830")
    (dispute,) = agency.disputes.all()
    where = f"/admin/teamwork/dispute/{dispute.key}/"
    client.post(where, {"act": "assign", "to": "ana", "note": "Settle it"})
    client.post(where, {"act": "comment", "text": "Which of the two?"})
    page = client.get(f"/admin/disputes/{dispute.key}/").content.decode()
    assert "Which of the two?" in page
    assert "Assigned to ana by ana" in page
    desk = client.get("/admin/").content.decode()
    assert f'<a href="/admin/disputes/{dispute.key}/#teamwork">' in desk
    agency.citations.all().delete()  # and with it the dispute
    assert client.get("/admin/").status_code == 200


def test_changes_of_what_is_watched_are_on_the_dashboard_until_they_are_seen(
    client, ana, ben, agency
):
    act(client, agency, "watch")
    act(client, agency, "watch")
    agency.name = "Navy"
    agency.save()
    desk = client.get("/admin/")
    assert "Changes of what I watch" in desk.content.decode()
    last = desk.context["waiting"]["last_change"]
    client.post("/admin/attention/", {"seen": last})
    assert "Changes of what I watch" not in client.get("/admin/").content.decode()
    act(client, agency, "unwatch")
    assert not Watch.objects.exists()


def test_mail_is_offered_where_it_is_set_up(client, ana, settings):
    assert "e-mail" not in client.get("/admin/").content.decode()
    settings.EMAIL_HOST = "mail.example.org"
    ana.email = "ana@example.org"
    ana.save()
    assert "Tell me by e-mail" in client.get("/admin/").content.decode()
    client.post("/admin/attention/", {"by_mail": "1"})
    assert Attention.objects.get().by_mail
    assert "No more e-mails" in client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("name", "sent", "said"),
    [
        ("comment", {"text": "  "}, "Type a comment first."),
        ("comment", {"text": "x" * 5001}, "A comment has at most 5000 characters."),
        ("comment", {"text": "x", "field": "slug"}, "There is no such field."),
        (
            "comment",
            {"text": "x", "thread": "9"},
            "This comment is not there any more.",
        ),
        ("comment", {"text": "x", "thread": "9" * 30}, "This comment is not there"),
        ("resolve", {"thread": "x"}, "This comment is not there any more."),
        ("assign", {"to": "nobody"}, "There is no user “nobody” among staff."),
        ("assign", {"to": "ana", "note": "x" * 301}, "A note has at most 300"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(client, ana, agency, name, sent, said):
    page = act(client, agency, name, **sent)
    assert said in page.content.decode()
    assert not Comment.objects.exists()
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("where", "status"),
    [
        ("/admin/teamwork/agency/nobody/", 404),
        ("/admin/teamwork/nothing/marina/", 404),
        ("/admin/teamwork/dispute/agency-1/", 404),
        ("/admin/teamwork/agency/marina/", 400),
    ],
)
def test_what_is_not_there_is_said_so(client, ana, agency, where, status):
    assert client.post(where, {"act": "dance"}).status_code == status


def test_whoever_may_not_see_a_record_is_told_nothing_about_it(
    client, ana, agency, user_who
):
    act(client, agency, "comment", text="Look, @blind")
    blind = user_who("view_source", username="blind", is_staff=True)
    client.force_login(blind)
    assert act(client, agency, "comment", text="x").status_code == 403
    Assignment.objects.create(type="agency", slug=agency.slug, to=blind, note="Look")
    Watch.objects.create(type="agency", slug=agency.slug, user=blind)
    agency.save()
    desk = client.get("/admin/").content.decode()
    assert "Navy" not in desk
    assert "Look" not in desk


def test_reloading_leads_back(client, ana, agency):
    answer = client.get("/admin/teamwork/agency/marina/")
    assert (answer.status_code, answer.url) == (302, f"{form_of(agency)}#teamwork")
    assert client.get("/admin/attention/").url == "/admin/"


def test_markup_in_a_comment_is_text(client, ana, agency):
    act(client, agency, "comment", text="<script>alert(1)</script>")
    body = client.get(form_of(agency)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body

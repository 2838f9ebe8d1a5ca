"""What waits for somebody, and how they are told."""

from smtplib import SMTPRecipientsRefused

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from provenance.models import Assignment, Attention, Comment, Watch, mentioned_in
from provenance.models.renaming import rename
from provenance.teamwork.matters import assigned_to, changed_for, said_to
from provenance.tracking.changes import ChangeSet, changing
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def staff(name, **values):
    return get_user_model().objects.create_user(name, is_staff=True, **values)


@pytest.fixture
def ana():
    return staff("ana", email="ana@example.org")


@pytest.fixture
def ben():
    return staff("ben")


def say(author, record, text, thread=None):
    comment = Comment(
        type=record.record_type,
        slug=record.slug,
        key=record.pk,
        author=author,
        text=text,
        thread=thread,
    )
    comment.say()
    return comment


def watch(user, record):
    return Watch.objects.create(
        user=user, type=record.record_type, slug=record.slug, key=record.pk
    )


def last_change():
    return ChangeSet.objects.latest("number").number


def by(user, reason=""):
    return changing(ChangeSet.Path.FORM, user=user, reason=reason)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ana, look", ["ana"]),
        ("(@Ana.) and @ben", ["ana", "ben"]),
        ("ana@ben.example.org", []),
        ("@nobody @outsider @gone", []),
        ("@ana @ana", ["ana"]),
    ],
)
def test_staff_is_named_by_their_user_names(ana, ben, text, names):
    get_user_model().objects.create_user("outsider")
    staff("gone", is_active=False)
    assert sorted(user.username for user in mentioned_in(text)) == names


class TestWhatIsSaid:
    def test_to_somebody_waits_for_them_until_they_answer_or_it_is_resolved(
        self, ana, ben
    ):
        agency = make.an_agency()
        thread = say(ben, agency, "Is this right, @ana?")
        assert [(one.by, one.text) for one in said_to(ana)] == [
            (ben, "Is this right, @ana?")
        ]
        assert said_to(ben) == []
        say(ana, agency, "It is.", thread)
        assert said_to(ana) == []
        assert [one.text for one in said_to(ben)] == ["It is."]

    def test_to_nobody_waits_for_nobody(self, ana, ben):
        say(ben, make.an_agency(), "A note to myself")
        assert said_to(ana) == said_to(ben) == []

    def test_in_a_thread_that_was_resolved_opens_it_again(self, ana, ben):
        agency = make.an_agency()
        thread = say(ben, agency, "@ana?")
        Comment.objects.update(resolved_at="2025-01-01T00:00Z", resolved_by=ana)
        assert said_to(ana) == []
        say(ben, agency, "Once more", thread)
        assert [one.text for one in said_to(ana)] == ["Once more"]


class TestWhatIsWatched:
    def test_is_told_when_somebody_else_changes_it(self, ana, ben):
        agency, other = make.an_agency(slug="a"), make.an_agency(slug="b")
        watch(ana, agency)
        last = last_change()
        with by(ben, "a new name"):
            agency.name = "Another"
            agency.save()
        with by(ana):
            agency.name = "By herself"
            agency.save()
        with by(ben):
            other.name = "Nobody watches it"
            other.save()
        assert [(one.slug, one.by, one.text) for one in changed_for(ana, last)] == [
            ("a", ben, "a new name")
        ]
        assert changed_for(ben, last) == []

    def test_is_told_when_something_new_names_it(self, ana, ben):
        official, theme = make.an_official(slug="o"), make.a_theme(slug="t")
        meeting = make.a_meeting()
        source = make.a_source()
        last = last_change()
        watch(ana, official)
        watch(ana, theme)
        with by(ben, "took part"):
            make.a_participation(meeting, official=official)
        with by(ben, "about it"):
            meeting.theme_rows.create(theme=theme)
        with by(ben, "cited"):
            make.a_citation(official, source)
        found = [(one.slug, one.text) for one in changed_for(ana, last)]
        assert found == [("o", "cited"), ("t", "about it"), ("o", "took part")]

    def test_is_told_once(self, ana, ben):
        agency = make.an_agency()
        watch(ana, agency)
        last = last_change()
        with by(ben):
            agency.name = "Another"
            agency.save()
        (change,) = changed_for(ana, last)
        assert changed_for(ana, change.number) == []

    def test_takes_as_many_queries_for_many_records(
        self, ana, ben, django_assert_max_num_queries
    ):
        agencies = [make.an_agency(slug=f"a-{number}") for number in range(30)]
        for agency in agencies:
            watch(ana, agency)
            with by(ben):
                agency.name = "Another"
                agency.save()
        with django_assert_max_num_queries(25):
            assert len(changed_for(ana, 0)) == 20


def test_what_lies_beside_a_record_follows_its_slug(ana, ben):
    agency = make.an_agency(slug="sedena")
    say(ben, agency, "@ana?")
    watch(ana, agency)
    rename(agency, "defensa")
    agency.refresh_from_db()
    last = last_change()
    assert [str(one) for one in Comment.objects.beside(agency)] == ["@ana?"]
    with by(ben, "after it was renamed"):
        agency.name = "Defensa"
        agency.save()
    assert [one.text for one in changed_for(ana, last)] == ["after it was renamed"]


def test_what_lay_beside_a_deleted_record_is_not_that_of_the_next_of_its_slug(ana, ben):
    agency = make.an_agency(slug="sedena", status="draft")
    say(ben, agency, "@ana?")
    watch(ana, agency)
    agency.delete()
    other = make.an_agency(slug="sedena", status="draft", pk=agency_key_behind())
    assert not Comment.objects.beside(other).exists()
    last = last_change()
    with by(ben):
        other.name = "Another"
        other.save()
    assert changed_for(ana, last) == []


def agency_key_behind():
    """A key that no agency has had: a database may give one again."""
    return 1_000_000


def test_no_more_are_told_by_one_comment_than_one_names(ana):
    text = " ".join(f"@n{number}" for number in range(1_200)) + " @ana"
    assert len(mentioned_in(text)) <= 50


def test_whom_no_mail_reaches_keeps_it_from_nobody_else(ana, settings, monkeypatch):
    settings.EMAIL_HOST = "mail.example.org"
    eva = staff("eva", email="eva@example.org")
    agency = make.an_agency()
    for user in (ana, eva):
        Attention.objects.create(user=user, by_mail=True)
        say(None, agency, f"@{user}")
    sent = []

    def send(_subject, _text, _sender, to):
        if to == ["ana@example.org"]:
            raise SMTPRecipientsRefused({})
        sent.append(to)

    monkeypatch.setattr("provenance.teamwork.mail.send_mail", send)
    call_command("send_notifications", verbosity=0)
    assert sent == [["eva@example.org"]]


class TestMail:
    @pytest.fixture(autouse=True)
    def set_up(self, settings):
        settings.EMAIL_HOST = "mail.example.org"
        settings.ALLOWED_HOSTS = ["record.example.org"]

    def test_is_sent_once_to_who_wants_it_and_says_nothing_of_the_record(
        self, ana, ben
    ):
        Attention.objects.create(user=ana, by_mail=True)
        agency = make.an_agency(name="A secret name")
        watch(ana, agency)
        Attention.objects.update(mailed_at=timezone.now())
        say(ben, agency, "Look at the secret, @ana")
        Assignment.objects.create(
            type="agency", slug=agency.slug, to=ana, by=ben, note="secret"
        )
        with by(ben, "secret"):
            agency.save()
        for _turn in range(2):
            call_command("send_notifications", verbosity=0)
        (sent,) = mail.outbox
        assert sent.to == ["ana@example.org"]
        assert sent.body == (
            "1 record or dispute was assigned to you.\n"
            "1 comment is for you.\n"
            "1 change touched what you watch.\n"
            "\n"
            "https://record.example.org/admin/"
        )

    def test_is_sent_to_nobody_who_did_not_ask_for_it(self, ana, ben):
        say(ben, make.an_agency(), "Look, @ana")
        call_command("send_notifications", verbosity=0)
        assert mail.outbox == []

    def test_is_not_sent_where_it_is_not_set_up(self, settings):
        settings.EMAIL_HOST = ""
        with pytest.raises(CommandError, match="EMAIL_URL names the server"):
            call_command("send_notifications")


def test_an_assignment_waits_until_it_is_done(ana, ben):
    agency = make.an_agency()
    given = Assignment.objects.create(
        type="agency", slug=agency.slug, to=ana, by=ben, note="Find its start"
    )
    assert [(one.by, one.text) for one in assigned_to(ana)] == [(ben, "Find its start")]
    given.done_at = given.at
    given.save()
    assert assigned_to(ana) == []

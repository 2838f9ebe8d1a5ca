"""Many records are edited together: what is to be changed is shown, then one change."""

import pytest

from entities.models import Agency
from provenance.history.undo import undo
from provenance.tracking.changes import ChangeSet
from tests import make
from tests.curating import (
    address,
    choose,
    confirm_plan,
    said,
    somebody_of_staff,
    superuser,
)
from timeline.models import Capacity, EventTheme, Meeting

pytestmark = pytest.mark.django_db
MEETINGS = "/admin/timeline/meeting/"


@pytest.fixture
def ana(client):
    return superuser(client)


@pytest.fixture
def meetings():
    return [make.a_meeting(status="draft") for _ in range(3)]


def edit(client, records, **values):
    """Opens the page that edits these together, fills it in and sends it."""
    page = choose(client, "edit_together", *records)
    data = {}
    for name, text in page.context["pairs"]:
        data.setdefault(name, []).append(text)
    data |= {f"edit-{name}": value for name, value in values.items()}
    return client.post(page.context["back"], data)


def test_fields_are_set_once_that_is_confirmed(ana, meetings):
    place = make.a_place("Nogales")
    last = ChangeSet.objects.count()
    plan = edit(ana, meetings, place=place.pk, format="call")
    assert plan.context["changes"] == [("Format", "call"), ("Place", "Nogales")]
    assert plan.context["number"] == 3
    assert ChangeSet.objects.count() == last
    assert said(confirm_plan(ana, plan, "as in the release")) == [
        "3 records are changed."
    ]
    found = Meeting.objects.values_list("place", "format", "version")
    assert set(found) == {(place.pk, "call", 2)}
    change = ChangeSet.objects.first()
    assert (change.number, change.reason) == (last + 1, "as in the release")
    undo(change)
    assert set(Meeting.objects.values_list("place", flat=True)) == {None}


def test_fields_are_emptied(ana):
    place = make.a_place()
    meetings = [make.a_meeting(place=place, summary="-") for _ in range(2)]
    confirm_plan(ana, edit(ana, meetings, empty=["place", "summary"]))
    assert set(Meeting.objects.values_list("place", "summary")) == {(None, "")}


def test_themes_are_added_and_removed(ana, meetings):
    old, new = make.a_theme("Old"), make.a_theme("New")
    for meeting, theme in ((meetings[0], old), (meetings[1], new)):
        EventTheme.objects.create(event=meeting.event_ptr, theme=theme)
    plan = edit(ana, meetings, add_themes=[new.pk], remove_themes=[old.pk])
    assert plan.context["changes"] == [("Add themes", "New"), ("Remove themes", "Old")]
    confirm_plan(ana, plan)
    for meeting in meetings:
        assert list(meeting.themes.all()) == [new]
        meeting.refresh_from_db()
        assert meeting.version > 1
    undo(ChangeSet.objects.first())
    assert list(meetings[0].themes.all()) == [old]


def test_what_one_of_them_cannot_have_is_said_of_each_and_none_is_changed(ana):
    fine = make.an_agency("Fine", founded="1990")
    late = make.an_agency("Late", founded="2020")
    plan = edit(ana, [fine, late], dissolved="2000")
    (refusal,) = plan.context["refusals"]
    assert refusal.startswith("“Late”: ")
    confirm_plan(ana, plan)
    assert not Agency.objects.exclude(dissolved="").exists()


def test_nothing_and_what_cannot_be_read_is_said_on_the_page(ana, meetings):
    left = edit(ana, meetings, format="").content.decode()
    assert "Nothing is to be changed" in left
    wrong = edit(ana, meetings, start="mid-March 2025")
    assert wrong.context["form"].errors["start"]
    assert "[2025-03-11..2025-03-20]" in wrong.content.decode()


def test_names_slugs_and_statuses_are_ones_own(ana, meetings):
    form = choose(ana, "edit_together", *meetings).context["form"]
    assert not {"title", "slug", "status", "version"} & set(form.fields)
    assert {"place", "format", "start", "add_themes"} <= set(form.fields)


def test_whoever_may_not_change_them_cannot(client, meetings):
    client.force_login(somebody_of_staff("bea", "timeline.view_meeting"))
    page = address(Meeting, "changelist")
    keys = [meeting.pk for meeting in meetings]
    data = {"action": "edit_together", "_selected_action": keys, "edit-format": "call"}
    client.post(page, data)
    assert not Meeting.objects.filter(format="call").exists() or (
        ChangeSet.objects.count() == 3
    )


def test_whoever_may_not_write_themes_is_not_offered_them(client, meetings):
    rights = ("timeline.view_meeting", "timeline.change_meeting")
    client.force_login(somebody_of_staff("bea", *rights))
    form = choose(client, "edit_together", *meetings).context["form"]
    assert "add_themes" not in form.fields


def test_very_many_are_edited_at_a_cost_that_does_not_grow_with_each(
    ana, django_assert_max_num_queries
):
    agencies = [make.an_agency() for _ in range(40)]
    plan = edit(ana, agencies, kind="ministry")
    with django_assert_max_num_queries(80):
        confirm_plan(ana, plan)


class TestParticipations:
    def test_are_added_to_all_and_removed_as_one_change(self, ana, meetings):
        official = make.an_official("Ana Ruiz")
        make.a_participation(meetings[0], official=official)
        plan = edit(
            ana,
            meetings,
            add_participation_official=official.pk,
            add_participation_role="participant",
        )
        assert plan.context["changes"] == [
            ("Add participation", "Ana Ruiz, participant")
        ]
        confirm_plan(ana, plan)
        for meeting in meetings:
            (row,) = meeting.participations.all()
            assert (row.official, row.role) == (official, "participant")
        change = ChangeSet.objects.first()
        confirm_plan(
            ana, edit(ana, meetings, remove_participation_official=official.pk)
        )
        assert not meetings[0].participations.exists()
        undo(ChangeSet.objects.first())
        undo(change)
        assert [m.participations.count() for m in meetings] == [1, 0, 0]

    def test_that_cannot_be_are_refused_before_any_plan(self, ana, meetings):
        official, agency = make.an_official(), make.an_agency()
        for sent, told in (
            (
                {"official": official.pk, "agency": agency.pk, "role": "host"},
                "Add participation: Name an official or an agency, and not both.",
            ),
            (
                {"official": official.pk},
                "Add participation: This field cannot be blank.",
            ),
        ):
            page = edit(
                ana,
                meetings,
                **{f"add_participation_{name}": v for name, v in sent.items()},
            )
            assert told in page.content.decode()
        assert not meetings[0].participations.exists()

    def test_are_offered_to_whoever_may_add_and_delete_them(self, client, meetings):
        codes = ("view_meeting", "change_meeting", "add_participation")
        client.force_login(
            somebody_of_staff("ben", *(f"timeline.{code}" for code in codes))
        )
        page = choose(client, "edit_together", *meetings)
        assert "add_participation_official" not in page.context["form"].fields

    def test_say_in_the_capacity_of_which_offices(self, ana, meetings):
        office = make.an_appointment(make.an_official("Ana Ruiz"))
        make.a_participation(meetings[0], official=office.official)
        plan = edit(
            ana,
            meetings,
            add_participation_official=office.official_id,
            add_participation_role="participant",
            add_participation_appointments=[office.pk],
        )
        assert plan.context["refusals"] == []
        ((label, told),) = plan.context["changes"]
        assert (label, told) == (
            "Add participation",
            f"Ana Ruiz, participant, {office}",
        )
        confirm_plan(ana, plan)
        for meeting in meetings:
            (row,) = meeting.participations.all()
            assert list(row.appointments.all()) == [office]
        undo(ChangeSet.objects.first())
        assert not Capacity.objects.exists()
        assert [m.participations.count() for m in meetings] == [1, 0, 0]

    def test_are_not_in_the_capacity_of_the_office_of_somebody_else(
        self, ana, meetings
    ):
        office, other = make.an_appointment(), make.an_official("Eva Paz")
        plan = edit(
            ana,
            meetings,
            add_participation_official=other.pk,
            add_participation_role="participant",
            add_participation_appointments=[office.pk],
        )
        assert "is an appointment of" in plan.context["refusals"][0]
        confirm_plan(ana, plan)
        assert not Capacity.objects.exists()
        assert not meetings[0].participations.exists()

"""Who attended an event is stored as it follows from what is recorded."""

import pytest

from provenance.history.undo import undo
from provenance.merging import merge
from provenance.tracking.changes import ChangeSet, changing, close
from tests import make
from timeline import presence
from timeline.attendance import out_of_step
from timeline.chronicle import with_agency, with_official
from timeline.models import Attendance, Event, Meeting, Participation

pytestmark = pytest.mark.django_db


@pytest.fixture
def general():
    """A general who met somebody for the ministry."""
    general = make.an_official(slug="general")
    office = make.an_appointment(general, make.a_post(agency=make.an_agency()))
    call = make.a_meeting(slug="call", start="2019")
    make.a_participation(call, official=general, appointment=office)
    return general


def assert_all_in_step():
    """What is stored of who was at events, and at how many, follows from the record."""
    assert list(out_of_step()) == []
    for model in presence.TABLES:
        assert list(presence.out_of_step(model)) == []
        assert presence.TABLES[model].objects.count() == model.objects.count()


def attended(agency):
    """The slugs of the events that it attended, as its list has them."""
    assert_all_in_step()
    events = with_agency(Event.objects.all(), agency).order_by("start_earliest")
    return [event.slug for event in events]


def as_read(record):
    return type(record).objects.get(pk=record.pk)


def office_of(official):
    return official.appointments.get()


def test_a_change_that_is_looked_at_and_goes_on_counts_nobody_twice(general):
    with changing(ChangeSet.Path.OTHER) as change:
        call = make.a_meeting(slug="tour", start="2020")
        make.a_participation(call, official=general)
        close(change)
        make.a_participation(call, agency=make.an_agency())
    assert_all_in_step()
    assert with_official(Event.objects.all(), general).count() == 2


def test_who_came_in_two_roles_attended_once(general):
    call = Meeting.objects.get(slug="call")
    make.a_participation(call, official=general, role="host")
    ministry = office_of(general).post.agency
    make.a_participation(call, agency=ministry)
    assert with_official(Event.objects.all(), general).count() == 1
    assert attended(ministry) == ["call"]


def test_events_of_one_kind_of_two_parties_are_found(general):
    make.a_participation(make.a_milestone(slug="fair"), official=general)
    call, other = Meeting.objects.get(slug="call"), make.an_agency()
    make.a_participation(call, agency=other)
    meetings = with_official(Meeting.objects.published(), general)
    assert list(with_agency(meetings.order_by("start_earliest"), other)) == [call]


WITHDRAWN = {"status": "withdrawn"}


@pytest.mark.parametrize(
    ("record_of", "values"),
    [
        (lambda general: general, WITHDRAWN),
        (office_of, WITHDRAWN),
        (lambda general: office_of(general).post, WITHDRAWN),
    ],
    ids=["official", "appointment", "post"],
)
def test_an_agency_attended_by_somebody_of_whom_the_public_may_know(
    general, record_of, values
):
    ministry, record = office_of(general).post.agency, record_of(general)
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
    assert attended(ministry) == []
    record.status = "published"
    record.save()
    assert attended(ministry) == ["call"]


def test_a_post_of_another_agency_takes_its_events_along(general):
    post, other = office_of(general).post, make.an_agency()
    before = post.agency
    post.agency = other
    post.save()
    assert (attended(before), attended(other)) == ([], ["call"])


def test_an_appointment_to_another_post_takes_its_events_along(general):
    office, other = office_of(general), make.an_agency()
    before = office.post.agency
    office.post = make.a_post(agency=other)
    office.save()
    assert (attended(before), attended(other)) == ([], ["call"])


def test_an_event_of_another_date_stands_elsewhere(general):
    call = Meeting.objects.get(slug="call")
    make.a_participation(make.a_meeting(slug="tour", start="2018"), official=general)
    call.start = "2017"
    call.save()
    events = with_official(Event.objects.all(), general).order_by("start_earliest")
    assert [event.slug for event in events] == ["call", "tour"]
    assert_all_in_step()


def test_a_participation_that_is_deleted_attends_nothing(general):
    general.participations.get().delete()
    assert attended(office_of(general).post.agency) == []


def test_an_event_that_is_deleted_is_attended_by_nobody(general):
    ministry = office_of(general).post.agency
    with changing(ChangeSet.Path.OTHER):
        Participation.objects.all().delete()
        Meeting.objects.get(slug="call").delete()
    assert attended(ministry) == []
    assert not Attendance.objects.exists()


def test_what_is_taken_back_was_not_attended(general):
    tour = make.a_meeting(slug="tour", start="2020")
    make.a_participation(tour, official=general, appointment=office_of(general))
    ministry = office_of(general).post.agency
    assert attended(ministry) == ["call", "tour"]
    undo(ChangeSet.objects.first(), reason="a mistake")
    assert attended(ministry) == ["call"]


def test_whoever_is_merged_attended_what_both_did(general):
    twin = make.an_official(slug="twin")
    make.a_participation(make.a_meeting(slug="tour", start="2020"), official=twin)
    merge(as_read(general), as_read(twin), "the same")
    events = with_official(Event.objects.all(), general).order_by("start_earliest")
    assert [event.slug for event in events] == ["call", "tour"]
    assert_all_in_step()


def test_events_that_are_merged_are_attended_by_all_who_were_at_either(general):
    call, twin = Meeting.objects.get(slug="call"), make.a_meeting(slug="twin")
    other = make.an_agency()
    make.a_participation(twin, agency=other)
    make.a_participation(twin, official=general)
    for event in (call, twin):
        make.a_citation(event)
    merge(as_read(call), as_read(twin), "the same")
    assert attended(other) == ["call"]
    assert with_official(Event.objects.all(), general).count() == 1
    undo(ChangeSet.objects.first(), reason="a mistake")
    assert attended(other) == ["twin"]
    assert with_official(Event.objects.all(), general).count() == 2


def test_the_pages_of_a_party_join_without_a_seam(api, general):
    for number in range(12):
        start = f"20{number % 5 + 10}" if number % 4 else ""
        event = make.a_meeting(start=start)
        make.a_participation(event, official=general)
        make.a_participation(event, official=general, role="host")
    events = with_official(Event.objects.all(), general)
    expected = [event.slug for event in events.order_by("start_earliest", "id")]
    assert len(expected) == 13
    for order, wanted in (("start", expected), ("-start", expected[::-1])):
        address, found, before = (
            f"/api/v1/meetings/?official=general&limit=5&ordering={order}",
            [],
            [],
        )
        while address:
            page = api.get(address).json()
            found += [row["slug"] for row in page["results"]]
            before.append(page["previous"])
            address = page["next"]
        assert found == wanted
        back = api.get(before[-1]).json()["results"]
        assert [row["slug"] for row in back] == wanted[5:10]


def again(row):
    row.pk = None
    return row


@pytest.mark.parametrize(
    "damage",
    [
        lambda rows: rows.filter(official__isnull=False).delete(),
        lambda rows: rows.update(start_earliest="2001-01-01"),
        lambda rows: rows.update(event=Event.objects.last().pk + 7),
        lambda rows: rows.bulk_create([again(rows.first())]),
    ],
    ids=["lacking", "changed", "of no event", "twice"],
)
def test_what_is_out_of_step_is_found(general, damage):
    damage(Attendance.objects.all())
    assert set(out_of_step()) >= {Event.objects.get().pk}


def test_each_filter_by_a_stored_column_means_the_same_row_of_the_list(general):
    events = Event.objects.attended_by(official=general)
    for day in ("2018-01-01", "2018-06-01"):
        events = events.filter(start_earliest__gt=day).order_by("start_earliest")
    assert str(events.query).count('JOIN "timeline_attendance"') == 1
    assert [event.slug for event in events] == ["call"]
    assert not events.filter(start_earliest__gt="2020-01-01").exists()

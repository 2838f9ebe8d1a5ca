"""Every write leaves a trace, and the columns that follow others never lag behind."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.models import Agency, AgencyName, Appointment, Official
from provenance.models import (
    Attention,
    ChangeSet,
    KnownWord,
    PublicEdition,
    SavedView,
    SentForm,
    Source,
    SourceReport,
    Upload,
)
from provenance.models.attestation import Attestation
from provenance.models.beside import Beside
from provenance.sign_in.sessions import Session
from provenance.tracking.tracked import Tracked
from provenance.values.bounds import Bound
from provenance.values.dates import PartialDate
from provenance.values.quantities import Quantity
from tests import make
from tests.depth import examples, thinned
from timeline.models import (
    AgencyPresence,
    Attendance,
    Deployment,
    Event,
    EventTheme,
    Meeting,
    Observation,
    OfficialPresence,
)

pytestmark = pytest.mark.django_db

EACH_KIND = [
    pytest.param(model, id=model.__name__) for model in thinned(make.EACH_KIND)
]
EACH_RECORD = [
    pytest.param(model, id=model.__name__) for model in thinned(make.RECORDS)
]


def columns(model):
    return [field.attname for field in model._meta.concrete_fields]


def row(record):
    """What the table holds, column by column."""
    model = type(record)
    return model.objects.filter(pk=record.pk).values(*columns(model)).get()


def last_of_history(record):
    """What the last row of history holds, column by column."""
    model = type(record)
    past = model.history.filter(**{model._meta.pk.attname: record.pk})
    return past.order_by("-history_id").values(*columns(model)).first()


def trace(model, pk):
    """The kinds of rows of history of a record, the oldest first."""
    past = model.history.filter(**{model._meta.pk.attname: pk}).order_by("history_id")
    return "".join(past.values_list("history_type", flat=True))


def assert_bounds_follow(record):
    """The columns of the table hold the bounds of the text beside them."""
    stored = row(record)
    for field in record._meta.concrete_fields:
        if isinstance(field, Bound):
            text = stored[field.of]
            if field.of == "end" and not text and not record.lasts:
                text = stored["start"]
            parsed = (PartialDate if "est" in field.edge else Quantity)(text)
            assert stored[field.attname] == getattr(parsed, field.edge), field


# History --------------------------------------------------------------------


def test_there_is_a_maker_for_each_table_that_is_tracked():
    ours = {
        model
        for name in ("provenance", "entities", "timeline")
        for model in apps.get_app_config(name).get_models()
        if not model.__name__.startswith("Historical")
    }
    ours.remove(ChangeSet)  # written once, by history itself
    ours.remove(KnownWord)  # nor this: it follows from what is found by words
    ours.remove(PublicEdition)  # nor this: it counts what all others show
    ours.remove(Attendance)  # nor this: it follows from participations
    ours -= set(Attestation.__subclasses__())  # nor these: they follow from citations
    ours -= {OfficialPresence, AgencyPresence}  # nor these, from who took part
    ours -= {model for model in ours if issubclass(model, Beside)}  # files, comments
    ours -= {Attention, SavedView, SentForm}  # nor what somebody has seen, and sent
    ours.remove(Session)  # nor in which browser somebody is signed in
    ours.remove(Upload)  # no part of the record: it waits to become one, or goes
    assert {model for model in ours if issubclass(model, Tracked)} == ours
    assert set(make.EACH_KIND) | {Event} == ours


@pytest.mark.parametrize("model", EACH_KIND)
def test_creating_changing_and_deleting_leave_a_row_of_history_each(model):
    record = make.EACH_KIND[model]()
    assert trace(model, record.pk) == "+"
    assert last_of_history(record) == row(record)
    record.save()
    assert trace(model, record.pk) == "+~"
    assert last_of_history(record) == row(record)
    pk, last = record.pk, row(record)
    record.delete()
    assert trace(model, pk) == "+~-"
    record.pk = pk
    assert last_of_history(record) == last


@pytest.mark.parametrize(
    "model", [kind for kind in EACH_KIND if not kind.values[0]._meta.parents]
)
def test_writing_in_bulk_leaves_the_same_trace_as_one_by_one(model):
    record = make.EACH_KIND[model]()
    pk, values = record.pk, row(record)
    record.delete()
    made = model(**values | {model._meta.pk.attname: None})
    (made,) = model.objects.bulk_create([made])
    assert trace(model, made.pk) in ("+", "+~-+")  # a database may give a number again
    assert last_of_history(made) == row(made)
    name = next(
        field.name
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key
    )
    assert model.objects.bulk_update([made], [name]) == 1
    assert trace(model, made.pk).endswith("+~")
    assert last_of_history(made) == row(made)
    model.objects.filter(pk=made.pk).delete()
    assert trace(model, made.pk).endswith("+~-")
    assert pk


def test_an_event_of_a_kind_is_changed_in_bulk_with_its_history_and_its_bounds():
    meetings = [make.a_meeting(start="2009") for _ in range(3)]
    for meeting in meetings:
        meeting.start, meeting.format = "2025-02", "call"
    Meeting.objects.bulk_update(meetings, ["start", "format"])
    for meeting in meetings:
        assert trace(Meeting, meeting.pk) == "+~"
        assert last_of_history(meeting) == row(meeting)
        assert row(meeting)["version"] == 2
        assert_bounds_follow(meeting)


def test_events_of_a_kind_are_not_made_in_bulk():
    with pytest.raises(ValueError, match="multi-table inherited"):
        Meeting.objects.bulk_create([Meeting(slug="a", title="A")])
    assert not Event.objects.exists()


def test_what_would_leave_no_history_is_refused():
    agency = make.an_agency(name="SEMAR")
    make.an_agency_name(agency)
    with pytest.raises(FieldError, match="agencies would leave no history"):
        Agency.objects.update(name="MARINA")
    with pytest.raises(FieldError, match="would leave no history"):
        Agency.objects.filter(pk=agency.pk).exclude(name="").update(name="MARINA")
    with pytest.raises(FieldError, match="would leave no history"):
        agency.names.update(text="MARINA")
    with pytest.raises(FieldError, match="would leave no history"):
        Source.objects.update(published="2009")
    for options in (
        {"ignore_conflicts": True},
        {
            "update_conflicts": True,
            "update_fields": ["name"],
            "unique_fields": ["slug"],
        },
    ):
        with pytest.raises(FieldError, match="history of rows that it may not make"):
            Agency.objects.bulk_create([Agency(slug="a", name="A")], **options)
    assert row(agency)["name"] == "SEMAR"
    assert Agency.history.count() == 2  # the second is its name


def test_the_rows_of_a_through_table_have_a_history_of_their_own():
    meeting, theme, other = make.a_meeting(), make.a_theme(), make.a_theme()
    meeting.themes.add(theme)
    link = EventTheme.objects.get()
    assert trace(EventTheme, link.pk) == "+"
    meeting.themes.set([other])
    assert trace(EventTheme, link.pk) == "+-"
    meeting.themes.clear()
    assert [row.history_type for row in EventTheme.history.order_by("history_id")] == [
        *"+-+-"
    ]
    source, release = make.a_source(), make.a_source()
    source.reports.add(release)
    source.reports.remove(release)
    assert SourceReport.history.count() == 2


def test_rows_that_go_with_their_record_leave_their_own_trace():
    name = make.an_agency_name()
    citation = make.a_citation(name.agency)
    name.agency.delete()
    assert trace(AgencyName, name.pk) == "+-"
    assert trace(type(citation), citation.pk) == "+-"


def test_history_outlives_what_it_tells_of():
    official = make.an_official(name="Ana Núñez")
    pk = official.pk
    Official.objects.all().delete()
    assert not Official.objects.exists()
    names = Official.history.filter(id=pk).values_list("history_type", "name")
    assert sorted(names) == [("+", "Ana Núñez"), ("-", "Ana Núñez")]


def test_history_tells_who_wrote_and_why_on_every_path():
    user = get_user_model().objects.create_user("curator")
    sources = [make.a_source(), make.a_source(), make.a_source()]
    for source in sources:
        source._history_user, source._change_reason = user, "a better title"
        source.title = "Better"
    sources[0].save()
    sources[1].save(update_fields=["title"])
    Source.objects.bulk_update(sources[2:], ["title"])
    for source in sources:
        last = source.history.first()
        assert last.history_user == user
        assert last.history_change_reason == "a better title"


def test_history_shows_what_was_written_and_not_what_was_left_unsaved():
    official = make.an_official(name="Ana", family_name="Núñez")
    official.name, official.family_name = "Eva", "never saved"
    official.save(update_fields=["name"])
    assert row(official)["family_name"] == "Núñez"
    assert last_of_history(official) == row(official)
    assert official.family_name == "never saved"
    official.name, official.family_name = "Ida", "nor now"
    Official.objects.bulk_update([official], ["name"])
    assert row(official)["family_name"] == "Núñez"
    assert last_of_history(official) == row(official)


def test_a_save_of_no_field_at_all_writes_nothing():
    official = make.an_official()
    official.save(update_fields=[])
    assert trace(Official, official.pk) == "+"
    assert row(official)["version"] == 1
    assert Official.objects.bulk_update([], ["name"]) == 0


@pytest.mark.django_db(transaction=True)
def test_what_leaves_no_history_is_not_written_at_all():
    official = make.an_official(name="Ana")

    table = Official.history.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO taken_away")
    official.name = "Eva"
    for write in (
        official.save,
        lambda: official.save(update_fields=["name"]),
        official.delete,
        lambda: Official.objects.create(slug="new", name="New"),
        lambda: Official.objects.bulk_create([Official(slug="new", name="New")]),
        lambda: Official.objects.bulk_update([official], ["name"]),
        lambda: Official.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match=table):
            write()
        assert list(Official.objects.values_list("name")) == [("Ana",)]


writes = st.lists(
    st.tuples(
        st.sampled_from(
            ["save", "partly", "bulk", "make", "make in bulk", "remove", "only", "undo"]
        ),
        st.sampled_from(["", "2009", "2009-03~", "[2009-01..2009-03]"]),
        st.sampled_from(["", "..", "2013", "2026-11?"]),
    ),
    max_size=8,
)


@settings(max_examples=examples(40))
@given(writes)
def test_history_played_back_is_the_table_whatever_wrote_it(several):
    with transaction.atomic():
        post = make.a_post()
        versions = {}
        for number, (write, start, end) in enumerate(several):
            record = Appointment.objects.order_by("?").first()
            if record and write in ("save", "partly", "bulk"):
                record.start, record.end, record.rank = start, end, f"rank {number}"
            new = {
                "slug": f"a-{number}",
                "official": make.an_official(),
                "post": post,
                "kind": "acting",
                "start": f"20{number:02}",
                "end": end and "..",
            }
            if not record or write == "make":
                Appointment.objects.create(**new)
            elif write == "make in bulk":
                Appointment.objects.bulk_create([Appointment(**new)])
            elif write == "save":
                record.save()
            elif write == "partly":
                record.save(update_fields=["start"])
            elif write == "bulk":
                Appointment.objects.bulk_update([record], ["end", "rank"])
            elif write == "only":
                record = Appointment.objects.only("end").get(pk=record.pk)
                record.end = ".."
                record.save()
            elif write == "undo":
                record.history.order_by("history_id").first().instance.save()
            else:
                record.delete()
            for kept in Appointment.objects.all():
                assert last_of_history(kept) == row(kept)
                assert kept.version >= versions.get(kept.pk, 1)
                versions[kept.pk] = kept.version
                assert_bounds_follow(kept)
            alive = {
                pk
                for pk in Appointment.history.values_list("id", flat=True)
                if not trace(Appointment, pk).endswith("-")
            }
            assert alive == set(Appointment.objects.values_list("pk", flat=True))
        transaction.set_rollback(True)


# Versions and moments -------------------------------------------------------


@pytest.mark.parametrize("model", EACH_RECORD)
def test_each_write_counts_one_version(model):
    record = make.RECORDS[model]()
    assert record.version == row(record)["version"] == 1
    record.save()
    assert record.version == row(record)["version"] == 2
    record.save(update_fields=["public_note"])
    assert record.version == row(record)["version"] == 3
    model.objects.bulk_update([record], ["public_note"])
    assert record.version == row(record)["version"] == 4


def test_a_version_is_never_given_twice_also_when_a_record_is_taken_back():
    official = make.an_official(name="Ana")
    for name in ("Eva", "Ida"):
        official.name = name
        official.save()
    past = official.history.get(version=1).instance
    assert past.name == "Ana"
    past.save()
    assert row(official)["name"] == "Ana"
    assert row(official)["version"] == 4
    pk = official.pk
    past.delete()
    Official.history.filter(id=pk, version=2).first().instance.save()
    again = Official.objects.get(pk=pk)
    assert again.name == "Eva"
    assert again.version > 4


@pytest.mark.parametrize("model", EACH_RECORD)
def test_the_moment_of_the_last_write_moves_and_that_of_the_first_does_not(
    model, monkeypatch
):
    record = make.RECORDS[model]()
    made = row(record)
    later = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    record.save()
    assert row(record)["updated_at"] == later
    assert row(record)["created_at"] == made["created_at"] < later
    later += timedelta(days=1)
    record.save(update_fields=["public_note"])
    assert row(record)["updated_at"] == later
    later += timedelta(days=1)
    model.objects.bulk_update([record], ["public_note"])
    assert row(record)["updated_at"] == later


def test_what_a_record_is_found_by_follows_its_name_on_every_path():
    official = make.an_official(name="José Núñez")
    assert row(official)["search_text"] == "jose nunez"
    official.name = "Ørsted"
    official.save(update_fields=["name"])
    assert row(official)["search_text"] == "orsted"
    official.name = "Čapek"
    Official.objects.bulk_update([official], ["name"])
    assert row(official)["search_text"] == "capek"
    Official.objects.bulk_create([Official(slug="new", name="Łódź")])
    assert Official.objects.get(slug="new").search_text == "lodz"
    only = Official.objects.only("family_name").get(pk=official.pk)
    only.save()
    assert row(official)["search_text"] == "capek"
    name = make.an_agency_name(text="Secretaría")
    assert row(name)["search_text"] == "secretaria"


# Bounds never lag behind their text -----------------------------------------

DATED = [
    pytest.param(make.a_source, "published", id="source"),
    pytest.param(lambda: make.a_citation(make.a_place()), "as_of", id="citation"),
    pytest.param(make.an_agency, "founded", id="agency"),
    pytest.param(make.an_agency, "dissolved", id="agency-end"),
    pytest.param(make.an_agency_name, "start", id="name"),
    pytest.param(make.a_post, "end", id="post"),
    pytest.param(make.an_appointment, "start", id="appointment"),
    pytest.param(make.an_appointment, "end", id="appointment-end"),
    pytest.param(make.a_meeting, "start", id="meeting"),
    pytest.param(make.a_meeting, "end", id="meeting-end"),
    pytest.param(make.a_deployment, "end", id="deployment-end"),
    pytest.param(make.an_observation, "baseline_start", id="observation"),
]


@pytest.mark.parametrize(("maker", "name"), DATED)
def test_the_bounds_of_a_date_follow_it_on_every_path(maker, name):
    record = maker()
    model = type(record)
    assert_bounds_follow(record)

    def stored():
        found = row(record)
        return found[name], found[f"{name}_earliest"], found[f"{name}_latest"]

    setattr(record, name, "2009-03")
    assert getattr(record, f"{name}_latest") == date(2009, 3, 31)
    record.save()
    assert stored() == ("2009-03", date(2009, 3, 1), date(2009, 3, 31))
    assert_bounds_follow(record)

    setattr(record, name, "2010")
    record.save(update_fields=[name])
    assert stored() == ("2010", date(2010, 1, 1), date(2010, 12, 31))
    assert_bounds_follow(record)

    again = model.objects.get(pk=record.pk)
    setattr(again, name, "2011")
    assert getattr(again, f"{name}_earliest") == date(2011, 1, 1)
    again.save()
    assert stored() == ("2011", date(2011, 1, 1), date(2011, 12, 31))

    again = model.objects.defer(f"{name}_earliest", f"{name}_latest").get(pk=record.pk)
    setattr(again, name, "2012")
    again.save()
    assert stored() == ("2012", date(2012, 1, 1), date(2012, 12, 31))

    again = model.objects.only(name).get(pk=record.pk)
    setattr(again, name, "2013")
    again.save()
    assert stored() == ("2013", date(2013, 1, 1), date(2013, 12, 31))

    again = model.objects.defer(name).get(pk=record.pk)
    again.save()
    assert stored() == ("2013", date(2013, 1, 1), date(2013, 12, 31))

    setattr(again, name, "2014")
    model.objects.bulk_update([again], [name])
    assert stored() == ("2014", date(2014, 1, 1), date(2014, 12, 31))
    assert_bounds_follow(record)

    record.refresh_from_db()
    assert getattr(record, name) == "2014"
    assert getattr(record, f"{name}_earliest") == date(2014, 1, 1)

    setattr(record, name, "2015")
    record.refresh_from_db(fields=[name])
    assert getattr(record, f"{name}_earliest") == date(2014, 1, 1)

    assert last_of_history(record) == row(record)
    past = record.history.earliest()
    assert getattr(past.instance, f"{name}_earliest") == getattr(
        past, f"{name}_earliest"
    )


@pytest.mark.parametrize(("maker", "name"), DATED)
def test_bounds_that_are_passed_in_are_never_believed(maker, name):
    record = maker()
    values = row(record) | {
        name: "2009",
        f"{name}_earliest": date(1999, 1, 1),
        f"{name}_latest": date(1999, 12, 31),
    }
    false = type(record)(**values)
    assert getattr(false, f"{name}_earliest") == date(2009, 1, 1)
    setattr(false, f"{name}_latest", date(1999, 12, 31))
    assert getattr(false, f"{name}_latest") == date(2009, 12, 31)
    false.save()
    assert row(record)[f"{name}_earliest"] == date(2009, 1, 1)
    assert row(record)[f"{name}_latest"] == date(2009, 12, 31)


def test_the_bounds_of_a_quantity_follow_it_on_every_path():
    deployment = make.a_deployment(personnel="15000")
    observation = make.an_observation(value="-97")
    for write in (
        lambda record, _: record.save(),
        lambda record, name: record.save(update_fields=[name]),
        lambda record, name: type(record).objects.bulk_update([record], [name]),
    ):
        for record, name in ((deployment, "personnel"), (observation, "value")):
            for text, high in (("~10000", 11000), ("5..7", 7), ("15000", 15000)):
                setattr(record, name, text)
                write(record, name)
                assert row(record)[f"{name}_high"] == Decimal(high)
                assert_bounds_follow(record)
    only = Deployment.objects.only("personnel").get()
    only.personnel = "~100"
    only.save()
    assert_bounds_follow(only)
    assert type(Deployment.objects.get().personnel_low) is Decimal


def test_bulk_create_writes_the_bounds_of_the_text():
    official, post = make.an_official(), make.a_post()
    Appointment.objects.bulk_create(
        Appointment(
            slug=f"a-{start}",
            official=official,
            post=post,
            kind="acting",
            start=start,
            start_earliest=date(1999, 1, 1),
        )
        for start in ("2009", "2010-02")
    )
    for appointment in Appointment.objects.all():
        assert_bounds_follow(appointment)
    Observation.objects.bulk_create(
        [Observation(slug="o", metric=make.a_metric(), value="~10", modality="actual")]
    )
    assert_bounds_follow(Observation.objects.get())


def test_a_raw_row_of_a_serialized_file_gets_the_bounds_of_its_text():
    source = make.a_source(published="2009")
    written = serializers.serialize("python", [source])
    written[0]["fields"] |= {"published": "2010-03", "published_latest": "1999-01-01"}
    for item in serializers.deserialize("python", written):
        item.save()
    assert_bounds_follow(source)
    assert row(source)["published_latest"] == date(2010, 3, 31)


def test_a_point_event_moves_its_end_with_its_start_on_every_path():
    meeting = make.a_meeting(start="2009-03")
    meeting.start = "2010-03"
    meeting.save(update_fields=["start"])
    assert row(meeting)["end_latest"] == date(2010, 3, 31)
    meeting.start = "2011-03"
    Meeting.objects.bulk_update([meeting], ["start"])
    assert row(meeting)["end_latest"] == date(2011, 3, 31)
    meeting = Meeting.objects.only("start").get()
    meeting.start = "2012-03"
    meeting.save()
    assert row(meeting)["end_latest"] == date(2012, 3, 31)
    meeting.refresh_from_db()
    meeting.start, meeting.end = "2013-03", "2013-04"
    meeting.save(update_fields=["end"])  # its two ends are one fact
    assert row(meeting)["start"] == "2013-03"
    assert_bounds_follow(meeting)
    past = meeting.history.earliest()
    assert past.end_latest == past.instance.end_latest == date(2009, 3, 31)
    assert past.end == past.instance.end == ""


def test_bounds_of_a_text_that_is_none_are_not_made_up():
    appointment = Appointment(start="03/04/2024")
    assert appointment.start == "03/04/2024"
    assert appointment.start_earliest is None


# Withdrawing ----------------------------------------------------------------


def test_a_record_that_is_withdrawn_and_restored_keeps_its_citations_and_names():
    name = make.an_agency_name()
    citation = make.a_citation(name.agency)
    agency = name.agency
    agency.status = "withdrawn"
    agency.save()
    assert not Agency.objects.published().exists()
    agency.status = "published"
    agency.save()
    agency = Agency.objects.published().get()
    assert list(agency.citations.all()) == [citation]
    assert list(agency.names.all()) == [name]


@pytest.mark.parametrize("command", ["clean_old_history", "clean_duplicate_history"])
def test_no_command_removes_history(command):
    official = make.an_official()
    official.save()
    with pytest.raises(CommandError, match=r"^History is never removed\.$"):
        call_command(command)
    assert official.history.count() == 2


def test_who_wrote_something_cannot_be_deleted(django_user_model):
    author = django_user_model.objects.create(username="author")
    official = make.an_official()
    official._history_user = author
    official.save()
    with pytest.raises(ProtectedError):
        author.delete()
    assert official.history.first().history_user == author

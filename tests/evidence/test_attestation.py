"""What was last attested: it ends what is over by nature, and fades the rest."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.models import Agency, AgencyName, Appointment
from provenance.history.undo import undo
from provenance.merging import merge
from provenance.models import Attestation, Record
from provenance.tracking.changes import ChangeSet, changing
from provenance.web.time_axis import Axis, drawing_of, mark_of
from tests import make
from tests.damage import damage
from tests.depth import examples
from timeline.models import Deployment, Event, EventAttestation
from timeline.records import RULES

pytestmark = [pytest.mark.django_db, pytest.mark.database]
POSSIBLE, LIKELY, DEFINITE = "possible", "likely", "definite"
(RULE,) = (rule for rule in RULES if rule.name == "stale-attestation")


def seen(record, as_of="", published="", **values):
    """A citation for a record, as of a day or in a source of a day."""
    return make.a_citation(
        record, make.a_source(published=published), as_of=as_of, **values
    )


def an_exercise(**values):
    return make.a_deployment(kind="exercise", **{"start": "2009-03", **values})


def until(record):
    """Until when it was last attested."""
    kept = type(record)._base_manager.get(pk=record.pk).last_attested
    return kept and f"{kept.until}"


def answers(record, *days):
    """Whether it holds on each day: as it says, and as its lists do, which agree."""
    record = type(record)._base_manager.get(pk=record.pk)
    told = [record.holds(day) for day in days]
    for day, answer in zip(days, told, strict=True):
        for certainty, wanted in {
            POSSIBLE: {"yes", "likely", "maybe"},
            LIKELY: {"yes", "likely"},
            DEFINITE: {"yes"},
        }.items():
            found = type(record).objects.as_of(day, certainty).filter(pk=record.pk)
            assert found.exists() == (answer in wanted), (day, certainty)
    return told


def as_read(record):
    """The record anew, as a merge wants both."""
    return type(record)._base_manager.get(pk=record.pk)


def stale():
    return [(found.type, found.slug, found.field) for found in RULE.findings()]


# What is attested


@pytest.mark.parametrize(
    ("cited", "day"),
    [
        ({"as_of": "2009-10-15"}, "2009-10-15"),
        ({"as_of": "2009"}, "2009-12-31"),
        ({"as_of": "[2009-10..]"}, "2009-10-01"),
        ({"published": "2010-01"}, "2010-01-31"),
        ({"as_of": "2009-10", "published": "2024"}, "2009-10-31"),
        ({"as_of": "2009", "field": "end", "stated": ".."}, "2009-12-31"),
        ({"as_of": "2009", "field": "title", "stated": "Another"}, "2009-12-31"),
        # What tells nothing, tells the end, is wrong, or was written before it began.
        ({}, None),
        ({"as_of": "2009", "field": "end", "stated": "2009-04"}, None),
        (
            {
                **{"as_of": "2009", "field": "title", "stated": "Another"},
                **{"assessment": "mistaken", "note": "Another one."},
            },
            None,
        ),
        ({"as_of": "2008-06"}, None),
    ],
)
def test_a_source_attests_on_its_as_of_date_or_else_when_it_was_published(cited, day):
    exercise = an_exercise()
    seen(exercise, **cited)
    assert until(exercise) == day


def test_the_last_of_several_counts_and_no_draft_does():
    exercise = an_exercise()
    for as_of in ("2009-05", "2009-10", "2009-07"):
        seen(exercise, as_of)
    draft = make.a_source(status=Record.Status.DRAFT, published="2024")
    make.a_citation(exercise, draft)
    assert until(exercise) == "2009-10-31"


@pytest.mark.parametrize("end", ["2009-09", "..", "[..2012]"])
def test_what_has_an_end_that_is_stated_needs_no_attestation(end):
    exercise = an_exercise(end=end)
    seen(exercise, "2009-05")
    assert until(exercise) is None
    assert not EventAttestation.objects.exists()


def test_an_end_that_is_not_before_a_day_is_open_until_that_day_at_least():
    exercise = an_exercise(end="[2012..]")
    seen(exercise, "2009-05")
    assert until(exercise) == "2012-01-01"


def test_what_is_a_point_is_attested_by_its_date_alone():
    meeting = make.a_meeting(start="2009-03", format="visit")
    seen(meeting, "2024")
    assert until(meeting) is None
    assert meeting.holds("2010") == "no"


# What follows


def test_what_is_over_by_nature_ends_with_its_last_attestation():
    for kind in ("exercise", "relief"):
        over = make.a_deployment(kind=kind, start="2009-03")
        assert answers(over, "2026") == ["maybe"]
        seen(over, "2009-10-15")
        days = ("2009-03-15", "2009-06", "2009-10-15", "2009-10-16", "2026")
        assert answers(over, *days) == ["maybe", "likely", "likely", "no", "no"]
        event = Event.objects.get(pk=over.pk)
        assert answers(event, *days) == ["maybe", "likely", "likely", "no", "no"]


def test_what_may_go_on_is_likely_until_its_last_attestation_and_possible_ever_after():
    deployment = make.a_deployment(kind="border-deployment", start="2009-03")
    post, agency = make.a_post(start="2009-03"), make.an_agency(founded="2009-03")
    appointment = make.an_appointment(start="2009-03", post=post)
    for record in (deployment, appointment, post, agency):
        seen(record, "2009-10-15")
        told = answers(record, "2008", "2009-03-15", "2009-06", "2009-10-16", "2026")
        assert told == ["no", "maybe", "likely", "maybe", "maybe"], record


def test_during_is_likely_where_it_is_attested_that_it_went_on():
    post = make.a_post(start="2009-03")
    seen(post, "2009-10-15")
    lists = {
        (first, last): type(post).objects.during(first, last, LIKELY).exists()
        for first, last in [("2008", "2008"), ("2009-10", "2010"), ("2010", "2012")]
    }
    assert list(lists.values()) == [False, True, False]


def test_a_name_is_likely_until_a_source_uses_it_last():
    agency = make.an_agency()
    name = make.an_agency_name(agency, text="SEDENA", start="2009-03")
    other = make.an_agency_name(agency, text="Defensa", start="2009-03")
    seen(agency, "2009-10", field="names", stated="SEDENA")
    seen(agency, "2024", field="founded")
    name, other = (
        AgencyName.objects.get(pk=name.pk),
        AgencyName.objects.get(pk=other.pk),
    )
    assert [name.holds(day) for day in ("2009-06", "2010")] == ["likely", "maybe"]
    assert [other.holds(day) for day in ("2009-06", "2010")] == ["maybe", "maybe"]


def test_a_drawing_ends_what_is_over_and_fades_what_may_go_on():
    axis = Axis(date(2009, 1, 1), date(2019, 1, 1))
    over, ongoing = an_exercise(), make.a_deployment(start="2009-03", kind="liaison")
    for record in (over, ongoing):
        seen(record, "2009-10-31")
    over, ongoing = (Deployment.objects.get(pk=one.pk) for one in (over, ongoing))
    end = axis.at(date(2009, 11, 1))
    mark = mark_of(over, axis, "", "", "")
    assert (mark.right, mark.stays_open, mark.is_fading) == (end, False, False)
    mark = mark_of(ongoing, axis, "", "", "")
    assert (mark.right, mark.stays_open, mark.fades) == (100, True, end)
    assert mark.envelope[1] + mark.fading_width == pytest.approx(
        mark.outline[1] - mark.outline[0]
    )


def test_a_drawing_asks_once_for_what_is_attested_and_for_what_dates_rest_on(
    django_assert_num_queries,
):
    for number in range(3):
        seen(an_exercise(slug=f"exercise-{number}"), "2009-10-31")
    exercises = list(Deployment.objects.all())
    with django_assert_num_queries(1 + 2):
        drawing_of([("", "", [(one, "", "", "") for one in exercises])])


# How it is kept


def write(way, exercise, citation):
    """One way of writing after which something else is attested."""
    source = citation.source
    match way:
        case "a citation":
            make.a_citation(exercise, source, as_of="2010", locator="p. 2")
        case "its as-of date":
            citation.as_of = "2010"
            citation.save()
        case "its deletion":
            citation.delete()
        case "the date of a source":
            source.published = "2010"
            source.save()
        case "a source withdrawn":
            source.status = Record.Status.WITHDRAWN
            source.save()
        case "an end":
            exercise.end = "2009-12"
            exercise.save()
        case "a start":
            exercise.start = "2012"
            exercise.save()
        case "another kind":
            exercise.kind = "liaison"
            exercise.save()
        case "in bulk":
            exercise.start = "2012"
            Deployment.objects.bulk_update([exercise], ["start"])
        case "the record deleted":
            exercise.delete()
        case "a merge":
            other = an_exercise(slug="other")
            make.a_citation(other, source, as_of="2011")
            merge(as_read(exercise), as_read(other), "the same")


WAYS = (
    *("a citation", "its as-of date", "its deletion", "the date of a source"),
    *("a source withdrawn", "an end", "a start", "another kind", "in bulk"),
    *("the record deleted", "a merge"),
)


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_writing_keeps_what_is_attested_and_so_does_taking_it_back(way):
    exercise = an_exercise()
    citation = seen(exercise, published="2009")
    before = set(EventAttestation.objects.values_list())
    assert before
    with changing(ChangeSet.Path.OTHER) as change:
        write(way, exercise, citation)
    assert set(EventAttestation.objects.values_list()) != before
    assert stale() == []
    undo(change.row)
    assert set(EventAttestation.objects.values_list()) == before
    assert stale() == []


def test_a_check_finds_what_is_out_of_step():
    exercise, post = an_exercise(slug="e"), make.a_post(slug="p", start="2009")
    seen(exercise, "2009")
    assert stale() == []
    kept = EventAttestation.objects.get()
    damage(kept, until="2024-01-01")
    assert stale() == [("deployment", "e", "end")]
    EventAttestation.objects.all().delete()
    assert stale() == [("deployment", "e", "end")]
    table = type(post).attestation.related.related_model
    table.objects.create(record=post, until="2010-01-01", is_over=False)
    assert stale() == [("deployment", "e", "end"), ("post", "p", "end")]


dates = st.sampled_from(["", "2009", "2010-02", "[2009..]", "[..2011]", "2009-06-15~"])


@settings(max_examples=examples(30))
@given(
    dates,
    st.sampled_from(["", "[2010..]", "..", "2012", "2010~"]),
    st.sampled_from(["exercise", "liaison"]),
    st.lists(st.tuples(dates, dates), max_size=3),
    st.sampled_from(["2009", "2010-02-10", "2011", "2009-07", "2013"]),
)
def test_lists_and_records_say_the_same_of_what_is_attested(
    start, end, kind, cited, when
):
    record = make.a_deployment(kind=kind, start=start, end=end)
    days = []
    for number, (as_of, published) in enumerate(cited):
        citation = seen(record, as_of, published, locator=f"p. {number}")
        days.append(citation.attested_until)
    answers(record, when)
    assert stale() == []
    first = record.start.earliest
    days = [day for day in days if day and day >= first]
    is_open = end in ("", "[2010..]")
    right = max(max(days), record.end.earliest) if days and is_open else None
    assert until(record) == (right and f"{right}")


def test_what_was_attested_is_known_as_of_each_moment(client):
    exercise = an_exercise(slug="e")
    citation = seen(exercise, "2009-10")
    address = "/api/v1/deployments/"
    then = {"known_at": f"{ChangeSet.objects.first().at:%Y-%m-%dT%H:%M:%S.%fZ}"}
    before = client.get(address, {"as_of": "2009-10", **then}).json()
    assert [one["holds"] for one in before["results"]] == ["likely"]
    citation.delete()
    assert client.get(address, {"as_of": "2026"}).json()["results"][0]["slug"] == "e"
    assert client.get(address, {"as_of": "2026", **then}).json()["results"] == []
    after = client.get(address, {"as_of": "2009-10", **then}).json()
    assert [one["attested_until"] for one in after["results"]] == ["2009-10-31"]


def test_the_migration_attests_what_is_there():
    seen(an_exercise(), "2009")
    seen(make.an_agency(founded="2009"), "2010")
    seen(make.an_appointment(start="2009"), published="2010")
    for table in Attestation.__subclasses__():
        derived = {(key, until, bool(over)) for key, until, over in table.derived()}
        assert derived == set(table.objects.values_list(*table.COLUMNS))
    assert {Agency, Appointment} < {
        t.attested_model() for t in Attestation.__subclasses__()
    }

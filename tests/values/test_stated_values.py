"""What a source says of a field, and how that stands to what is recorded."""

import pytest
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from entities.models import Agency, Appointment, AppointmentCitation, Place
from provenance.models import Citation
from provenance.values import contradiction
from provenance.values.dates import PartialDate
from provenance.values.stated_values import (
    agreement_of,
    agreement_with,
    check_statement,
    join_list,
    recorded_text,
    split_list,
    value_of,
)
from provenance.values.suggestions import close_to
from tests import make
from timeline.models import Deployment, Event, EventCitation, Meeting

AGREES, COMPATIBLE, CONTRADICTS = contradiction.Standing

EACH_RECORD = [pytest.param(model, id=model.__name__) for model in make.RECORDS]


def refusal(model, name, text):
    """What a statement is refused with, field by field."""
    with pytest.raises(ValidationError) as caught:
        check_statement(model, name, text)
    return caught.value.message_dict


# Dates ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("2025-02", "2025-02", AGREES),
        ("2025-02", "2025-02-05", COMPATIBLE),
        ("2025-02", "2025", COMPATIBLE),
        ("2025-02", "2025-02?", COMPATIBLE),
        ("2025-02", "2025-03", CONTRADICTS),
        ("2025-01", "[2025-02-01..2025-02-10]", CONTRADICTS),
        ("2025-02-10", "[2025-02-01..2025-02-10]", COMPATIBLE),
        ("2025-02-11", "[2025-02-01..2025-02-10]", CONTRADICTS),
        ("2009-10", "[..2009-10]", COMPATIBLE),
        ("2009-11", "[..2009-10]", CONTRADICTS),
        ("2007", "[2007..]", COMPATIBLE),
        ("2006", "[2007..]", CONTRADICTS),
        ("..", "..", AGREES),
        ("..", "2019", CONTRADICTS),
        ("..", "[2019..]", COMPATIBLE),
        ("2009", "2010~", CONTRADICTS),
        ("", "2009", COMPATIBLE),
    ],
)
def test_two_dates_contradict_when_no_day_can_be_meant_by_both(one, other, how):
    one, other = PartialDate(one), PartialDate(other)
    assert contradiction.of_dates(one, other) == how
    assert contradiction.of_dates(other, one) == how


@given(st.dates(), st.dates(), st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10]))
def test_dates_that_name_a_common_day_never_contradict(day, other, letters, others):
    one = PartialDate(day.isoformat()[:letters])
    two = PartialDate(other.isoformat()[:others])
    how = contradiction.of_dates(one, two)
    shared = one.startswith(two) or two.startswith(one)
    assert how == (AGREES if one == two else COMPATIBLE if shared else CONTRADICTS)
    assert how == contradiction.of_dates(two, one)


# Texts and lists ------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("José Núñez", "jose nunez", AGREES),
        ("SEDENA", "Sedena", AGREES),
        ("Jose\u0301", "José", AGREES),
        ("General", "Admiral", CONTRADICTS),
        ("%", "‰", CONTRADICTS),
        ("漢字", "漢字", AGREES),
        ("漢字", "仮名", CONTRADICTS),
    ],
)
def test_two_texts_agree_but_for_accents_and_case(one, other, how):
    assert contradiction.of_texts(one, other) == how
    assert contradiction.of_texts(other, one) == how


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("video-call", "call", COMPATIBLE),
        ("call", "call", AGREES),
        ("visit", "call", CONTRADICTS),
    ],
)
def test_a_choice_is_compatible_with_its_broader_term(one, other, how):
    assert agreement_with(Meeting, "format", one, other) == how
    assert agreement_with(Meeting, "format", other, one) == how


@pytest.mark.parametrize(
    ("recorded", "stated", "how"),
    [
        (["a", "b"], ["b", "a"], AGREES),
        (["José", "Eva"], ["jose", "EVA"], AGREES),
        (["a", "b"], ["a"], COMPATIBLE),
        (["a", "b"], ["a", "c"], CONTRADICTS),
        (["a"], ["a", "b"], CONTRADICTS),
        (["a"], ["b"], CONTRADICTS),
        (["+", "-"], ["+"], COMPATIBLE),
        (["+"], ["-"], CONTRADICTS),
    ],
)
def test_a_list_of_some_is_compatible_and_a_stranger_contradicts(recorded, stated, how):
    assert contradiction.of_lists(recorded, stated) == how


def test_a_list_is_written_in_one_order_and_read_with_or_without_blanks():
    assert join_list(["b", "a"]) == "a|b"
    assert split_list(" a | b||") == ["a", "b"]
    assert split_list("") == []


# A statement of each kind of field ------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("model", EACH_RECORD)
def test_each_citable_name_is_a_field_or_a_list_of_the_record(model):
    for name in model.citable:
        if name not in model.lists:
            assert model._meta.get_field(name).concrete
    assert set(model.lists) <= set(model.citable)
    for name in model.lists:
        assert model(pk=0).listed(name) == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", EACH_RECORD)
def test_what_a_record_says_can_be_stated_of_it_and_agrees(model):
    record = make.RECORDS[model]()
    record.refresh_from_db()
    for name in model.citable:
        text = recorded_text(record, name)
        assert isinstance(text, str)
        check_statement(model, name, text)
        assert agreement_of(record, name, text) == AGREES


@pytest.mark.django_db
@pytest.mark.parametrize("model", EACH_RECORD)
def test_a_source_that_states_nothing_supports_what_is_recorded(model):
    record = make.RECORDS[model]()
    assert agreement_of(record, "", "") == AGREES
    for name in model.citable:
        assert agreement_of(record, name, "") == AGREES


@pytest.mark.django_db
def test_a_record_that_says_nothing_contradicts_no_source():
    appointment = make.an_appointment()
    for name, stated in (
        ("start", "2009"),
        ("end", ".."),
        ("rank", "General"),
        ("end_reason", "retired"),
    ):
        assert agreement_of(appointment, name, stated) == COMPATIBLE
    meeting = make.a_meeting()
    assert agreement_of(meeting, "participations", "somebody") == COMPATIBLE
    assert agreement_of(meeting, "place", "nogales") == COMPATIBLE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stated", "how"),
    [
        ("2009-03", AGREES),
        ("2009", COMPATIBLE),
        ("2009-03-16", COMPATIBLE),
        ("2010", CONTRADICTS),
    ],
)
def test_of_a_date_it_is_the_days_that_agree(stated, how):
    assert agreement_of(make.a_meeting(start="2009-03"), "start", stated) == how


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stated", "how"),
    [
        ("15000", AGREES),
        ("10000..15000", COMPATIBLE),
        ("~10000", CONTRADICTS),
        (">15000", CONTRADICTS),
        (">=15000", COMPATIBLE),
    ],
)
def test_of_a_quantity_it_is_the_numbers_that_agree(stated, how):
    deployment = make.a_deployment(personnel="15000")
    assert agreement_of(deployment, "personnel", stated) == how


@pytest.mark.django_db
def test_a_plain_number_is_compared_as_a_number_and_not_as_its_digits():
    place = make.a_place(latitude="31.33", longitude="-110.94")
    place.refresh_from_db()
    assert recorded_text(place, "latitude") == "31.33"
    assert agreement_of(place, "latitude", "31.33") == AGREES
    assert agreement_of(place, "latitude", "31.3..31.4") == COMPATIBLE
    assert agreement_of(place, "longitude", "-110.94") == AGREES
    assert agreement_of(place, "longitude", "110.94") == CONTRADICTS
    equator = make.a_place(latitude="0", longitude="100")
    equator.refresh_from_db()
    assert recorded_text(equator, "latitude") == "0"
    assert recorded_text(equator, "longitude") == "100"
    post = make.a_post(seats=2)
    assert agreement_of(post, "seats", "2") == AGREES
    assert agreement_of(post, "seats", ">=2") == COMPATIBLE
    assert agreement_of(post, "seats", "1") == CONTRADICTS


@pytest.mark.django_db
def test_of_a_related_record_it_is_the_slug_that_agrees():
    navy = make.an_agency(slug="marina")
    post = make.a_post(agency=navy)
    assert agreement_of(post, "agency", "marina") == AGREES
    assert agreement_of(post, "agency", "defensa") == CONTRADICTS


@pytest.mark.django_db
def test_of_a_choice_it_is_the_word_that_agrees():
    appointment = make.an_appointment(kind="acting")
    assert agreement_of(appointment, "kind", "acting") == AGREES
    assert agreement_of(appointment, "kind", "substantive") == CONTRADICTS


@pytest.mark.django_db
def test_a_choice_that_is_offered_no_longer_is_compared_as_text():
    appointment = make.an_appointment(kind="acting")
    appointment.kind = "caretaker"
    assert agreement_of(appointment, "kind", "caretaker") == AGREES
    assert agreement_of(appointment, "kind", "acting") == CONTRADICTS


@pytest.mark.django_db
def test_of_a_text_it_is_the_words_that_agree():
    official = make.an_official(name="José Núñez")
    assert agreement_of(official, "name", "Jose Nunez") == AGREES
    assert agreement_of(official, "name", "Jose Nuñes") == CONTRADICTS


@pytest.mark.django_db
def test_of_who_took_part_some_are_compatible_and_a_stranger_contradicts():
    meeting = make.a_meeting()
    for slug in ("guillot", "trevilla"):
        make.a_participation(meeting, official=make.an_official(slug=slug))
    make.a_participation(meeting, agency=make.an_agency(slug="marina"))
    assert recorded_text(meeting, "participations") == "guillot|marina|trevilla"
    for stated, how in (
        ("trevilla|guillot|marina", AGREES),
        ("guillot", COMPATIBLE),
        ("guillot|stranger", CONTRADICTS),
        ("stranger", CONTRADICTS),
    ):
        assert agreement_of(meeting, "participations", stated) == how


@pytest.mark.django_db
def test_of_names_of_an_agency_some_are_compatible_and_a_stranger_contradicts():
    name = make.an_agency_name(text="Secretaría de Marina")
    make.an_agency_name(name.agency, text="SEMAR")
    assert agreement_of(name.agency, "names", "semar") == COMPATIBLE
    assert agreement_of(name.agency, "names", "SEMAR|Secretaria de Marina") == AGREES
    assert agreement_of(name.agency, "names", "SEDENA") == CONTRADICTS


# What cannot be stated ------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nosuch", "slug", "private_note", "start_earliest"])
def test_a_statement_of_no_citable_field_is_refused_with_the_fields_there_are(name):
    messages = refusal(Appointment, name, "2009")
    assert list(messages) == ["field"]
    assert f"“{name}” is no citable field here" in messages["field"][0]
    assert "official, post, kind, rank, start, end" in messages["field"][0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "name", "stated", "remedy"),
    [
        (Appointment, "start", "03/04/2024", "write 2024, 2024-04 or 2024-04-03"),
        (Appointment, "start", "..", "only an end can say so"),
        (Appointment, "end", "2024/2025", "is an interval"),
        (Appointment, "kind", "caretaker", "substantive, acting, interim, nominee"),
        (Deployment, "personnel", "15,000", "15000, ~10000"),
        (Deployment, "personnel", "10.000", "write 10 or 10000"),
        (Place, "latitude", "north", "15000, ~10000"),
    ],
)
def test_a_statement_that_could_not_stand_in_the_field_is_refused_with_the_remedy(
    model, name, stated, remedy
):
    messages = refusal(model, name, stated)
    assert list(messages) == ["stated"]
    (message,) = messages["stated"]
    assert f"“{stated}”" in message
    assert remedy in message


@pytest.mark.django_db
def test_a_statement_that_names_no_record_is_refused_with_those_like_it():
    for slug in ("semar", "sedena", "us-northern-command"):
        make.an_agency(slug=slug)
    (message,) = refusal(make.Post, "agency", "sedema")["stated"]
    assert "There is no agency “sedema”" in message
    assert "did you mean sedena" in message
    (message,) = refusal(make.Post, "agency", "zzz")["stated"]
    assert "did you mean" not in message
    check_statement(make.Post, "agency", "semar")


def test_close_matches_are_few_and_the_best_comes_first():
    known = ["sedena", "semar", "senasica", "sedatu", "defensa"]
    assert close_to("sedenna", known).startswith("; did you mean sedena")
    assert close_to("seda", known).count("/") <= 2
    assert close_to("", []) == ""


@pytest.mark.django_db
def test_a_value_of_an_unknown_field_is_an_error_of_the_program():
    with pytest.raises(FieldDoesNotExist):
        value_of(Appointment, "nosuch", "x")


# Citations ------------------------------------------------------------------


def a_citation_of(record, **values):
    """A citation that nobody has saved yet."""
    model = next(
        model
        for model in Citation.__subclasses__()
        if isinstance(record, model.cited_model())
    )
    return model(record=record, source=make.a_source(), **values)


@pytest.mark.django_db
def test_a_citation_takes_only_what_could_stand_in_the_field():
    appointment = make.an_appointment()
    for values, field in (
        ({"field": "nosuch"}, "field"),
        ({"field": "start", "stated": "03/04/2024"}, "stated"),
        ({"field": "post", "stated": "no-such-post"}, "stated"),
        ({"stated": "2009"}, "__all__"),
        ({"assessment": "outdated"}, "__all__"),
        ({"assessment": "nonsense", "note": "so"}, "assessment"),
        ({"as_of": "2024/2025"}, "as_of"),
    ):
        with pytest.raises(ValidationError) as caught:
            a_citation_of(appointment, **values).full_clean()
        assert list(caught.value.message_dict) == [field], values
    a_citation_of(appointment, field="start", stated="2009").full_clean()
    a_citation_of(
        appointment, field="start", assessment="outdated", note="It is older."
    ).full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"stated": "2009"}, "Name the field that the source states this of."),
        ({"assessment": "outdated"}, "An assessment needs a note that gives"),
    ],
)
def test_the_database_too_keeps_a_citation_whole(values, message):
    appointment = make.an_appointment()
    citation = a_citation_of(appointment, **values)
    with pytest.raises(ValidationError, match=message):
        citation.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        AppointmentCitation.objects.bulk_create([citation])


@pytest.mark.django_db
def test_one_place_in_a_source_is_cited_once_for_a_field():
    first = make.a_citation(make.an_appointment(), field="start", locator="para. 4")
    again = AppointmentCitation(
        record=first.record, source=first.source, field="start", locator="para. 4"
    )
    with pytest.raises(ValidationError, match="already cited for this field"):
        again.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    again.locator = "para. 5"
    again.full_clean()


@pytest.mark.django_db
def test_an_event_is_cited_for_the_fields_of_its_own_kind():
    deployment = make.a_deployment(personnel="15000", start="2025-02")
    event = Event.objects.get()
    for record in (deployment, event):
        citation = EventCitation(
            record=record, source=make.a_source(), field="personnel", stated="~10000"
        )
        citation.full_clean()
        citation.save()
        assert citation.agreement == CONTRADICTS
    assert deployment.disputed == event.disputed == ["personnel"]
    citation = EventCitation.objects.first()
    assert citation.record.holder_of("personnel") == deployment
    with pytest.raises(ValidationError, match="no citable field"):
        EventCitation(
            record=make.a_meeting(), source=make.a_source(), field="personnel"
        ).full_clean()


@pytest.mark.django_db
def test_records_of_two_types_with_one_number_each_show_their_own_citations():
    place, agency = make.a_place(pk=4711), make.an_agency(pk=4711)
    of_place, of_agency = make.a_citation(place), make.a_citation(agency)
    assert list(place.citations.all()) == [of_place]
    assert list(agency.citations.all()) == [of_agency]
    assert list(Place.objects.uncited()) == list(Agency.objects.uncited()) == []


@pytest.mark.django_db
def test_a_citation_is_public_only_with_its_record_and_its_source():
    appointment = make.an_appointment()
    citation = make.a_citation(appointment)
    published = AppointmentCitation.objects.published()
    assert list(published.all()) == [citation]
    for record in (
        citation.source,
        appointment,
        appointment.official,
        appointment.post,
        appointment.post.agency,
    ):
        record.status = "draft"
        record.save()
        assert not published.all().exists(), record
        record.status = "published"
        record.save()
    assert list(published.all()) == [citation]


@pytest.mark.django_db
def test_a_source_prefills_no_date_of_what_it_is_cited_for():
    meeting = make.a_meeting()
    citation = make.a_citation(meeting, make.a_source(published="2025-04-16"))
    meeting.refresh_from_db()
    citation.refresh_from_db()
    assert meeting.start == meeting.end == citation.as_of == ""


# Disputes -------------------------------------------------------------------


@pytest.mark.django_db
def test_a_field_that_a_source_contradicts_is_disputed_whoever_comes_first():
    for order in (("2009", "2011"), ("2011", "2009")):
        appointment = make.an_appointment(start="2009")
        for stated in order:
            make.a_citation(appointment, field="start", stated=stated)
        make.a_citation(appointment, field="rank", stated="General")
        assert appointment.start == "2009"
        assert appointment.disputed == ["start"]


@pytest.mark.django_db
def test_disputed_fields_are_named_once_and_in_one_order():
    appointment = make.an_appointment(start="2009", end="2013", kind="acting")
    for name, stated in (
        ("start", "2010"),
        ("start", "2011"),
        ("kind", "substantive"),
        ("end", ".."),
        ("end", "2013-05"),
    ):
        make.a_citation(appointment, field=name, stated=stated)
    assert appointment.disputed == ["end", "kind", "start"]


@pytest.mark.django_db
def test_ends_that_contradict_each_other_are_disputed_and_none_wins_unseen():
    appointment = make.an_appointment(start="2009", end="2012-09-16")
    make.a_citation(appointment, field="end", stated="2013")
    make.a_citation(appointment, field="end", stated="2012")
    assert appointment.end == "2012-09-16"
    assert appointment.disputed == ["end"]
    assert appointment.holds("2013") == "no"
    appointment.end = "[2012-09-16..2013]"  # a curator leaves it open
    appointment.save()
    assert appointment.holds("2013") == "maybe"
    assert appointment.disputed == []


@pytest.mark.django_db
def test_an_assessed_contradiction_stays_visible():
    appointment = make.an_appointment(start="2009")
    make.a_citation(
        appointment,
        field="start",
        stated="2010",
        assessment="mistaken",
        note="It confuses the oath with the appointment.",
    )
    assert appointment.disputed == ["start"]


@pytest.mark.django_db
def test_citations_come_in_one_order():
    appointment = make.an_appointment()
    late, early = make.a_source(slug="b"), make.a_source(slug="a")
    made = [
        make.a_citation(appointment, source, field=field, locator=locator)
        for source, field, locator in (
            (late, "start", "para. 1"),
            (early, "start", "para. 2"),
            (early, "start", "para. 1"),
            (late, "", ""),
        )
    ]
    assert list(appointment.citations.all()) == [made[3], made[2], made[1], made[0]]


@pytest.mark.django_db
def test_an_event_without_citations_disputes_nothing():
    make.a_meeting()
    assert Meeting.objects.get().disputed == Event.objects.get().disputed == []
    assert list(Meeting.objects.uncited()) == list(Meeting.objects.all())

"""What happened and what was measured; and the rules that every table keeps."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from entities.models import Agency, Appointment
from provenance.models import Citation, Dispute
from provenance.values.bounds import BoundsConstraint
from provenance.values.dates import Spanned
from tests import make
from tests.depth import thinned
from timeline.models import (
    Agreement,
    Capacity,
    Deployment,
    Event,
    EventCitation,
    EventLink,
    EventTheme,
    Meeting,
    Metric,
    Milestone,
    Observation,
    Participation,
    Provision,
    Statement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

KINDS = {
    Meeting: make.a_meeting,
    Agreement: make.an_agreement,
    Deployment: make.a_deployment,
    Milestone: make.a_milestone,
}
EACH_KIND = [
    pytest.param(model, id=model.__name__) for model in thinned(make.EACH_KIND)
]
EACH_RECORD = [
    pytest.param(model, id=model.__name__) for model in thinned(make.RECORDS)
]


def refusal(record):
    """What the whole record is refused with, field by field."""
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


def refuses(record, message, field="__all__"):
    """Forms and imports refuse the record with this message, and so does the table."""
    assert refusal(record) == {field: [message]}
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()


# Events ---------------------------------------------------------------------


@pytest.mark.parametrize("model", KINDS)
def test_an_event_knows_its_kind_from_either_table(model):
    record = KINDS[model](title="One")
    event = Event.objects.get()
    assert event.type == record.type == model.type_name()
    assert event.specific == record
    assert type(event.specific) is model
    assert record.specific is record
    assert str(event) == str(record) == "One"


def test_events_of_all_kinds_form_one_stream_in_order_of_time():
    late = make.a_meeting(start="2025-02")
    unknown = make.a_milestone()
    early = make.a_deployment(start="2008")
    between = make.an_agreement(start="2009-10")
    tied = make.a_meeting(start="2009-10")
    stream = [event.pk for event in Event.objects.all()]
    assert stream == [record.pk for record in (unknown, early, between, tied, late)]


def test_the_stream_is_asked_for_in_the_words_of_a_curator():
    call = make.a_meeting(start="2009-10", status="published")
    make.a_meeting(start="2009-11", status="draft")
    make.a_meeting(start="2012")
    assert list(Event.objects.during("2008", "2009").published()) == [call.event_ptr]
    assert list(Meeting.objects.named("commanders").during("2009-10")) == [call]
    assert Event.objects.uncited().count() == 3
    make.a_citation(call)
    assert Event.objects.uncited().count() == Meeting.objects.uncited().count() == 2


def test_a_citation_of_an_event_is_one_from_either_table():
    meeting = make.a_meeting()
    citation = make.a_citation(meeting)
    assert list(meeting.citations.all()) == [citation]
    assert list(Event.objects.get().citations.all()) == [citation]


def test_what_an_event_is_about_is_told_once_each():
    meeting, theme = make.a_meeting(), make.a_theme(slug="fentanyl")
    meeting.themes.add(theme)
    meeting.themes.add(theme)
    assert meeting.listed("themes") == ["fentanyl"]
    refuses(EventTheme(event=meeting, theme=theme), "The event already has this theme.")


def test_provisions_come_in_their_order_each_in_its_own_place():
    agreement = make.an_agreement()
    second = make.a_provision(agreement, position=2, text="Second.")
    first = make.a_provision(agreement, position=1, text="First.")
    assert list(agreement.provisions.all()) == [first, second]
    assert agreement.listed("provisions") == ["First.", "Second."]
    refuses(
        Provision(agreement=agreement, position=2, text="x"),
        "The agreement already has a provision in this place.",
    )
    none = Provision(agreement=agreement, position=0, text="x")
    assert list(refusal(none)) == ["position"]
    with pytest.raises(ValidationError, match="Provisions are counted from 1"):
        none.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        none.save()


def test_links_lead_from_one_event_to_another_once():
    link = make.a_link(kind="resulted-in")
    refuses(
        EventLink(event=link.event, kind=link.kind, target=link.target),
        "This link is already on record.",
    )
    refuses(
        EventLink(event=link.event, kind="follows", target=link.event),
        "An event is not linked to itself.",
    )
    (found,) = link.target.links_here.all()
    assert found.event.specific == link.event


# Who took part --------------------------------------------------------------

ONE = "Name an official or an agency, and not both."


def test_somebody_takes_part_as_an_official_or_as_an_agency():
    meeting, official, agency = make.a_meeting(), make.an_official(), make.an_agency()
    refuses(Participation(event=meeting, role="host"), ONE)
    refuses(
        Participation(event=meeting, role="host", official=official, agency=agency), ONE
    )
    row = make.a_participation(meeting, official=official)
    assert row.party == official
    assert make.a_participation(meeting, agency=agency).party == agency


def test_one_takes_part_once_in_a_role_and_may_have_several():
    row = make.a_participation(role="host")
    refuses(
        Participation(event=row.event, official=row.official, role="host"),
        "This official already has this role in it at this date.",
    )
    Participation(event=row.event, official=row.official, role="moderator").full_clean()
    row = make.a_participation(role="party", agency=make.an_agency())
    refuses(
        Participation(event=row.event, agency=row.agency, role="party"),
        "This agency already has this role in it at this date.",
    )


def test_one_takes_part_in_the_capacity_of_any_number_of_offices_of_ones_own():
    commands = make.an_appointment(make.an_official(name="Ana Núñez"), slug="command")
    also = make.an_appointment(commands.official)
    meeting = make.a_meeting()
    row = make.a_participation(meeting, appointment=commands)
    Capacity(participation=row, appointment=also).full_clean()
    make.a_capacity(row, also)
    assert set(row.appointments.all()) == {commands, also}
    assert set(meeting.capacities.all()) == set(row.capacities.all())
    with pytest.raises(ValidationError, match="already took part in the capacity of"):
        Capacity(participation=row, appointment=also).full_clean()
    other = make.a_participation(meeting)
    said = refusal(Capacity(participation=other, appointment=commands))
    assert said == {"__all__": ["“command” is an appointment of Ana Núñez."]}
    agency = make.a_participation(meeting, agency=make.an_agency())
    said = refusal(Capacity(participation=agency, appointment=commands))
    assert said == {"__all__": ["Only an official takes part in an office."]}


# What was measured ----------------------------------------------------------

EITHER = "Give a value, or the reason why there is none."


def test_an_observation_has_a_value_or_a_reason_why_there_is_none():
    metric = make.a_metric()
    refuses(Observation(slug="a", metric=metric, modality="actual"), EITHER)
    refuses(
        Observation(
            slug="a",
            metric=metric,
            modality="actual",
            value="5",
            value_missing="withheld",
        ),
        EITHER,
    )
    missing = make.an_observation(metric, value="", value_missing="not-reported")
    assert str(missing) == "Troops at the border: not reported"
    nought = make.an_observation(metric, value="0", start="2025-02")
    assert str(nought) == "Troops at the border: 0 persons (February 2025)"


def test_observations_of_other_windows_cannot_be_compared():
    metric = make.a_metric(kind="percent-change", unit="percent")
    one = make.an_observation(metric, value="-85", start="2025-02", end="2025-02")
    same = make.an_observation(metric, value="-97", start="2025-02", end="2025-02")
    assert one.comparability == same.comparability
    for changed in (
        {"start": "2025-01"},
        {"end": "2025-03"},
        {"baseline_start": "2024-02"},
        {"baseline_end": "2024-02"},
        {"place": make.a_place()},
        {"population": "adults"},
        {"modality": "estimate"},
        {"metric": make.a_metric()},
    ):
        values = {"metric": metric, "start": "2025-02", "end": "2025-02"} | changed
        assert make.an_observation(value="-97", **values).comparability != (
            one.comparability
        ), changed
    make.a_code_of(same, make.a_code())
    assert one.comparability != same.comparability


def test_a_baseline_does_not_end_before_it_starts():
    refuses(
        Observation(
            slug="a",
            metric=make.a_metric(),
            modality="actual",
            value="5",
            baseline_start="2024",
            baseline_end="2023",
        ),
        "It cannot end before it starts.",
    )


# Nothing ends before it starts ----------------------------------------------

LASTING = [
    pytest.param(model, id=model.__name__)
    for model in make.EACH_KIND
    if issubclass(model, Spanned)
]


@pytest.mark.parametrize("model", thinned(LASTING))
def test_what_certainly_ended_before_it_could_start_is_refused(model):
    record = make.EACH_KIND[model]()
    start, end = model.span
    setattr(record, start, "2019")
    setattr(record, end, "2018")
    refuses(record, "It cannot end before it starts.")
    setattr(record, end, "[..2018-12]")
    refuses(record, "It cannot end before it starts.")


@pytest.mark.parametrize("model", thinned(LASTING))
@pytest.mark.parametrize(
    ("start", "end"),
    [("2019", "2019"), ("2019-06", "2019"), ("2019", ""), ("", "2019"), ("2019", "..")],
)
def test_what_may_have_ended_after_it_started_is_accepted(model, start, end):
    record = make.EACH_KIND[model]()
    setattr(record, model.span[0], start)
    setattr(record, model.span[1], end)
    record.full_clean()
    record.save()


@pytest.mark.parametrize("model", thinned(LASTING))
def test_an_unreadable_date_is_reported_once_and_not_as_an_order(model):
    record = make.EACH_KIND[model]()
    start, end = model.span
    setattr(record, start, "03/04/2024")
    setattr(record, end, "2018")
    assert list(refusal(record)) == [start]


@pytest.mark.parametrize("model", thinned(LASTING))
def test_a_form_that_shows_one_of_the_two_ends_still_checks_both(model):
    record = make.EACH_KIND[model]()
    start, end = model.span
    setattr(record, start, "2019")
    record.save()
    form_class = forms.modelform_factory(model, fields=[end])
    form = form_class({end: "2018"}, instance=record)
    assert form.errors == {"__all__": ["It cannot end before it starts."]}
    again = model.objects.get(pk=record.pk)
    assert form_class({end: "2020"}, instance=again).is_valid()


# The tables keep their rules against any writer -----------------------------

OUT_OF_ORDER = {
    "earliest": date(2020, 1, 1),
    "latest": date(2019, 1, 1),
    "low": Decimal(2),
    "high": Decimal(1),
}
BOUNDED = [
    pytest.param(model, constraint.name, id=constraint.name)
    for model in [*make.EACH_KIND, Event]
    for constraint in model._meta.constraints
    if isinstance(constraint, BoundsConstraint)
]


def written_by_sql(model, pk, values):
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(column)} = %s" for column in values)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} SET {columns} "  # noqa: S608  names of models
            f"WHERE {quote(model._meta.pk.column)} = %s",
            [*values.values(), pk],
        )


@pytest.mark.parametrize(("model", "name"), BOUNDED)
def test_sql_that_puts_the_bounds_out_of_order_is_refused(model, name):
    record = make.EACH_KIND.get(model, make.a_meeting)()
    app_and_class = f"{model._meta.app_label}_{model._meta.model_name}_"
    rule = name.removeprefix(app_and_class)
    if rule.endswith("_bounds"):
        of = rule.removesuffix("_bounds")
        values = {
            field.column: OUT_OF_ORDER[field.edge]
            for field in model._meta.local_concrete_fields
            if getattr(field, "of", None) == of
        }
        assert len(values) == 2
    else:
        start, end = rule.split("_before_")
        values = {
            f"{start}_earliest": date(2020, 1, 1),
            f"{start}_latest": date(2020, 1, 1),
            f"{end}_earliest": date(2019, 1, 1),
            f"{end}_latest": date(2019, 1, 1),
        }
    with pytest.raises(IntegrityError, match=name):
        written_by_sql(model, record.pk, values)


@pytest.mark.parametrize("model", EACH_KIND)
def test_no_bound_and_no_text_is_ever_null(model):
    for field in model._meta.concrete_fields:
        if hasattr(field, "of") or isinstance(field, models.CharField):
            assert not field.null, field


@pytest.mark.parametrize("model", EACH_KIND)
def test_each_rule_of_a_table_has_a_message_of_its_own(model):
    for constraint in model._meta.constraints:
        message = str(constraint.violation_error_message)
        assert message != str(constraint.default_violation_error_message), constraint
        assert message.endswith("."), constraint


@pytest.mark.parametrize("model", [kind.values[0] for kind in EACH_KIND])
def test_each_field_says_what_it_means(model):
    for field in model._meta.get_fields():
        if field.concrete and not field.auto_created and not field.primary_key:
            assert field.help_text, field


@pytest.mark.parametrize("model", EACH_KIND)
def test_several_of_a_kind_are_named_in_proper_english(model):
    plural = str(model._meta.verbose_name_plural)
    assert not re.search(r"[^aeiou]ys$", plural)


@pytest.mark.parametrize("model", EACH_RECORD)
def test_nothing_is_said_of_the_world_before_somebody_says_it(model):
    for name in model.citable:
        if name not in model.lists:
            assert model._meta.get_field(name).get_default() in ("", None), name


def is_total(model):
    """Whether the ordering leaves no two rows in whatever order they come."""
    names = [name.lstrip("-") for name in model._meta.ordering]
    fields = (n if n == "pk" else model._meta.get_field(n).name for n in names)
    names = {*names, *fields}  # event_id is the column of event
    if names & {"pk", *(f.name for f in model._meta.concrete_fields if f.unique)}:
        return True
    return any(
        set(constraint.fields) <= names
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    )


@pytest.mark.parametrize("model", EACH_KIND)
def test_each_kind_of_record_has_one_natural_order(model):
    assert is_total(model)


# Deletes --------------------------------------------------------------------

# Rows that belong to a record go with it; whatever else is named is kept.
GO_WITH_THEIR_RECORD = {
    "AgencyName.agency",
    "AgencyArea.agency",
    "OfficialName.official",
    "ThemeName.theme",
    "AgreementName.agreement",
    "OfficialIdentifier.official",
    "SourceReport.source",
    "EventTheme.event",
    "MetricDimension.metric",
    "MetricTheme.metric",
    "ObservationCode.observation",
    "Participation.event",
    "EventLink.event",
    "Provision.agreement",
    "StatementCapacity.statement",
    "StatementTheme.statement",
    "StatementOfficial.statement",
    "StatementAgency.statement",
    "StatementEvent.statement",
    *(f"{citation.__name__}.record" for citation in Citation.__subclasses__()),
    *(f"{dispute.__name__}.record" for dispute in Dispute.__subclasses__()),
}
RELATIONS = [
    pytest.param(model, field, id=f"{model.__name__}.{field.name}")
    for model in thinned(make.EACH_KIND)
    for field in model._meta.concrete_fields
    if field.is_relation and not field.remote_field.parent_link and field.editable
]


@pytest.mark.parametrize(("model", "field"), RELATIONS)
def test_what_is_named_is_kept_and_the_error_says_by_what(model, field):
    row = make.EACH_KIND[model]()
    cited = field.related_model
    named = make.a_milestone() if cited is Event else make.EACH_KIND[cited]()
    setattr(row, field.name, named)
    if (model, field.name) in [(Participation, "agency"), (Statement, "agency")]:
        row.official = None
    row.save()
    if f"{model.__name__}.{field.name}" in GO_WITH_THEIR_RECORD:
        named.delete()
        assert not model.objects.filter(pk=row.pk).exists()
        return
    with pytest.raises(models.ProtectedError) as caught:
        named.delete()
    assert row.pk in {found.pk for found in caught.value.protected_objects}
    assert f"'{field.model.__name__}.{field.name}'" in str(caught.value)
    assert type(named).objects.filter(pk=named.pk).exists()
    assert model.objects.filter(pk=row.pk).exists()


def test_a_cited_source_is_kept_and_an_uncited_one_may_go():
    citation = make.a_citation(make.a_meeting())
    source = citation.source
    with pytest.raises(models.ProtectedError) as caught:
        source.delete()
    assert caught.value.protected_objects == {citation}
    citation.delete()
    source.delete()


def test_an_event_goes_with_its_rows_from_either_table():
    for choose in (lambda meeting: meeting, lambda meeting: meeting.event_ptr):
        meeting = make.a_meeting()
        meeting.themes.add(make.a_theme())
        make.a_participation(meeting)
        make.a_citation(meeting)
        make.a_link(meeting)
        choose(meeting).delete()
        for model in (Meeting, EventTheme, Participation, EventCitation, EventLink):
            assert not model.objects.exists(), model
        assert not Event.objects.filter(type="meeting").exists()


# What the public may see ----------------------------------------------------


@pytest.mark.parametrize("model", EACH_RECORD)
@pytest.mark.parametrize("status", ["draft", "in-review", "withdrawn"])
def test_only_what_is_published_is_public(model, status):
    record = make.RECORDS[model]()
    assert list(model.objects.filter(pk=record.pk).published()) == [record]
    assert record.is_public
    record.status = status
    record.save()
    assert not model.objects.filter(pk=record.pk).published().exists()
    assert not record.is_public


THROUGH = [
    pytest.param(model, path, id=f"{model.__name__}.{path}")
    for model in make.RECORDS
    for path in model.public_through
]


@pytest.mark.parametrize(("model", "path"), THROUGH)
def test_a_record_is_public_only_with_what_it_cannot_be_shown_without(model, path):
    record = make.RECORDS[model]()
    upper = record
    for name in path.split("__"):
        upper = getattr(upper, name)
    upper.status = "draft"
    upper.save()
    record = model.objects.get(pk=record.pk)
    assert not model.objects.published().exists()
    assert not record.is_public


def test_new_records_are_drafts():
    for model in make.RECORDS:
        assert model().status == "draft"
        assert not model().is_public


def test_the_words_combine_in_any_order():
    appointment = make.an_appointment(start="2009", end="2012")
    asked = [
        Appointment.objects.published().during("2010").named("secretary"),
        Appointment.objects.named("secretary").during("2010").published(),
        Appointment.objects.as_of("2010", certainty="definite").uncited().published(),
    ]
    for queryset in asked:
        assert list(queryset) == [appointment]
    assert list(Agency.objects.during("2010").named("navy")) == [
        appointment.post.agency
    ]


def test_a_metric_is_found_by_its_definition_and_an_observation_by_its_metric():
    metric = make.a_metric(definition="Encuentros de la patrulla")
    observation = make.an_observation(metric)
    assert list(Metric.objects.named("encuentros")) == [metric]
    assert list(Observation.objects.named("encuentros")) == [observation]

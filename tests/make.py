"""Makers of records: published, with a slug of their own, and anything else by name."""

from functools import partial
from itertools import count

from entities.models import (
    Agency,
    AgencyArea,
    AgencyName,
    Appointment,
    Official,
    OfficialIdentifier,
    OfficialName,
    Place,
    Post,
)
from provenance.models import (
    Citation,
    Dispute,
    Distinction,
    Redirect,
    SavedMapping,
    Source,
    SourceReport,
)
from timeline.models import (
    Agreement,
    AgreementName,
    Capacity,
    Code,
    Deployment,
    Dimension,
    Event,
    EventLink,
    EventTheme,
    Meeting,
    Metric,
    MetricDimension,
    MetricTheme,
    Milestone,
    Observation,
    ObservationCode,
    Participation,
    Provision,
    Statement,
    StatementAgency,
    StatementCapacity,
    StatementEvent,
    StatementOfficial,
    StatementTheme,
    Theme,
    ThemeName,
)

_numbers = count(1)


def _made(model, **values):
    """A published record; what is not given is filled in, and must not matter."""
    number = next(_numbers)
    values.setdefault("slug", f"{model.type_name()}-{number}")
    values.setdefault("status", model.Status.PUBLISHED)
    return model.objects.create(**values)


def a_source(title="A fact sheet", kind="fact-sheet", **values):
    return _made(Source, title=title, kind=kind, **values)


def a_place(name="Nogales", kind="city", **values):
    return _made(Place, name=name, kind=kind, **values)


def a_country(name="Mexico", **values):
    return a_place(name, kind="country", **values)


def an_agency(name="Ministry of the Navy", kind="ministry", **values):
    return _made(Agency, name=name, kind=kind, **values)


def an_agency_name(agency=None, text="MARINA", kind="acronym", **values):
    agency = agency or an_agency()
    return AgencyName.objects.create(agency=agency, text=text, kind=kind, **values)


def an_area(agency=None, place=None):
    return AgencyArea.objects.create(
        agency=agency or an_agency(), place=place or a_place()
    )


def a_mapping(name="A mapping", toml='name = "A mapping"', **values):
    return SavedMapping.objects.create(name=name, toml=toml, **values)


def an_official(name="Ana Núñez", **values):
    return _made(Official, name=name, **values)


def an_official_name(official=None, text="A. Nunez", kind="misspelling", **values):
    official = official or an_official()
    return OfficialName.objects.create(
        official=official, text=text, kind=kind, **values
    )


def a_post(title="Secretary", agency=None, **values):
    return _made(Post, title=title, agency=agency or an_agency(), **values)


def an_appointment(official=None, post=None, kind="substantive", **values):
    return _made(
        Appointment,
        official=official or an_official(),
        post=post or a_post(),
        kind=kind,
        **values,
    )


def a_theme(name="Border security", **values):
    return _made(Theme, name=name, **values)


def a_theme_name(theme=None, text="Frontier security", kind="synonym", **values):
    return ThemeName.objects.create(
        theme=theme or a_theme(), text=text, kind=kind, **values
    )


def a_meeting(title="Call of the two commanders", **values):
    return _made(Meeting, title=title, **values)


def an_agreement(title="Statement", kind="memorandum", state="signed", **values):
    return _made(Agreement, title=title, kind=kind, state=state, **values)


def an_agreement_name(agreement=None, text="SoU", kind="acronym", **values):
    return AgreementName.objects.create(
        agreement=agreement or an_agreement(), text=text, kind=kind, **values
    )


def a_provision(agreement=None, position=1, text="They share what they see."):
    return Provision.objects.create(
        agreement=agreement or an_agreement(), position=position, text=text
    )


def a_deployment(title="Troops to the border", kind="border-deployment", **values):
    return _made(Deployment, title=title, kind=kind, **values)


def a_milestone(title="Tariffs announced", kind="tariff", **values):
    return _made(Milestone, title=title, kind=kind, **values)


def a_participation(event=None, role="participant", appointment=None, **values):
    if not values.keys() & {"official", "agency"}:
        values["official"] = appointment.official if appointment else an_official()
    event = event or a_meeting()
    row = Participation.objects.create(event=event, role=role, **values)
    if appointment is not None:
        a_capacity(row, appointment)
    return row


def a_capacity(participation=None, appointment=None):
    appointment = appointment or an_appointment()
    participation = participation or a_participation(official=appointment.official)
    return Capacity.objects.create(participation=participation, appointment=appointment)


def a_link(event=None, kind="follows", target=None):
    return EventLink.objects.create(
        event=event or a_meeting(), kind=kind, target=target or a_milestone()
    )


def a_dimension(name="Sex", **values):
    return _made(Dimension, name=name, **values)


def a_code(dimension=None, notation="F", name="female", **values):
    dimension = dimension or a_dimension()
    return _made(Code, dimension=dimension, notation=notation, name=name, **values)


def a_code_of(observation, code):
    """Says that an observation is of a code, whose dimension its metric declares."""
    observation.metric.dimensions.add(code.dimension)
    return ObservationCode.objects.create(observation=observation, code=code)


def broken_down(slug="sex", **values):
    """An observation of one code: what the curated record has no need of."""
    dimension = a_dimension(slug=slug)
    everybody = a_code(dimension, "T", "all", slug=f"{slug}-t")
    code = a_code(dimension, slug=f"{slug}-f", broader=everybody)
    observation = an_observation(**values)
    a_code_of(observation, code)
    for record in (everybody, code, dimension, observation):
        a_citation(record)
    return observation


def a_metric(name="Troops at the border", unit="persons", kind="level", **values):
    return _made(Metric, name=name, unit=unit, kind=kind, **values)


def an_observation(metric=None, value="10000", modality="actual", **values):
    return _made(
        Observation,
        metric=metric or a_metric(),
        value=value,
        modality=modality,
        **values,
    )


def a_statement(summary="Ana praises the patrols", kind="praise", **values):
    if not values.keys() & {"official", "agency"}:
        values["official"] = an_official()
    return _made(Statement, summary=summary, kind=kind, **values)


def a_statement_row(kind, named):
    """A row by which a statement names this record in one of its lists."""
    speaker = {"official": named.official} if kind is StatementCapacity else {}
    return kind.objects.create(statement=a_statement(**speaker), **{kind.named: named})


def a_citation(record, source=None, **values):
    """A citation of whichever kind the record takes."""
    return record.citations.create(source=source or a_source(), **values)


def _a_citation_of(kind):
    return a_citation(a_meeting() if kind is Event else RECORDS[kind]())


def _a_dispute_of(kind):
    record = a_meeting() if kind is Event else RECORDS[kind]()
    return record.disputes.create(field="name", kind="value")


RECORDS = {
    Source: a_source,
    Place: a_place,
    Agency: an_agency,
    Official: an_official,
    Post: a_post,
    Appointment: an_appointment,
    Theme: a_theme,
    Meeting: a_meeting,
    Agreement: an_agreement,
    Deployment: a_deployment,
    Milestone: a_milestone,
    Dimension: a_dimension,
    Code: a_code,
    Metric: a_metric,
    Observation: an_observation,
    Statement: a_statement,
}
ROWS = {
    AgencyName: an_agency_name,
    OfficialName: an_official_name,
    ThemeName: a_theme_name,
    AgreementName: an_agreement_name,
    OfficialIdentifier: lambda: OfficialIdentifier.objects.create(
        official=an_official(), scheme="wikidata", value="Q1"
    ),
    SourceReport: lambda: SourceReport.objects.create(
        source=a_source(), reported=a_source()
    ),
    SavedMapping: a_mapping,
    Redirect: lambda: Redirect.objects.create(
        type="agency", slug="sedena", target="defensa"
    ),
    Distinction: lambda: Distinction.objects.create(
        type="agency", one="defensa", other="sedena"
    ),
    EventTheme: lambda: EventTheme.objects.create(event=a_meeting(), theme=a_theme()),
    MetricDimension: lambda: MetricDimension.objects.create(
        metric=a_metric(), dimension=a_dimension()
    ),
    AgencyArea: an_area,
    MetricTheme: lambda: MetricTheme.objects.create(metric=a_metric(), theme=a_theme()),
    ObservationCode: lambda: a_code_of(an_observation(), a_code()),
    Participation: a_participation,
    Capacity: a_capacity,
    EventLink: a_link,
    Provision: a_provision,
    StatementCapacity: lambda: a_statement_row(StatementCapacity, an_appointment()),
    StatementTheme: lambda: a_statement_row(StatementTheme, a_theme()),
    StatementOfficial: lambda: a_statement_row(StatementOfficial, an_official("Bo")),
    StatementAgency: lambda: a_statement_row(StatementAgency, an_agency()),
    StatementEvent: lambda: a_statement_row(StatementEvent, a_meeting()),
}
CITATIONS = {
    model: partial(_a_citation_of, model.cited_model())
    for model in Citation.__subclasses__()
}
DISPUTES = {
    model: partial(_a_dispute_of, model._meta.get_field("record").related_model)
    for model in Dispute.__subclasses__()
}
# Every table but Event, which its kinds fill.
EACH_KIND = RECORDS | ROWS | CITATIONS | DISPUTES


def two_to_merge(kind):
    """Two records of a kind that nothing keeps apart."""
    one = RECORDS[kind]()
    return one, a_code(one.dimension, "W") if kind is Code else RECORDS[kind]()


def one_of_each():
    """A record of every kind that is cited."""
    return [maker() for kind, maker in RECORDS.items() if kind is not Source]

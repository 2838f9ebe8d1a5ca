"""The whole record: every kind of record, the tables in order of loading, the rules."""

from entities.checks import (
    DoubleHolders,
    Gaps,
    OutsideAgency,
    OutsidePost,
    PossibleDoubleHolders,
)
from entities.models import (
    Agency,
    AgencyName,
    Appointment,
    Official,
    OfficialName,
    Place,
    Post,
)
from entities.resources import (
    AgencyNameResource,
    AgencyResource,
    AppointmentResource,
    OfficialIdentifierResource,
    OfficialNameResource,
    OfficialResource,
    PlaceResource,
    PostResource,
)
from provenance.checks import (
    Circles,
    DanglingStatements,
    DeadReports,
    DeepReports,
    EndBeforeStart,
    LikelyDuplicates,
    LostRedirects,
    PossibleEndBeforeStart,
    StaleBounds,
    Uncited,
    UncitedValues,
    UnfoundWords,
    UnkeptHistory,
)
from provenance.models import Source
from provenance.resources import (
    DistinctionResource,
    RedirectResource,
    SourceResource,
    citation_table,
    settlement_table,
)

from .checks import OutsideAppointment
from .models import (
    Agreement,
    Deployment,
    Meeting,
    Metric,
    Milestone,
    Observation,
    Theme,
)
from .resources import (
    AgreementResource,
    DeploymentResource,
    EventLinkResource,
    MeetingResource,
    MetricResource,
    MilestoneResource,
    ObservationResource,
    ParticipationResource,
    ProvisionResource,
    ThemeResource,
)

CITED = (
    Place,
    Agency,
    Official,
    Post,
    Appointment,
    Theme,
    Meeting,
    Agreement,
    Deployment,
    Milestone,
    Metric,
    Observation,
)
RECORDS = (Source, *CITED)

# Of which records of one thing can contradict each other.
COMPARED = (Post, Observation)

TABLES = {
    "sources": SourceResource,
    "themes": ThemeResource,
    "places": PlaceResource,
    "agencies": AgencyResource,
    "agency_names": AgencyNameResource,
    "officials": OfficialResource,
    "official_names": OfficialNameResource,
    "official_identifiers": OfficialIdentifierResource,
    "posts": PostResource,
    "appointments": AppointmentResource,
    "meetings": MeetingResource,
    "agreements": AgreementResource,
    "provisions": ProvisionResource,
    "deployments": DeploymentResource,
    "milestones": MilestoneResource,
    "participations": ParticipationResource,
    "event_links": EventLinkResource,
    "metrics": MetricResource,
    "observations": ObservationResource,
    "citations": citation_table(*CITED),
    "disputes": settlement_table(*COMPARED),
    "redirects": RedirectResource,
    "distinctions": DistinctionResource,
}

SPANS = (
    *(
        (model, *model.span)
        for model in (
            *(Agency, AgencyName, OfficialName, Post, Appointment),
            *(Meeting, Agreement, Deployment, Milestone, Observation),
        )
    ),
    (Observation, "baseline_start", "baseline_end"),
)

# What the whole record is checked for, in the order in which it is told.
RULES = (
    UnkeptHistory(),
    StaleBounds(),
    UnfoundWords(),
    LostRedirects(*RECORDS),
    Uncited(*CITED),
    UncitedValues(*CITED),
    DanglingStatements(*CITED),
    EndBeforeStart(*SPANS),
    PossibleEndBeforeStart(*SPANS),
    DoubleHolders(),
    PossibleDoubleHolders(),
    Gaps(),
    OutsidePost(),
    OutsideAgency(),
    OutsideAppointment(),
    Circles(Place, Agency, Theme),
    DeadReports(),
    DeepReports(),
    LikelyDuplicates(*RECORDS),
)

"""The whole record: every kind of record, and the tables in order of loading."""

from entities.models import Agency, Appointment, Official, Place, Post
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
from provenance.models import Source
from provenance.resources import (
    DistinctionResource,
    RedirectResource,
    SourceResource,
    citation_table,
)

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
    "redirects": RedirectResource,
    "distinctions": DistinctionResource,
}

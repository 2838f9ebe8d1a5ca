"""The models of events, themes, metrics, observations and statements."""

from .attendance import Attendance
from .dimension import (
    Code,
    CodeCitation,
    CodeDispute,
    Dimension,
    DimensionCitation,
    DimensionDispute,
)
from .event import (
    Event,
    EventAttestation,
    EventCitation,
    EventDispute,
    EventLink,
    EventTheme,
    Theme,
    ThemeCitation,
    ThemeDispute,
    ThemeName,
)
from .kinds import Agreement, AgreementName, Deployment, Meeting, Milestone, Provision
from .metric import Metric, MetricCitation, MetricDimension, MetricDispute, MetricTheme
from .observation import (
    Observation,
    ObservationAttestation,
    ObservationCitation,
    ObservationCode,
    ObservationDispute,
)
from .participation import Capacity, Participation
from .presence import AgencyPresence, OfficialPresence
from .statement import (
    Statement,
    StatementAgency,
    StatementCapacity,
    StatementCitation,
    StatementDispute,
    StatementEvent,
    StatementOfficial,
    StatementTheme,
)

__all__ = [
    "AgencyPresence",
    "Agreement",
    "AgreementName",
    "Attendance",
    "Capacity",
    "Code",
    "CodeCitation",
    "CodeDispute",
    "Deployment",
    "Dimension",
    "DimensionCitation",
    "DimensionDispute",
    "Event",
    "EventAttestation",
    "EventCitation",
    "EventDispute",
    "EventLink",
    "EventTheme",
    "Meeting",
    "Metric",
    "MetricCitation",
    "MetricDimension",
    "MetricDispute",
    "MetricTheme",
    "Milestone",
    "Observation",
    "ObservationAttestation",
    "ObservationCitation",
    "ObservationCode",
    "ObservationDispute",
    "OfficialPresence",
    "Participation",
    "Provision",
    "Statement",
    "StatementAgency",
    "StatementCapacity",
    "StatementCitation",
    "StatementDispute",
    "StatementEvent",
    "StatementOfficial",
    "StatementTheme",
    "Theme",
    "ThemeCitation",
    "ThemeDispute",
    "ThemeName",
]

"""The models of events, themes, metrics and observations."""

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
    Participation,
    Theme,
    ThemeCitation,
    ThemeDispute,
)
from .kinds import Agreement, Deployment, Meeting, Milestone, Provision
from .metric import (
    Metric,
    MetricCitation,
    MetricDimension,
    MetricDispute,
    Observation,
    ObservationAttestation,
    ObservationCitation,
    ObservationCode,
    ObservationDispute,
)

__all__ = [
    "Agreement",
    "Attendance",
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
    "Milestone",
    "Observation",
    "ObservationAttestation",
    "ObservationCitation",
    "ObservationCode",
    "ObservationDispute",
    "Participation",
    "Provision",
    "Theme",
    "ThemeCitation",
    "ThemeDispute",
]

"""The models of events, themes, metrics and observations."""

from .attendance import Attendance
from .event import (
    Event,
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
    MetricDispute,
    Observation,
    ObservationCitation,
    ObservationDispute,
)

__all__ = [
    "Agreement",
    "Attendance",
    "Deployment",
    "Event",
    "EventCitation",
    "EventDispute",
    "EventLink",
    "EventTheme",
    "Meeting",
    "Metric",
    "MetricCitation",
    "MetricDispute",
    "Milestone",
    "Observation",
    "ObservationCitation",
    "ObservationDispute",
    "Participation",
    "Provision",
    "Theme",
    "ThemeCitation",
    "ThemeDispute",
]

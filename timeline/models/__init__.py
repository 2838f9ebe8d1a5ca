"""What happened and what was measured."""

from .event import (
    Event,
    EventCitation,
    EventLink,
    EventTheme,
    Participation,
    Theme,
    ThemeCitation,
)
from .kinds import Agreement, Deployment, Meeting, Milestone, Provision
from .metric import Metric, MetricCitation, Observation, ObservationCitation

__all__ = [
    "Agreement",
    "Deployment",
    "Event",
    "EventCitation",
    "EventLink",
    "EventTheme",
    "Meeting",
    "Metric",
    "MetricCitation",
    "Milestone",
    "Observation",
    "ObservationCitation",
    "Participation",
    "Provision",
    "Theme",
    "ThemeCitation",
]

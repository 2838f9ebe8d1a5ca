"""The admin of events, themes, metrics and observations."""

from .events import (
    AgreementAdmin,
    DeploymentAdmin,
    EventAdmin,
    MeetingAdmin,
    MilestoneAdmin,
    ThemeAdmin,
)
from .metrics import MetricAdmin, ObservationAdmin

__all__ = [
    "AgreementAdmin",
    "DeploymentAdmin",
    "EventAdmin",
    "MeetingAdmin",
    "MetricAdmin",
    "MilestoneAdmin",
    "ObservationAdmin",
    "ThemeAdmin",
]

"""What happened and was measured, and the record as one file, in the API."""

from .events import TimelineFilter, TimelineSerializer, TimelineView
from .measures import ObservationFilter
from .package import PackageView

__all__ = [
    "ObservationFilter",
    "PackageView",
    "TimelineFilter",
    "TimelineSerializer",
    "TimelineView",
]

"""What happened, was measured and said, and the record as one file, in the API."""

from .events import TimelineFilter, TimelineSerializer, TimelineView
from .measures import ObservationFilter
from .package import PackageView
from .statements import StatementFilter

__all__ = [
    "ObservationFilter",
    "PackageView",
    "StatementFilter",
    "TimelineFilter",
    "TimelineSerializer",
    "TimelineView",
]

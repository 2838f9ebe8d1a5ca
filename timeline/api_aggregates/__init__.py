"""What many records come to, in the API."""

from .comparison import ComparisonOfDatesView
from .events import TimelineAggregateView
from .observations import ObservationAggregateView
from .pairs import PairsView

AGGREGATES = (
    ObservationAggregateView,
    TimelineAggregateView,
    PairsView,
    ComparisonOfDatesView,
)

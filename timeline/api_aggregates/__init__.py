"""What many records come to, in the API."""

from .events import TimelineAggregateView
from .observations import ObservationAggregateView

AGGREGATES = (ObservationAggregateView, TimelineAggregateView)

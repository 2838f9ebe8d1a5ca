"""What many records come to, in the API."""

from .events import TimelineAggregateView
from .observations import ObservationAggregateView
from .pairs import PairsView

AGGREGATES = (ObservationAggregateView, TimelineAggregateView, PairsView)

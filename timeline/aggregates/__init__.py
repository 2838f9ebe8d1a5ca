"""Adds up what was observed and counts what happened.

Of observations only those are put together that belong together.

Values of another metric, population or modality always stay apart. A level, a rate or a
change is never summed. Values are put together of places of one kind, unless each place
stands by itself, and of what adds up those of windows that are equally long: which ones
is chosen for each metric, so that the most groups have a value, and said. A sum in
which something would be counted twice is refused. What is left out is counted.
"""

from .adding import aggregate
from .events import WHY_NOT_COUNTED, EventCounts, EventGroup, count_events
from .questions import (
    DIMENSION,
    KINDS_OF_PLACE,
    MEASURES,
    NO_PLACE,
    PARTIES,
    PERIODS,
    PLACE,
    THEME,
    TYPE,
    WAYS,
    WAYS_OF_EVENTS,
    Grouping,
    Question,
)
from .results import WHY_LEFT_OUT, Aggregate, Group

__all__ = [
    "DIMENSION",
    "KINDS_OF_PLACE",
    "MEASURES",
    "NO_PLACE",
    "PARTIES",
    "PERIODS",
    "PLACE",
    "THEME",
    "TYPE",
    "WAYS",
    "WAYS_OF_EVENTS",
    "WHY_LEFT_OUT",
    "WHY_NOT_COUNTED",
    "Aggregate",
    "EventCounts",
    "EventGroup",
    "Group",
    "Grouping",
    "Question",
    "aggregate",
    "count_events",
]

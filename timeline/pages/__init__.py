"""The public pages of the record: the timeline, and a page for each of its parts."""

from . import events, measures, people, places, tables

__all__ = ["events", "measures", "people", "places", "tables"]

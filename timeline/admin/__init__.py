"""The admin of events, themes, dimensions, metrics and observations."""

from . import dimensions, events, metrics

__all__ = ["dimensions", "events", "metrics"]

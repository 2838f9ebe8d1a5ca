"""The admin of events, themes, metrics and observations."""

from . import events, metrics

__all__ = ["events", "metrics"]

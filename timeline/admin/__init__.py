"""The admin of events, themes, dimensions, metrics, observations and statements."""

from . import dimensions, events, metrics, statements

__all__ = ["dimensions", "events", "metrics", "statements"]

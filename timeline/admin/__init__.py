"""Curating what happened and what was measured."""

from . import events, metrics

__all__ = ["events", "metrics"]

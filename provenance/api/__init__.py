"""The API: what every collection of records builds on, and those of this app.

It imports all services and models, but neither ``admin`` nor ``pages``.
"""

from .sources import SourceFilter, SourceSerializer

__all__ = ["SourceFilter", "SourceSerializer"]

"""Officials, agencies, posts and appointments in the formats of others."""

from .reconciliation import ReconciledOfficial, ReconciledPlace

__all__ = ["ReconciledOfficial", "ReconciledPlace"]

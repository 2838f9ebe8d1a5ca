"""Merges two records that are the same, and keeps what either says.

It imports models and what is below them.
"""

from .joining import plan
from .merge import merge
from .plans import Becomes, Plan

__all__ = ["Becomes", "Plan", "merge", "plan"]

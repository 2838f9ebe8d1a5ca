"""Two records that are the same become one, and nothing that either says is lost.

It imports models and what is below them.
"""

from .joining import plan
from .merge import merge
from .plans import Becomes, Plan

__all__ = ["Becomes", "Plan", "merge", "plan"]

"""Mappings of other people's files: which column goes into which of ours.

It hands ``resources`` sheets of our own columns, and imports them and what is below.
"""

from .checks import MappingError, Misstep
from .parsing import Mapping
from .saved import fed_by, mappings_for
from .sheets import Mapped, MappedSheet

__all__ = [
    "Mapped",
    "MappedSheet",
    "Mapping",
    "MappingError",
    "Misstep",
    "fed_by",
    "mappings_for",
]

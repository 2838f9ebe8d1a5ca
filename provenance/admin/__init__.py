"""The admin of sources and changes, and the base classes of every record's admin.

This is the only place that names the theme, the history and the import parts of which
the admin is made. It imports all services and models, but neither ``api`` nor
``pages``.
"""

from .bases import CuratedAdmin, ReadOnlyAdmin, dated, notes, publication, spanish
from .change_sets import ChangeSetAdmin
from .filters import (
    CitedFilter,
    DuringFilter,
    GroundsFilter,
    TaskFilter,
    choice,
    related,
)
from .mappings import SavedMappingAdmin
from .people import GroupAdmin, UserAdmin
from .portraits import WithPortrait
from .rows import RowInline, citation_inline, name_inline
from .sources import SourceAdmin

__all__ = [
    "ChangeSetAdmin",
    "CitedFilter",
    "CuratedAdmin",
    "DuringFilter",
    "GroundsFilter",
    "GroupAdmin",
    "ReadOnlyAdmin",
    "RowInline",
    "SavedMappingAdmin",
    "SourceAdmin",
    "TaskFilter",
    "UserAdmin",
    "WithPortrait",
    "choice",
    "citation_inline",
    "dated",
    "name_inline",
    "notes",
    "publication",
    "related",
    "spanish",
]

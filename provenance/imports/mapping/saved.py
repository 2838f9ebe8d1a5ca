"""Mappings that are saved, and which of them can read a file into a table."""

from ...models import SavedMapping
from .checks import MappingError
from .parsing import Mapping


def mappings_for(table_names):
    """The saved mappings that feed one of these tables, by their names.

    One that is not right any more, since a column was renamed for instance, is none.
    """
    wanted = set(table_names)
    return [saved for saved in SavedMapping.objects.all() if wanted & fed_by(saved)]


def fed_by(saved):
    """The names of the tables that a saved mapping feeds."""
    try:
        return set(Mapping.from_toml(saved.toml).tables)
    except MappingError:
        return set()

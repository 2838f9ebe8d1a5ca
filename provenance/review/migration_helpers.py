"""What every migration that makes tables of records ends with."""

from ..db.append_only import append_only
from ..db.steps import Step
from ..search.index import word_index
from .roles import migrate_roles


def tables_of_records(app_label):
    """The steps after which an app's history is kept, words are found, roles may write.

    They do again what is done already, and change nothing of that.
    """
    return [
        append_only(app_label),
        word_index(app_label),
        Step(migrate_roles),
    ]

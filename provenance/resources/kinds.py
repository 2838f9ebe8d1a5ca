"""Which table there is for each kind of record, and for what belongs to one.

It stands beneath the tables: they register here, and are found here by name.
"""

from functools import cache

from ..models import Citation, Dispute, Distinction, Redirect
from ..registry.classes import class_per_kind
from ..registry.kinds import models_in_order_of_loading

RECORD_HEAD = ("slug", "status")
RECORD_TAIL = ("public_note", "public_note_es", "private_note")


def record_columns(model):
    """The columns of a table of records: its own within those of every one."""
    return (*RECORD_HEAD, *model.columns, *RECORD_TAIL)


@class_per_kind("Resource", module="resources")
def resource_of(kind, above):
    """The table of a kind of record, or of rows that belong to one."""
    return above.members_for(kind)


@cache
def tables():
    """The resource of every table, by the name of its file, in order of loading."""
    return {
        **{each.collection: resource_of(each) for each in models_in_order_of_loading()},
        "citations": resource_of(Citation),
        "disputes": resource_of(Dispute),
        "redirects": resource_of(Redirect),
        "distinctions": resource_of(Distinction),
    }

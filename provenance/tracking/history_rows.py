"""Rows of history: each is copied, inside the database, from the row as written."""

from functools import cache

from django.db import connection

from ..db.batches import Among
from ..db.keys import Keys

MADE, CHANGED, DELETED = "+", "~", "-"


def signed(record):
    """Who wrote a record, by key, and why; None where the change says so."""
    user = getattr(record, "_history_user", None)
    return user and user.pk, getattr(record, "_change_reason", None)


def copy_to_history(model, how, keys, change, user=None, reason=None):
    """Copies rows, as they are in their tables now, to the table of their history."""
    change_set = change.row
    written = {
        "history_date": change_set.at,
        "history_change_reason": reason or change_set.reason or None,
        "history_type": how,
        "history_user": user or change_set.user_id,
        "change_set": change_set.pk,
    }
    statement, key, stamps = _copying(model, tuple(written))
    is_copied, values = _one_of(key, keys)
    stamped = (
        field.get_db_prep_save(value, connection)
        for field, value in zip(stamps, written.values(), strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"{statement} WHERE {is_copied} ORDER BY {key}", [*stamped, *values]
        )


@cache
def _copying(model, stamped):
    """The statement that copies rows, the column of their keys, and the stamps."""
    history = model.history.model
    stamps = [history._meta.get_field(name) for name in stamped]
    copied = {
        history._meta.get_field(field.name).column: _column(field.model, field)
        for field in history.tracked_fields
    }
    names = ", ".join(map(quoted, [*copied, *(field.column for field in stamps)]))
    marks = ", ".join("%s" for _stamp in stamps)
    source, key = _joined(model)
    statement = (
        f"INSERT INTO {quoted(history._meta.db_table)} ({names}) "  # noqa: S608
        f"SELECT {', '.join(copied.values())}, {marks} FROM {source}"
    )
    return statement, key, stamps


def _joined(model):
    """The tables of such a row, joined by their keys, and the key in its own one."""
    own, *parents = reversed(tables_of(model))
    key = _column(own, own._meta.pk)
    joins = (
        f" JOIN {quoted(each._meta.db_table)} ON {_column(each, each._meta.pk)} = {key}"
        for each in parents
    )
    return quoted(own._meta.db_table) + "".join(joins), key


def _column(model, field):
    return f"{quoted(model._meta.db_table)}.{quoted(field.column)}"


def tables_of(model):
    """The tables that hold such a row, the one that the others extend first."""
    parents = model._meta.all_parents
    return [*(base for base in reversed(model.__mro__) if base in parents), model]


def quoted(name):
    """A name of the database as it stands in a statement."""
    return connection.ops.quote_name(name)


def _one_of(column, keys):
    """A condition that a key is one of these, and its parameters."""
    runs = (keys if isinstance(keys, Keys) else Keys(keys)).runs()
    if len(runs) == 1:  # without a gap, as new ones mostly are
        return f"{column} BETWEEN %s AND %s", list(runs[0])
    is_one_of, values = Among(keys).as_sql(None, connection)
    return f"{column} {is_one_of}", values

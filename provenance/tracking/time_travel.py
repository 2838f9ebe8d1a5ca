"""Shows the database as it was at a moment, whatever was written to it since.

That is transaction time; what was true on a date, ``as_of``, is valid time. The history
of a table has all its columns, so that a view over it can stand in for the table.
"""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, time

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .tracked import Tracked

A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
A_MOMENT = re.compile(
    rf"{A_DAY.pattern}T[0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,6}})?)?"
    r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?"
)

_IN_THE_PAST = ContextVar("in_the_past", default=False)

# The last row of history is the one that none is behind: several may share a moment.
ROWS = """
SELECT {columns} FROM {history} AS known
WHERE known.history_date <= {moment} AND known.history_type <> '-' AND NOT EXISTS (
    SELECT 1 FROM {history} AS later
    WHERE later.{key} = known.{key} AND later.history_id > known.history_id
    AND later.history_date <= {moment}
)
"""


def moment_of(text):
    """The moment that a text names, a day standing for its end in UTC.

    Raises ValidationError if it names none, or one that is still to come: nobody knows
    what will be known.
    """
    if A_DAY.fullmatch(text):
        first, last = (f"{text}T{edge.isoformat()}Z" for edge in (time.min, time.max))
    elif (found := A_MOMENT.fullmatch(text)) is None:
        message = _("Write a day as 2026-01-31, or a moment as 2026-01-31T09:30:00Z.")
        raise ValidationError(message, code="invalid")
    elif not found["offset"]:
        message = _("The time zone is missing: add an offset, Z for UTC or -07:00.")
        raise ValidationError(message, code="no_offset")
    else:
        first = last = text
    try:
        first = datetime.fromisoformat(first).astimezone(UTC)
        last = datetime.fromisoformat(last).astimezone(UTC)
    except (ValueError, OverflowError):
        message = _("There is no such day or time.")
        raise ValidationError(message, code="never_was") from None
    if first > (now := timezone.now()):
        message = (
            _("This is in the future; it is %s now.") % f"{now:%Y-%m-%dT%H:%M:%SZ}"
        )
        raise ValidationError(message, code="to_come")
    return last


@contextmanager
def as_known_at(moment):
    """Reads every tracked table as it was at this moment, and writes to none of them.

    Both databases look among what is temporary first. So temporary views, or tables,
    that are named like the tables answer every query of this connection, and of no
    other. One within another is a DatabaseError.
    """
    shown = _past_only if connection.vendor == "sqlite" else _past_in_a_transaction
    with shown(list(_views(moment))):
        entered = _IN_THE_PAST.set(True)
        try:
            yield
        finally:
            _IN_THE_PAST.reset(entered)


def in_the_past():
    """Whether what is read now is what was known at a moment."""
    return _IN_THE_PAST.get()


@contextmanager
def _past_only(views):
    # Without a transaction: it would wait for the lock of whoever writes.
    made = []
    try:
        for name, query in views:
            _execute(f"CREATE TEMPORARY VIEW {name} AS {query}")
            made.append(name)
        yield
    finally:
        for name in made:
            _execute(f"DROP VIEW temp.{name}")


@contextmanager
def _past_in_a_transaction(views):
    # It is rolled back, and the views with it, whoever has the connection next.
    with transaction.atomic():
        for name, query in views:
            # Tables and not views: without statistics it plans as for next to nothing.
            _execute(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}")
            _execute(f"ANALYZE pg_temp.{name}")
        _execute("SET TRANSACTION READ ONLY")
        yield
        transaction.set_rollback(True)


def _execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _views(moment):
    """The name of each tracked table, and the query for what was in it."""
    named = connection.ops.quote_name
    until = connection.ops.adapt_datetimefield_value(moment)
    until = connection.schema_editor().quote_value(until)  # a view has no parameters
    for model, kinds in _tables().items():
        columns = (field.column for field in model._meta.local_concrete_fields)
        columns = ", ".join(map(named, columns))
        rows = [
            ROWS.format(
                columns=columns,
                history=named(kind.history.model._meta.db_table),
                key=named(kind._meta.pk.column),
                moment=until,
            )
            for kind in kinds
        ]
        yield named(model._meta.db_table), "UNION ALL".join(rows)


def _tables():
    """Each tracked model, and the kinds whose histories have the columns of its table.

    What its kinds extend has none of its own.
    """
    tracked = [model for model in apps.get_models() if issubclass(model, Tracked)]
    bases = {base for model in tracked for base in model._meta.all_parents}
    return {
        model: [
            kind
            for kind in tracked
            if kind not in bases and model in (kind, *kind._meta.all_parents)
        ]
        for model in tracked
    }

"""Shows the database as it was at a moment, whatever was written to it since.

That is transaction time; what was true on a date, ``as_of``, is valid time. The history
of a table has all its columns, so that a query over it can stand in for the table.
"""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, time
from functools import cache, lru_cache

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
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
WHERE {beside}known.history_date <= {moment} AND known.history_type <> '-'
AND NOT EXISTS (
    SELECT 1 FROM {history} AS later
    WHERE later.{key} = known.{key} AND later.history_id > known.history_id
    AND later.history_date <= {moment}
)
"""
# How a statement begins that reads, and where what it reads is put.
READS = re.compile(r"\s*(?:EXPLAIN\b(?: QUERY PLAN)?\s*)?(?=[(\s]*(?:SELECT|WITH)\b)")
MOMENT = "{moment}"  # where it is to stand
BEGINS_WITH = re.compile(r"WITH( RECURSIVE)? ")
# A join of what a kind extends to the kind.
EXTENDED = re.compile(
    r'JOIN "(?P<base>\w+)"(?: (?P<alias>\w+))? '
    r'ON \((?P<kind>"?\w+"?)\."(?P<key>\w+_ptr_id)" = "?\w+"?\.'
)


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

    To each statement that names such a table a query of the same name is put in front,
    for what was in it then: it hides the table from the statement, on both databases.
    So nothing is made in a database for it, which may be one that is only read. One
    within another is a DatabaseError, and so is a write.
    """
    if in_the_past():
        raise DatabaseError("One moment is read within another.")
    entered = _IN_THE_PAST.set(True)
    try:
        with connection.execute_wrapper(_Then(moment)):
            yield
    finally:
        _IN_THE_PAST.reset(entered)


def in_the_past():
    """Whether what is read now is what was known at a moment."""
    return _IN_THE_PAST.get()


class _Then:
    """Has statements read what tracked tables held at a moment."""

    def __init__(self, moment):
        moment = connection.ops.adapt_datetimefield_value(moment)
        self.moment = connection.schema_editor().quote_value(moment)

    def __call__(self, execute, sql, params, many, context):
        return execute(_told(sql).replace(MOMENT, self.moment), params, many, context)


@lru_cache(maxsize=200)
def _told(sql):
    """The statement with what the tables that it names held in front of it."""
    if not _names().search(sql):
        return sql
    reads = READS.match(sql)
    if not reads:
        raise DatabaseError("What was known at a moment is not written to.")
    before, statement = sql[: reads.end()], _of_one_kind(sql[reads.end() :])
    held = ", ".join(_queries_for(statement))
    recursive, follows = "", " "
    if begun := BEGINS_WITH.match(statement):
        recursive, follows = begun[1] or "", ", "
        statement = statement[begun.end() :]
    return f"{before}WITH{recursive} {held}{follows}{statement}"


def _queries_for(statement):
    """What stands for the tables that a statement names; what follows from others comes
    behind these.
    """
    names, derived = set(_names().findall(statement)), _derived()
    following = [derived[name] for name in sorted(names & derived.keys())]
    for query in following:
        names.update(_names().findall(query))
    return [*(_held()[name] for name in sorted(names - derived.keys())), *following]


def _of_one_kind(statement):
    """The statement with rows of what several kinds extend sought in those of one.

    Which one shows where the rows are joined to those that extend them. Neither
    database looks a single row up in several tables at any place of a statement.
    """

    def of_one_kind(join):
        table = kind = join["kind"]
        if not kind.startswith('"'):
            *_before, table = re.findall(
                rf'("\w+") {kind}\b', statement[: join.start()]
            )
        name = f"{join['base']}__{table.strip(chr(34))}"
        if name not in _held():
            return join[0]
        alias = join["alias"] or f'"{join["base"]}"'
        return f'JOIN "{name}" {alias} ON ({kind}."{join["key"]}" = {alias}.'

    return EXTENDED.sub(of_one_kind, statement)


@cache
def _names():
    derived = [m._meta.db_table for m in apps.get_models() if hasattr(m, "derived")]
    return re.compile(rf"\b(?:{'|'.join([*_held(), *derived])})\b")


@cache
def _held():
    """What stands for each tracked table: a query for what was in it at a moment.

    What several kinds extend also stands there for each of them by itself.
    """
    found = {}
    for model, kinds in _tables().items():
        table = model._meta.db_table
        found[table] = _query(table, model, kinds)
        if model not in kinds:
            for kind in kinds:
                name = f"{table}__{kind._meta.db_table}"
                found[name] = _query(name, model, [kind])
    return found


def _query(name, model, kinds):
    named = connection.ops.quote_name
    rows = (
        ROWS.format(
            columns=", ".join(_columns(model, kind)),
            history=named(kind.history.model._meta.db_table),
            key=named(kind._meta.pk.column),
            moment=MOMENT,
            # Most rows are from before it: it is no way to find one on SQLite.
            beside="+" if connection.vendor == "sqlite" else "",
        )
        for kind in kinds
    )
    return f"{named(name)} AS NOT MATERIALIZED ({'UNION ALL'.join(rows)})"


def _columns(model, kind):
    """The columns of a table, as the history of one kind has them.

    Which kind it is is known before a row is read: then no other one is looked into.
    """
    word = vars(model).get("kept_by_its_kinds")
    for field in model._meta.local_concrete_fields:
        column = connection.ops.quote_name(field.column)
        yield f"'{kind.type_name()}' AS {column}" if field.name == word else column


@cache
def _derived():
    """What stands for each table of which all follows from tracked ones."""
    models = [model for model in apps.get_models() if hasattr(model, "derived")]
    return {model._meta.db_table: _derivation(model) for model in models}


def _derivation(model):
    sql, values = model.derived().query.sql_with_params()
    quoted = connection.schema_editor().quote_value
    name, *columns = map(
        connection.ops.quote_name, [model._meta.db_table, *model.COLUMNS]
    )
    rows = _of_one_kind(sql % tuple(map(quoted, values)))
    return f"{name} ({', '.join(columns)}) AS ({rows})"


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

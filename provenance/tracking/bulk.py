"""Many rows written at once, column by column, as if each had been saved.

Saving one record after the other costs several statements and an object for each. Here
a row says by the name of a column what stands in it; the columns that follow others are
worked out for a thousand rows together, and history is copied inside the database.
"""

from collections import defaultdict
from contextlib import contextmanager, nullcontext
from functools import partial

from django.db import (
    DEFAULT_DB_ALIAS,
    connection,
    connections,
    models,
    transaction,
)
from django.db.models import Value

from ..db.batches import AT_ONCE, batches
from ..db.keys import Keys
from ..values.text import are_plain
from .dependent_columns import StaleRecord, followers, is_taken_back, keeping_versions
from .history_rows import (
    CHANGED,
    DELETED,
    MADE,
    copy_to_history,
    quoted,
    signed,
    tables_of,
)

LEAST_PARAMETERS = 32_766  # that any database takes in a statement


def insert_many(model, rows, change, as_given=()):
    """Writes new rows with their history, as a part of the change; returns their keys.

    ``rows`` are records, or have values by column; what they leave out has its default.
    Either each has a key already, or none has. ``as_given`` names columns that would
    follow others and stand as the rows have them instead.
    """
    keys, adapters = [], {}
    with _whole(rows):
        for batch in batches(rows):
            columns = with_defaults(model, _columns_of(model, batch), len(batch))
            keys += _insert(model, columns, change, as_given, adapters, batch)
    return keys


def insert_columns(model, columns, change, as_given=()):
    """Writes new rows, as ``insert_many`` does, given as lists by column."""
    keys, adapters = [], {}
    number = len(next(iter(columns.values())))
    with transaction.atomic(savepoint=False):
        for start in range(0, number, AT_ONCE):
            batch = {
                n: values[start : start + AT_ONCE] for n, values in columns.items()
            }
            batch = with_defaults(model, batch, min(AT_ONCE, number - start))
            keys += _insert(model, batch, change, as_given, adapters)
    return keys


def insert_read(model, readings, given, owners, change):
    """Writes new rows that the database reads itself, with their history.

    Each of ``readings`` is a query, for each row of which there is a new one, with an
    expression for each column that is read of it. ``given`` is what stands in others,
    and what both leave out has its default; what would follow from a column that is
    read is among them. The new rows belong to ``owners``, which are keys.
    """
    keys = Keys()
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        for rows, read in readings:
            keys.update(_insert_read(cursor, model, rows, read, given, change))
        if not keys:
            return
        if not change.is_rehearsal:
            copy_to_history(model, MADE, keys, change)
        change.note_many(model, keys, owners, fresh=True)
    for grown in (model, model.history.model):
        change.growth.grew(grown._meta.db_table, len(keys))


def _insert_read(cursor, model, rows, read, given, change):
    """Writes the new rows of one reading; returns their keys."""
    known = {name: [value] for name, value in given.items() if name not in read}
    same = with_defaults(model, known, 1)
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    following = _derived((f for f in fields if f.attname not in read), change)
    _derive(model, following, same)
    values = [
        read.get(field.attname, Value(same[field.attname][0], output_field=field))
        for field in fields
    ]
    sql, params = rows.values_list(*values).query.sql_with_params()
    names, table = (quoted(field.column) for field in fields), model._meta.db_table
    statement = f"INSERT INTO {quoted(table)} ({', '.join(names)}) {sql}"
    if connection.vendor == "sqlite":  # it counts on, and is slow to tell each key
        cursor.execute(statement, params)
        number, last = cursor.rowcount, cursor.lastrowid
        return range(last - number + 1, last + 1) if number else ()
    cursor.execute(f"{statement} RETURNING {quoted(model._meta.pk.column)}", params)
    return [key for (key,) in cursor.fetchall()]


def update_many(model, rows, names, change):
    """Writes the fields of these names with what follows them, and history.

    ``rows`` are records, or have values by column: the key, the version that was read,
    and all that is named. Raises StaleRecord for one that was written since.
    """
    adapters = {}
    with _whole(rows):
        for batch in batches(rows):
            _update(model, batch, set(names), change, adapters)


def delete_many(model, keys, change):
    """Deletes the rows of these keys with a row of history, and nothing beside them."""
    with transaction.atomic(savepoint=False):
        for batch in batches(keys):
            _delete(model, batch, change)


@contextmanager
def _whole(rows):
    """All of the rows are written or none is; then records are what they were."""
    in_memory = rows and isinstance(rows[0], models.Model)
    with (
        keeping_versions(rows) if in_memory else nullcontext(),
        transaction.atomic(savepoint=False),
    ):
        yield


def _insert(model, columns, change, as_given, adapters, records=()):
    given = columns[model._meta.pk.attname]
    keys = _keys_of(model, given)
    for table in tables_of(model):
        columns[table._meta.pk.attname] = keys
    version = model.version_field()
    if version and any(map(is_taken_back, records)):
        columns[version.attname] = version.last_versions(model, keys)
    following = _derived(
        (f for f in model._meta.concrete_fields if f.name not in as_given), change
    )
    _derive(model, following, columns)
    with connection.cursor() as cursor:
        for table in tables_of(model):
            fields = table._meta.local_concrete_fields
            _write(cursor, table, fields, _adapted(fields, columns, adapters))
    _finish(model, MADE, records, columns, following, change, fresh=keys is not given)
    for table in (*tables_of(model), model.history.model):
        change.growth.grew(table._meta.db_table, len(keys))
    return keys


def _write(cursor, table, fields, rows):
    """Writes new rows of a table, many by one statement.

    SQLite keeps a copy of each page that a statement changes, where that fires a
    trigger and so can fail half-way: rows one by one take three times as long.
    PostgreSQL plans each statement anew.
    """
    names = ", ".join(quoted(field.column) for field in fields)
    marks = f"({', '.join('%s' for _field in fields)})"
    statement = f"INSERT INTO {quoted(table._meta.db_table)} ({names}) VALUES {marks}"  # noqa: S608  our names
    for some in batches(rows, LEAST_PARAMETERS // len(fields)):
        values = [value for row in some for value in row]
        cursor.execute(", ".join([statement, *[marks] * (len(some) - 1)]), values)


def _update(model, rows, names, change, adapters):
    records, rows = rows, [_row_of(row) for row in rows]
    key = model._meta.pk
    following = _derived(followers(model, names), change)
    given = [
        field
        for field in model._meta.concrete_fields
        if field.name in names and field not in following
    ]
    before = _before(model, rows, following)
    columns = before | {
        field.attname: [row[field.attname] for row in rows] for field in given
    }
    _derive(model, following, columns, before)
    with connection.cursor() as cursor:
        for table in tables_of(model):
            local = table._meta.local_concrete_fields
            fields = [field for field in (*given, *following) if field in local]
            if not fields:
                continue
            settings = ", ".join(f"{quoted(field.column)} = %s" for field in fields)
            columns[table._meta.pk.attname] = columns[key.attname]
            cursor.executemany(
                f"UPDATE {quoted(table._meta.db_table)} "  # noqa: S608  our names
                f"SET {settings} WHERE {quoted(table._meta.pk.column)} = %s",
                _adapted([*fields, table._meta.pk], columns, adapters),
            )
    restated = "status" in names
    _finish(model, CHANGED, records, columns, following, change, restated=restated)


def _delete(model, keys, change):
    stored = model._base_manager.filter(pk__in=keys)
    owners = ()
    if model.owner:
        owners = list(stored.values_list(model.owner, flat=True))
    copy_to_history(model, DELETED, keys, change)
    for table in reversed(tables_of(model)):
        table._base_manager.filter(pk__in=keys)._raw_delete(DEFAULT_DB_ALIAS)
    change.note_many(model, keys, owners)


def _row_of(row):
    """The values of a record by column; what has values by column is one already."""
    if not isinstance(row, models.Model):
        return row
    deferred = row.get_deferred_fields()
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in deferred
    }


# Columns --------------------------------------------------------------------


def _columns_of(model, rows):
    """What the rows have, by column; what some leave out has its default."""
    rows = [_row_of(row) for row in rows]
    blank = vars(model())
    names = {name for row in rows for name in row} & blank.keys()
    return {name: [row.get(name, blank[name]) for row in rows] for name in names}


def with_defaults(model, columns, number):
    """All columns of so many new rows; a kind of record gives some of them itself."""
    # Of a column that is derived a record would work out a value, or fail.
    blank = vars(model())
    return {
        field.attname: columns.get(field.attname) or [blank.get(field.attname)] * number
        for field in model._meta.concrete_fields
    }


def _keys_of(model, keys):
    """The keys that new rows have, or those of which no other row has had one."""
    if None not in keys:
        return keys
    if any(key is not None for key in keys):
        raise ValueError("Either each of the new rows has its key, or none has.")
    root = tables_of(model)[0]
    table, column = root._meta.db_table, root._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) "
                "FROM generate_series(1, %s)",
                [quoted(table), column, len(keys)],
            )
            return sorted(key for (key,) in cursor.fetchall())
        # Nobody else writes meanwhile: SQLite lets writers in one by one.
        cursor.execute(
            f"SELECT coalesce(max({quoted(column)}), 0), "  # noqa: S608  our names
            "coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0) "
            f"FROM {quoted(table)}",
            [table],
        )
        last = max(cursor.fetchone())
    return list(range(last + 1, last + 1 + len(keys)))


def _before(model, rows, following):
    """What is stored of the rows, as far as columns are derived from it."""
    key, version = model._meta.pk.attname, model.version_field()
    wanted = dict.fromkeys([key, *([version.attname] if version else ())])
    if model.owner:
        wanted[model._meta.get_field(model.owner).attname] = None
    for field in following:
        wanted |= dict.fromkeys(field.read_columns(model))
    names, keys = list(wanted), [row[key] for row in rows]
    stored = model._base_manager.select_for_update().filter(pk__in=keys)
    found = {values[0]: values for values in stored.values_list(*names)}
    for row in rows:
        now = found.get(row[key])
        if now is None or (version and now[1] != row[version.attname]):
            raise StaleRecord(_record_of(model, row))
    values = zip(*(found[row_key] for row_key in keys), strict=True)
    return dict(zip(names, map(list, values), strict=True))


def _record_of(model, row):
    """The record that a row is of, as far as it is known what it says."""
    return model._base_manager.filter(pk=row[model._meta.pk.attname]).first() or model(
        **row
    )


def _derived(fields, change):
    """Those of the fields that are worked out from others."""
    return [
        field
        for field in fields
        if hasattr(field, "derive_column")
        # What is undone again is found by nobody, and no rule looks at that.
        and not (change.is_rehearsal and getattr(field, "is_for_finding", False))
    ]


def _derive(model, following, columns, before=None):
    """Works out the columns that follow others, from what these are now."""
    derived = {
        field.attname: field.derive_column(model, columns, before)
        for field in following
    }
    columns |= derived


class _Adapted(dict):
    """The values of a column as the database takes them; each is adapted once."""

    MOST = 5_000  # values that are kept: more of a column do not come twice

    def __init__(self, field):
        # The longer way is for those fields that ask the database what it takes.
        asks = type(field).get_db_prep_value is not models.Field.get_db_prep_value
        self.adapt = (
            partial(field.get_db_prep_save, connection=connections[DEFAULT_DB_ALIAS])
            if asks or type(field).get_db_prep_save is not models.Field.get_db_prep_save
            else field.get_prep_value
        )

    def __missing__(self, value):
        adapted = self.adapt(value)
        if isinstance(adapted, str) and type(adapted) is not str:
            adapted = str(adapted)  # drivers look longer at a text of another class
        if len(self) >= self.MOST:
            self.clear()
        self[value] = adapted
        return adapted


def _adapted(fields, columns, adapters):
    """The rows as a database takes them, of the columns of these fields."""
    values = (_column(field, columns[field.attname], adapters) for field in fields)
    return list(zip(*values, strict=True))


AS_THEY_ARE = (models.AutoField, models.IntegerField, models.ForeignKey)


def _column(field, values, adapters):
    """One column as a database takes it."""
    kinds = set(map(type, values))
    if kinds <= {int, type(None)} and isinstance(field, AS_THEY_ARE):
        return values
    is_text = isinstance(field, models.CharField | models.TextField)
    if kinds == {str} and is_text and are_plain(values):  # no field changes such a text
        return values
    # Columns of one kind share what they have adapted: both bounds of a text do.
    kind = (
        type(field),
        getattr(field, "max_digits", None),
        getattr(field, "decimal_places", None),
    )
    kind = field if is_text else kind
    if kind not in adapters:
        adapters[kind] = _Adapted(field)
    return list(map(adapters[kind].__getitem__, values))


# What every write leaves ----------------------------------------------------


def _finish(model, how, records, columns, following, change, **noted):
    """Leaves history, tells the change what was written, and records what they are."""
    keys = columns[model._meta.pk.attname]
    if not (records and isinstance(records[0], models.Model)):
        records = ()
    written = defaultdict(list)  # keys, by who wrote a record and why
    for key, record in zip(keys, records, strict=False):
        written[signed(record)].append(key)
    written = written or {(None, None): keys}
    for by, some in () if change.is_rehearsal else written.items():
        copy_to_history(model, how, some, change, *by)
    link = model._meta.get_field(model.owner) if model.owner else None
    change.note_many(model, keys, columns[link.attname] if link else (), **noted)
    for place, record in enumerate(records):
        for table in tables_of(model):
            setattr(record, table._meta.pk.attname, keys[place])
        for field in following:
            setattr(record, field.attname, columns[field.attname][place])
        record._state.adding, record._state.db = False, connection.alias
        change.note(record)

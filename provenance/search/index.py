"""The index of the words in every ``search_text``, kept by the database itself.

On SQLite it is a table of FTS5 beside the table with the text, on PostgreSQL a GIN
index over it; both are asked by ``search_text__words``. All words that were ever
written stand in one vocabulary, from which those are picked that a mistyped one may
stand for.

A migration that makes or alters a table with a ``search_text`` ends with
``word_index(app_label)``: SQLite forgets the triggers of a table that it makes anew.
"""

from django.db import (
    DatabaseError,
    OperationalError,
    connection,
    transaction,
)

from ..db.steps import Step
from ..tracking.tracked import SearchTextField
from ..values.words import EDGE

VOCABULARY = "provenance_knownword"
# Letters of the beginnings that FTS5 looks up at once, like words. Of any other it
# gathers all rows first, which at a million takes a second.
BEGINNINGS = (1, 2, 3, 4)
LEARN = "learn_words"
# The triggers of a table, by what they do on SQLite, and by their event on PostgreSQL.
ON_SQLITE, ON_POSTGRESQL = ("new", "gone", "changed"), ("insert", "update")
# What "changed" does at once, in the order that it needs: SQLite fires two triggers of
# one event in any.
FORMERLY_ON_SQLITE = ("left", "came")


NO_WORDS = f"('', '{SearchTextField.MARK}')"  # what else stands between blanks

# Texts that no record says: their words are found, and stand for no mistyped one.
NOT_LEARNT = ("provenance_sourcefile",)


def vector_of(text):
    """What the words of a text are to the index of PostgreSQL."""
    return f"array_to_tsvector(string_to_array({text}, ' '))"


def found_in(model, readings, shown=None):
    """The statement that finds the keys of rows in whose text all of the words are, or
    what another column ``shown`` says of them, and its parameters.
    """
    table, key = model._meta.db_table, model._meta.pk.column
    if connection.vendor == "sqlite" and not shown:
        sought = " AND ".join(f"({one.for_sqlite})" for one in readings)
        index = index_of(table)
        return f"SELECT rowid AS pk FROM {index} WHERE {index} MATCH %s", [sought]
    holds, sought = holding(model, readings)
    return f"SELECT {shown or key} AS pk FROM {table} WHERE {holds}", sought


def holding(model, readings):
    """The condition that all of the words are in a row's text, and its parameters."""
    if connection.vendor == "sqlite":
        found, sought = found_in(model, readings)
        return f"{model._meta.pk.column} IN ({found})", sought
    sought = " & ".join(f"({one.for_postgresql})" for one in readings)
    return f"{VECTOR} @@ %s::tsquery", [sought]


VECTOR = vector_of("search_text")


def index_of(table):
    """The name of the index of a table."""
    return f"{table}_words"


def indexed(models):
    """Those of the models whose own table has a ``search_text`` and is no history."""
    return [
        model
        for model in models
        if "history_id" not in {field.name for field in model._meta.fields}
        and any(isinstance(f, SearchTextField) for f in model._meta.local_fields)
    ]


def _learning(text, tables=""):
    """How SQLite adds the words of a text, which may be a column of tables."""
    return (
        f"INSERT OR IGNORE INTO {VOCABULARY} (text, beginning, ending) "
        f"SELECT w.value, substr(w.value, 1, {EDGE}), substr(w.value, -{EDGE}) FROM "
        # Folded text has neither quotes nor backslashes.
        f"""{tables}json_each('["' || replace({text}, ' ', '","') || '"]') AS w """
        f"WHERE w.value NOT IN {NO_WORDS}"
    )


def _learning_from(table):
    """How PostgreSQL adds the words of all rows of a table."""
    return (
        f"INSERT INTO {VOCABULARY} (text, beginning, ending) "
        f"SELECT DISTINCT word, left(word, {EDGE}), right(word, {EDGE}) "
        f"FROM {table}, unnest(string_to_array({table}.search_text, ' ')) AS word "
        f"WHERE word NOT IN {NO_WORDS} ON CONFLICT DO NOTHING"
    )


def _on_sqlite(table, key):
    index = index_of(table)

    def trigger(name, event, *deeds, condition=""):
        return (
            f"CREATE TRIGGER IF NOT EXISTS {index}_{name} AFTER {event} ON {table} "
            f"{condition}BEGIN {'; '.join(deeds)}; END"
        )

    # No text is in no index: to take it out of there would do damage.
    forgotten = (
        f"INSERT INTO {index} ({index}, rowid, search_text) "
        f"SELECT 'delete', old.{key}, old.search_text WHERE old.search_text <> ''"
    )
    found = (
        f"INSERT INTO {index} (rowid, search_text) "
        f"SELECT new.{key}, new.search_text WHERE new.search_text <> ''"
    )
    learnt = () if table in NOT_LEARNT else (_learning("new.search_text"),)
    return [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5("
        f"search_text, content='{table}', content_rowid='{key}', tokenize='ascii', "
        f"prefix='{' '.join(map(str, BEGINNINGS))}', detail=none, columnsize=0)",
        trigger("new", "INSERT", found, *learnt),
        trigger("gone", "DELETE", forgotten),
        trigger(
            "changed",
            "UPDATE OF search_text",
            forgotten,
            found,
            *learnt,
            condition="WHEN old.search_text <> new.search_text ",
        ),
    ]


def _on_postgresql(table, key):
    index = index_of(table)
    return [
        f"CREATE OR REPLACE FUNCTION {LEARN}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {_learning_from('fresh')}; RETURN NULL; END $$",
        f"CREATE INDEX IF NOT EXISTS {index} ON {table} USING gin ({VECTOR})",
        *(
            f"CREATE OR REPLACE TRIGGER {index}_{event.lower()} AFTER {event} "
            f"ON {table} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT "
            f"EXECUTE FUNCTION {LEARN}()"
            for event in ("INSERT", "UPDATE")
            if table not in NOT_LEARNT
        ),
    ]


def keep(connection, model):
    """The statements after which the words of a model's table are found."""
    meta = model._meta
    kept = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
    return kept(meta.db_table, meta.pk.column)


def triggers_of(connection, table):
    """The names of the triggers that keep the index of a table."""
    if connection.vendor == "sqlite":
        names = ON_SQLITE
    else:
        names = () if table in NOT_LEARNT else ON_POSTGRESQL
    return [f"{index_of(table)}_{name}" for name in names]


def stop(connection, model):
    """The statements that undo this."""
    table = model._meta.db_table
    index, is_sqlite = index_of(table), connection.vendor == "sqlite"
    of_table = "" if is_sqlite else f" ON {table}"
    former = [f"{index}_{name}" for name in FORMERLY_ON_SQLITE] if is_sqlite else []
    return [
        *(
            f"DROP TRIGGER IF EXISTS {name}{of_table}"
            for name in (*triggers_of(connection, table), *former)
        ),
        f"DROP {'TABLE' if is_sqlite else 'INDEX'} IF EXISTS {index}",
    ]


def rebuild(connection, model):
    """The statements that fill the index and the vocabulary from the table."""
    table = model._meta.db_table
    index = index_of(table)
    if connection.vendor == "sqlite":
        made = f"INSERT INTO {index} ({index}) VALUES ('rebuild')"
        learning = _learning(f"{table}.search_text", tables=f"{table}, ")
    else:
        made, learning = f"REINDEX INDEX {index}", _learning_from(table)
    return [made] if table in NOT_LEARNT else [made, learning]


def in_step(model):
    """Whether a table has its index, with what keeps it, and that says what it says.

    What an index of PostgreSQL says, PostgreSQL answers for.
    """
    table = model._meta.db_table
    index, triggers = index_of(table), triggers_of(connection, table)
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT 1 WHERE to_regclass(%s) IS NOT NULL", [index])
            there = cursor.fetchone() is not None
            cursor.execute(
                "SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(%s) "
                "AND tgname = ANY(%s)",
                [table, triggers],
            )
            return there and cursor.fetchone() == (len(triggers),)
        cursor.execute("SELECT name FROM sqlite_master")
        if not {index, *triggers} <= {name for (name,) in cursor.fetchall()}:
            return False
        try:
            with transaction.atomic():
                cursor.execute(
                    f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)"
                )
        except OperationalError:
            raise  # somebody else writes, or nobody may: that says nothing of it
        except DatabaseError:
            return False
    return True


def _for_each_index(app_label, *steps):
    def operation(apps, schema_editor):
        for model in indexed(apps.get_app_config(app_label).get_models()):
            for step in steps:
                for statement in step(schema_editor.connection, model):
                    schema_editor.execute(statement)

    return operation


def word_index(app_label):
    """The part of a migration that finds the words of an app's records."""
    return Step(
        _for_each_index(app_label, stop, keep, rebuild),
        _for_each_index(app_label, stop),
    )


def beginnings_index(app_label):
    """The part of a migration after which FTS5 looks beginnings up at once."""

    def forwards(apps, schema_editor):
        if schema_editor.connection.vendor == "sqlite":
            _for_each_index(app_label, stop, keep, rebuild)(apps, schema_editor)

    return Step(forwards)

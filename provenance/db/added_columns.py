"""Columns that are worked out, added to tables that may have millions of rows."""

from django.db import migrations

from .append_only import protect, release
from .steps import Step

AT_ONCE = 10_000  # rows


class AddDerivedColumn(migrations.AddField):
    """Adds a column with its default in each row, and makes no table anew.

    Django has SQLite copy the whole table, whose triggers are then lost.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        column = to_state.apps.get_model(app_label, self.model_name)._meta.get_field(
            self.name
        )
        if not self.preserve_default:
            column.default = self.field.default  # of this step alone, as Django has it
        quoted = schema_editor.quote_name
        default = schema_editor.quote_value(schema_editor.effective_default(column))
        schema_editor.execute(
            f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(column.column)} "
            f"{column.db_type(schema_editor.connection)} NOT NULL DEFAULT {default}"
        )


class AlterText(migrations.AlterField):
    """Changes how long a text may be, or what a new one is by default.

    SQLite heeds neither, and keeps its table; Django would make it anew.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    database_backwards = database_forwards


def fill(app_label, columns, derive):
    """The step that fills columns which are worked out from another of the same row.

    ``columns`` has, by model, the name of the column and the one that it follows from.
    """

    def run(apps, schema_editor):
        for model, pairs in columns.items():
            meta = apps.get_model(app_label, model)._meta
            is_history = "history_id" in {field.name for field in meta.fields}
            if is_history:
                _execute(schema_editor, release, meta.db_table)
            for name, followed in pairs:
                _fill(schema_editor, meta, name, followed, derive)
            if is_history:
                _execute(schema_editor, protect, meta.db_table)

    return Step(run)


def _fill(schema_editor, meta, name, followed, derive):
    quoted = schema_editor.quote_name
    table, key = quoted(meta.db_table), quoted(meta.pk.column)
    column, read = (quoted(meta.get_field(one).column) for one in (name, followed))
    with schema_editor.connection.cursor() as cursor:
        last = 0
        while True:
            cursor.execute(
                f"SELECT {key}, {read} FROM {table} WHERE {key} > %s "  # noqa: S608
                f"ORDER BY {key} LIMIT {AT_ONCE}",
                [last],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            cursor.executemany(
                f"UPDATE {table} SET {column} = %s WHERE {key} = %s",  # noqa: S608
                [(derive(text), number) for number, text in rows],
            )


def _execute(schema_editor, statements, table):
    for statement in statements(schema_editor.connection, table):
        schema_editor.execute(statement)

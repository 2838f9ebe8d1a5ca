"""Indexes of single columns that are taken from tables which are full."""

from django.db import migrations


class WithoutIndex(migrations.AlterField):
    """Takes the index of a column away, and nothing else of it.

    Django would have SQLite copy the whole table, whose triggers are then lost, and
    PostgreSQL hold every row against its foreign key again.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model, field = self._column(app_label, to_state)
        for name in schema_editor._constraint_names(
            model,
            [field.column],
            index=True,
            unique=False,
            exclude={index.name for index in model._meta.indexes},
        ):
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        model, field = self._column(app_label, to_state)
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))

    def _column(self, app_label, state):
        model = state.apps.get_model(app_label, self.model_name)
        return model, model._meta.get_field(self.name)

"""Tables whose rows are written once: the database itself refuses to change them.

A migration that makes or alters tables of history ends with ``append_only(app_label)``:
SQLite forgets the triggers of a table that it has to make anew.
"""

from .steps import Step

REFUSAL = "history is never changed or deleted"
REFUSE = "refuse_to_change_history"


def protect(connection, table):
    """The statements after which a table takes new rows and nothing else."""
    quoted = connection.ops.quote_name(table)
    if connection.vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {quoted} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for name, verb in _guards(connection, table, "UPDATE", "DELETE")
        ]
    function = (
        f"CREATE OR REPLACE FUNCTION {REFUSE}() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    guards = _guards(connection, table, "UPDATE", "DELETE", "TRUNCATE")
    return [
        function,
        *(
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {quoted} "
            f"EXECUTE FUNCTION {REFUSE}()"
            for name, verb in guards
        ),
    ]


def release(connection, table):
    """The statements that undo this."""
    on = f" ON {connection.ops.quote_name(table)}"
    where = "" if connection.vendor == "sqlite" else on
    verbs = ("UPDATE", "DELETE", "TRUNCATE")
    return [
        f"DROP TRIGGER IF EXISTS {name}{where}"
        for name, _verb in _guards(connection, table, *verbs)
    ]


def _guards(connection, table, *verbs):
    return [
        (connection.ops.quote_name(f"{table}_no_{verb.lower()}"), verb)
        for verb in verbs
    ]


def written_once(models):
    """The tables of those models that are history, or the changes behind it."""
    return [
        model._meta.db_table
        for model in models
        if model.__name__ == "ChangeSet"
        or {"history_id", "history_type"} <= {f.name for f in model._meta.fields}
    ]


def append_only(app_label):
    """The part of a migration that protects the history of an app."""

    def run(statements):
        def operation(apps, schema_editor):
            models = apps.get_app_config(app_label).get_models()
            for table in written_once(models):
                for statement in statements(schema_editor.connection, table):
                    schema_editor.execute(statement)

        return operation

    return Step(run(protect), run(release))

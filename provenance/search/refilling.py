"""The step of a migration that works out anew what rows are found by."""

from ..db.append_only import protect, release
from ..db.steps import Step
from ..tracking.tracked import SearchTextField

AT_ONCE = 10_000  # rows


def refill(app_label, searched, derive=SearchTextField.text_of):
    """The step that fills ``search_text`` where what is searched has changed.

    ``searched`` has, by model, the columns with the name and the others, of which
    ``derive`` makes the text.
    """

    def run(apps, schema_editor):
        for name, (named, others) in searched.items():
            model = apps.get_model(app_label, name)
            table = model._meta.get_field("search_text").model._meta.db_table
            is_history = "history_id" in {field.name for field in model._meta.fields}
            if is_history:
                _execute(schema_editor, release, table)
            _fill(schema_editor, model, named, others, derive)
            if is_history:
                _execute(schema_editor, protect, table)

    return Step(run)


def _fill(schema_editor, model, named, others, derive):
    holder = model._meta.get_field("search_text").model
    quoted = schema_editor.quote_name
    statement = (
        f"UPDATE {quoted(holder._meta.db_table)} SET search_text = %s "  # noqa: S608
        f"WHERE {quoted(holder._meta.pk.column)} = %s"
    )
    rows = model._base_manager.order_by("pk").values_list("pk", *named, *others)
    behind, last = len(named), 0
    with schema_editor.connection.cursor() as cursor:
        while some := list(rows.filter(pk__gt=last)[:AT_ONCE]):
            last = some[-1][0]
            texts = [
                (derive(texts[:behind], texts[behind:]), key) for key, *texts in some
            ]
            cursor.executemany(statement, texts)


def _execute(schema_editor, statements, table):
    for statement in statements(schema_editor.connection, table):
        schema_editor.execute(statement)

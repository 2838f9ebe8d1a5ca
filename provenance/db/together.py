"""Many steps of a migration in one."""

from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory


class Together(Operation):
    """Steps of which none needs the tables as another of them left them.

    Step by step, Django builds every related class anew for each of them, and through
    users and changes all are related. Here the classes are built once, for all; a table
    that is made comes with all that later steps would add to it.

    For SQLite, no two steps may make one table anew, as adding a foreign key that has
    a default does: each would know the columns of before alone.
    """

    category = OperationCategory.MIXED

    def __init__(self, *steps):
        self.steps = steps

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # the classes; built when they are asked for
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for step in self._on_tables():
            step.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for step in reversed(self._on_tables()):
            step.database_backwards(app_label, schema_editor, from_state, to_state)

    def _on_tables(self):
        """The steps that are left to do: what is made is made in its last form."""
        made = {step.name_lower for step in self.steps if isinstance(step, CreateModel)}
        return [
            step
            for step in self.steps
            if getattr(step, "model_name_lower", None) not in made
        ]

    def describe(self):
        return f"Take {len(self.steps)} steps together"

"""Many models in one step of a migration."""

from django.db.migrations.operations.base import Operation, OperationCategory


class CreateModels(Operation):
    """Creates models of which each may refer to any other.

    Step by step, Django builds every related class anew for each of them, and through
    users and changes all are related. Here the classes are built once, for all.
    """

    category = OperationCategory.ADDITION

    def __init__(self, *steps):
        self.steps = steps

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # the classes; built when they are asked for
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for step in self.steps:
            step.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for step in reversed(self.steps):
            step.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Create {len(self.steps)} models"

"""Steps of migrations in Python."""

from django.db import router
from django.db.migrations import RunPython


class Step(RunPython):
    """What a migration does by a function of Python that asks tables and columns alone.

    The function is given the classes as the steps before have built them. Django would
    build all of them anew for each such step after a column was added, for relations
    between them that may be out of date, which takes half the time in which a database
    is made. Without a function for the way back there is nothing to do on it.
    """

    def __init__(self, code, reverse_code=RunPython.noop):
        super().__init__(code, reverse_code)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            self.code(to_state.apps, schema_editor)

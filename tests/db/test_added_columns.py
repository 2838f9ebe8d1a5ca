"""Columns that are added to tables which have rows already."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from provenance.db.added_columns import AddDerivedColumn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

THINGS = migrations.CreateModel("Thing", [("id", models.AutoField(primary_key=True))])


def carried_out(operation, state):
    """The state after an operation, which is carried out."""
    after = state.clone()
    operation.state_forwards("tests", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("tests", editor, state, after)
    return after


@pytest.fixture
def things():
    """The state of a table with one row."""
    state = carried_out(THINGS, ProjectState())
    state.apps.get_model("tests", "Thing").objects.create()
    yield state
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE tests_thing")


@pytest.mark.parametrize("stays", [True, False])
def test_a_row_that_is_there_has_the_default_whether_that_stays_or_not(things, stays):
    field = models.CharField(max_length=10, default="0001-01-01")
    step = AddDerivedColumn("thing", "start_earliest", field, preserve_default=stays)
    after = carried_out(step, things)
    (thing,) = after.apps.get_model("tests", "Thing").objects.all()
    assert thing.start_earliest == "0001-01-01"

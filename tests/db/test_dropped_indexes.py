"""Indexes that are taken from tables which have rows and triggers."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from provenance.db.append_only import protect
from provenance.db.dropped_indexes import WithoutIndex

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

THINGS = migrations.CreateModel(
    "Thing",
    [
        ("id", models.AutoField(primary_key=True)),
        ("at", models.IntegerField(db_index=True)),
        ("kept", models.IntegerField(db_index=True)),
    ],
)
STEP = WithoutIndex("thing", "at", models.IntegerField())


def carried_out(operation, state, direction="forwards"):
    """The state after an operation, which is carried out, or taken back."""
    after = state.clone()
    operation.state_forwards("tests", after)
    first, last = (state, after) if direction == "forwards" else (after, state)
    with connection.schema_editor() as editor:
        getattr(operation, f"database_{direction}")("tests", editor, first, last)
    return after


def indexed():
    """The columns of the table that have an index."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "tests_thing")
    return sorted(
        each["columns"][0]
        for each in found.values()
        if each["index"] and not each["primary_key"]
    )


@pytest.fixture
def things():
    """The state of a table with one row, which nobody may change."""
    state = carried_out(THINGS, ProjectState())
    state.apps.get_model("tests", "Thing").objects.create(at=1, kept=2)
    with connection.schema_editor() as editor:
        for statement in protect(connection, "tests_thing"):
            editor.execute(statement)
    yield state
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE tests_thing")


def test_the_index_goes_and_rows_triggers_and_other_indexes_stay(things):
    after = carried_out(STEP, things)
    assert indexed() == ["kept"]
    thing = after.apps.get_model("tests", "Thing").objects.get()
    with pytest.raises(Exception, match="history is never changed or deleted"):
        thing.save()


def test_it_comes_again_where_the_step_is_taken_back(things):
    carried_out(STEP, things)
    carried_out(STEP, things, "backwards")
    assert indexed() == ["at", "kept"]

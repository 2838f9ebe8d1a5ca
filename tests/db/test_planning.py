"""What a transaction writes is counted before it ends, so that it is planned for."""

import pytest
from django.db import connection

from entities.models import Place
from provenance.db import planning
from provenance.db.planning import Growth
from provenance.tracking.bulk import insert_columns
from provenance.tracking.changes import changing

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def counted(table):
    """How many rows the planner believes to be in a table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
        return cursor.fetchone()[0]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite counts nothing.")
def test_rows_that_a_change_has_written_are_planned_for_before_it_ends(monkeypatch):
    monkeypatch.setattr(planning, "MANY", 1_500)
    slugs = [f"place-{number}" for number in range(2_000)]
    with changing("tests") as change:
        insert_columns(Place, {"slug": slugs, "name": slugs}, change)
        assert counted("entities_place") >= len(slugs)
        assert counted("entities_historicalplace") >= len(slugs)


def test_a_table_is_counted_again_only_when_it_has_doubled(monkeypatch):
    monkeypatch.setattr(planning, "MANY", 10)
    said, growth = [], Growth()
    monkeypatch.setattr(Growth, "_count", lambda self, table: said.append(table))
    for _row in range(85):
        growth.grew("entities_place", 1)
    assert len(said) == 4  # at 10, 20, 40 and 80

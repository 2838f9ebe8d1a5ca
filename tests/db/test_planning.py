"""What a transaction writes is counted before it ends, so that it is planned for."""

import pytest
from django.db import connection

from entities.models import Official, Place
from provenance.db import planning
from provenance.db.planning import Growth
from provenance.tracking.bulk import insert_columns
from provenance.tracking.changes import changing
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def counted(table):
    """How many rows the planner believes to be in a table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
        else:
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s", [table])
        return max((float(str(stat).split()[0]) for (stat,) in cursor), default=0)


def test_rows_that_a_change_has_written_are_planned_for_before_it_ends(monkeypatch):
    of_all = 2 if connection.vendor == "sqlite" else 1  # of the table and its history
    monkeypatch.setattr(planning, "MANY", of_all * 1_500)
    slugs = [f"place-{number}" for number in range(2_000)]
    with changing("tests") as change:
        insert_columns(Place, {"slug": slugs, "name": slugs}, change)
        assert counted("entities_place") >= 1_500
        assert counted("entities_historicalplace") >= 1_500


def test_a_table_is_counted_again_only_when_it_has_grown_much(monkeypatch):
    monkeypatch.setattr(planning, "MANY", 10)
    said, growth = [], Growth()
    monkeypatch.setattr(planning, "count", said.append)
    for _row in range(85):
        growth.grew("entities_place", 1)
    assert len(said) == 2  # at 10 and at 40


on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL counts by itself."
)


@on_sqlite
def test_an_empty_table_is_planned_for_as_an_empty_one():
    for number in range(30):
        make.an_official(slug=f"official-{number}")
    empty = Official.dispute_model().objects.select_related("record").order_by("pk")
    planning.count("entities_official")
    assert counted("entities_officialdispute") == 1
    assert "SCAN entities_officialdispute" in empty.explain()


@on_sqlite
def test_sqlite_counts_its_tables_with_every_hundredth_change(monkeypatch):
    monkeypatch.setattr(planning, "NOW_AND_THEN", 3)
    counted_rows = []
    for _number in range(3):
        make.a_place()
        counted_rows.append(counted("entities_place"))
    assert counted_rows == [0, 0, 3]

"""A table in which very many rows belong to one record."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Official
from provenance.resources.outcome import Kind
from provenance.tables.sheets import CHUNK
from provenance.tracking.bulk import insert_many
from provenance.tracking.changes import changing
from tests import make
from tests.folders import faults_in, read_in
from timeline.models import Participation

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CHUNKS = 3
SLUGS = [f"o-{number}" for number in range(CHUNKS * CHUNK)]


@pytest.fixture(autouse=True)
def _congress():
    """A meeting in which nobody takes part so far, and those who might."""
    make.a_meeting(slug="congress")
    make.an_agency("Navy", slug="navy")
    with changing("tests") as change:
        insert_many(Official, [{"slug": s, "name": "Ana"} for s in SLUGS], change)


def table(*last):
    rows = [f"congress,participant,{slug}," for slug in SLUGS]
    return "\n".join(["event,role,official,agency", *rows, *last, ""])


def test_what_is_there_of_a_record_is_read_once_however_many_rows_it_has():
    for kind in (Kind.NEW, Kind.SAME):
        with CaptureQueriesContext(connection) as caught:
            outcome = read_in("participations", table())
        assert outcome.counts[kind] == len(SLUGS)
        of_all = [
            query["sql"]
            for query in caught
            if query["sql"].startswith("SELECT")
            and f'FROM "{Participation._meta.db_table}" ' in query["sql"]
            and "official_id" not in query["sql"].partition("WHERE")[2]
        ]
        assert len(of_all) == 1, kind


def test_a_row_is_held_against_those_of_the_same_record_far_above_it():
    outcome = read_in("participations", table("congress,participant,o-1,navy"))
    line = len(SLUGS) + 2
    said = f"line {line}: This official already has this role in it at this date."
    assert said in faults_in(outcome)

"""Whole tables of the curated record, read anew as what one source says."""

import csv
from io import StringIO

import pytest

from provenance.resources import Kind, attribution
from provenance.resources.attribution import CITED_AT_ONCE
from provenance.resources.importing import Attribution
from tests import make
from tests.folders import FIXTURES, read_in
from timeline.models import Agreement, Observation, Statement

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize("kind", [Agreement, Observation, Statement])
@pytest.mark.parametrize("at_once", [1, CITED_AT_ONCE])
def test_what_is_cited_of_a_new_record_is_what_its_cell_says(
    kind, at_once, record, monkeypatch
):
    monkeypatch.setattr(attribution, "CITED_AT_ONCE", at_once)
    with (FIXTURES / f"{kind.collection}.csv").open(newline="") as file:
        rows = [{**row, "slug": f"new-{row['slug']}"} for row in csv.DictReader(file)]
    with StringIO(newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
        text = file.getvalue()
    register = make.a_source(slug="register")
    says = Attribution(register, locator="table 1", as_of="2025-02")
    outcome = read_in(kind.collection, text, attribution=says)
    assert outcome.counts[Kind.NEW] == len(rows) and not outcome.faults
    table = kind.citation_model().objects.filter(source=register)
    citations = list(table.select_related("record"))
    assert {(one.record.slug, one.field): one.checked_against for one in citations} == {
        (row["slug"], name): row[name] if name else ""
        for row in rows
        for name in ("", *kind.citable)
        if not name or row.get(name)
    }
    assert {(one.as_of, one.locator, one.version) for one in citations} == {
        ("2025-02", "table 1", 1)
    }
    history = kind.citation_model().history.filter(source=register)
    assert history.count() == len(citations)

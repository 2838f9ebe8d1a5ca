"""The curated record in JSON: the database and the serializer write the same bytes."""

import pytest

from tests.both_ways import KINDS, written_both_ways
from tests.depth import thinned

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize("kind", thinned(KINDS))
def test_all_of_it_is_written_alike(kind, record):
    ours, pythons = written_both_ways(kind)
    assert ours
    assert ours == pythons


@pytest.mark.parametrize("kind", ["appointment", "deployment", "timeline"])
def test_what_held_on_a_date_is_written_alike(kind, record):
    ours, pythons = written_both_ways(kind, as_of="2010-06")
    assert ours == pythons
    assert any('"holds":"maybe"' in each for each in ours)


@pytest.mark.parametrize("fields", [("slug",), ("citations", "slug"), ("support",)])
def test_what_is_asked_for_is_written_alike(fields, record):
    ours, pythons = written_both_ways("meeting", fields=fields)
    assert ours
    assert ours == pythons

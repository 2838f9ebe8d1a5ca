"""The curated record in JSON: the database and the serializer write the same bytes."""

import json

import pytest
from django.utils.translation import override

from provenance.api import citations, disputes
from provenance.registry.kinds import cited_types
from provenance.values.asked_time import AskedTime
from tests import make
from tests.both_ways import KINDS, ROOT, written_both_ways
from tests.depth import thinned

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize("kind", thinned(KINDS))
def test_all_of_it_is_written_alike(kind, record):
    make.broken_down()
    ours, pythons = written_both_ways(kind)
    assert ours
    assert ours == pythons


@pytest.mark.parametrize("kind", ["appointment", "deployment", "timeline"])
def test_what_held_on_a_date_is_written_alike(kind, record):
    ours, pythons = written_both_ways(kind, time=AskedTime("2010-06"))
    assert ours == pythons
    assert any('"holds":"maybe"' in each for each in ours)


@pytest.mark.parametrize("kind", ["appointment", "deployment", "timeline"])
def test_what_held_in_a_period_is_written_alike(kind, record):
    written = set()
    for time in (AskedTime(first="2009", last="2025-03"), AskedTime("2025", "2009")):
        ours, pythons = written_both_ways(kind, time=time)
        assert ours == pythons
        written |= {'"holds":"maybe"' in each for each in ours}
    assert written == {False, True}


@pytest.mark.parametrize("kind", ["agency", "agreement"])
def test_which_names_were_in_use_then_is_written_alike(kind, record):
    told = set()
    for time in (AskedTime("2009-10"), AskedTime(first="2012", last="2025-04")):
        ours, pythons = written_both_ways(kind, time=time)
        assert ours == pythons
        for each in map(json.loads, ours):
            told.update(name["holds"] for name in each["names"])
    assert told == ({"yes", "maybe", "no"} if kind == "agency" else {"maybe"})


@pytest.mark.parametrize("fields", [("slug",), ("citations", "slug"), ("support",)])
def test_what_is_asked_for_is_written_alike(fields, record):
    ours, pythons = written_both_ways("meeting", fields=fields)
    assert ours
    assert ours == pythons


@pytest.mark.parametrize("name", cited_types())
@pytest.mark.parametrize(
    ("listed", "serializer_class"),
    [
        (citations.AS_LISTED, citations.CitationRecordSerializer),
        (disputes.AS_LISTED, disputes.DisputeSerializer),
    ],
    ids=["citations", "disputes"],
)
def test_what_is_about_each_kind_is_written_alike(
    name, listed, serializer_class, record
):
    make.broken_down()
    serializer = serializer_class(context={"everything": False, "root": ROOT})
    rows = listed.seen(cited_types()[name], everything=False).order_by("-pk")
    shown = listed.stretch(name, rows).rows
    ours = listed.as_json(lambda everything: serializer, shown)
    keys = [row.pk for row in rows]
    pythons = listed.texts_by_serializer(serializer, name, keys)
    assert ours == [pythons[key].encode() for key in keys]
    assert ours or listed is disputes.AS_LISTED


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_language_writes_alike(language, record):
    with override(language):
        for kind in ("observation", "appointment", "timeline"):
            ours, pythons = written_both_ways(kind)
            assert ours == pythons

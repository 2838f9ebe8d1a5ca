"""How thick the record is in time, and how much room that gives to it."""

from datetime import date

import pytest

from tests import make
from timeline.density import density, density_within, pieces_of, scale_of
from timeline.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def scaled(events, by_index=False):
    """The scale of these events, by how thick they are."""
    return scale_of(events, density(events, by_index))


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (date(2025, 2, 3), date(2025, 2, 5), ["3 February 2025", "4 February 2025"]),
        (date(2024, 12, 9), date(2025, 2, 5), ["December 2024", "January 2025"]),
        (date(2019, 1, 1), date(2025, 2, 5), ["2019", "2020"]),
        (date(1521, 1, 1), date(2025, 2, 5), ["1520–1539", "1540–1559"]),
    ],
)
def test_a_stretch_is_told_by_pieces_of_one_size(first, last, labels):
    pieces = pieces_of(first, last)
    assert [piece.label for piece in pieces[:2]] == labels
    assert pieces[0].first <= first and pieces[-1].last >= last
    assert len(pieces) <= 48


def test_a_window_is_as_thick_as_events_began_in_it():
    for start in ("2024", "2025-02-03", "2025-02", "2025-04-05", ""):
        make.a_milestone(start=start)
    bars = density_within(
        Event.objects.published(), date(2024, 12, 1), date(2025, 5, 31)
    )
    assert [(bar.label, bar.number, bar.height) for bar in bars] == [
        ("December 2024", 0, 0),
        ("January 2025", 0, 0),
        ("February 2025", 2, 100),
        ("March 2025", 0, 0),
        ("April 2025", 1, 50),
        ("May 2025", 0, 0),
    ]


def test_busy_months_have_more_room_and_a_vague_date_is_shared_out():
    for start in ("2010", "2025-02-03", "2025-02-04", "2025-02"):
        make.a_milestone(start=start)
    scale = scaled(Event.objects.published())
    assert (scale.first, scale.last) == (date(2010, 1, 1), date(2025, 12, 31))
    busy = scale.at(date(2025, 3, 1)) - scale.at(date(2025, 2, 1))
    assert busy > 0.4
    vague = scale.at(date(2011, 1, 1))
    assert scale.at(date(2010, 7, 2)) == pytest.approx(vague / 2, abs=0.001)
    assert scale.at(date(2012, 1, 1)) - vague < vague


def test_of_events_without_a_date_there_is_no_scale():
    make.a_milestone()
    assert scaled(Event.objects.published()) is None


def test_of_many_events_the_scale_is_by_the_years_that_are_counted(monkeypatch):
    for start in ("2010", "2025-02-03", "2025-02-04"):
        make.a_milestone(start=start)
    monkeypatch.setattr("timeline.density.FEW", 1)
    events = Event.objects.published()
    even = scaled(events)
    assert even.is_even and even.first == date(2010, 1, 1)
    scale = scaled(events, by_index=True)
    assert scale.at(date(2025, 1, 1)) < 0.6 < scale.at(date(2025, 12, 31))

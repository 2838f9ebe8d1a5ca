"""Room for time: busy days have more of it, and so more round dates are marked."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from provenance.web.ticks import NEAREST
from provenance.web.time_axis import Axis
from provenance.web.time_scale import TimeScale

FIRST = date(2000, 1, 1)
PIECES = st.lists(
    st.tuples(st.integers(1, 400), st.integers(0, 50)), min_size=1, max_size=40
)


def scale_with(pieces):
    """The scale of pieces of so many days, with so much in each."""
    begun, found = FIRST, []
    for days, number in pieces:
        last = begun + timedelta(days=days - 1)
        found.append((begun, last, number))
        begun = last + timedelta(days=1)
    return TimeScale.by_number(found)


def labels(first, last, scale=None):
    return [tick.label for tick in Axis(first, last, scale).ticks]


@given(PIECES, st.data())
def test_a_scale_leads_from_days_to_room_and_back(pieces, data):
    scale = scale_with(pieces)
    days = sum(length for length, _number in pieces)
    assert (scale.at(scale.first), scale.room[-1]) == (0, 1)
    assert scale.last == FIRST + timedelta(days=days - 1)
    day = FIRST + timedelta(days=data.draw(st.integers(0, days - 1)))
    assert scale.at(day) < scale.at(day + timedelta(days=1))
    if days < 2_000:  # the room of a day is rounded
        assert abs((scale.day_at(scale.at(day)) - day).days) <= 1


def test_a_busy_year_has_more_room_than_quiet_ones_together():
    scale = scale_with([(3650, 5), (365, 25)])
    busy = FIRST + timedelta(days=3650)
    assert scale.at(busy) < 0.5 < scale.at(busy + timedelta(days=100))


def test_without_anything_in_it_or_with_the_same_in_all_a_scale_is_even():
    assert scale_with([(10, 0), (20, 0)]).is_even
    assert scale_with([(10, 1), (20, 2)]).is_even
    assert not scale_with([(10, 1), (20, 1)]).is_even


def test_beyond_a_scale_all_is_at_its_edge():
    scale = TimeScale.even(date(2020, 1, 1), date(2020, 12, 31))
    assert scale.at(date.min) == 0
    assert scale.at(date.max) == 1
    assert scale.day_at(-1) == date(2020, 1, 1)
    assert scale.day_at(0.5) == date(2020, 7, 2)


@given(PIECES)
def test_the_dates_on_an_axis_are_apart_from_one_another_on_any_scale(pieces):
    scale = scale_with(pieces)
    ticks = Axis(scale.first, scale.last + timedelta(days=1), scale).ticks
    for one, other in pairwise(ticks):
        assert other.at - one.at >= NEAREST - 0.001


def test_dates_on_an_axis_are_as_round_as_there_is_room_for():
    assert labels(date(1500, 1, 1), date(2025, 1, 1)) == [
        *("1500", "1550", "1600", "1650", "1700", "1750", "1800", "1850", "1900"),
        *("1950", "2000"),
    ]
    assert labels(date(2020, 1, 1), date(2025, 1, 1)) == [
        *("2020", "Jul 2020", "2021", "Jul 2021", "2022", "Jul 2022", "2023"),
        *("Jul 2023", "2024", "Jul 2024", "2025"),
    ]
    assert labels(date(2025, 1, 10), date(2025, 4, 1)) == [
        *("15 Jan", "22 Jan", "Feb 2025", "8 Feb", "15 Feb", "22 Feb"),
        *("Mar 2025", "8 Mar", "15 Mar", "22 Mar", "Apr 2025"),
    ]
    assert labels(date(2025, 2, 1), date(2025, 2, 8)) == [
        *("Feb 2025", "2 Feb", "3 Feb", "4 Feb", "5 Feb", "6 Feb", "7 Feb", "8 Feb"),
    ]


def test_where_a_scale_has_more_room_there_are_more_dates():
    quiet_then_busy = scale_with([(3653, 1), (366, 12), (365, 36)])
    found = labels(date(2000, 1, 1), date(2011, 12, 31), quiet_then_busy)
    assert found[0] == "2000"
    assert "Jul 2011" in found
    assert "2001" not in found

"""Time drawn to scale: what is sure, what may be, and what nobody knows."""

from datetime import date
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from entities.models import Appointment
from provenance.web.time_axis import (
    Axis,
    drawing_of,
    is_dated,
    mark_of,
    spoken,
)
from timeline.models import Meeting

AXIS = Axis(date(2020, 1, 1), date(2030, 1, 1))
DATES = ["", "2021", "2021-03", "2022-05-06", "2023~", "[2021..2024]", "[..2022]"]
ENDS = [*DATES, "[2023..]", ".."]


def lasting(start="", end=""):
    return Appointment(start=start, end=end)


@pytest.mark.parametrize(
    ("start", "end", "core", "opens", "stays_open"),
    [
        ("2021-03-04", "2023-05-06", True, False, False),
        ("2021", "2023", True, False, False),
        ("2021", "..", True, False, True),
        ("2021", "", False, False, True),
        ("[..2021]", "[2023..]", True, True, True),
        ("2021~", "2023", False, False, False),
        ("", "2023", False, True, False),
        ("2021", "2021", False, False, False),
    ],
)
def test_a_core_is_what_certainly_holds_and_an_open_end_is_open(
    start, end, core, opens, stays_open
):
    mark = mark_of(lasting(start, end), AXIS, "It", "", "")
    assert (mark.has_core, mark.opens, mark.stays_open) == (core, opens, stays_open)


@given(st.sampled_from(DATES), st.sampled_from(ENDS))
def test_a_core_lies_within_its_envelope_and_all_of_it_on_the_axis(start, end):
    mark = mark_of(lasting(start, end), AXIS, "It", "", "")
    edges = [mark.left, mark.right]
    if mark.has_core:
        edges = [mark.left, mark.core_left, mark.core_right, mark.right]
    if lasting(start, end).days[0] <= lasting(start, end).days[3]:
        assert edges == sorted(edges)
    assert all(0 <= edge <= 100 for edge in edges)


def test_a_point_ends_when_it_starts_and_a_vague_one_is_no_core():
    day = mark_of(Meeting(start="2021-03-04"), AXIS, "", "", "")
    month = mark_of(Meeting(start="2021-03"), AXIS, "", "", "")
    assert day.has_core
    assert not month.has_core
    assert not month.stays_open
    assert month.width == pytest.approx(100 * 31 / AXIS.days, abs=0.01)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Meeting(start="2021-03"), "March 2021"),
        (Meeting(start="[2025-02-01..2025-02-10]"), "1–10 February 2025"),
        (Meeting(start="[2025-01-30..2025-02-10]"), "30 January–10 February 2025"),
        (Meeting(start="[..2009-10]"), "by October 2009"),
        (Meeting(start="2009~"), "about 2009"),
        (Meeting(start="2009-03-04?"), "4 March 2009, perhaps"),
        (Meeting(), "date not known"),
        (lasting("2021", ".."), "2021 → still going on"),
        (lasting("2021", "[2023-04..]"), "2021 → not before April 2023"),
        (lasting("2021", "2021"), "2021"),
        (lasting(), "date not known"),
        (lasting("", "2021"), "not known → 2021"),
    ],
)
def test_from_when_to_when_is_said_no_more_exactly_than_it_is_known(item, words):
    assert spoken(item) == words


def test_what_has_no_date_is_on_no_drawing():
    assert not is_dated(Meeting())
    assert not is_dated(lasting("", ".."))
    assert is_dated(lasting("[..2021]", ""))
    assert drawing_of([("", "", [(Meeting(), "", "", "")])]) is None
    dated = (Meeting(start="2021"), "A", "/a/", "")
    drawing = drawing_of([("", "", [(Meeting(), "", "", ""), dated])])
    ((mark,),) = drawing.lanes[0].rows
    assert mark.label == "A"


def test_what_overlaps_stands_in_rows_of_its_own():
    items = [
        (lasting(f"{year}", f"{year + 2}"), str(year), "", "")
        for year in range(2000, 2012)
    ]
    drawing = drawing_of([("", "", items)])
    (lane,) = drawing.lanes
    assert len(lane.rows) > 1
    for row in lane.rows:
        for one, other in pairwise(row):
            assert one.right < other.left
    assert sum(map(len, lane.rows)) == len(items)


@given(
    st.dates(),
    st.dates(),
)
def test_an_axis_has_few_ticks_in_order_and_holds_its_days(one, other):
    axis = Axis.around([one, other])
    if axis is None:
        return
    ticks = [tick.at for tick in axis.ticks]
    assert ticks == sorted(ticks)
    assert len(ticks) <= 14
    for day in {one, other} - {date.min, date.max}:
        assert 0 <= axis.at(day) <= 100


@pytest.mark.parametrize(
    ("language", "labels"),
    [("en", ["Oct 2024", "8 Oct"]), ("es", ["oct 2024", "8 oct"])],
)
def test_months_are_written_as_the_language_of_the_reader_writes_them(language, labels):
    with override(language):
        ticks = [tick.label for tick in Axis(date(2024, 9, 1), date(2024, 11, 1)).ticks]
    assert [label for label in ticks if "ct" in label][:2] == labels


def test_a_label_near_an_edge_stays_on_the_drawing():
    ticks = Axis(date(2024, 9, 1), date(2024, 11, 1)).ticks
    assert [(tick.label, tick.edge) for tick in ticks] == [
        ("Sep 2024", "first"),
        ("8 Sep", ""),
        ("15 Sep", ""),
        ("22 Sep", ""),
        ("Oct 2024", ""),
        ("8 Oct", ""),
        ("15 Oct", ""),
        ("22 Oct", ""),
        ("Nov 2024", "last"),
    ]

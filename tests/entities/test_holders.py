"""Who held a post at one time: certainly more than it has seats, possibly, nobody."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.holders import TIMES, Tenure, _crowds, overfull, vacancies
from entities.models import Appointment, Post
from tests import make
from tests.depth import examples

pytestmark = [pytest.mark.django_db, pytest.mark.database]
POSSIBLE = "possible"


def a_post_held(*spans, seats=1, kind="substantive", **values):
    """A post, and for each span an appointment called a, b, c and so on."""
    post = make.a_post(seats=seats)
    for slug, span in zip("abcdef", spans, strict=False):
        start, _mark, end = span.partition("/")
        make.an_appointment(
            slug=slug, post=post, kind=kind, start=start, end=end, **values
        )
    return post


def crowds(*args):
    return [
        ("".join(found.slugs), str(found.first), str(found.last))
        for found in overfull(Post.objects.all(), *args)
    ]


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        (
            ["2018-12-01/2020-06-30", "2020-06-01/2022-01-01"],
            [("ab", "2020-06-01", "2020-06-30")],
        ),
        (["2018-12-01/2020-06-30", "2020-06-30/2022-01-01"], []),  # handed over
        (["2018-12-01/2020-06-30", "2020-07-01/2022-01-01"], []),
        # A day can be handed over twice, and two days cannot.
        (["2018-12-01/2020-06-30", "2020-06-30/2020-06-30", "2020-06-30/2021"], []),
        (
            ["2018-12-01/2020-06-30", "2020-05-05/2020-05-05"],
            [("ab", "2020-05-05", "2020-05-05")],
        ),
        (
            ["2020-05-05/2020-05-05", "2020-05-05/2020-05-05"],
            [("ab", "2020-05-05", "2020-05-05")],
        ),
        # A part of a date: only what all that it can mean has in common is certain.
        (["2018/2020-06", "2020-06/2022"], []),
        (["2018/2021", "2019/2022"], [("ab", "2019-12-31", "2021-01-01")]),
        (["2018/2019", "2018/2019"], [("ab", "2018-12-31", "2019-01-01")]),
        # Who is still in office is so on every day since; who left, nobody knows when.
        (["2018-12-01/..", "2020-05/.."], [("ab", "2020-05-31", "9999-12-31")]),
        (["2018-12-01/", "2020-05/.."], []),
        # Whether the one had gone when the other came on that day, nobody knows.
        (["/2020-06-30", "2020-06-30/"], []),
        (["2020/2020-03-01", "2019/2022"], []),
        (["/..", "/.."], []),
        (["[2007..]/..", "[2007..]/.."], []),
        (["[..2007]/..", "[..2008]/.."], [("ab", "2008-12-31", "9999-12-31")]),
        # An unsure date is never certain.
        (["2018-12-01~/2020-06-30", "2020-06-01/2022-01-01"], []),
        (["2018-12-01/2020-06-30?", "2020-06-01/2022-01-01"], []),
        # Times that touch are one; what lies between two is not in them.
        (
            ["2010-01-01/2020-01-01", "2011-01-01/2013-01-01", "2012-01-01/2014-01-01"],
            [("abc", "2011-01-01", "2014-01-01")],
        ),
        (
            ["2010-01-01/2020-01-01", "2011-01-01/2012-01-01", "2013-01-01/2014-01-01"],
            [("ab", "2011-01-01", "2012-01-01"), ("ac", "2013-01-01", "2014-01-01")],
        ),
    ],
)
def test_more_held_a_post_than_it_has_seats_where_all_their_dates_say_so(spans, found):
    a_post_held(*spans)
    assert crowds() == found


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        (["2018/2020-06", "2020-06/2022"], [("ab", "2020-06-01", "2020-06-30")]),
        (["2018-12-01/2020-06-30", "2020-06-30/2022-01-01"], []),
        (["2018/", "2020-05-01/.."], [("ab", "2020-05-01", "9999-12-31")]),
        (
            ["2018-12-01~/2020-06-30", "2020-06-01/2022-01-01"],
            [("ab", "2020-06-01", "2020-06-30")],
        ),
    ],
)
def test_more_may_have_held_it_where_their_dates_allow_it(spans, found):
    a_post_held(*spans)
    assert crowds(POSSIBLE) == found


def test_a_post_with_more_seats_is_overfull_only_with_more_holders():
    spans = ["2010-01-01/2020-01-01", "2011-01-01/2020-01-01", "2012-01-01/2013-01-01"]
    a_post_held(*spans, seats=2)
    assert crowds() == [("abc", "2012-01-01", "2013-01-01")]


def test_a_post_of_any_number_of_seats_is_never_overfull():
    a_post_held("2010/2020", "2010/2020", seats=None)
    assert crowds() == crowds(POSSIBLE) == []


@pytest.mark.parametrize("kind", ["acting", "interim", "nominee"])
def test_who_acts_or_is_nominated_takes_no_seat(kind):
    post = a_post_held("2010/2020", "2010/2020", kind=kind)
    make.an_appointment(slug="c", post=post, start="2010", end="2020")
    assert crowds() == crowds(POSSIBLE) == []


def test_a_withdrawn_appointment_takes_no_seat():
    a_post_held("2010/2020", "2010/2020", status="withdrawn")
    assert crowds() == []


def test_only_those_asked_for_are_looked_at():
    other = a_post_held("2010/2020", "2011/2021")
    one = make.a_post(seats=1)
    make.an_appointment(post=one, start="2010", end="2020")
    assert {found.post for found in overfull([other])} == {other.pk}
    assert list(overfull([one])) == []
    assert list(overfull([other], among=Appointment.objects.exclude(slug="b"))) == []


def tenure(first, length):
    days = (
        date(2020, 1, 1) + timedelta(first),
        date(2020, 1, 1) + timedelta(first + length),
    )
    return Tenure(1, "p", 2, 1, f"{first}+{length}", *days, True, True)


@settings(max_examples=examples(200))
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6)), max_size=8))
def test_going_through_all_days_once_finds_what_looking_at_each_finds(spans):
    tenures = [tenure(*span) for span in spans]
    base = date(2020, 1, 1).toordinal() * TIMES
    holding = {
        instant: [t for t in tenures if t.instants[0] <= instant <= t.instants[1]]
        for instant in range(base, base + 20 * TIMES)
    }
    days = {
        date.fromordinal(instant // TIMES)
        for instant, held in holding.items()
        if len(held) > 2
    }
    found = list(_crowds(tenures))
    assert days == {
        crowd.first + timedelta(day)
        for crowd in found
        for day in range((crowd.last - crowd.first).days + 1)
    }
    for crowd in found:
        assert len(crowd.tenures) > 2


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        (
            ["2010/2011-03", "2011-06/.."],
            [("a", "b", date(2011, 4, 1), date(2011, 5, 31))],
        ),
        (["2010/2011-03-31", "2011-04-01/.."], []),
        (
            ["2010/2011-03-31", "2011-04-02/.."],
            [("a", "b", date(2011, 4, 1), date(2011, 4, 1))],
        ),
        (["2010/", "2012/.."], []),  # the one may have gone on until the other came
        (["2010/2011", "/2013"], []),
        (["2010/2011~", "2013/.."], []),
        (["2010/2011", "2013?/.."], []),
        # Who came later may have gone before.
        (["2010/2015", "2011/2012", "2015/.."], []),
        (
            ["2010/2015", "2011/2012", "2017/.."],
            [("a", "c", date(2016, 1, 1), date(2016, 12, 31))],
        ),
    ],
)
def test_between_two_holders_nobody_held_a_post_where_no_date_allows_it(spans, found):
    a_post_held(*spans)
    assert [
        (gap.before, gap.after, gap.first, gap.last)
        for gap in vacancies(Post.objects.all())
    ] == found


def test_who_acts_fills_a_gap_and_who_is_nominated_does_not():
    post = a_post_held("2010/2011", "2013/..")
    acting = make.an_appointment(post=post, kind="nominee", start="2012", end="2012")
    assert len(list(vacancies([post]))) == 1
    acting.kind = "acting"
    acting.save()
    assert list(vacancies([post])) == []

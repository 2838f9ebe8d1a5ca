"""What held on a day, found by how long it lasted."""

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entities.models import Appointment
from provenance.tracking.bulk import insert_many
from provenance.tracking.changes import changing
from provenance.values.lengths import LENGTHS, earliest_starts
from tests import make
from tests.depth import examples
from tests.planting import taken_back

pytestmark = pytest.mark.django_db

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
STARTS = st.one_of(st.just(""), DAYS.map(str), DAYS.map(lambda day: f"{day:%Y-%m}"))
# Of each length about as many, and of no known one.
MORE = st.one_of(st.sampled_from(LENGTHS), st.integers(0, 40_000))


def ends(start, more, how):
    """An end behind a start: after so many days, or open, or not known."""
    if how or not start:
        return how
    first = date.fromisoformat(f"{start}-28"[:10] if len(start) < 10 else start)
    return str(first + timedelta(days=31 + more if len(start) < 10 else more))


SPANS = st.builds(
    lambda start, more, how: (start, ends(start, more, how)),
    STARTS,
    MORE,
    st.sampled_from(["", "", "", "..", "2050"]),
).filter(lambda span: span[0] < "2050")


def appointments(spans):
    """The keys of appointments that last so long."""
    official, post = make.an_official(), make.a_post()
    rows = [
        {
            "slug": f"a-{number}",
            "status": "published",
            "official_id": official.pk,
            "post_id": post.pk,
            "start": start,
            "end": end,
        }
        for number, (start, end) in enumerate(spans)
    ]
    with changing("other") as change:
        return insert_many(Appointment, rows, change)


@settings(
    max_examples=examples(50),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(SPANS, max_size=30, unique_by=lambda span: span[0]), DAYS.map(str))
def test_the_parts_are_what_held_on_the_day_each_once(db, spans, day):
    with taken_back():
        appointments(spans)
        held = Appointment.objects.as_of(day)
        found = [one.pk for part in held.by_length(day) for one in part]
        assert sorted(found) == sorted(one.pk for one in held)


def test_a_day_near_the_first_of_all_is_no_mistake():
    assert dict(earliest_starts(date(1, 1, 5)))[len(LENGTHS) - 1] == date.min
    held = Appointment.objects.as_of("0001-01-02")
    assert [list(part) for part in held.by_length("0001-01-02")]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Plans of SQLite are stable.")
def test_each_part_goes_along_the_index_of_lengths():
    held = Appointment.objects.filter(status="published").as_of("2020")
    for part in held.by_length("2020"):
        plan = part.order_by("start_earliest", "id").values("pk")[:51].explain()
        assert "entities_appointment_by_length" in plan


def test_the_pages_of_a_list_join_without_a_seam(api):
    appointments([(f"20{n % 20:02}-0{n % 9 + 1}", "..") for n in range(23)])
    held = Appointment.objects.as_of("2030").order_by("start_earliest", "id")
    expected = [one.slug for one in held]
    for order, wanted in (("start", expected), ("-start", expected[::-1])):
        address, found = (
            f"/api/v1/appointments/?as_of=2030&limit=5&ordering={order}",
            [],
        )
        while address:
            page = api.get(address).json()
            found += [row["slug"] for row in page["results"]]
            address = page["next"]
        assert found == wanted

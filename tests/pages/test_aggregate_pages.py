"""What many records come to, as pages: what is drawn stands in the table."""

from decimal import Decimal

import pytest

from tests import make
from tests.walking import text_of
from timeline.pages.bars import COLUMN, Number, bars_of
from timeline.pages.measures import in_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def crossings():
    metric = make.a_metric("Crossings", slug="crossings", kind="count")
    texas = make.a_place("Texas", kind="state", slug="texas")
    for when, value in (("2024-01", "10"), ("2024-02", "5..6"), ("2026-03", "7")):
        make.an_observation(metric, value, start=when, end=when, place=texas)
    make.an_observation(metric, "9", start="2020")
    return metric


def test_a_metric_leads_to_what_its_observations_come_to(client, crossings):
    address = "/observations/aggregate/?metric=crossings&amp;measure=sum"
    assert address in client.get("/metrics/crossings/").content.decode()
    page = client.get(address.replace("&amp;", "&"))
    text = text_of(page)
    assert "Summary of “Crossings” (persons)" in text
    assert (
        "2024 Crossings actual windows: month · places: state 15–16 persons 2 0" in text
    )
    assert "2025 Crossings" not in text
    assert "Periods of which nothing is on record are in the CSV file alone." in text
    assert "1: The window is not known from its first to its last day." in text
    (lane,) = page.context["bars"].lanes
    assert [bar.number.told for bar in lane.bars] == [
        "Actual, 2024: 15–16 persons",
        "Actual, 2026: 7 persons",
    ]
    table, *_others = page.context["tables"]
    assert client.get(table[1]).getvalue().decode().count("crossings") == 3
    for _label, address in page.context["tables"]:
        assert client.get(address).getvalue()
    assert client.get(page.context["json_address"]).status_code == 200


def test_metrics_that_share_no_scale_are_in_the_table_alone(client, crossings):
    make.an_observation(value="3", start="2024", end="2024")
    page = client.get("/observations/aggregate/?by=metric&measure=max")
    assert page.context["bars"] is None
    assert len(page.context["rows"]) == 3


def test_a_table_has_no_column_in_which_nothing_is_told(client, crossings):
    def head(query):
        return client.get(f"/timeline/aggregate/?{query}").context["head"]

    make.a_meeting(start="2025")
    assert head("") == ["Period", "Events", "Uncertain start", "Disputed"]
    assert head("by=type")[:3] == ["Period", "Kind", "Events"]


def test_a_sum_of_parts_says_so_in_the_table_and_the_drawing(client):
    metric = make.a_metric(slug="crossings", kind="count")
    code = make.a_code(make.a_dimension("Sex", slug="sex"))
    observation = make.an_observation(metric, "7", start="2024", end="2024")
    make.a_code_of(observation, code)
    page = client.get("/observations/aggregate/?metric=crossings&measure=sum")
    made_of = "windows: year · places: none · parts by: Sex"
    assert f"actual {made_of} 7 persons 1 0" in text_of(page)
    (lane,) = page.context["bars"].lanes
    assert lane.label == "Actual, parts by: Sex"


def test_a_bar_is_disputed_if_all_of_its_events_are(client):
    make.a_meeting(start="2023")
    make.a_meeting(start="2024")
    for year in ("2024", "2025"):
        make.a_citation(make.a_meeting(start=year), field="start", stated="1999")
    make.a_citation(
        make.a_meeting(start="2026"),
        field="start",
        stated="1999",
        assessment="mistaken",
        note="A slip.",
    )
    page = client.get("/timeline/aggregate/?by=type")
    (lane,) = page.context["bars"].lanes
    assert [(bar.number.told, bar.number.dispute) for bar in lane.bars] == [
        ("Meeting, 2023: 1", ""),
        ("Meeting, 2024: 2 (1 disputed)", ""),
        ("Meeting, 2025: 1 (1 disputed)", "open"),
        ("Meeting, 2026: 1 (1 settled)", "settled"),
    ]


def test_many_values_are_drawn_of_wholes_unless_there_are_only_parts():
    code = make.a_code()
    metric, of_parts = make.a_metric(), make.a_metric()
    make.an_observation(metric, "100", start="2024")
    for each in (metric, of_parts):
        make.a_code_of(make.an_observation(each, "40", start="2024"), code)
    whole = in_all(metric.pk, None, ())
    assert (whole.number, whole.is_joined) == (1, True)
    asked = ((f"dim:{code.dimension.slug}", code.notation),)
    for parts in (in_all(metric.pk, None, asked), in_all(of_parts.pk, None, ())):
        assert (parts.number, parts.is_joined) == (1, False)


def test_two_places_of_one_name_are_drawn_apart(client):
    metric = make.a_metric(slug="troops")
    for _side in range(2):
        here = make.a_place("Nogales")
        make.an_observation(metric, "7", start="2024", end="2024", place=here)
    page = client.get("/observations/aggregate/?metric=troops&measure=max&by=place")
    assert len(page.context["bars"].lanes) == 2


def test_the_timeline_leads_to_the_numbers_of_what_it_shows(client):
    navy = make.an_agency("Navy", slug="navy")
    for year in ("2023", "2025~"):
        make.a_participation(make.a_meeting(start=year), agency=navy)
    make.a_milestone(start="2025")
    timeline = client.get("/?type=meeting").content.decode()
    assert "/timeline/aggregate/?type=meeting" in timeline
    page = client.get("/timeline/aggregate/?type=meeting&by=agency")
    text = text_of(page)
    assert "2023 Navy 1 0 0" in text
    assert "2024 Navy" not in text
    assert "2025 Navy 1 1 0" in text
    address = "/?type=meeting&amp;agency=navy&amp;from=2023-01-01&amp;to=2023-12-31"
    assert address in page.content.decode()
    together = client.get("/timeline/aggregate/?by=type&period=none")
    assert "meeting 2 1 0" in text_of(together)


@pytest.mark.parametrize(
    "query",
    ["group_by=agency", "by=yaer", "period=decade", "from=03/04/2024", "agency=nobody"],
)
def test_what_cannot_be_answered_is_told(client, query):
    assert client.get(f"/timeline/aggregate/?{query}").status_code == 400


def test_bars_are_solid_as_far_as_they_are_sure():
    numbers = {
        "2024": Number(Decimal(5), Decimal(10)),
        "2025": Number(Decimal(-10), Decimal(-5)),
        "2026": Number(None, Decimal(10)),
    }
    columns = ["2023", "2024", "2025", "2026"]
    (lane,) = bars_of([("All", numbers)], columns, "All").lanes
    up, down, open_below = lane.bars
    quarter = COLUMN / 4
    assert (up.sure.height, up.reach.height) == (quarter, quarter)
    assert up.sure.top + up.sure.height == lane.base == down.sure.top
    assert down.reach.top == down.sure.top + quarter
    assert open_below.reach.height == COLUMN
    assert bars_of([("All", {})], columns, "All") is None
    assert bars_of([("All", numbers)], ["x"] * 500, "All") is None

"""The page of a metric: each claim is drawn, told and counted in its unit."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from provenance.pages.addresses import page_of
from provenance.tracking.changes import changing
from tests import make
from tests.walking import text_of
from timeline.models import Observation, ObservationCode
from timeline.pages.charts import PANELS, chart_of
from timeline.pages.claims import IN_ALL, OTHERWISE, claims_on
from timeline.pages.spread import spread_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def chart_without_sources(observations):
    """The chart of observations of which nobody says anything else."""
    for one in observations:
        one.supported = {}
    return chart_of(observations, claims_on(observations), "Troops")


def chart_on(page):
    """The chart that a page shows."""
    (section,) = (s for s in page.context["sections"] if s.key == "observations")
    return section.chart


@pytest.fixture
def troops():
    """15,000 since a day in January; one article says about 10,000, one February."""
    metric = make.a_metric("Troops", slug="troops")
    one = make.an_observation(metric, value="15000", start="2025-01-20", slug="fifteen")
    make.a_citation(one, make.a_source("Gazette"), field="value", locator="p. 2")
    watch = make.a_source("The Watch")
    make.a_citation(one, watch, field="value", stated="~10000", locator="para. 3")
    make.a_citation(one, make.a_source("Herald"), field="start", stated="2025-02")
    return one


def test_what_can_be_compared_is_joined_and_the_rest_stands_beside_it():
    metric = make.a_metric(slug="troops")
    for year, value in ((2023, "10000"), (2024, "~15000")):
        make.an_observation(metric, value=value, start=str(year))
    make.an_observation(metric, value="9000", start="2024", modality="planned")
    make.an_observation(metric, value=">30000")
    found = list(Observation.objects.published().order_by("start_earliest", "pk"))
    chart = chart_without_sources(found)
    assert [len(series.points) for series in chart.series] == [3, 1]
    undated, first, second = chart.series[0].points
    assert first.y > second.y  # more is higher up
    assert second.top < second.y < second.bottom  # about: it has a reach
    assert chart.series[0].joins == [(first, second)]
    # Without a date it stands in a column of its own, on the same scale.
    assert second.window.right <= chart.undated_from < undated.at
    assert undated.bottom < second.bottom
    assert all(tick.at < chart.undated_from for tick in chart.ticks)


@pytest.mark.parametrize(
    "values",
    [
        ["-97", "-85"],
        ["16000", "3"],
        ["0.5", "-0.25", "3"],
        ["0"],
        ["-5"],
        ["7..9", ">30", "<2"],
        ["123456789012", "-3.25"],
    ],
)
def test_a_chart_draws_each_value_as_high_as_it_is(values):
    metric = make.a_metric()
    found = [
        make.an_observation(metric, value=value, start=f"{2000 + number}")
        for number, value in enumerate(values)
    ]
    chart = chart_without_sources(found)
    heights = {Decimal(label.replace(",", "")): y for y, label in chart.levels}
    (low, bottom), *_others, (high, top) = sorted(heights.items())
    assert sum(len(series.points) for series in chart.series) == len(values)
    for series in chart.series:
        for point in series.points:
            value = point.claim.value
            for end, y in ((value.low, point.bottom), (value.high, point.top)):
                if abs(end) > 10**14:
                    continue  # nobody knows how high: drawn to the edge
                assert low <= end <= high
                part = float((end - low) / (high - low))
                assert y == pytest.approx(bottom + part * (top - bottom), abs=0.2)


def test_many_values_are_drawn_from_the_lowest_to_the_highest(client):
    metric = make.a_metric(slug="troops")
    with changing("other"):
        for number in range(60):
            year, value = 2000 + number % 20, 100 * (number % 20) + number // 20
            make.an_observation(metric, value=str(value), start=str(year))
    make.an_observation(metric, value=">30000", start="2005")
    make.an_observation(metric, value="7")
    make.an_observation(metric, value="", value_missing="withheld", start="2005")
    spread = spread_of(Observation.objects.all())
    ends = [(each.lowest, each.middle, each.highest) for each in spread.columns]
    assert ends == [
        ("500", "501.5", "30,000")
        if step == 5
        else (f"{100 * step:,}", f"{100 * step + 1:,}", f"{100 * step + 2:,}")
        for step in range(20)
    ]
    assert spread.number == 61
    for year, column in enumerate(spread.columns, 2000):
        assert column.first <= date(year, 7, 2) <= column.last
        assert column.top <= column.y <= column.top + column.height
    page = client.get("/metrics/troops/").content.decode()
    assert page.count('class="spread"') == 20
    assert "61 dated values" in page
    assert "3 values from 0 to 2, median 1 persons</title>" in page
    assert 'class="point"' not in page


def test_too_many_values_are_drawn_as_far_as_they_are_the_latest(client, monkeypatch):
    monkeypatch.setattr("timeline.pages.measures.DRAWN", 55)
    metric = make.a_metric(slug="troops")
    with changing("other"):
        for number in range(60):
            make.an_observation(metric, value="10", start=f"{1950 + number}")
    page = client.get("/metrics/troops/").content.decode()
    assert "The latest 55 dated values" in page


def test_values_are_drawn_as_they_were_known(client):
    metric = make.a_metric(slug="troops")
    with changing("other"):
        for number in range(60):
            make.an_observation(metric, value="10", start=f"{2000 + number % 20}")
    then = timezone.now().isoformat().replace("+00:00", "Z")
    make.an_observation(metric, value="90", start="2010")
    assert " to 90, median" in client.get("/metrics/troops/").content.decode()
    known = client.get("/metrics/troops/", {"known_at": then}).content.decode()
    assert " to 10, median" in known and " to 90, median" not in known


def test_there_are_no_more_marks_however_many_there_are():
    metric = make.a_metric()
    with changing("other"):
        for number in range(150):
            start = date(2000, 1, 1) + timedelta(days=number)
            make.an_observation(metric, value=str(number), start=start.isoformat())
    spread = spread_of(Observation.objects.all())
    assert len(spread.columns) <= 100
    assert sum(column.number for column in spread.columns) == spread.number == 150
    ends = [(column.first, column.last) for column in spread.columns]
    assert all(one[1] < two[0] for one, two in pairwise(ends))


def test_every_claim_is_drawn_over_its_window_those_of_dissenting_sources_too(
    client, troops
):
    chart = chart_on(client.get("/metrics/troops/"))
    (series,) = chart.series
    recorded, other, later = series.points
    assert [point.told for point in series.points] == [
        "15,000 persons, 20 January 2025 → not known: Actual",
        "about 10,000 persons, 20 January 2025 → not known: Actual "
        "(according to The Watch)",
        "15,000 persons, February 2025 → not known: Actual (according to Herald)",
    ]
    assert not recorded.reach
    assert recorded.y < other.top < other.y < other.bottom  # as an interval
    assert later.y == recorded.y
    assert later.window.left > recorded.window.left
    assert series.line == [recorded]


def test_every_claim_stands_in_the_table_with_its_source(client, troops):
    page = client.get("/metrics/troops/").content.decode()
    rows = [
        " ".join(re.sub(r"<[^>]+>", " ", row).split())
        for row in re.findall(r"(?s)<tr.*?</tr>", page)
    ]
    _head, recorded, other, later = rows
    assert recorded.startswith("15,000 persons disputed 20 January 2025")
    assert "Gazette , p. 2" in recorded
    assert other.startswith("about 10,000 persons disagrees 20 January 2025")
    assert other.endswith("The Watch , para. 3")
    assert later == "the same value disagrees February 2025 → not known – Herald"


def test_a_change_has_what_it_is_compared_with_as_a_bar_on_nought(client):
    metric = make.a_metric(slug="change", kind="percent-change", unit="percent")
    make.an_observation(
        metric,
        value="-85",
        start="2025-01-20",
        end="2025-01-30",
        baseline_start="2024-01-20",
        baseline_end="2024-01-30",
    )
    page = client.get("/metrics/change/")
    chart = chart_on(page)
    (point,) = chart.series[0].points
    assert point.baseline.right < point.window.left
    assert 0 < point.baseline.width == pytest.approx(point.window.width, abs=0.01)
    assert chart.nought < point.y  # a fall goes down from there
    (drawn,) = re.findall(
        r"(?s)<svg class=\"measures\".*?</svg>", page.content.decode()
    )
    levels = re.findall(r"<text class=\"level\".*?</text>", drawn)  # across the chart
    assert "-100 percent" in [re.sub("<.*?>", "", level) for level in levels]
    assert drawn.count(">percent</text>") == 1  # for phones, above bare numbers
    assert "20 January 2024 – 30 January 2024" in text_of(page)


def test_a_number_has_its_unit_wherever_it_is_shown(client, troops):
    make.a_deployment(slug="sent", personnel="~12000")
    (dispute,) = troops.disputes.filter(field="value")
    for address, told in (
        (page_of(troops), "Troops: 15,000 persons (20 January 2025)"),
        (page_of(troops), "disagrees: about 10,000 persons"),
        ("/deployments/sent/", "Personnel about 12,000 persons"),
        (reverse("pages:dispute", args=[dispute.key]), "Recorded 15,000 persons"),
        (reverse("pages:dispute", args=[dispute.key]), "Watch about 10,000 persons"),
        ("/observations/aggregate/?metric=troops&measure=max", "15,000 persons"),
    ):
        assert told in text_of(client.get(address)), address


@changing("other")
def broken_down(number):
    """A metric of so many parts, each observed as the whole is."""
    sex = make.a_dimension("Sex", slug="sex")
    metric = make.a_metric("Crossings", slug="crossings")
    metric.dimensions.add(sex)
    make.an_observation(metric, "30", start="2024")
    for place in range(number):
        code = make.a_code(sex, f"C{place:02}", f"part {place:02}", slug=f"c-{place}")
        one = make.an_observation(metric, "7", start="2024")
        ObservationCode.objects.create(observation=one, code=code)


def test_what_is_broken_down_has_a_panel_for_each_part_of_one_scale(client):
    broken_down(2)
    page = client.get("/metrics/crossings/")
    chart = chart_on(page)
    assert [panel.title for panel in chart.panels] == ["All", "part 00", "part 01"]
    all_, one, other = (panel.series[0].points[0] for panel in chart.panels)
    assert all_.y < one.y == other.y
    assert page.content.decode().count('<svg class="measures"') == 3


def test_parts_beyond_what_a_page_has_room_for_are_in_the_table(client):
    broken_down(PANELS + 1)
    page = client.get("/metrics/crossings/")
    chart = chart_on(page)
    assert (len(chart.panels), chart.left_out) == (PANELS, 2)
    assert "2 more are in the table only." in text_of(page)
    assert "part 12" in text_of(page)


def test_what_many_say_otherwise_has_an_end(client):
    metric = make.a_metric(slug="troops")
    with changing("other"):
        sources = [make.a_source() for _number in range(OTHERWISE + 2)]
        found = [
            make.an_observation(metric, "5", start=f"{1950 + number}")
            for number in range(20)
        ]
        for one in found:
            for number, source in enumerate(sources, 90):
                make.a_citation(one, source, field="value", stated=str(number))
    page = client.get("/metrics/troops/")
    chart = chart_on(page)
    points = [point for series in chart.series for point in series.points]
    assert len(points) == len(found) + IN_ALL
    assert "2 more claims are on its page." in text_of(page)
    assert "6 more claims are on its page." in text_of(page)
    assert len(page.content) < 200_000


def test_of_many_values_what_is_said_otherwise_is_drawn_apart(client):
    metric = make.a_metric(slug="troops")
    with changing("other"):
        for number in range(60):
            one = make.an_observation(metric, "10", start=f"{1950 + number}")
    make.a_citation(one, field="value", stated="25..30")
    draft = make.a_source(status="draft")
    make.a_citation(one, draft, field="value", stated="77777")
    page = client.get("/metrics/troops/").content.decode()
    assert page.count('class="spread dissent"') == 1
    assert "77,777" not in page
    assert "1 source disagrees, from 25 to 30 persons</title>" in page
    assert "20 persons</text>" in page


def test_a_claim_that_is_settled_looks_otherwise_than_an_open_one(client, troops):
    note = {"assessment": "mistaken", "note": "It says so itself."}
    late = make.a_source("Late news")
    make.a_citation(troops, late, field="value", stated="90", **note)
    page = client.get("/metrics/troops/")
    settled = [
        (point.claim.value, point.claim.is_settled)
        for series in chart_on(page).series
        for point in series.points
        if point.claim.is_against
    ]
    assert sorted(settled) == [("15000", False), ("90", True), ("~10000", False)]
    body = page.content.decode()
    assert body.count('class="claim contradicts settled"') == 2  # a mark and a row
    assert body.count('class="claim contradicts"') == 4
    assert '"shape contradicts settled"' in body

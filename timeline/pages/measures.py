"""The pages of metrics and observations: what was measured, drawn and listed."""

from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, floor

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from provenance.pages.addresses import in_the_api, page_of
from provenance.pages.first_part import first_part
from provenance.pages.records import RecordPage, Section, record_page_of
from provenance.values.quantities import HIGHEST, LOWEST, plain
from provenance.web.time_axis import Axis, days_of, is_dated

from ..models import Metric, Observation

TOP, BOTTOM, HEIGHT = 16, 224, 264  # pixels
SIZES = (1, 2, 5)
LINES = 5


@dataclass(frozen=True)
class Point:
    """An observation on the chart: its window across, its value up and down."""

    observation: Observation
    address: str
    left: float
    right: float
    y: float
    top: float
    bottom: float
    is_disputed: bool

    @property
    def middle(self):
        return round((self.left + self.right) / 2, 3)


@dataclass
class Series:
    """Observations that differ in their windows alone: they can be compared."""

    number: int
    label: str
    points: list[Point] = field(default_factory=list)

    @property
    def joins(self):
        """Each point with the one after it."""
        return list(zip(self.points, self.points[1:], strict=False))


@dataclass(frozen=True)
class Chart:
    """Series over time."""

    axis: Axis
    series: list[Series]
    levels: list[tuple[float, str]]
    label: str
    height: int = HEIGHT
    bottom: int = BOTTOM


@record_page_of.register(Metric)
class MetricPage(RecordPage):
    """One metric, and all that was observed of it."""

    lead_field = "definition"

    def sections(self, metric):
        of_it = Observation.objects.filter(metric=metric.pk)
        newest = ["-start_earliest", "-id"]
        part = first_part(self, of_it, newest, whole=True, metric=metric.slug)
        found = part.records
        if not found:
            return []
        found.sort(key=lambda one: (one.start.sort_key, one.slug))
        return [
            Section(
                "observations",
                _("Observations"),
                "timeline/observations.html",
                {
                    "chart": chart_of(found, f"{metric} ({metric.unit})"),
                    "observations": found,
                    "undated": [one for one in found if not is_dated(one)],
                    "unit": metric.unit,
                    "more": part.more,
                },
            )
        ]

    def tables(self, metric):
        asks = {"metric": metric.slug, "known_at": self.known_at, "format": "csv"}
        address = in_the_api("observations-list", **asks)
        return [*super().tables(metric), (_("Observations (CSV)"), address)]


def chart_of(observations, label):
    """The chart of the observations that have a value and a date; None of none."""
    drawn = [one for one in observations if one.value and is_dated(one)]
    axis = Axis.around(day for one in drawn for day in days_of(one))
    if axis is None:
        return None
    ends = [end for one in drawn for end in (one.value.low, one.value.high)]
    scale = Scale.around(end for end in ends if end not in (LOWEST, HIGHEST))
    series = {}
    for one in drawn:
        key = one.likeness
        if key not in series:
            series[key] = Series(len(series) % 6 + 1, described(one))
        begins, _begun, _ending, ended = days_of(one)
        top, bottom = scale.at(one.value.high), scale.at(one.value.low)
        series[key].points.append(
            Point(
                one,
                page_of(one),
                axis.at(begins),
                axis.at(ended),
                round((top + bottom) / 2, 1),
                top,
                bottom,
                bool(one.disputed),
            )
        )
    levels = [(scale.at(level), plain(level)) for level in scale.levels()]
    return Chart(axis, list(series.values()), levels, label)


@dataclass(frozen=True)
class Scale:
    """The heights of a chart, from a round number to a round number."""

    low: Decimal
    high: Decimal
    step: Decimal

    @classmethod
    def around(cls, values):
        """The scale on which each of the values has its place, and nought too."""
        values = [*values, Decimal(0)]
        low, high = min(values), max(values)
        step = _step((high - low) or Decimal(1))
        # Not // : of decimals it goes towards nought, and would cut off what is lowest.
        low, high = floor(low / step) * step, ceil(high / step) * step
        return cls(low, high if high > low else low + step, step)

    def at(self, value):
        """Where the value is drawn; at an end if it lies beyond that."""
        value = min(max(value, self.low), self.high)
        part = (value - self.low) / (self.high - self.low)
        return round(BOTTOM - float(part) * (BOTTOM - TOP), 1)

    def levels(self):
        level = self.low
        while level <= self.high:
            yield level
            level += self.step


def _step(height):
    """A round number that goes into a height a few times."""
    step = Decimal(10) ** (height / LINES).adjusted()
    return next(
        (step * size for size in SIZES if height / (step * size) <= LINES), step * 10
    )


def described(observation):
    """What is counted, where and how, in a few words."""
    parts = [
        observation.population,
        str(observation.place or ""),
        str(observation.get_modality_display()),
    ]
    return capfirst(", ".join(part for part in parts if part))

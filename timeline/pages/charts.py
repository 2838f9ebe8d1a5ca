"""Charts of what was measured: each claim of a source drawn where it says it is.

A claim is a bar over its window, as high as its value; what may be anything between two
numbers is a band. A change has the window that it is compared with as a bar on nought.
What is broken down has a panel for each part, all of one scale; what has no date stands
in a column of its own beside the axis.
"""

from dataclasses import dataclass, field
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from provenance.pages.addresses import asked, page_of
from provenance.values.translations import told
from provenance.web.ticks import Tick
from provenance.web.time_axis import Axis, is_dated, spoken

from .claims import Claim
from .scale import Scale

HEIGHT, OF_SEVERAL = 264, 150  # of a panel, in pixels
TOP, FOOT = 20, 40  # what a panel has above its highest value and beneath its lowest
PANELS = 12
COLORS = 6
UNDATED = 18.0  # how wide the column without a date is beside others, in percent
SHORT = 7  # a number of so many characters
NAMED = 8  # claims in a panel that have their number beside them


@dataclass(frozen=True)
class Bar:
    """A stretch of time on the chart, in percent of its width."""

    left: float
    right: float

    @property
    def width(self):
        return round(max(self.right - self.left, 0), 3)

    @property
    def middle(self):
        return round((self.left + self.right) / 2, 3)


@dataclass(frozen=True)
class Point:
    """A claim on the chart: its window across, its value up and down."""

    claim: Claim
    address: str
    told: str
    window: Bar
    core: Bar | None  # of the window, what it certainly covers
    baseline: Bar | None
    at: float  # of its mark
    y: float
    top: float
    bottom: float

    @property
    def reach(self):
        """How high the band is that the value may be anywhere in."""
        return round(self.bottom - self.top, 1)

    @property
    def text_at(self):
        """Where its number stands, so that it has room: behind the mark and below it,
        where the numbers of the levels are above; over it; or before it.
        """
        return "first" if self.at < 35 else "last" if self.at > 65 else "above"


@dataclass
class Series:
    """Claims on observations that differ in their windows alone: they compare."""

    number: int
    label: str
    points: list[Point] = field(default_factory=list)
    line: list[Point] = field(default_factory=list)  # what is recorded, in time

    @property
    def joins(self):
        """Each recorded value with the one after it."""
        return list(zip(self.line, self.line[1:], strict=False))


@dataclass
class Panel:
    """The series of one part, or of the whole."""

    title: str
    series: list[Series] = field(default_factory=list)

    @property
    def names_values(self):
        return sum(len(series.points) for series in self.series) <= NAMED


@dataclass(frozen=True)
class Chart:
    """Panels over one axis and of one scale."""

    panels: list[Panel]
    ticks: list[Tick]
    levels: list[tuple[float, str]]
    label: str
    unit: str
    nought: float
    undated_from: float | None  # where the column without a date begins
    height: int
    bottom: int
    left_out: int  # panels

    @property
    def series(self):
        return [series for panel in self.panels for series in panel.series]

    @property
    def has_long_numbers(self):
        return any(len(number) > SHORT for _y, number in self.levels)

    @property
    def keys(self):
        """What colors mean; panels say it themselves where there are several."""
        return self.series if len(self.panels) == 1 else []

    def any_point(self, test):
        return any(test(point) for each in self.series for point in each.points)

    @property
    def has_dissent(self):
        return self.any_point(
            lambda point: point.claim.is_against and not point.claim.is_settled
        )

    @property
    def has_settled_dissent(self):
        return self.any_point(
            lambda point: point.claim.is_against and point.claim.is_settled
        )

    @property
    def has_compatible(self):
        return self.any_point(
            lambda point: not (point.claim.is_recorded or point.claim.is_against)
        )

    @property
    def has_bands(self):
        return self.any_point(lambda point: point.reach)

    @property
    def has_baselines(self):
        return self.any_point(lambda point: point.baseline)

    @property
    def has_open_windows(self):
        return self.any_point(
            lambda point: (point.core.width if point.core else 0) < point.window.width
        )


def chart_of(observations, claims, label, known_at=""):
    """The chart of all claims on these observations that have a value; None of none.

    ``claims`` are the ``Claims`` on each of them; all are of one metric.
    """
    drawn = [
        (one, claim)
        for one, on_it in zip(observations, claims, strict=True)
        for claim in on_it.all
        if claim.value
    ]
    if not drawn:
        return None
    for kind in {type(one) for one, _claim in drawn}:
        kind.look_up_attested([claim.observation for _one, claim in drawn])
    panels = _panels(drawn)
    height = OF_SEVERAL if len(panels) > 1 else HEIGHT
    ends = [end for _one, claim in drawn for end in (claim.value.low, claim.value.high)]
    place = _Placing.of(
        [claim.observation for _one, claim in drawn],
        Scale.around(ends, TOP, height - FOOT),
    )
    made = [_panel(title, those, place, known_at) for title, those in panels[:PANELS]]
    return Chart(
        panels=made,
        ticks=place.ticks,
        levels=place.scale.levels,
        label=label,
        unit=drawn[0][0].unit_of("value"),
        nought=place.scale.at(0),
        undated_from=place.undated_from,
        height=height,
        bottom=height - FOOT,
        left_out=len(panels) - len(made),
    )


def _panels(drawn):
    """What is drawn, under the parts that it is of; the whole first."""
    panels = {}
    for one, claim in drawn:
        part = ", ".join(code.in_words for code in one.breakdown)
        panels.setdefault(part, []).append((one, claim))
    if len(panels) == 1:
        return [("", drawn)]
    return [(part or _("All"), panels[part]) for part in sorted(panels)]


def _panel(title, drawn, place, known_at):
    panel, series = Panel(title), {}
    for number, (one, claim) in enumerate(drawn):
        if one.likeness not in series:
            label = described(one)
            series[one.likeness] = Series(len(series) % COLORS + 1, label)
        of = series[one.likeness]
        at = (number + 0.5) / len(drawn)
        point = place.point(claim, at, of.label, asked(page_of(one), known_at=known_at))
        of.points.append(point)
        if claim.is_recorded and is_dated(claim.observation):
            of.line.append(point)
    panel.series = list(series.values())
    return panel


@dataclass(frozen=True)
class _Placing:
    """Where things stand on a chart: by their days, and without in a column beside."""

    axis: Axis | None
    scale: Scale
    has_undated: bool

    @classmethod
    def of(cls, observations, scale):
        days = [
            day
            for one in observations
            for day in (*_window(one), *(_baseline(one) or ()))
            if is_dated(one)
        ]
        return cls(
            Axis.around(days), scale, not all(is_dated(one) for one in observations)
        )

    @property
    def share(self):
        """How much of the width the axis has."""
        if self.axis is None:
            return 0
        return 1 - UNDATED / 100 if self.has_undated else 1

    @property
    def undated_from(self):
        return round(100 * self.share, 3) if self.has_undated else None

    @property
    def ticks(self):
        if self.axis is None:
            return []
        found = [Tick(self.across(tick.at), tick.label) for tick in self.axis.ticks]
        return [tick for tick in found if not self.has_undated or tick.at < 78]

    def across(self, part):
        return round(part * self.share, 3)

    def bar(self, first, last):
        return Bar(self.across(self.axis.at(first)), self.across(self.axis.at(last)))

    def point(self, claim, part, label, address):
        """How a claim is drawn; ``part`` is where it stands without a date."""
        one, value = claim.observation, claim.value
        core = baseline = None
        if is_dated(one):
            begins, begun, ending, _ended = one.days
            window = start = self.bar(*_window(one))
            if begun <= ending < date.max:
                core = self.bar(begun, ending)
            elif date.min < begins and begun < date.max:
                start = self.bar(begins, begun)
        else:
            at = round(100 * self.share + part * 100 * (1 - self.share), 3)
            window = core = start = Bar(at, at)
        if self.axis and (days := _baseline(one)):
            baseline = self.bar(*days)
        top, bottom = self.scale.at(value.high), self.scale.at(value.low)
        middle = round((top + bottom) / 2, 1)
        told = told_of(claim, label)
        at = (core or start).middle
        return Point(
            claim, address, told, window, core, baseline, at, middle, top, bottom
        )


def _window(one):
    """From when to when it may have been, as far as somebody attests it."""
    begins, _begun, _ending, ended = one.days
    last = one.last_attested
    return begins, last.until if last and ended == date.max else ended


def _baseline(one):
    """From when to when that is what it is compared with; None if nobody says."""
    if not (one.baseline_start or one.baseline_end):
        return None
    return one.baseline_start_earliest, one.baseline_end_latest


def told_of(claim, label):
    """A claim in one sentence: what, when, of whom, and who says so."""
    one = claim.observation
    what = _("%(value)s, %(when)s: %(label)s") % {
        "value": one.unit_of("value").behind(claim.value.readable),
        "when": spoken(one),
        "label": label,
    }
    names = ", ".join(source.in_words for source in claim.sources[:3])
    if claim.is_recorded or not names:
        return what
    return _("%(what)s (according to %(sources)s)") % {
        "what": what,
        "sources": names,
    }


def described(observation):
    """What is counted, where and how, in a few words."""
    parts = [
        *(code.in_words for code in observation.breakdown),
        str(told(observation, "population")),
        observation.place.in_words if observation.place else "",
        str(observation.get_modality_display()),
    ]
    return capfirst(", ".join(part for part in parts if part))

"""The pages of dimensions, codes, metrics and observations."""

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from provenance.api.filters import filter_of
from provenance.evidence.visibility import public_rows
from provenance.history.editions import kept
from provenance.pages.addresses import asked, in_the_api
from provenance.pages.first_part import first_part
from provenance.pages.lists import apply_filter, checked_filter
from provenance.pages.records import (
    RecordPage,
    Section,
    record_page_of,
    records_section,
)

from ..models import Code, Dimension, Metric, Observation, ObservationCode
from ..resources import A_DIMENSION
from .charts import chart_of
from .claims import claims_on
from .narrowed import Facet
from .spread import spread_of

DRAWN = 20_000  # observations in one chart, or counted by code
MOST_CODES = 50  # of a dimension, that a page offers


def parameter_of(dimension):
    """The parameter that asks for a code of a dimension."""
    return f"{A_DIMENSION}{dimension.slug}"


def observed(metric, codes):
    """What was observed of the metric with this key, and is asked for."""
    of_it = Observation.objects.filter(metric=metric)
    return apply_filter(filter_of(Observation), dict(codes), of_it)


def wholes(observations):
    """Those that, as far as the public sees, count no part by a code."""
    codes = ObservationCode.objects.filter(observation=OuterRef("pk"))
    return observations.filter(~Exists(public_rows(codes, ["code"])))


def is_broken_down(metric):
    """Whether the metric with this key has dimensions."""
    return Dimension.objects.filter(metrics=metric).exists()


def latest(observations):
    """The latest of them: a page costs the same however many there are."""
    return observations.published().order_by("-start_earliest", "-id")[:DRAWN]


@kept
def in_all(metric, _moment, codes):
    """The chart of what the public sees observed of the metric with this key.

    It has wholes alone, unless parts are asked for or there are only parts. No line
    goes through it where parts stand beside each other and their sum.
    """
    found = observed(metric, codes).exclude(value="")
    if not is_broken_down(metric):
        return spread_of(latest(found))
    drawn = None if codes else spread_of(latest(wholes(found)))
    return drawn or spread_of(latest(found), joined=False)


@kept
def parts_of(metric, _moment, codes):
    """How many of these observations are of each public code, by its key."""
    if not is_broken_down(metric):
        return {}
    keys = latest(observed(metric, codes)).values("pk")
    rows = public_rows(ObservationCode.objects.order_by(), ["code"])
    rows = rows.filter(observation__in=keys).values_list("code")
    return dict(rows.annotate(number=Count("pk")))


@record_page_of.register(Metric)
class MetricPage(RecordPage):
    """One metric, and all that was observed of it, or the part of some codes."""

    lead_field = "definition"
    shown_apart = ("unit_singular",)
    stylesheets = ("timeline/figures.css",)

    @property
    def parameters(self):
        return tuple(filter_of(Observation).of_families(self.request.GET))

    @property
    def codes_asked(self):
        """What narrows it down, as pairs of a parameter and a notation."""
        return tuple(
            (name, text) for name, text in self.asked.items() if name != "known_at"
        )

    def sections(self, metric):
        codes, newest = self.codes_asked, ["-start_earliest", "-id"]
        of_it = observed(metric.pk, codes)
        narrowing = {**dict(codes), "metric": metric.slug}
        part = first_part(self, of_it, newest, whole=True, **narrowing)
        found = part.records
        if not found:
            return []
        measure = "sum" if metric.adds_up else "mean"
        in_sum = {"metric": metric.slug, "measure": measure, "known_at": self.known_at}
        label = f"{metric.told} ({metric.counted_in_words})"
        found.sort(key=lambda one: (one.start.sort_key, one.slug))
        spread = in_all(metric.pk, self.moment, codes) if part.more else None
        claims = claims_on(found)
        return [
            self.parts(metric),
            Section(
                "observations",
                _("Observations"),
                "timeline/observations.html",
                {
                    "spread": spread,
                    "drawn": DRAWN,
                    "chart": chart_of(found, claims, label, self.known_at),
                    "label": label,
                    "rows": list(zip(found, claims, strict=True)),
                    "are_parts": any(one.breakdown for one in found),
                    "unit": metric.counted_in_words,
                    "more": part.more,
                    "in_sum": asked(reverse("pages:observations-aggregate"), **in_sum),
                },
            ),
        ]

    def parts(self, metric):
        """What it is broken down by, with what each code leaves."""
        counted = parts_of(metric.pk, self.moment, self.codes_asked)
        codes = Code.objects.select_related("dimension").in_bulk(counted)
        facets = {}
        for key, number in sorted(counted.items(), key=lambda one: -one[1]):
            code = codes[key]
            name = parameter_of(code.dimension)
            title = code.dimension.in_words
            facet = facets.setdefault(name, Facet(title, name, []))
            if len(facet.choices) < MOST_CODES:
                address = self.address(**{name: code.notation})
                facet.choices.append((code.in_words, number, address))
        filters = checked_filter(
            filter_of(Observation), dict(self.codes_asked), Observation.objects.none()
        )
        chosen = [
            (code.in_words, self.address(**{name: ""}))
            for name, _text in self.codes_asked
            for code in filters.chosen(name)
        ]
        if not (facets or chosen):
            return None
        facets = [facets[name] for name in sorted(facets)]
        content = {"facets": facets, "chosen": chosen}
        return Section(
            "breakdown", _("Broken down by"), "timeline/breakdown.html", content
        )

    def tables(self, metric):
        asks = {"metric": metric.slug, "known_at": self.known_at, "format": "csv"}
        address = in_the_api("observations-list", **dict(self.codes_asked), **asks)
        return [*super().tables(metric), (_("Observations (CSV)"), address)]


@record_page_of.register(Observation)
class ObservationPage(RecordPage):
    """One observation, with the codes of what it counts a part."""

    def sections(self, observation):
        rows = observation.code_rows.all()
        content = {"rows": rows}
        title = _("Codes")
        return [
            Section("codes", title, "timeline/codes.html", content) if rows else None
        ]


@record_page_of.register(Dimension)
class DimensionPage(RecordPage):
    """One dimension: its codes, and the metrics that it breaks down."""

    lead_field = "definition"

    def sections(self, dimension):
        codes = Code.objects.filter(dimension=dimension.pk)
        metrics = Metric.objects.filter(dimensions=dimension.pk)
        slug = dimension.slug
        return [
            records_section(self, "codes", _("Codes"), codes, ["name"], dimension=slug),
            records_section(
                self, "metrics", _("Metrics"), metrics, ["name"], dimension=slug
            ),
        ]


@record_page_of.register(Code)
class CodePage(RecordPage):
    """One code: what it includes, and what was observed of it."""

    lead_field = "definition"

    def sections(self, code):
        narrower = Code.objects.filter(broader=code.pk)
        of_it = {parameter_of(code.dimension): code.notation}
        found = apply_filter(
            filter_of(Observation), of_it, Observation.objects.published()
        )
        newest = ["-start_earliest", "-id"]
        return [
            records_section(
                self,
                "narrower",
                _("Narrower codes"),
                narrower,
                ["name"],
                broader=code.slug,
            ),
            records_section(
                self, "measured", _("Observations"), found, newest, **of_it
            ),
        ]

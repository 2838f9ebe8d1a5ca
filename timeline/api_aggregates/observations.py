"""What observations come to."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers

from entities.models import Agency, Place
from provenance.api.aggregates import AggregateView, ByChoices
from provenance.api.fields import Related, plain_number, reference
from provenance.api.parameters import ByWord
from provenance.values.periods import WINDOWS

from ..aggregates import (
    DIMENSION,
    KINDS_OF_PLACE,
    MEASURES,
    NO_PLACE,
    PERIODS,
    PLACE,
    WAYS,
    WHY_LEFT_OUT,
    Question,
    aggregate,
)
from ..api import ObservationFilter
from ..models import Metric, Observation
from .grouping import (
    FISCAL_START,
    ByMonth,
    LeftOutSerializer,
    PeriodSerializer,
    grouping_of,
    left_out,
    period_members,
)


class ObservationAggregateFilter(ObservationFilter):
    """What can be asked of observations, and how they are put together."""

    group_by = ByChoices(
        WAYS,
        format_lazy(
            _(
                "What the observations of a group share, joined by commas: {words}, or "
                "dim: and the slug of a dimension. "
                "At most one is a place (place: each by itself; state: the state that "
                "each place lies in) and one a period. Another metric, population or "
                "modality is always another group, unless they are only counted."
            ),
            words=", ".join(WAYS),
        ),
        alternatives=[(PLACE, *KINDS_OF_PLACE), PERIODS],
        beginning=DIMENSION,
    )
    measure = ByWord(
        MEASURES,
        _(
            "What is told of each group (count without it). Only what adds up is "
            "summed: metrics of the kinds count and money."
        ),
        method="kept",
    )
    fiscal_start = ByMonth(FISCAL_START)
    windows = ByWord(
        WINDOWS,
        _(
            "Of metrics that add up, put windows of this length together; without it, "
            "those that give the most groups a value."
        ),
        method="kept",
    )
    places = ByWord(
        [*KINDS_OF_PLACE, NO_PLACE],
        _(
            "Put places of this kind together (none: what has no place); without it, "
            "those that give the most groups a value."
        ),
        method="kept",
    )
    open_end = ByWord(
        ["start"],
        _("Take the period of its start for a window whose end is not known."),
        method="kept",
    )
    overlaps = ByWord(
        ["omit"],
        _(
            "Leave a sum empty in which something would be counted twice, instead of "
            "refusing the question."
        ),
        method="kept",
    )


class CodeOfGroupSerializer(serializers.Serializer):
    """The code of a dimension."""

    slug = serializers.CharField(help_text=_("Its name in addresses."))
    name = serializers.CharField(help_text=_("What it is called."))
    url = serializers.URLField(help_text=_("Where all of it is."))
    notation = serializers.CharField(
        help_text=_("The code itself, as files and filters write it.")
    )


class GroupSerializer(PeriodSerializer):
    """Observations that are put together, and what they come to."""

    metric = Related(
        Metric, allow_null=True, help_text=_("The metric; null if it is put together.")
    )
    unit = serializers.CharField(allow_null=True, help_text=_("The unit of the value."))
    population = serializers.CharField(
        allow_null=True, help_text=_("Who or what is counted.")
    )
    modality = serializers.ChoiceField(
        Observation.Modality.choices,
        allow_null=True,
        help_text=_("Measured, planned, authorised or estimated."),
    )
    place = Related(
        Place, allow_null=True, help_text=_("The place, if it is grouped by places.")
    )
    reported_by = Related(
        Agency, allow_null=True, help_text=_("Whose figures, if it is grouped by that.")
    )
    codes = serializers.DictField(
        child=CodeOfGroupSerializer(allow_null=True),
        help_text=_(
            "Of each dimension that it is grouped by, by its slug, the code; null is "
            "what is not broken down by it."
        ),
    )
    parts = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text=_("The slugs of other dimensions whose codes are put together."),
    )
    windows = serializers.ChoiceField(
        WINDOWS,
        allow_null=True,
        help_text=_("How long the windows are that are put together."),
    )
    places = serializers.ChoiceField(
        [*KINDS_OF_PLACE, NO_PLACE],
        allow_null=True,
        help_text=_("Of which kind the places are that are put together."),
    )
    value = serializers.CharField(
        help_text=_(
            "The result as a quantity, such as 120, 90..110 or >=100; empty if nothing "
            "is on record, or it cannot be told."
        )
    )
    value_low = serializers.FloatField(
        allow_null=True, help_text=_("The smallest number that the result can mean.")
    )
    value_high = serializers.FloatField(
        allow_null=True, help_text=_("The largest number that the result can mean.")
    )
    observations = serializers.IntegerField(
        help_text=_("How many observations are in the group.")
    )
    without_value = serializers.IntegerField(
        help_text=_("How many of them have no value.")
    )
    disputed = serializers.IntegerField(
        help_text=_("How many of them some source contradicts.")
    )
    settled = serializers.IntegerField(
        help_text=_("Of how many of these all disputes are settled.")
    )
    left_out = serializers.IntegerField(
        help_text=_("How many more have other windows or places than were chosen.")
    )
    covered = serializers.FloatField(
        allow_null=True,
        help_text=_(
            "Of what adds up: which part of the days of the period the windows "
            "account for, from 0 to 1."
        ),
    )
    overlap = serializers.BooleanField(
        help_text=_("Whether some of it is counted twice; then there is no sum.")
    )


@extend_schema_serializer(many=False)
class ObservationAggregateSerializer(serializers.Serializer):
    """What observations come to."""

    group_by = serializers.ListField(
        child=serializers.CharField(), help_text=_("What they are grouped by.")
    )
    measure = serializers.ChoiceField(MEASURES, help_text=_("What is told of each."))
    left_out = LeftOutSerializer(
        many=True, help_text=_("What is in no group, and why.")
    )
    results = GroupSerializer(
        many=True,
        help_text=_(
            "The groups, at most 10,000: also those of periods of which nothing is on "
            "record."
        ),
    )


class ObservationAggregateView(AggregateView):
    """What observations come to: sums, means, extremes and counts by group.

    Only what can be compared is put together. What was chosen for that stands in each
    group (`windows`, `places`), and what is left out is counted. At most 100,000
    observations are read for one answer; without a filter all of them are.
    """

    of = Observation
    serializer_class = ObservationAggregateSerializer
    filterset_class = ObservationAggregateFilter
    quantities = ("value",)

    @property
    def csv_members(self):
        """Its members; in place of the codes a column for each dimension asked for."""
        asked = self.filters.form.cleaned_data["group_by"]
        columns = [word for word in asked if word.startswith(DIMENSION)]
        names = list(GroupSerializer().fields)
        place = names.index("codes")
        return (*names[:place], *columns, *names[place + 1 :])

    def rows_of(self, results):
        """The codes in their columns, by what files and filters write."""
        rows = [
            {
                **row,
                **{
                    f"{DIMENSION}{slug}": code and code["notation"]
                    for slug, code in row["codes"].items()
                },
            }
            for row in results
        ]
        return super().rows_of(rows)

    @extend_schema(responses=ObservationAggregateSerializer)
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)

    def answered(self, observations, asked):
        question = question_of(asked)
        found = aggregate(observations, question)
        root = self.get_serializer_context()["root"]
        return {
            "group_by": list(question.group_by),
            "measure": question.measure,
            "left_out": left_out(found.left_out, WHY_LEFT_OUT),
            "results": [shown(group, root) for group in found.groups],
        }


def question_of(asked):
    """What is asked of observations."""
    return Question(
        **grouping_of(asked),
        measure=asked["measure"] or MEASURES[0],
        windows=asked["windows"] or "",
        places=asked["places"] or "",
        open_end=bool(asked["open_end"]),
        omit=bool(asked["overlaps"]),
    )


def shown(group, root):
    """A group as the API shows it."""
    key, level = group.key, group.level
    records = {
        name: record and reference(record, root)
        for name in ("metric", "place", "reported_by")
        for record in [getattr(group, name)]
    }
    bounds = {"low": group.low, "high": group.high}
    return {
        "metric": records["metric"],
        "unit": group.metric and group.metric.counted_in,
        "population": key.population,
        "modality": key.modality,
        "place": records["place"],
        "reported_by": records["reported_by"],
        **period_members(group.period),
        "codes": {
            slug: code and {**reference(code, root), "notation": code.notation}
            for slug, code in group.codes.items()
        },
        "parts": group.parts and [one.slug for one in group.parts],
        "windows": (level and level.windows) or None,
        "places": (level and level.places) or None,
        "value": group.value,
        **{
            f"value_{name}": None if end is None else plain_number(end)
            for name, end in bounds.items()
        },
        "observations": group.observations,
        "without_value": group.without_value,
        "disputed": group.disputed,
        "settled": group.settled,
        "left_out": group.left_out,
        "covered": group.covered,
        "overlap": group.overlap,
    }

"""How many events there were."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers

from entities.models import Agency, Official, Place
from provenance.api.aggregates import AggregateView, ByChoices
from provenance.api.fields import Related, reference

from ..aggregates import (
    KINDS_OF_PLACE,
    PARTIES,
    PERIODS,
    PLACE,
    WAYS_OF_EVENTS,
    WHY_NOT_COUNTED,
    Grouping,
    count_events,
)
from ..api import TimelineFilter
from ..models import Event, Theme
from .grouping import (
    FISCAL_START,
    ByMonth,
    LeftOutSerializer,
    PeriodSerializer,
    grouping_of,
    left_out,
    period_members,
)


class TimelineAggregateFilter(TimelineFilter):
    """What can be asked of events, and how they are counted."""

    group_by = ByChoices(
        WAYS_OF_EVENTS,
        format_lazy(
            _(
                "What the events of a group share, joined by commas: {words}. At most "
                "one is a party, one a place (place: each with all that lies in it; "
                "state: those of that kind) and one the period in which they began."
            ),
            words=", ".join(WAYS_OF_EVENTS),
        ),
        alternatives=[PARTIES, (PLACE, *KINDS_OF_PLACE), PERIODS],
    )
    fiscal_start = ByMonth(FISCAL_START)


class EventGroupSerializer(PeriodSerializer):
    """Events that share something: how many, and how many of them are in doubt."""

    type = serializers.ChoiceField(
        Event.Type.choices, allow_null=True, help_text=_("The type of the events.")
    )
    agency = Related(
        Agency,
        allow_null=True,
        help_text=_("The agency that took part, itself or by one in office there."),
    )
    official = Related(
        Official, allow_null=True, help_text=_("The official who took part.")
    )
    theme = Related(
        Theme, allow_null=True, help_text=_("What they are about, or a wider theme.")
    )
    place = Related(
        Place, allow_null=True, help_text=_("Where they were, or what that lies in.")
    )
    events = serializers.IntegerField(help_text=_("How many events."))
    unsure = serializers.IntegerField(
        help_text=_("How many of them have an uncertain or approximate start.")
    )
    disputed = serializers.IntegerField(
        help_text=_("How many of them some source contradicts.")
    )
    settled = serializers.IntegerField(
        help_text=_("Of how many of these all disputes are settled.")
    )


@extend_schema_serializer(many=False)
class TimelineAggregateSerializer(serializers.Serializer):
    """How many events there were."""

    group_by = serializers.ListField(
        child=serializers.ChoiceField(WAYS_OF_EVENTS),
        help_text=_("What they are grouped by."),
    )
    events = serializers.IntegerField(
        help_text=_("How many events are asked for; one may be in several groups.")
    )
    left_out = LeftOutSerializer(
        many=True, help_text=_("What is in no group, and why.")
    )
    results = EventGroupSerializer(
        many=True,
        help_text=_(
            "The groups, at most 10,000: also those of periods in which nothing began."
        ),
    )


class TimelineAggregateView(AggregateView):
    """How many events there were: by when they began, type, party, theme and place.

    Each number is what the timeline shows narrowed to the group, so an event may be in
    several groups, and the numbers do not add up to all events. At most 100,000 events
    are read for one answer; without a filter all of them are.
    """

    of = Event
    serializer_class = TimelineAggregateSerializer
    filterset_class = TimelineAggregateFilter
    csv_members = tuple(EventGroupSerializer().fields)

    @extend_schema(responses=TimelineAggregateSerializer)
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)

    def answered(self, events, asked):
        grouping = Grouping(**grouping_of(asked))
        found = count_events(events, grouping)
        root = self.get_serializer_context()["root"]
        return {
            "group_by": list(grouping.group_by),
            "events": found.events,
            "left_out": left_out(found.left_out, WHY_NOT_COUNTED),
            "results": [shown_events(group, root) for group in found.groups],
        }


def shown_events(group, root):
    """A group of events as the API shows it."""
    shown = {name: reference(record, root) for name, record in group.records.items()}
    return {
        **period_members(group.period),
        "type": group.type,
        **{name: shown.get(name) for name in (*PARTIES, "theme", PLACE)},
        "events": group.events,
        "unsure": group.unsure,
        "disputed": group.disputed,
        "settled": group.settled,
    }

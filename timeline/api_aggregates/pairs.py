"""Who met whom."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from entities.models import Official
from provenance.api.aggregates import AnswerView
from provenance.api.fields import Related, reference
from provenance.api.paging import KeysetPagination
from provenance.db.ranked import Ranked

from ..api import TimelineFilter
from ..models import Event
from ..pairs import encounters


class FirstOrLastSerializer(serializers.Serializer):
    """The first or the last event of two officials."""

    slug = serializers.CharField(help_text=_("Its name in addresses."))
    title = serializers.CharField(help_text=_("What happened, in a few words."))
    url = serializers.URLField(help_text=_("Where all of it is."))
    type = serializers.ChoiceField(Event.Type.choices, help_text=_("Its type."))
    start = serializers.CharField(help_text=_("When it began, as exactly as known."))


class PairSerializer(serializers.Serializer):
    """Two officials, and how often they took part in the same events."""

    one = Related(Official, help_text=_("One of the two."))
    other = Related(Official, help_text=_("The other one."))
    events = serializers.IntegerField(
        help_text=_("In how many meetings and agreements both took part.")
    )
    meetings = serializers.IntegerField(help_text=_("In how many meetings."))
    agreements = serializers.IntegerField(help_text=_("In how many agreements."))
    general_knowledge = serializers.IntegerField(
        help_text=_("Of how many of these no source says when they were.")
    )
    first = FirstOrLastSerializer(
        allow_null=True, help_text=_("The first of them; null if none has a date.")
    )
    last = FirstOrLastSerializer(
        allow_null=True, help_text=_("The last of them; null if none has a date.")
    )


COUNTED = {
    "counted": {
        "type": "integer",
        "description": _("Of how many meetings and agreements the pairs are made."),
    },
    "crowds": {
        "type": "integer",
        "description": _("How many more had over 50 officials, and make no pairs."),
    },
    "are_all": {
        "type": "boolean",
        "description": _("Whether all were counted that are asked for, or the newest."),
    },
}


class CountedPages(KeysetPagination):
    """Pages that tell of how many events they are made."""

    def get_paginated_response_schema(self, schema):
        pages = super().get_paginated_response_schema(schema)
        pages["required"] += COUNTED
        pages["properties"] |= COUNTED
        return pages


class PairsView(AnswerView):
    """Who met whom: pairs of officials, those with the most events in common first.

    They are made of the meetings and agreements that the filters of the timeline let
    through, the newest 10,000 if there are more. Where over 50 officials took part,
    not each has met each: such events are counted as `crowds` and make no pairs. With
    `official` all pairs are with that one.
    """

    answer_name = "pairs"
    serializer_class = PairSerializer
    filterset_class = TimelineFilter
    pagination_class = CountedPages
    csv_members = tuple(PairSerializer().fields)

    @classmethod
    def collection(cls):
        return Official.collection

    def get_queryset(self):
        return Event.objects.published()

    def list(self, request, *args, **kwargs):
        answer = super().list(request, *args, **kwargs)
        if not self.asked_format():
            found = self.found
            answer.data["counted"], answer.data["crowds"] = found.events, found.crowds
            answer.data["are_all"] = found.are_all
        return answer

    def stretches(self):
        events = self.filter_queryset(self.get_queryset())
        self.found = encounters(events, self.filters.chosen("official"))
        yield Ranked(self.found.pairs, 3)

    def shown_of(self, rows):
        people, events = records_of(rows)
        root = self.get_serializer_context()["root"]

        def told(key):
            if key is None:
                return None
            return {**reference(events[key], root), "start": str(events[key].start)}

        return [
            {
                "one": reference(people[row.one], root),
                "other": reference(people[row.other], root),
                "events": row.events,
                "meetings": row.meetings,
                "agreements": row.agreements,
                "general_knowledge": row.general,
                "first": told(row.first),
                "last": told(row.last),
            }
            for row in rows
        ]


def records_of(rows):
    """The officials and the events that pairs name, by their keys."""
    people = {key for row in rows for key in (row.one, row.other)}
    events = {key for row in rows for key in (row.first, row.last)} - {None}
    return Official.objects.in_bulk(people), Event.objects.in_bulk(events)

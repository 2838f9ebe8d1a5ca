"""What is otherwise on the other of two dates."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers

from entities.models import Agency
from provenance.api.aggregates import AggregateView
from provenance.api.fields import reference
from provenance.api.filters import StrictFilter
from provenance.api.parameters import BySlug, DateField, Parameter
from provenance.api.problems import parameter_error
from provenance.registry.kinds import record_types
from provenance.values.stated_values import join_list

from ..comparison import ASPECTS, SURE, compare

NAMES = [aspect.name for aspect in ASPECTS]


class NeededDate(DateField):
    """A partial date without which nothing can be compared."""

    def clean(self, value):
        if not value:
            message = _("Name a date, such as 2009-10: two dates are compared.")
            raise ValidationError(message, code="required")
        return super().clean(value)


class ByNeededDate(Parameter):
    """One of the two dates."""

    field_class = NeededDate

    def __init__(self, description):
        super().__init__(description, method="kept", required=True)


class ComparisonFilter(StrictFilter):
    """What can be asked of two dates."""

    agency = BySlug(
        Agency,
        _("The slug of an agency: what is about it and those below it."),
        method="kept",
    )

    @classmethod
    def besides(cls):
        return {
            **super().besides(),
            "from": ByNeededDate(_("A date, such as 2009-10.")),
            "to": ByNeededDate(_("A later date, such as 2025-04.")),
        }

    def faults(self):
        yield from super().faults()
        asked = self.form.cleaned_data
        one, other = asked.get("from"), asked.get("to")
        if one and other and one.earliest > other.latest:
            message = _("It is before the first of the two dates.")
            yield parameter_error("to", message)


class NamedRecordSerializer(serializers.Serializer):
    """A record of whichever kind."""

    type = serializers.ChoiceField(list(record_types()), help_text=_("Its kind."))
    slug = serializers.CharField(help_text=_("Its name in addresses."))
    label = serializers.CharField(help_text=_("What it is called."))
    url = serializers.URLField(help_text=_("Where all of it is."))


class HeldSerializer(serializers.Serializer):
    """What held on one of the dates."""

    what = serializers.CharField(help_text=_("What held, in words."))
    holds = serializers.CharField(
        help_text=_("Whether it held then: yes, likely or maybe.")
    )
    general_knowledge = serializers.BooleanField(
        help_text=_("Whether a date that it rests on is one that no source states.")
    )
    record = NamedRecordSerializer(help_text=_("The record that tells of it."))


class DifferenceSerializer(serializers.Serializer):
    """What was said of one subject on two dates, which is not the same."""

    aspect = serializers.ChoiceField(NAMES, help_text=_("What is compared."))
    subject = NamedRecordSerializer(help_text=_("Of whom or what it is told."))
    about = serializers.CharField(
        help_text=_("What about it: an office's agency, what a figure counts.")
    )
    changed = serializers.ChoiceField(
        ["yes", "maybe"], help_text=_("Whether it surely changed, or may have.")
    )
    before = HeldSerializer(many=True, help_text=_("What held on the first date."))
    after = HeldSerializer(many=True, help_text=_("What held on the second date."))


class AspectSerializer(serializers.Serializer):
    """How much changed of one kind."""

    aspect = serializers.ChoiceField(NAMES, help_text=_("What is compared."))
    changed = serializers.IntegerField(help_text=_("How many surely changed."))
    maybe = serializers.IntegerField(help_text=_("How many may have changed."))
    same = serializers.IntegerField(
        help_text=_("Of how many the same is said on both dates.")
    )
    listed = serializers.IntegerField(help_text=_("How many are in the results."))


@extend_schema_serializer(many=False)
class ComparisonOfDatesSerializer(serializers.Serializer):
    """What is otherwise on the other of two dates."""

    aspects = AspectSerializer(many=True, help_text=_("How much changed, by kind."))
    results = DifferenceSerializer(
        many=True, help_text=_("The changes, of each kind the first 200.")
    )


class ComparisonOfDatesView(AggregateView):
    """What is otherwise on the other of two dates.

    Offices that changed hands, names, agreements and their states, deployments and
    figures of metrics. Something surely changed if it certainly held on the one date
    and cannot have on the other; else, if what is possible differs, it may have.
    """

    serializer_class = ComparisonOfDatesSerializer
    filterset_class = ComparisonFilter
    csv_members = tuple(DifferenceSerializer().fields)

    @classmethod
    def collection(cls):
        return "compare"

    @classmethod
    def address(cls):
        return cls.collection()

    @classmethod
    def route_name(cls):
        return cls.collection()

    def get_queryset(self):
        return Agency.objects.none()

    @extend_schema(responses=ComparisonOfDatesSerializer)
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)

    def answered(self, _records, asked):
        found = compare(asked["from"], asked["to"], asked["agency"])
        root = self.get_serializer_context()["root"]
        return {
            "aspects": [
                {
                    "aspect": changes.name,
                    "changed": changes.sure,
                    "maybe": changes.maybe,
                    "same": changes.same,
                    "listed": len(changes.found),
                }
                for changes in found
            ],
            "results": [
                {
                    "aspect": changes.name,
                    "subject": named(change.subject, root),
                    "about": change.about,
                    "changed": "yes" if change.is_sure else "maybe",
                    "before": [shown(held, root) for held in change.before],
                    "after": [shown(held, root) for held in change.after],
                }
                for changes in found
                for change in changes.found
            ],
        }

    def rows_of(self, results):
        """What held on each date as one cell."""
        flat = [
            {**row, **{side: in_a_cell(row[side]) for side in ("before", "after")}}
            for row in results
        ]
        return super().rows_of(flat)


def named(record, root):
    """A record of whichever kind, as an object."""
    known = reference(record, root)
    return {
        "type": record.record_type,
        "slug": record.slug,
        "label": str(record),
        "url": known["url"],
    }


def shown(held, root):
    return {
        "what": held.what,
        "holds": held.holds,
        "general_knowledge": held.is_general,
        "record": named(held.record, root),
    }


def in_a_cell(several):
    """What held, with how surely where that is not certain, and what no source says."""
    return join_list(map(in_words, several))


def in_words(held):
    notes = [held["holds"]] if held["holds"] != SURE else []
    notes += ["general knowledge"] if held["general_knowledge"] else []
    return f"{held['what']} ({', '.join(notes)})" if notes else held["what"]

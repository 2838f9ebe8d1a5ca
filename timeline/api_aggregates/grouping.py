"""How records are grouped, and what every answer tells of that."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from provenance.api.parameters import Parameter
from provenance.values.periods import OCTOBER

FISCAL_START = _(
    "With group_by=fiscal-year: the month that it begins with (10: October)."
)


class ByMonth(Parameter):
    """The number of a month, with which a fiscal year begins."""

    schema = {"type": "integer", "minimum": 1, "maximum": 12, "default": OCTOBER}
    field_class = forms.TypedChoiceField

    def __init__(self, description):
        months = [(str(number), number) for number in range(1, 13)]
        super().__init__(
            description,
            choices=months,
            coerce=int,
            empty_value=OCTOBER,
            method="kept",
            error_messages={"invalid_choice": _("Write a month from 1 to 12.")},
        )


class PeriodSerializer(serializers.Serializer):
    """The period of a group; nulls where no periods are asked for."""

    period = serializers.CharField(
        allow_null=True,
        help_text=_("The period: 2024, 2024-Q3, 2024-07 or FY2025, named by its end."),
    )
    period_start = serializers.DateField(
        allow_null=True, help_text=_("The first day of the period.")
    )
    period_end = serializers.DateField(
        allow_null=True, help_text=_("The last day of the period.")
    )


class LeftOutSerializer(serializers.Serializer):
    """Records that were asked for and are in no group, for one reason."""

    reason = serializers.CharField(help_text=_("Why, in a word."))
    number = serializers.IntegerField(help_text=_("How many."))
    message = serializers.CharField(help_text=_("Why, and what can be done."))


def grouping_of(asked):
    """How records are grouped, as the filter has read the parameters."""
    first, last = asked.get("from"), asked.get("to")
    return {
        "group_by": asked["group_by"],
        "fiscal_start": asked["fiscal_start"],
        "first": first.earliest if first else date.min,
        "last": last.latest if last else date.max,
    }


def left_out(numbers, reasons):
    """What is in no group, by the reason."""
    return [
        {"reason": reason, "number": numbers[reason], "message": str(message)}
        for reason, message in reasons.items()
        if numbers[reason]
    ]


def period_members(period):
    """The period of a group as the API shows it."""
    return {
        "period": period and period.label,
        "period_start": period and period.first.isoformat(),
        "period_end": period and period.last.isoformat(),
    }

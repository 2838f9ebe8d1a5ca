"""Two dates compared, as a page."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from entities.models import Agency
from provenance.pages.addresses import in_other_forms
from provenance.pages.base import Misasked, Moved, Page
from provenance.pages.lists import checked_filter

from ..api_aggregates.comparison import ComparisonFilter
from ..comparison import compare

LISTED = 50  # of each kind; JSON and CSV have more
A_YEAR = timedelta(days=365)


class ComparisonPage(Page):
    """What differs between two dates; without any it leads to a year ago and today."""

    template_name = "timeline/comparison.html"
    parameters = ("from", "to", "agency")

    def get_context_data(self, **context):
        if not self.asked.keys() & {"from", "to"}:
            today = timezone.localdate()
            dates = {"from": str(today - A_YEAR), "to": str(today)}
            raise Moved(self.address(**dates), for_good=False)
        given = {name: text for name, text in self.asked.items() if name != "known_at"}
        filters = checked_filter(ComparisonFilter, given, Agency.objects.none())
        asked = filters.form.cleaned_data
        one, other, agency = (asked[name] for name in ("from", "to", "agency"))
        try:
            aspects = compare(one, other, agency)
        except ValidationError as error:
            raise Misasked(error.messages) from None
        return super().get_context_data(
            **context,
            **in_other_forms("compare", **given, known_at=self.known_at),
            one=one,
            other=other,
            agency=agency,
            aspects=[
                (aspect, aspect.found[:LISTED], max(aspect.number - LISTED, 0))
                for aspect in aspects
            ],
        ) | {"title": _("Two dates compared")}

"""The timeline as a page: everything that happened, as a list and as a drawing."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from provenance.db.keyset import Keyset, Stretch
from provenance.pages.addresses import asked, in_other_forms
from provenance.pages.base import Moved
from provenance.pages.lists import ListPage

from .drawing import (
    NEWEST,
    keys_within,
)
from .front import front_of
from .through_time import ThroughTime

OLDEST = Keyset(("start_earliest", "id"))
BY_ID = Keyset(("id",))


@dataclass(frozen=True)
class Month:
    """Events of one month; or of a year, where no month is known."""

    label: str
    events: list


@dataclass(frozen=True)
class Year:
    """Events that began in one year; or in some year of several."""

    label: str
    months: list[Month] = field(default_factory=list)


def years_of(events):
    """Events, in order, under the year and the month in which they certainly began."""
    return [
        Year(
            year,
            [Month(month, list(those)) for month, those in groupby(of_it, _month_of)],
        )
        for year, of_it in groupby(events, _year_of)
    ]


def _year_of(event):
    first, last = event.start.earliest, event.start.latest
    if last == date.max:
        return _("%d or later") % first.year
    if first.year == last.year:
        return str(first.year)
    return f"{first.year}–{last.year}"


def _month_of(event):
    first, last = event.start.earliest, event.start.latest
    if (first.year, first.month) == (last.year, last.month):
        return capfirst(str(MONTHS[first.month]))
    return ""


class TimelinePage(ThroughTime, ListPage):
    """What happened, newest first, and in a drawing; narrowed by what is asked for."""

    template_name = "timeline/timeline.html"
    is_front = False  # the page that strangers come to, which says what this is
    parameters = (*ThroughTime.parameters, "order", "cursor")
    words = {**ThroughTime.words, "order": ("oldest",)}  # without: newest first

    def above(self):
        return []

    def get_context_data(self, **context):
        if there := self.to_compared():
            raise Moved(there, for_good=False)
        events = self.events()
        page = self.page_among(
            [
                Stretch("dated", events.exclude(start_earliest=date.min), self.keyset),
                Stretch("undated", events.filter(start_earliest=date.min), BY_ID),
            ],
            self.asked.get("order", ""),
        )
        window = self.window
        keys, is_all = keys_within(window, events) if window else ([], True)
        shown = self.shown({row.pk for row in page.rows}.union(keys or ()))
        rows = [shown[row.pk] for row in page.rows]
        return super().get_context_data(
            **context,
            **self.page_links(page),
            front=self.front,
            years=years_of(event for event in rows if event.start.earliest > date.min),
            undated=[event for event in rows if event.start.earliest == date.min],
            picture=self.picture(window, keys, is_all, shown) if window else None,
            strip=self.strip,
            **self.ways_through_time(window),
            facets=self.facets(*self.in_common),
            narrowing=self.narrowed_to(),
            asked=self.asked,
            period=(self.asked.get("from", ""), self.asked.get("to", "")),
            **self.elsewhere(),
            orders=self.choices(
                "order", [("", _("newest first")), ("oldest", _("oldest first"))]
            ),
            **in_other_forms("timeline-list", **self.narrowing, known_at=self.known_at),
        ) | {"title": _("Timeline")}

    @property
    def keyset(self):
        return OLDEST if self.asked.get("order") == "oldest" else NEWEST

    @property
    def front(self):
        """What the first page tells of the site; None where something is asked for."""
        is_first = self.is_front and not self.asked
        return front_of(self.in_common[0]) if is_first else None

    def elsewhere(self):
        """The same in other forms, for other programs."""
        kept = {**self.narrowing, "known_at": self.known_at}
        build = self.request.build_absolute_uri
        here = build(asked(self.request.path, **kept))
        return {
            "in_sum": asked(reverse("pages:timeline-aggregate"), **kept),
            "on_map": asked(reverse("pages:map"), **kept),
            "calendar_address": asked(reverse("pages:calendar"), **kept),
            "timelinejs_address": asked(reverse("pages:timelinejs"), **kept),
            "embed_address": build(asked(reverse("pages:embed"), **kept)),
            "oembed_address": build(asked(reverse("pages:oembed"), url=here)),
        }

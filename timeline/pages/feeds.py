"""The timeline for other programs: TimelineJS, calendars, feed readers, other pages.

Each takes what the timeline can be narrowed by, and gives the newest events of that. No
date is made more exact than it is: what a format cannot say of it stands in words.
"""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from csp.decorators import csp_replace
from django.http import HttpResponse, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from icalendar import Calendar
from icalendar import Event as Entry

from provenance.evidence.visibility import hide_private_relations
from provenance.history.feed import EVENTS, LAST, newest, place_behind
from provenance.pages.addresses import asked, page_of
from provenance.pages.base import Misasked, Page
from provenance.values.translations import told
from provenance.web.languages import language_of
from provenance.web.time_axis import spoken

from .chronicle import NEWEST, years_of
from .narrowed import Narrowed

ATOM = "application/atom+xml; charset=utf-8"
MOST = 500
MOST_CHANGES = 50
A_DAY = timedelta(days=1)
SIZE = {"width": 800, "height": 600}  # of an embedded timeline, in pixels
SMALLEST = 200


class FileOfEvents(Narrowed):
    """The newest dated events that are asked for, in another form than a page."""

    def get(self, request):
        events = self.events().exclude(start_earliest=date.min)
        events = events.select_related("place")
        shown = list(NEWEST.ordered(events)[:MOST])
        events.model.look_up_attested(shown)
        events.model.look_up_grounds(shown)
        for event in shown:
            hide_private_relations(event)
        return self.answer(shown)

    def answer(self, events):
        raise NotImplementedError

    def whole(self, record):
        """The full address of the page of a record."""
        return self.request.build_absolute_uri(
            asked(page_of(record), known_at=self.known_at)
        )


class TimelineJs(FileOfEvents):
    """The timeline in the format of TimelineJS 3 (JSON)."""

    def answer(self, events):
        text = {"headline": _("Border-security cooperation"), "text": ""}
        body = {"title": {"text": text}, "events": [self.slide(one) for one in events]}
        return JsonResponse(body)

    def slide(self, event):
        """One event; its dates as exact as they are known, and in words beside that."""
        link = '<a href="{}">{}</a>'
        summary = told(event, "summary").text
        slide = {
            "unique_id": event.slug,
            "group": str(event.get_type_display()),
            "display_date": told_when(event),
            "start_date": parts_of(event.start),
            "text": {
                "headline": format_html(link, self.whole(event), event.in_words),
                "text": format_html("<p>{}</p>", summary),
            },
        }
        if event.end and not event.end.is_ongoing and event.end.latest < date.max:
            slide["end_date"] = parts_of(event.end, last=True)
        return slide


def told_when(event):
    """When it was, in words, and whether no source says so."""
    if not event.general_knowledge:
        return spoken(event)
    mark = _("not from the sources")
    return f"{spoken(event)} ({mark})"


def parts_of(when, last=False):
    """The year of a date; with month and day as far as it says which."""
    day = when.latest if last else when.earliest
    first, other = when.earliest, when.latest
    parts = {"year": day.year}
    if (first.year, first.month) == (other.year, other.month):
        parts["month"] = day.month
        if first == other:
            parts["day"] = day.day
    return parts


class ICalendar(FileOfEvents):
    """The timeline as a calendar (iCalendar, RFC 5545).

    An event takes all the days on which it may have been; it is tentative unless each
    of them is sure. One of which no end is known has none.
    """

    def answer(self, events):
        calendar = Calendar()
        calendar.add("prodid", "-//bordersec//timeline//EN")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("Border-security cooperation"))
        for event in events:
            calendar.add_component(self.entry(event))
        answer = HttpResponse(
            calendar.to_ical(), content_type="text/calendar; charset=utf-8"
        )
        answer["Content-Disposition"] = 'inline; filename="timeline.ics"'
        return answer

    def entry(self, event):
        """One event of the calendar."""
        begins, begun, ending, ended = event.days
        known = event.has_sure_dates and not event.general_knowledge
        sure = known and begins == begun and ending == ended
        entry = Entry()
        entry.add("uid", f"{event.slug}@{self.request.get_host()}")
        entry.add("dtstamp", event.updated_at.astimezone(UTC))
        entry.add("last-modified", event.updated_at.astimezone(UTC))
        entry.add("dtstart", begins)
        if ended < date.max:
            entry.add("dtend", ended + A_DAY)  # the first day that is not in it
        entry.add("summary", event.in_words)
        when = "" if sure else f"{told_when(event)}. "
        entry.add("description", f"{when}{told(event, 'summary')}".strip())
        entry.add("status", "CONFIRMED" if sure else "TENTATIVE")
        entry.add("transp", "TRANSPARENT")
        entry.add("url", self.whole(event))
        if event.place is not None:
            entry.add("location", event.place.in_words)
        return entry


class AtomOfChanges(Page):
    """What was written of late, as a feed (Atom, RFC 4287)."""

    def get(self, request):
        end = place_behind(self.moment) if self.moment else LAST
        entries = newest(MOST_CHANGES, end)
        home = request.build_absolute_uri(reverse("pages:home"))
        feed = Atom1Feed(
            title=_("Changes of the record"),
            link=home,
            description=_("What was published, changed and disputed, newest first"),
            feed_url=request.build_absolute_uri(),
            language=get_language(),
        )
        for entry in entries:
            record = entry.into or entry.record
            link = home
            if record:
                there = asked(page_of(record), known_at=self.known_at)
                link = request.build_absolute_uri(there)
            name = entry.record.in_words if entry.record else entry.slug
            moment = entry.change.at.astimezone(UTC)
            feed.add_item(
                title=f"{name}: {str(EVENTS[entry.event]).rstrip('.')}",
                link=link,
                unique_id=f"tag:{request.get_host()},{moment:%Y-%m-%d}:"
                f"{entry.change.number}/{entry.type}/{entry.slug}/{entry.event}",
                unique_id_is_permalink=False,
                updateddate=moment,
                description=", ".join([*entry.fields, *entry.rows]),
            )
        if not entries:  # Atom wants a moment, and the feed would take this one
            feed.latest_post_date = lambda: datetime(1970, 1, 1, tzinfo=UTC)
        return HttpResponse(feed.writeString("utf-8"), content_type=ATOM)


@method_decorator(xframe_options_exempt, name="dispatch")
@method_decorator(csp_replace({"frame-ancestors": ["*"]}), name="dispatch")
class EmbeddedTimeline(Narrowed):
    """The newest events that are asked for, to be shown within pages of other sites."""

    template_name = "timeline/embedded.html"

    def get_context_data(self, **context):
        events = self.read(NEWEST.ordered(self.events())[:50])
        dated = [event for event in events if event.start.earliest > date.min]
        whole = asked(reverse("pages:home"), **self.asked)
        whole = self.request.build_absolute_uri(whole)
        return super().get_context_data(
            **context,
            years=years_of(dated),
            whole=whole,
        ) | {"title": _("Timeline")}


class OEmbed(Page):
    """How an address of the timeline is shown within another site (oEmbed 1.0)."""

    parameters = ("url", "format", "maxwidth", "maxheight")

    def get(self, request):
        if self.asked.get("format", "json") != "json":
            return HttpResponse(_("Only JSON is offered."), status=501)
        query = self.query_of(self.asked.get("url", ""))
        if query is None:
            return HttpResponse(_("This is no address of the timeline."), status=404)
        size = {name: self.size(name) for name in SIZE}
        with override(language_of(urlsplit(self.asked["url"]).path)):
            embedded = asked(reverse("pages:embed"), **query)
            title, name = _("Border-security cooperation"), _("Timeline")
        source = request.build_absolute_uri(embedded)
        frame = format_html(
            '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" '
            'sandbox="allow-popups allow-top-navigation-by-user-activation"></iframe>',
            source,
            name,
            size["width"],
            size["height"],
        )
        return JsonResponse(
            {
                "version": "1.0",
                "type": "rich",
                "provider_name": "bordersec",
                "provider_url": request.build_absolute_uri(reverse("pages:home")),
                "title": title,
                "html": frame,
                **size,
            }
        )

    def query_of(self, url):
        """What an address of our timeline narrows it by; None if it is none of ours."""
        try:
            parts = urlsplit(url)
            with override(language_of(parts.path)):
                match = resolve(parts.path)
            given = parse_qs(parts.query, max_num_fields=50)
        except (ValueError, Resolver404):
            return None
        ours = {(scheme, self.request.get_host()) for scheme in ("http", "https")}
        if parts[:2] not in ours or match.view_name != "pages:home":
            return None
        known = ("known_at", *Narrowed.parameters)
        return {
            name: tuple(given[name]) if name in Narrowed.repeatable else given[name][0]
            for name in known
            if name in given
        }

    def size(self, name):
        """The width or height: as large as it is allowed to be."""
        most = self.asked.get(f"max{name}", str(SIZE[name]))
        if not (most.isascii() and most.isdecimal() and len(most) < 6):
            raise Misasked([_("Write a whole number for max%s.") % name])
        return min(SIZE[name], max(int(most), SMALLEST))

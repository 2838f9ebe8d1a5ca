"""Events on the page of what they are about: drawn, and listed one by one."""

from django.urls import reverse
from django.utils.translation import gettext as _

from provenance.pages.addresses import asked, page_of
from provenance.pages.reading import public_view
from provenance.pages.records import Section
from provenance.web.time_axis import drawing_of

from ..api import TimelineSerializer
from ..models import Event

MOST = 30


def events_section(page, events, title="", **narrowing):
    """The newest of these events; ``narrowing`` is what finds them on the timeline."""
    keys = events.order_by("-start_earliest", "-id").values_list("pk", flat=True)
    keys = list(keys[: MOST + 1])
    if not keys:
        return None
    shown = public_view(Event.objects.filter(pk__in=keys[:MOST]), TimelineSerializer)
    shown.sort(key=lambda event: keys.index(event.pk))
    items = [(e, e.in_words, page_of(e), e.in_dispute) for e in shown]
    more = asked(reverse("pages:home"), **narrowing, known_at=page.known_at)
    return Section(
        "events",
        title or _("Events"),
        "timeline/events.html",
        {
            "events": shown,
            "drawing": drawing_of([("", "", items)], _("Events over time")),
            "more": more if any(narrowing.values()) else "",
        },
    )

"""What stands on the first page above the timeline: what this is, and where to begin.

It follows from the public record alone, and is made once for each edition of it.
"""

from collections import defaultdict
from datetime import date, timedelta
from heapq import nlargest

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from provenance.db.counting import counted
from provenance.evidence.retold import told_once
from provenance.evidence.visibility import disputes_seen, with_disputes
from provenance.history.editions import kept
from provenance.history.feed import newest
from provenance.models import Dispute, Record
from provenance.pages.addresses import asked, list_of, listed_as, page_of
from provenance.pages.base import ABOUT, Page
from provenance.pages.disputes import NEWEST, laid_out
from provenance.pages.facts import label_of
from provenance.pages.sharing import SITE, as_png
from provenance.registry.kinds import disputed_models, record_types
from provenance.values.dates import PartialDate
from provenance.web.picture import picture_of
from provenance.web.time_axis import drawing_of

from ..models import Attendance, Event, Observation

COUNTED = 9_999  # of each kind; more are told as more than that
SHOWN = 5  # disputes, and records that changed
LOOKED_AT = 20  # changes
HAPPENED = {
    "created": gettext_lazy("added"),
    "published": gettext_lazy("published"),
    "changed": gettext_lazy("changed"),
    "renamed": gettext_lazy("changed"),
}
MANY_MEETINGS = 500
DRAWN = 50  # events of the picture
A_YEAR = timedelta(days=365)
LONG_AGO = date(1001, 1, 1)  # before it nothing is asked for by a year


def front_of(in_common):
    """What is shown to somebody who begins here.

    ``in_common`` are the agencies and officials at most events, by the name of the
    parameter: each with its slug, what it is called and how many.
    """
    numbers, entries = _of_record()
    disputes = _disputed(get_language())
    return {
        "amounts": [
            (listed_as(kind), list_of(kind), _told(number)) for kind, number in numbers
        ],
        "disputes": disputes,
        "changed": [(each.record, _happened(each), _day(each)) for each in entries],
        "questions": questions(in_common, disputes),
    }


def _told(number):
    if number > COUNTED:
        return _("more than %s") % f"{COUNTED:,}"
    return f"{number:,}"


def _happened(entry):
    """What happened to a record, in words: which fields changed, if they did."""
    labels = [label_of(type(entry.record), name) for name in entry.fields]
    return ": ".join(filter(None, [str(HAPPENED[entry.event]), ", ".join(labels)]))


def _day(entry):
    return PartialDate(f"{entry.change.at:%Y-%m-%d}").readable


@kept
def _of_record():
    """How much is on record, and what changed last."""
    return amounts(), changed()


@kept
def _disputed(_language):
    """What is disputed, with what each side says, as readers of a language read it."""
    return laid_out(disputed())


def amounts():
    """How many public records of each kind there are, of which the most first."""
    kinds = record_types()
    public = {name: kind.objects.published() for name, kind in kinds.items()}
    numbers = counted(public, COUNTED)
    most = sorted(numbers, key=numbers.get, reverse=True)
    return [(kinds[name], numbers[name]) for name in most if numbers[name]]


def disputed():
    """The disputes that were opened last and are not settled."""
    found = []
    for model in disputed_models():
        seen = told_once(disputes_seen(model, everything=False))
        are_open = seen.filter(public_state=Dispute.State.OPEN).labelled()
        found += NEWEST.ordered(are_open)[:SHOWN]
    return nlargest(SHOWN, found, key=lambda dispute: dispute.opened_at)


def changed():
    """The events that changed last, each with what happened to it and when.

    One look is taken, at so many changes as may well be of so many events.
    """
    kinds = {kind for kind in record_types().values() if issubclass(kind, Event)}
    found = {}
    for entry in newest(LOOKED_AT, among=kinds, looks=1):
        if entry.record is not None and entry.event in HAPPENED:
            found.setdefault(entry.record.pk, entry)
    return list(found.values())[:SHOWN]


def questions(in_common, disputes):
    """Questions that a page answers: in words, and its address."""
    for first, last in _last_year():
        told = {"from": first.readable, "to": last.readable}
        yield (
            _("What changed between %(from)s and %(to)s?") % told,
            asked(reverse("pages:compare"), **{"from": str(first), "to": str(last)}),
        )
    for slug, name, _number in in_common.get("agency", ())[:1]:
        yield (
            _("Who heads %s, and who did before?") % name,
            reverse("pages:agencies", args=[slug]),
        )
    of_officials = in_common.get("official", ())[:SHOWN]
    names = {slug: name for slug, name, _number in of_officials}
    if slug := _met_most(*names):
        yield (
            _("Whom did %s meet?") % names[slug],
            reverse("pages:officials-network", args=[slug]),
        )
    for metric in _measured(disputes)[:1]:
        yield _("How do sources differ on “%s”?") % metric.in_words, page_of(metric)
    if Event.objects.published().exclude(place=None).exists():
        yield _("Where did it happen?"), reverse("pages:map")


def _measured(disputes):
    """The public metrics about a figure of which there is one of these disputes."""
    records = [one for each in disputes for one in (each.record, *each.also)]
    metrics = [one.metric for one in records if isinstance(one, Observation)]
    return [metric for metric in metrics if metric.is_public]


def _last_year():
    """The two months between which the last year of the record lies, if it has any."""
    dated = Event.objects.published().filter(
        start_earliest__gte=LONG_AGO, start_latest__lt=date.max
    )
    last = dated.order_by("-start_earliest").values_list("start_earliest", flat=True)
    for day in last[:1]:
        yield PartialDate(f"{day - A_YEAR:%Y-%m}"), PartialDate(f"{day:%Y-%m}")


@kept
def _met_most(*slugs):
    """Which of these officials took part in most meetings, or the first who did in very
    many; None if none did in any.
    """
    came = Attendance.objects.filter(
        type=Event.Type.MEETING, event__status__beside=Record.Status.PUBLISHED
    )
    meetings = {slug: came.filter(official__slug=slug) for slug in slugs}
    numbers = counted(meetings, MANY_MEETINGS)
    most = max(numbers, key=numbers.get, default=None)
    return most if most and numbers[most] else None


class SitePicture(Page):
    """The picture of the site, for pages that have none of their own."""

    def get(self, request):
        return as_png(_picture(self.known_at, get_language()))


@kept
def _picture(_known_at, _language):
    """The newest events, by kind."""
    events = Event.objects.published().exclude(start_earliest=date.min)
    lanes = defaultdict(list)
    drawn = events.order_by("-start_earliest", "-id")[:DRAWN]
    for event in with_disputes(drawn):
        item = event, event.in_words, "", event.in_dispute
        lanes[event.type].append(item)
    named = [
        (capfirst(str(Event.Type(type).label)), "", items)
        for type, items in lanes.items()
    ]
    title = _("Border-security cooperation between the United States and Mexico")
    return picture_of(SITE, "", title, str(ABOUT), drawing_of(named))

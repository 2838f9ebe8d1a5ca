"""The pages of officials, agencies, posts and appointments."""

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from entities.models import Agency, Appointment, Official, Post
from provenance.models import Portrait
from provenance.pages.addresses import asked, in_the_api, page_of
from provenance.pages.base import Misasked
from provenance.pages.first_part import first_part
from provenance.pages.records import (
    RecordPage,
    Section,
    record_page_of,
    records_section,
)
from provenance.values.dates import PartialDate
from provenance.web.time_axis import drawing_of

from ..chronicle import with_agency, with_official
from ..models import (
    Agreement,
    Event,
    Statement,
    StatementAgency,
    StatementOfficial,
)
from .event_sections import events_section
from .names import names_section
from .statements import said_about, statements_section

DESCRIBED = 2  # offices of a person, the last ones
HELD = 500  # offices at one time, of what a page tells of
# How surely somebody was in office.
HOLDS = {"yes": "", "likely": gettext_lazy("likely"), "maybe": gettext_lazy("maybe")}


def held_on(when, appointments):
    """Who was in office on a date, surely or possibly: each with how surely, in words.

    Who was only nominated was not.
    """
    held = appointments.as_of(when).exclude(kind=Appointment.Kind.NOMINEE)
    held = list(held.select_related("official", "post__agency")[:HELD])
    Appointment.look_up_attested(held)
    Appointment.look_up_grounds(held)
    return [(one, HOLDS[one.holds(when)]) for one in held]


def tenures_of(page, appointments, **narrowing):
    """The newest appointments with all that may be known of them, in order of time."""
    newest = ["-start_earliest", "-id"]
    part = first_part(page, appointments, newest, whole=True, are_few=True, **narrowing)
    part.records.sort(key=lambda one: (one.start.sort_key, one.slug))
    return part


def network_section(page, record):
    """The way to who met it, and who served with it."""
    address = reverse(f"pages:{record.collection}-network", args=[record.slug])
    address = asked(address, known_at=page.known_at)
    pairs = connection = ""
    if isinstance(record, Official):
        asks = {"official": record.slug, "known_at": page.known_at}
        pairs = asked(reverse("pages:officials-pairs"), **asks)
        asks = {"one": record.slug, "known_at": page.known_at}
        connection = asked(reverse("pages:connection"), **asks)
    return Section(
        "network",
        _("Relations"),
        "timeline/to_network.html",
        {"address": address, "pairs": pairs, "connection": connection},
    )


@record_page_of.register(Official)
class OfficialPage(RecordPage):
    """One person: offices, names, events, and who they met."""

    shown_apart = ("names",)

    def sections(self, official):
        events = with_official(Event.objects.published(), official)
        return [
            self.offices(official),
            events_section(self, events, official=official.slug),
            self.said(official),
            said_about(self, official, StatementOfficial),
            names_section(self, official),
            network_section(self, official),
        ]

    def opening(self, official):
        """What offices the person holds today, or is known to have held last."""
        held = Appointment.objects.published_beside().filter(official=official.pk)
        held, day = held.order_by("-start_earliest", "-id"), self.day()
        today = held_on(day, held)
        if any(one.holds(day) != "maybe" for one, _how in today):
            title = _("In office as of %s") % day.readable
        else:
            last = [one for one, _how in today] or self.first_of(held)
            today = [(one, "") for one in last]
            title = ngettext("Last known office", "Last known offices", len(last))
        content = {"held": today}
        return today and Section("office", title, "timeline/in_office.html", content)

    @staticmethod
    def first_of(held):
        """The first few of some appointments, with what is known of their dates."""
        found = list(held.select_related("post__agency")[:DESCRIBED])
        Appointment.look_up_attested(found)
        Appointment.look_up_grounds(found)
        return found

    def described(self, official):
        """The offices that the person held last."""
        held = Appointment.objects.published_beside().filter(official=official.pk)
        held = held.select_related("post__agency").order_by("-start_earliest", "-id")
        offices = dict.fromkeys(office_named(one.post) for one in held[:DESCRIBED])
        return "; ".join(offices) or super().described(official)

    def said(self, official):
        """What the person said."""
        found = Statement.objects.filter(official=official.pk)
        return statements_section(self, found, official=official.slug)

    def offices(self, official):
        """What offices the person held, surely and possibly."""
        held = Appointment.objects.filter(official=official.pk)
        tenures = tenures_of(self, held, official=official.slug)
        if not tenures.records:
            return None
        lanes = [
            (office_named(one.post), page_of(one.post), [_item(one)])
            for one in tenures.records
        ]
        return Section(
            "offices",
            _("Offices"),
            "timeline/tenures.html",
            {
                "tenures": tenures,
                "drawing": drawing_of(lanes, _("Offices over time")),
                "first": _("Office"),
                "of_official": True,
            },
        )

    def tables(self, official):
        asks = {"official": official.slug, "known_at": self.known_at, "format": "csv"}
        return [
            *super().tables(official),
            (_("Appointments (CSV)"), in_the_api("appointments-list", **asks)),
            (_("Events (CSV)"), in_the_api("timeline-list", **asks)),
        ]


def office_named(post):
    """What an office is called, with where it is unless its title says so."""
    if str(post.agency) in post.title:
        return post.in_words
    return f"{post.told}, {post.agency.told}"


def _item(appointment, label=""):
    """An appointment as what a drawing takes."""
    label = label or appointment.in_words
    return appointment, label, page_of(appointment), appointment.in_dispute


@record_page_of.register(Agency)
class AgencyPage(RecordPage):
    """One body: its names and offices through time, what it is part of, its events."""

    parameters = ("as_of",)
    shown_apart = ("names",)

    def opening(self, agency):
        """Who heads it today, or on the date that is asked for."""
        when = self.when()
        heading = Appointment.objects.published_beside().heading(agency)
        held = held_on(when, heading.order_by("post__title", "start_earliest", "pk"))
        posts = Post.objects.published().filter(agency=agency.pk, kind=Post.Kind.HEAD)
        if not held and not posts.exists():
            return None
        officials = [one.official for one, _holds in held]
        portraits = Portrait.objects.of_records(officials)
        heads = [(one, how, portraits.get(one.official_id)) for one, how in held]
        title = _("Head as of %s") % when.readable
        content = {"heads": heads, "as_of": self.asked.get("as_of", "")}
        return Section("head", title, "timeline/heads.html", content)

    def when(self):
        """The date that is asked for; without one, today, or the day that is shown."""
        try:
            asked_for = PartialDate(self.asked.get("as_of", ""))
        except ValidationError as error:
            raise Misasked([f"as_of: {each}" for each in error.messages]) from None
        return asked_for or self.day()

    def sections(self, agency):
        events = with_agency(Event.objects.published(), agency)
        return [
            names_section(self, agency),
            self.holders(agency),
            self.parts(agency),
            self.deposited(agency),
            events_section(self, events, agency=agency.slug),
            self.said(agency),
            said_about(self, agency, StatementAgency),
            network_section(self, agency),
        ]

    def said(self, agency):
        """What it said, itself or by somebody in office there."""
        found = Statement.objects.made_for([agency.pk])
        return statements_section(self, found, agency=agency.slug)

    def holders(self, agency):
        """Its offices, and who held them when."""
        there = Appointment.objects.at(agency.pk)
        tenures = tenures_of(self, there, agency=agency.slug)
        held = {}
        for one in tenures.records:
            held.setdefault(one.post_id, []).append(one)
        filled = Appointment.objects.published_beside().filter(post=OuterRef("pk"))
        posts = Post.objects.filter(~Exists(filled), agency=agency.pk)
        vacant = first_part(
            self, posts, ["title", "id"], are_few=True, agency=agency.slug
        )
        if not tenures.records and not vacant.records:
            return None
        lanes = [
            (
                several[0].post.in_words,
                page_of(several[0].post),
                [_item(one, one.official.in_words) for one in several],
            )
            for several in held.values()
        ]
        return Section(
            "holders",
            _("Offices and holders"),
            "timeline/holders.html",
            {
                "tenures": tenures,
                "vacant": vacant,
                "drawing": drawing_of(lanes, _("Office holders over time")),
                "first": _("Who"),
                "with_post": True,
            },
        )

    def parts(self, agency):
        """What is part of it."""
        found = Agency.objects.filter(parent=agency.pk)
        title = _("Subordinate agencies")
        return records_section(
            self, "parts", title, found, ["name"], parent=agency.slug
        )

    def deposited(self, agency):
        """The agreements that it keeps for their parties."""
        found = Agreement.objects.filter(depositary=agency.pk)
        title, order = _("Agreements deposited"), ["start_earliest", "id"]
        return records_section(
            self, "deposited", title, found, order, depositary=agency.slug
        )

    def tables(self, agency):
        asks = {"agency": agency.slug, "known_at": self.known_at, "format": "csv"}
        return [
            *super().tables(agency),
            (_("Appointments (CSV)"), in_the_api("appointments-list", **asks)),
            (_("Events (CSV)"), in_the_api("timeline-list", **asks)),
        ]


@record_page_of.register(Post)
class PostPage(RecordPage):
    """One office, and who held it."""

    def sections(self, post):
        held = Appointment.objects.filter(post=post.pk)
        tenures = tenures_of(self, held, post=post.slug)
        if not tenures.records:
            return []
        lanes = [
            ("", "", [_item(one, one.official.in_words) for one in tenures.records])
        ]
        return [
            Section(
                "holders",
                _("Holders"),
                "timeline/tenures.html",
                {
                    "tenures": tenures,
                    "drawing": drawing_of(lanes, _("Holders over time")),
                    "first": _("Who"),
                },
            )
        ]


@record_page_of.register(Appointment)
class AppointmentPage(RecordPage):
    """One official in one office."""

    def sections(self, appointment):
        events = Event.objects.published().filter(
            capacities__appointment=appointment.pk
        )
        return [
            events_section(
                self, events.distinct(), title=_("Events in this office"), official=""
            )
        ]

"""The pages of events: who took part, what came of them."""

from django.utils.translation import gettext as _

from provenance.pages.facts import fact_of, unnamed
from provenance.pages.records import (
    RecordPage,
    Section,
    record_page_of,
    records_section,
)
from provenance.pages.versions import versions_of

from ..models import Agreement, Event, Meeting, StatementEvent
from ..treaties import parties_of
from .agenda import agenda_of
from .linked_events import linked_events
from .names import names_section
from .sides import sides_of
from .statements import said_about, said_at

PEOPLE = 200  # of those who took part; the API tells of all
PARTIES = 100  # of an agreement, each with what it did


@record_page_of.register(Event)
class EventPage(RecordPage):
    """One event of whichever kind."""

    lead_field = "summary"
    happens = True

    def opening(self, event):
        """Who was there is what one opens the page of an event for."""
        return self.took_part(event)

    def sections(self, event):
        said = said_at(self, event)
        return [
            self.linked(event),
            self.agenda(event, said),
            said,
            said_about(self, event, StatementEvent),
            self.versions(event),
        ]

    def took_part(self, event):
        """Officials and agencies in it by country, in which role and office."""
        rows = event.participations.all()
        if not rows:
            return None
        name = "participations"
        fact = fact_of(event, name, self.disputes.get(name, []))
        return Section(
            "took-part",
            _("Participants"),
            "timeline/sides.html",
            {
                "sides": sides_of(event, rows[:PEOPLE]),
                "unnamed": unnamed(
                    event, "participations", event.listed("participations")
                ),
                "fact": fact,
                "more": len(rows) - PEOPLE,
            },
        )

    def agenda(self, event, said):
        """What was said and concluded at it by theme; a field tells of themes alone."""
        points = agenda_of(event, said.part.records if said else ())
        told = [point for point in points if point.is_told]
        if not told:
            return None
        content = {"points": told, "others": points[len(told) :]}
        return Section("agenda", _("Agenda"), "timeline/agenda.html", content)

    def linked(self, event):
        """What led to it and what it led to."""
        drawing = linked_events(event)
        title = _("What led to it and what came of it")
        content = {"drawing": drawing}
        return drawing and Section(
            "linked", title, "timeline/linked_events.html", content
        )

    def versions(self, event):
        """What each source says of it, where there are several."""
        versions = versions_of(event)
        title, content = _("Source by source"), {"versions": versions}
        return versions and Section("versions", title, "pages/versions.html", content)


@record_page_of.register(Meeting)
class MeetingPage(EventPage):
    """People of two or more bodies who spoke with each other."""

    def sections(self, event):
        return [*super().sections(event), self.concluded(event)]

    def concluded(self, meeting):
        """The agreements that were concluded at it."""
        found = Agreement.objects.filter(concluded_at=meeting.pk)
        title, order = _("Agreements concluded"), ["start_earliest", "id"]
        return records_section(
            self, "concluded", title, found, order, concluded_at=meeting.slug
        )


@record_page_of.register(Agreement)
class AgreementPage(EventPage):
    """What two or more bodies undertook together."""

    def kind(self, agreement):
        words = super().kind(agreement)
        if agreement.state or not agreement.reached:
            return words
        return f"{words} · {agreement.reached.label}"

    def opening(self, agreement):
        return self.provisions(agreement) or self.took_part(agreement)

    def sections(self, agreement):
        has_provisions = bool(agreement.provisions.all())
        return [
            has_provisions and self.took_part(agreement),
            names_section(self, agreement),
            *super().sections(agreement),
        ]

    def took_part(self, event):
        """Its parties, with what each did and when; without a date, as at any event."""
        section = super().took_part(event)
        dated = any(row.date or row.effective for row in event.participations.all())
        if not dated:
            return section
        parties = parties_of(event)
        content = {
            "parties": parties[:PARTIES],
            "fact": section.fact,
            "more": len(parties) - PARTIES,
        }
        return Section("took-part", _("Parties"), "timeline/parties.html", content)

    def provisions(self, agreement):
        """What it provides, in order."""
        rows = agreement.provisions.all()
        if not rows:
            return None
        fact = fact_of(agreement, "provisions", self.disputes.get("provisions", []))
        return Section(
            "provisions",
            _("Provisions"),
            "timeline/provisions.html",
            {"rows": rows, "fact": fact},
        )

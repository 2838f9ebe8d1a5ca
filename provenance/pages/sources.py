"""The page of a source: what it supports, alone or not, and what it contradicts."""

from collections import Counter

from django.urls import reverse
from django.utils.translation import gettext as _

from ..evidence.support import first_cited, reliances
from ..evidence.visibility import citations_seen, hide_private_relations, with_records
from ..models import Source
from ..registry.kinds import citations_of, disputed_models, kinds_disputed_as
from ..values.contradiction import Standing
from .addresses import asked, in_the_api
from .facts import fields_by_record
from .records import RecordPage, Section, record_page_of, records_section
from .two_sources import A_KIND

COMPARED = 10  # sources that a page leads to compare it with
STATEMENTS = 200  # of a table, among which it looks for contradictions


@record_page_of.register(Source)
class SourcePage(RecordPage):
    """One work that states things."""

    def sections(self, source):
        return [self.repeated(source), *self.supported(source), self.against(source)]

    def tables(self, source):
        asks = {"source": source.slug, "known_at": self.known_at, "format": "csv"}
        return [
            (_("Citations of this source (CSV)"), in_the_api("citations-list", **asks))
        ]

    def repeated(self, source):
        """The sources that repeat it."""
        title = _("Repeated or quoted by")
        found = source.reported_in.all()
        return records_section(
            self, "repeated", title, found, ["slug"], reports=source.slug
        )

    def supported(self, source):
        """What it supports: alone, with others of the same origin, or beside others."""
        titles = {
            "alone": _("Supported by this source alone"),
            "group": _("Supported only by sources of the same origin"),
            "independent": _("Also supported by independent sources"),
        }
        cited, are_all = first_cited([source], A_KIND)
        found = {rests: [] for rests in titles}
        beside = Counter()
        for reliance in reliances(source, cited):
            found[reliance.rests].append(reliance)
            beside.update({citation.source for citation in reliance.left.all})
        for rests, several in found.items():
            if several:
                places = fields_by_record(several)
                yield Section(
                    f"rests-{rests}",
                    titles[rests],
                    "pages/reliances.html",
                    {"places": places},
                )
        yield self.compared(source, beside)
        if not are_all:
            address = in_the_api("source-support", source.slug, known_at=self.known_at)
            content = {"n": A_KIND, "address": address}
            title, template = _("Further fields"), "pages/more_reliances.html"
            yield Section("further", title, template, content)

    def compared(self, source, beside):
        """The sources that speak of the same most often, and the way to compare it."""
        address = reverse("pages:source-comparison", args=[source.slug])
        most = sorted(beside.items(), key=lambda one: (-one[1], one[0].slug))[:COMPARED]
        asks = {"known_at": self.known_at}
        others = [
            (other, asked(address, **{"with": other.slug}, **asks), number)
            for other, number in most
        ]
        content = {"others": others, "address": asked(address, **asks)}
        title = _("Compared with other sources")
        return Section("compared", title, "pages/compared_with.html", content)

    def against(self, source):
        """What it says otherwise than is recorded."""
        found = [
            citation
            for citation in _statements_of(source)
            if citation.agreement == Standing.CONTRADICTS
        ]
        if not found:
            return None
        title = _("Contradicted by this source")
        return Section("against", title, "pages/against.html", {"citations": found})


def _statements_of(source):
    """The citations in which a source states something, with what is compared: of each
    table of them the first.
    """
    for model in disputed_models():
        cited = citations_seen(model, everything=False).filter(source=source)
        stated = cited.exclude(stated="").order_by("pk").values_list("pk", flat=True)
        keys = list(stated[:STATEMENTS])
        for kind in kinds_disputed_as(model) if keys else ():
            of_kind = citations_of(kind).filter(pk__in=keys).order_by("pk")
            for citation in with_records(of_kind, kind, everything=False):
                hide_private_relations(citation.record)
                yield citation

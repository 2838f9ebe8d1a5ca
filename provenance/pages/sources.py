"""The page of a source: what it supports, alone or not, and what it contradicts."""

from collections import defaultdict

from django.utils.translation import gettext as _

from ..evidence.support import first_in_each_place, reliances
from ..evidence.visibility import citations_seen, hide_private_relations, with_records
from ..models import Source
from ..registry.kinds import cited_types
from ..values.contradiction import Standing
from .addresses import in_the_api
from .facts import label_of
from .records import RecordPage, Section, record_page_of, records_section

A_KIND = 50  # fields of records of one kind that a page tells of
STATEMENTS = 200  # of a kind, among which it looks for contradictions


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
        asked, are_all = _first_cited_for(source)
        found = {rests: [] for rests in titles}
        for reliance in reliances(source, asked):
            found[reliance.rests].append(reliance)
        for rests, several in found.items():
            if several:
                places = _by_record(several)
                yield Section(
                    f"rests-{rests}",
                    titles[rests],
                    "pages/reliances.html",
                    {"places": places},
                )
        if not are_all:
            address = in_the_api("source-support", source.slug, known_at=self.known_at)
            content = {"n": A_KIND, "address": address}
            title, template = _("Further fields"), "pages/more_reliances.html"
            yield Section("further", title, template, content)

    def against(self, source):
        """What it says otherwise than is recorded."""
        found = []
        for model in cited_types().values():
            cited = citations_seen(model, everything=False)
            cited = cited.filter(source=source).exclude(stated="").order_by("pk")
            cited = cited[:STATEMENTS]
            for citation in with_records(cited, model, everything=False):
                hide_private_relations(citation.record)
                if citation.agreement == Standing.CONTRADICTS:
                    found.append(citation)
        if not found:
            return None
        title = _("Contradicted by this source")
        return Section("against", title, "pages/against.html", {"citations": found})


def _first_cited_for(source):
    """Citations for the first fields of each kind, and whether these are all."""
    asked, are_all = {}, True
    for model in cited_types().values():
        cited = first_in_each_place(citations_seen(model, False).filter(source=source))
        keys = list(cited.order_by("pk").values_list("pk", flat=True)[: A_KIND + 1])
        are_all = are_all and len(keys) <= A_KIND
        if keys:
            asked[model] = model.citation_model().objects.filter(pk__in=keys[:A_KIND])
    return asked, are_all


def _by_record(several):
    """Each record, with what the fields of it that are relied on are called."""
    fields = defaultdict(list)
    records = {}
    for reliance in several:
        record = reliance.record
        key = record.record_type, record.pk
        records[key] = record
        fields[key].append(label_of(type(record), reliance.field))
    return [(records[key], ", ".join(names)) for key, names in fields.items()]

"""The page of a source: what it supports, alone or not, and what it contradicts."""

from collections import defaultdict

from django.utils.translation import gettext as _

from ..evidence.support import reliance_on
from ..evidence.visibility import citations_seen, hide_private_relations, with_records
from ..models import Source
from ..registry.kinds import cited_types
from ..values.agreement import Standing
from .addresses import in_the_api
from .facts import label_of
from .records import RecordPage, Section, record_page_of, records_section


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
        for rests, found in reliance_on(source).items():
            if found:
                yield Section(
                    f"rests-{rests}",
                    titles[rests],
                    "pages/reliances.html",
                    {"places": _by_record(found)},
                )

    def against(self, source):
        """What it says otherwise than is recorded."""
        found = []
        for model in cited_types().values():
            cited = citations_seen(model, everything=False)
            cited = cited.filter(source=source).exclude(stated="").order_by("pk")
            for citation in with_records(cited, model, everything=False):
                hide_private_relations(citation.record)
                if citation.agreement == Standing.CONTRADICTS:
                    found.append(citation)
        if not found:
            return None
        title = _("Contradicted by this source")
        return Section("against", title, "pages/against.html", {"citations": found})


def _by_record(reliances):
    """Each record, with what the fields of it that are relied on are called."""
    fields = defaultdict(list)
    records = {}
    for reliance in reliances:
        record = reliance.record
        key = record.record_type, record.pk
        records[key] = record
        fields[key].append(label_of(type(record), reliance.field))
    return [(records[key], ", ".join(names)) for key, names in fields.items()]

"""What a page is about, for search engines: schema.org in JSON-LD.

Only what can be said exactly is said: a date that is one of several days is left out.
"""

import re

from ..models import Source
from ..values.dates import PartialDate
from .addresses import page_of

TYPES = {
    "official": "Person",
    "agency": "Organization",
    "place": "Place",
    "post": "Role",
    "appointment": "Role",
    "theme": "DefinedTerm",
    "meeting": "Event",
    "agreement": "Event",
    "deployment": "Event",
    "milestone": "Event",
    "metric": "StatisticalVariable",
    "observation": "Observation",
}
OF_SOURCES = {
    Source.Kind.NEWS_ARTICLE: "NewsArticle",
    Source.Kind.PRESS_RELEASE: "Article",
    Source.Kind.FACT_SHEET: "Report",
    Source.Kind.SOCIAL_POST: "SocialMediaPosting",
    Source.Kind.EVENT_REPORT: "Report",
    Source.Kind.DATASET: "Dataset",
    Source.Kind.WEB_PAGE: "WebPage",
    Source.Kind.LAW: "Legislation",
}
# Columns and rows, by what schema.org calls them.
PROPERTIES = {
    "name": "name",
    "title": "name",
    "family_name": "familyName",
    "honorific": "honorificPrefix",
    "summary": "description",
    "definition": "description",
    "start": "startDate",
    "end": "endDate",
    "founded": "foundingDate",
    "dissolved": "dissolutionDate",
    "published": "datePublished",
    "place": "location",
    "parent": "parentOrganization",
    "url": "url",
    "publisher": "publisher",
    "author": "author",
    "language": "inLanguage",
}
EXACT = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def linked_data_of(record, address, build):
    """A record as schema.org has it; ``build`` makes addresses whole."""
    is_source = isinstance(record, Source)
    shown = {
        "@context": "https://schema.org",
        "@type": OF_SOURCES[record.kind] if is_source else TYPES[record.record_type],
        "@id": address,
        "name": str(record),
        "dateModified": record.updated_at.isoformat(),
    }
    for name, said in PROPERTIES.items():
        if name in record.columns and (value := getattr(record, name)):
            if record.record_type == "place" and name == "parent":
                said = "containedInPlace"
            exact = exact_value(value, build)
            if exact:
                shown[said] = exact
    if hasattr(record, "names"):
        names = [row.text for row in record.names.all() if row.text != record.label]
        if names:
            shown["alternateName"] = sorted(set(names))
    if getattr(record, "latitude", None) is not None and record.longitude is not None:
        shown["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": float(record.latitude),
            "longitude": float(record.longitude),
        }
    return shown


def exact_value(value, build):
    """A value as JSON-LD has it; None for a date that is not exact."""
    if isinstance(value, PartialDate):
        return str(value) if EXACT.fullmatch(value) else None
    if hasattr(value, "record_type"):
        return {"@id": build(page_of(value)), "name": str(value)}
    return str(value)

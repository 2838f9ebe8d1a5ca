"""What a page is about, for search engines: schema.org in JSON-LD.

Only what can be said exactly is said: a date that is one of several days is left out.
"""

import re

from django.db.models import Manager

from ..values.dates import PartialDate
from ..values.edtf import season_of
from ..values.translations import RECORDED, TRANSLATED, translations_of
from .addresses import page_of

# Columns that mean the same of every kind of record, by what schema.org calls them.
PROPERTIES = {
    "name": "name",
    "title": "name",
    "summary": "description",
    "definition": "description",
    "start": "startDate",
    "end": "endDate",
}
EXACT = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def linked_data_of(record, address, build):
    """A record as schema.org has it; ``build`` makes addresses whole."""
    shown = {
        "@context": "https://schema.org",
        "@type": record.schema_org,
        "@id": address,
        "name": str(record),
        "dateModified": record.updated_at.isoformat(),
    }
    for name, said in {**PROPERTIES, **record.schema_org_columns}.items():
        if name in record.columns and (value := getattr(record, name)):
            exact = in_each_language(record, name) or exact_value(value, build)
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


def trail_of(trail, build):
    """The way to a page, as names and addresses, as schema.org has it.

    The page itself, at the end, goes without an address.
    """
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": str(name)}
            | ({"item": build(address)} if address else {})
            for place, (name, address) in enumerate(trail, 1)
        ],
    }


def in_each_language(record, name):
    """A text with its translation, as JSON-LD has strings of a language; or None."""
    translation = translations_of(type(record)).get(name)
    if translation is None or not getattr(record, translation):
        return None
    texts = {RECORDED: name, TRANSLATED: translation}
    return [
        {"@value": getattr(record, column), "@language": language}
        for language, column in texts.items()
    ]


def exact_value(value, build):
    """A value as JSON-LD has it; None for a date that is not exact."""
    if isinstance(value, PartialDate):
        return str(value) if EXACT.fullmatch(value) and not season_of(value) else None
    if isinstance(value, Manager):
        return [exact_value(record, build) for record in value.all()]
    if hasattr(value, "record_type"):
        return {"@id": build(page_of(value)), "name": str(value)}
    return str(value)

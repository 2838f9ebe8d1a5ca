"""Who says so: what every record has, sources, names and citations."""

from .citation import Citation, CitationQuerySet, cites
from .name import Name, NameQuerySet, name_constraints
from .record import DatedRecordQuerySet, Record, RecordQuerySet, Redirect, terms_of
from .source import Source, SourceReport

__all__ = [
    "Citation",
    "CitationQuerySet",
    "DatedRecordQuerySet",
    "Name",
    "NameQuerySet",
    "Record",
    "RecordQuerySet",
    "Redirect",
    "Source",
    "SourceReport",
    "cites",
    "name_constraints",
    "terms_of",
]

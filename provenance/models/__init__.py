"""Who says so: what every record has, sources, names and citations."""

from ..changes import ChangeSet
from .citation import Citation, CitationQuerySet, cites
from .dispute import Dispute, disputes
from .distinction import Distinction
from .name import Name, NameQuerySet, name_constraints
from .record import DatedRecordQuerySet, Record, RecordQuerySet, Redirect, terms_of
from .saved_mapping import SavedMapping
from .source import Source, SourceReport
from .upload import Upload

__all__ = [
    "ChangeSet",
    "Citation",
    "CitationQuerySet",
    "DatedRecordQuerySet",
    "Dispute",
    "Distinction",
    "Name",
    "NameQuerySet",
    "Record",
    "RecordQuerySet",
    "Redirect",
    "SavedMapping",
    "Source",
    "SourceReport",
    "Upload",
    "cites",
    "disputes",
    "name_constraints",
    "terms_of",
]

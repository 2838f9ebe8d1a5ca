"""The models that every record builds on: sources, names, citations, history.

They import ``search``, ``tracking`` and the ground, and know nothing of services.
"""

from ..search.vocabulary import KnownWord, readings_of
from ..sign_in.sessions import Session
from ..tracking.changes import ChangeSet
from .attestation import Attestation, attests
from .citation import Citation, CitationQuerySet, cites
from .dispute import Dispute, disputes
from .distinction import Distinction
from .name import Name, NameQuerySet, name_constraints
from .order import BY_DATE, BY_NAME, by_length, in_order, where_named
from .portrait import Portrait
from .public_edition import PublicEdition
from .record import Record
from .record_query import DatedRecordQuerySet, RecordQuerySet
from .redirect import Redirect
from .saved_mapping import SavedMapping
from .saved_view import SavedView
from .sent_form import SentForm
from .source import Source, SourceReport
from .source_file import SourceFile
from .teamwork import Assignment, Attention, Comment, Watch, mentioned_in
from .upload import Upload

__all__ = [
    "BY_DATE",
    "BY_NAME",
    "Assignment",
    "Attention",
    "Attestation",
    "ChangeSet",
    "Citation",
    "CitationQuerySet",
    "Comment",
    "DatedRecordQuerySet",
    "Dispute",
    "Distinction",
    "KnownWord",
    "Name",
    "NameQuerySet",
    "Portrait",
    "PublicEdition",
    "Record",
    "RecordQuerySet",
    "Redirect",
    "SavedMapping",
    "SavedView",
    "SentForm",
    "Session",
    "Source",
    "SourceFile",
    "SourceReport",
    "Upload",
    "Watch",
    "attests",
    "by_length",
    "cites",
    "disputes",
    "in_order",
    "mentioned_in",
    "name_constraints",
    "readings_of",
    "where_named",
]

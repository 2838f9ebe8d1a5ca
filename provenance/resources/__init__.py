"""The tables of the record as CSV: what all share, and those of this storey.

They import models, what is known of evidence and review, and the ground, but no door.
"""

from .cells import Cell, SlugWidget
from .citations import AllCitations, citation_table
from .disputes import AllSettlements
from .export_queries import Extract, Tally, csv_blocks
from .kinds import record_columns, resource_of, tables
from .names import NameResource
from .of_kind import of_kind, tables_of
from .outcome import CellOutcome, How, Kind
from .sources import DistinctionResource, RedirectResource, SourceResource
from .table import TableResource

__all__ = [
    "AllCitations",
    "AllSettlements",
    "Cell",
    "CellOutcome",
    "DistinctionResource",
    "Extract",
    "How",
    "Kind",
    "NameResource",
    "RedirectResource",
    "SlugWidget",
    "SourceResource",
    "TableResource",
    "Tally",
    "citation_table",
    "csv_blocks",
    "of_kind",
    "record_columns",
    "resource_of",
    "tables",
    "tables_of",
]

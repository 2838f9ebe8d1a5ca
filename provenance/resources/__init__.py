"""The tables of the record as CSV: what all share, and those of this storey.

They import models, what is known of evidence and review, and the ground, but no door.
"""

from .cells import Cell, SlugWidget
from .citations import citation_table
from .disputes import settlement_table
from .export_queries import Extract, Tally, csv_blocks
from .outcome import CellOutcome, How, Kind
from .sources import DistinctionResource, RedirectResource, SourceResource
from .table import TableResource, record_columns

__all__ = [
    "Cell",
    "CellOutcome",
    "DistinctionResource",
    "Extract",
    "How",
    "Kind",
    "RedirectResource",
    "SlugWidget",
    "SourceResource",
    "TableResource",
    "Tally",
    "citation_table",
    "csv_blocks",
    "record_columns",
    "settlement_table",
]

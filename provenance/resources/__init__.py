"""The tables of the record as CSV: what all share, and those of this storey."""

from .cells import Cell, SlugWidget
from .citations import CitationRows, CitationTable, citation_rows, citation_table
from .disputes import settlement_rows, settlement_table
from .extracts import Extract, Tally, csv_blocks
from .outcome import CellOutcome, How, Kind, Outcome, RowOutcome
from .sources import DistinctionResource, RedirectResource, SourceResource
from .table import TableResource, record_columns

__all__ = [
    "Cell",
    "CellOutcome",
    "CitationRows",
    "CitationTable",
    "DistinctionResource",
    "Extract",
    "How",
    "Kind",
    "Outcome",
    "RedirectResource",
    "RowOutcome",
    "SlugWidget",
    "SourceResource",
    "TableResource",
    "Tally",
    "citation_rows",
    "citation_table",
    "csv_blocks",
    "record_columns",
    "settlement_rows",
    "settlement_table",
]

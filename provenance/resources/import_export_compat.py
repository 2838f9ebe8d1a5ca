"""Tables by the doors of django-import-export: its commands, and whoever calls it.

What it would do row by row is done as everywhere else, so that nothing comes in by
another way than ``importing`` or goes out unescaped.
"""

import tablib
from import_export import resources
from import_export.results import Error, Result, RowResult

from ..tables import escaped, restored
from .outcome import Kind

LIKE = {
    Kind.NEW: RowResult.IMPORT_TYPE_NEW,
    Kind.CHANGED: RowResult.IMPORT_TYPE_UPDATE,
    Kind.CLAIM: RowResult.IMPORT_TYPE_UPDATE,
    Kind.SAME: RowResult.IMPORT_TYPE_SKIP,
    Kind.WRONG: RowResult.IMPORT_TYPE_INVALID,
}


class DatasetSheet:
    """A data set as a sheet; the header would be its first line."""

    def __init__(self, dataset):
        self.dataset, self.rows = dataset, len(dataset)
        self.headers = [restored(_text(name)) for name in dataset.headers or ()]

    def chunks(self, size=1000):
        for start in range(0, self.rows, size):
            rows = [list(map(_text, row)) for row in self.dataset[start : start + size]]
            rows = [[restored(cell) for cell in row] for row in rows]
            yield list(range(start + 2, start + 2 + len(rows))), rows


def _text(cell):
    return "" if cell is None else str(cell)


class FramedResource(resources.ModelResource):
    """A resource that reads and writes as our tables are read and written."""

    def import_data(self, dataset, dry_run=False, raise_errors=False, **options):
        """The result of an import of a data set; all of it was written, or nothing."""
        # importing stands on the tables, and this lets tables be a way into it.
        from .importing import import_tables

        reason = options.get("file_name") or "a data set"  # stored: in no language
        imported = import_tables(
            [(type(self), DatasetSheet(dataset))],
            user=options.get("user"),
            reason=f"import of {reason}",
            dry_run=dry_run,
        )
        (outcome,) = imported.outcomes
        result = Result()
        result.diff_headers, result.total_rows = list(outcome.columns), len(dataset)
        for kind, number in outcome.counts.items():
            result.totals[LIKE[kind]] += number
        faults = [*imported.faults, *outcome.faults]
        for fault in faults:
            result.append_base_error(Error(ValueError(str(fault))))
        if faults and raise_errors:
            raise result.base_errors[0].error
        return result

    def export(self, queryset=None, **options):
        """The rows of these records as a data set, escaped as in every file."""
        rows = [list(map(escaped, row)) for row in self.rows(queryset)]
        return tablib.Dataset(*rows, headers=self.column_names())

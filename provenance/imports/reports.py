"""What was seen of an upload, as it is kept: how many rows of each kind, and which.

The report of a file with our own headers is about its one table. That of a file that a
mapping reads has the same of each of its ``tables``, and names the table of each fault.
"""

from collections import Counter

from ..resources.outcome import SHOWN, Kind, Outcome
from ..tables import shown
from ..values.word_diff import abridged

# The kinds whose rows are told one by one, in the order of how closely to look at them.
TOLD = (Kind.CHANGED, Kind.CLAIM, Kind.NEW, Kind.SAME)


def report_of(upload, imported, since=()):
    """What became of an upload, or would; with the changes since it was last seen."""
    faults = faults_in(imported)
    warnings = [(one, said) for one in imported.outcomes for said in one.warnings]
    counts = sum((one.counts for one in imported.outcomes), Counter())
    report = {
        "counts": _numbers(counts),
        "faults": [_fault(upload, *each) for each in faults[:SHOWN]],
        "more_faults": max(0, len(faults) - SHOWN),
        "warnings": [_fault(upload, *each) for each in warnings[:SHOWN]],
        "more_warnings": max(0, len(warnings) - SHOWN),
        "since": list(since),
        "told": imported.told,
        "aside": _lines_aside(imported),
    }
    if upload.mapping:
        tables = [
            {"table": one.table, "title": one.title, **_table(one)}
            for one in imported.outcomes
        ]
        return report | {"tables": tables}
    (outcome,) = imported.outcomes or [Outcome(upload.table)]  # no file that is read
    return report | _table(outcome)


def _lines_aside(imported):
    """How many lines of the file are set aside."""
    if imported.is_wrong:
        return 0
    return len({line for lines in imported.wrong.values() for line in lines})


def tables_in(report):
    """What a report says of each table, in the order of loading."""
    return report.get("tables", [report])


def faults_in(imported):
    """Everything that is wrong, with the outcome that it is of; None if of no one."""
    return [
        *((None, fault) for fault in imported.of_no_table),
        *((one, fault) for one in imported.outcomes for fault in one.faults),
    ]


def _table(outcome):
    return {
        "columns": list(outcome.columns),
        "counts": _numbers(outcome.counts),
        "rows": {
            kind.value: [_row(row) for row in outcome.shown[kind]] for kind in TOLD
        },
    }


def _numbers(counts):
    return {kind.value: counts[kind] for kind in Kind}


def _fault(upload, outcome, fault):
    """A fault for a report; where there may be several tables it says which."""
    told = {
        "line": fault.line,
        "column": shown(fault.column),
        "value": shown(fault.value),
        "message": fault.message,
    }
    return (
        {"table": outcome.title if outcome else "", **told} if upload.mapping else told
    )


def _row(row):
    """A row for a report, its cells shortened."""
    cells = []
    for cell in row.cells:
        before, after = abridged(cell.before, cell.after)
        cells.append(
            {"column": cell.column, "before": before, "after": after, "how": cell.how}
        )
    return {"line": row.line, "key": row.key, "cells": cells}

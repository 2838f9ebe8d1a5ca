"""What the API answers whoever sends a table: what became of it, or what is wrong."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ..imports.set_aside import rows_set_aside
from ..resources.outcome import WRITING, How, Kind
from ..tables import lines_of
from .problems import MAX_ERRORS, NOT_ALLOWED, Refused, fault_in_file

MAX_WARNINGS = 100


class CellSerializer(serializers.Serializer):
    """One cell that does something."""

    column = serializers.CharField(help_text=_("The name of its column."))
    before = serializers.CharField(help_text=_("What is recorded; empty if nothing."))
    after = serializers.CharField(help_text=_("What the file says."))
    how = serializers.ChoiceField(How.choices, help_text=_("What becomes of it."))


class RowSerializer(serializers.Serializer):
    """One row that does something."""

    kind = serializers.ChoiceField(
        [(kind.value, kind.label) for kind in WRITING],
        help_text=_("What becomes of it."),
    )
    line = serializers.IntegerField(help_text=_("The line on which it begins."))
    key = serializers.CharField(help_text=_("The key that identifies it."))
    cells = CellSerializer(many=True, help_text=_("Its cells that do something."))


class WarningSerializer(serializers.Serializer):
    """One thing that is right, and looks as if it were not."""

    line = serializers.IntegerField(
        allow_null=True, help_text=_("Which line; null for the file as a whole.")
    )
    column = serializers.CharField(
        allow_null=True, help_text=_("Which column; null for the row as a whole.")
    )
    value = serializers.CharField(help_text=_("What stands there, shortened."))
    message = serializers.CharField(help_text=_("What looks wrong, and why."))


class CountsSerializer(serializers.Serializer):
    """How many rows there are of each kind."""

    def get_fields(self):
        return {
            kind.value: serializers.IntegerField(help_text=kind.label) for kind in Kind
        }


class TableSerializer(serializers.Serializer):
    """What became of the rows in one table."""

    table = serializers.CharField(help_text=_("The table."))
    counts = CountsSerializer(help_text=_("How many became what."))
    warned = serializers.IntegerField(help_text=_("How many warnings there are."))
    warnings = WarningSerializer(many=True, help_text=_("The first 100 of these."))
    shown = RowSerializer(
        many=True, help_text=_("The first 100 rows of each kind that do something.")
    )


class ImportedSerializer(TableSerializer):
    """What became of a file, or would."""

    table = serializers.CharField(
        allow_null=True, help_text=_("The table that it went into; null if several.")
    )
    dry_run = serializers.BooleanField(help_text=_("Whether it was only looked at."))
    change = serializers.IntegerField(
        allow_null=True,
        help_text=_("The number of the change; null if nothing was written."),
    )
    sha256 = serializers.CharField(help_text=_("The SHA-256 of the file."))
    encoding = serializers.CharField(
        help_text=_("The encoding that it is in, or the kind of workbook that it is.")
    )
    delimiter = serializers.CharField(
        help_text=_("The delimiter between its cells; empty in a workbook.")
    )
    rows = serializers.IntegerField(help_text=_("How many rows were read."))
    told = serializers.ListField(
        child=serializers.CharField(),
        help_text=_(
            "What was skipped since it is empty, or read though it is not as we write "
            "it, a sentence each."
        ),
    )
    set_aside = serializers.CharField(
        allow_null=True,
        help_text=_(
            "The rows that were set aside, as CSV, each with what is wrong in a column "
            "of its own, which is passed over when the file is sent again; null if "
            "none was."
        ),
    )
    tables = TableSerializer(
        many=True,
        required=False,
        help_text=_("By a mapping: what became of the rows in each of its tables."),
    )


def answer_to(sheet, imported, mapping=None, dry_run=False):
    """The answer to a file that was read into its tables; Refused if it is wrong.

    By a mapping it tells of each table, and of all of them together.
    """
    outcomes = imported.outcomes
    if imported.is_wrong:
        of_rows = [fault for outcome in outcomes for fault in outcome.faults]
        is_of_file = of_rows or any(fault.line for fault in imported.of_no_table)
        raise refused_file(
            [*imported.of_no_table, *of_rows], 400 if is_of_file else 409
        )
    change = imported.change
    answer = {
        "dry_run": dry_run,
        "change": change and change.number,
        **_read_from(sheet),
        "told": imported.told,
        **_became_of(outcomes),
        "set_aside": _aside(sheet, imported, mapping),
    }
    if mapping:
        answer["tables"] = [_became_of([outcome]) for outcome in outcomes]
    return ImportedSerializer(answer).data


def _read_from(sheet):
    """What the answer says of the file."""
    return {
        "sha256": sheet.sha256,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "rows": sheet.rows,
    }


def _aside(sheet, imported, mapping):
    """The file of the rows that were set aside; None if none was."""
    if not imported.wrong:
        return None
    decimals = mapping.decimals(sheet) if mapping else ()
    return "".join(lines_of(rows_set_aside(sheet, imported.why, decimals)))


def _became_of(outcomes):
    """What the answer says of the rows: their numbers, and the first of each kind."""
    shown = [row for one in outcomes for kind in WRITING for row in one.shown[kind]]
    warnings = [warning for one in outcomes for warning in one.warnings]
    return {
        "table": outcomes[0].table if len(outcomes) == 1 else None,
        "counts": {kind: sum(one.counts[kind] for one in outcomes) for kind in Kind},
        "warned": len(warnings),
        "warnings": map(fault_in_file, warnings[:MAX_WARNINGS]),
        "shown": sorted(shown, key=lambda row: row.line),
    }


def refused_file(faults, status=400):
    """The answer to a file that is wrong; rights that are missing come first."""
    rights = [fault for fault in faults if fault.code == "permission"]
    if rights:
        faults = rights + [fault for fault in faults if fault.code != "permission"]
    detail = {
        400: _("The file is not accepted. Nothing was written."),
        403: NOT_ALLOWED,
        409: _("The request would leave the record in an invalid state."),
    }
    status = 403 if rights else status
    errors = map(fault_in_file, faults[:MAX_ERRORS])
    return Refused(detail[status], errors, status, faults=len(faults))

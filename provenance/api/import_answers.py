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


class ImportedSerializer(serializers.Serializer):
    """What became of a file, or would."""

    table = serializers.CharField(help_text=_("The table that it went into."))
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
    counts = CountsSerializer(help_text=_("How many became what."))
    warned = serializers.IntegerField(help_text=_("How many warnings there are."))
    warnings = WarningSerializer(many=True, help_text=_("The first 100 of these."))
    shown = RowSerializer(
        many=True, help_text=_("The first 100 rows of each kind that do something.")
    )
    set_aside = serializers.CharField(
        allow_null=True,
        help_text=_(
            "The rows that were set aside, as CSV, each with what is wrong in a column "
            "of its own, which is passed over when the file is sent again; null if "
            "none was."
        ),
    )


def answer_to(table, sheet, imported, dry_run=False):
    """The answer to a file that was read into a table; Refused if it is wrong."""
    (outcome,) = imported.outcomes
    if imported.is_wrong:
        faults = [*imported.faults, *outcome.faults]
        raise refused_file(faults, 400 if outcome.faults else 409)
    change = imported.change
    answer = ImportedSerializer(
        {
            "table": table,
            "dry_run": dry_run,
            "change": change and change.number,
            **_read_from(sheet),
            "told": imported.told,
            **_became_of(outcome),
            "set_aside": _aside(sheet, imported),
        }
    )
    return answer.data


def _read_from(sheet):
    """What the answer says of the file."""
    return {
        "sha256": sheet.sha256,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "rows": sheet.rows,
    }


def _aside(sheet, imported):
    """The file of the rows that were set aside; None if none was."""
    if not imported.wrong:
        return None
    return "".join(lines_of(rows_set_aside(sheet, imported.wrong.values())))


def _became_of(outcome):
    """What the answer says of the rows: their numbers, and the first of each kind."""
    shown = (row for kind in WRITING for row in outcome.shown[kind])
    return {
        "counts": outcome.counts,
        "warned": len(outcome.warnings),
        "warnings": map(fault_in_file, outcome.warnings[:MAX_WARNINGS]),
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

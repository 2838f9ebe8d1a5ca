"""Files that wait in the database: looked at, then imported once, just as was seen."""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from .changes import ChangeSet
from .differences import differences_of
from .importing import Attribution, Imported, steps, tables
from .models import Source, Upload
from .models.upload import MAX_NAME
from .renaming import bearing
from .resources.outcome import SHOWN, Kind, Outcome
from .rewording import abridged
from .slugs import no_such
from .tables import Fault, TableError, open_sheet, shown

LONG = 2_000  # rows; reading more than these is shown while it goes on
TOLD = (Kind.CHANGED, Kind.CLAIM, Kind.NEW)  # kinds whose rows are told one by one
AT_MOST = 20  # changes since the preview that are told of


class Gone(Exception):
    """An upload that is not there, or that has waited for too long."""

    def __init__(self, has_expired=False):
        self.has_expired = has_expired


def own(user, key, names):
    """The upload of this key that a user has made for one of these tables."""
    uploads = Upload.objects.select_related("user", "change").defer("data")
    upload = uploads.filter(pk=key, user=user, table__in=names).first()
    if upload is None or upload.is_expired:
        raise Gone(has_expired=upload is not None)
    return upload


def receive(user, table, file_name, data, reason="", **asked):
    """Keeps a file for a day, for a user to look at; TableError if it is no table."""
    Upload.objects.expired().delete()
    sheet = _opened(table, data)
    return Upload.objects.create(
        user=user,
        table=table,
        file_name=_printable(file_name)[:MAX_NAME],
        data=data,
        sha256=sheet.sha256,
        size=sheet.size,
        rows=sheet.rows,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        reason=_printable(reason),
        **asked,
    )


def preview(upload):
    """Reads an upload and writes nothing; yields how far it is, keeps the report."""
    seen = _last_change()
    imported = yield from _steps(upload)
    _keep(upload, imported, seen)


def confirm(upload, seal):
    """Imports what was seen, once; yields how far it is, and returns the upload.

    It became a change, now or before; or its report is another than the one with this
    seal, now or before, and has the changes since that one.
    """
    with transaction.atomic():
        list(Upload.objects.select_for_update().filter(pk=upload.pk).values("pk"))
        upload = own(upload.user, upload.pk, [upload.table])
        if upload.change_id or not upload.digest or upload.seal != seal:
            return upload
        now = _last_change()
        imported = yield from _steps(upload, accept=upload.digest)
        if imported.change:
            became = {"change": imported.change, "imported_at": timezone.now()}
            _keep(upload, imported, now, data=b"", **became)
        else:
            other = imported.is_wrong or imported.digest != upload.digest
            _keep(upload, imported, now, since=_changes_since(upload) if other else ())
    return upload


def cancel(upload):
    """Removes an upload, unless it was imported."""
    Upload.objects.filter(pk=upload.pk, change=None).delete()


def rows_of(upload, kind):
    """All rows of a waiting upload that are of one kind, as they are read."""
    found = []

    def take(table, row):
        if row.kind == kind:
            found.append(row)

    for _step in _steps(upload, report=take):
        yield from found
        found.clear()
    yield from found


def faults_of(upload):
    """Everything that is wrong with a waiting upload."""
    imported = finish(_steps(upload))
    return [*imported.faults, *_outcome(upload, imported).faults]


def finish(work):
    """Does all of some work that goes step by step, and returns what came of it."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def _keep(upload, imported, seen, since=(), **became):
    """Keeps what was seen of an upload, and became of it, unless it has become more."""
    outcome = _outcome(upload, imported)
    faults = [*imported.faults, *outcome.faults]
    report = {
        "columns": list(outcome.columns),
        "counts": {kind.value: outcome.counts[kind] for kind in Kind},
        "rows": {
            kind.value: [_row(row) for row in outcome.shown[kind]] for kind in TOLD
        },
        "faults": [_fault(fault) for fault in faults[:SHOWN]],
        "more_faults": max(0, len(faults) - SHOWN),
        "warnings": [_fault(fault) for fault in outcome.warnings[:SHOWN]],
        "more_warnings": max(0, len(outcome.warnings) - SHOWN),
        "since": list(since),
    }
    kept = {"digest": imported.digest, "last_change": seen, "report": report, **became}
    Upload.objects.filter(pk=upload.pk, change=None).update(**kept)
    for name, value in kept.items():
        setattr(upload, name, value)


def _outcome(upload, imported):
    """What becomes of the one table; of none if the file could not be read."""
    return imported.outcomes[0] if imported.outcomes else Outcome(upload.table)


def _fault(fault):
    return {**asdict(fault), "column": shown(fault.column), "value": shown(fault.value)}


def _row(row):
    """A row for a report, its cells shortened."""
    cells = []
    for cell in row.cells:
        before, after = abridged(cell.before, cell.after)
        cells.append(
            {"column": cell.column, "before": before, "after": after, "how": cell.how}
        )
    return {"line": row.line, "key": row.key, "cells": cells}


def _changes_since(upload):
    """The changes after the one that was seen, and what of the upload each wrote."""
    later = ChangeSet.objects.filter(number__gt=upload.last_change).order_by("number")
    numbers = list(later.values_list("number", flat=True)[:AT_MOST])
    told, named = differences_of(numbers, private=True), _slugs_in(upload)
    return [
        {
            "number": number,
            "slugs": sorted(
                {each.record.slug for each in told.get(number, ())} & named
            ),
        }
        for number in numbers
    ]


def _slugs_in(upload):
    """The slugs that the rows of an upload name, in whichever column."""
    fields, sheet = tables()[upload.table]().fields, _opened(upload.table, upload.data)
    places = [
        place
        for place, name in enumerate(sheet.headers)
        if name in ("slug", "record") or getattr(fields.get(name), "is_relation", False)
    ]
    return {
        row[place]
        for _lines, rows in sheet.chunks()
        for row in rows
        for place in places
    }


def _opened(table, data):
    return open_sheet(bytes(data), known=list(tables()[table]().fields))


def _steps(upload, accept="", **options):
    """The steps of an import; what is wrong with the file is a fault of it.

    ``accept`` is the digest of what is written; anything else is not.
    """
    try:
        return (
            yield from steps(
                [(upload.table, _opened(upload.table, upload.data))],
                user=upload.user,
                reason=_reason_of(upload),
                attribution=_attribution_of(upload),
                dry_run=not accept,
                accept=lambda imported: imported.digest == accept,
                **options,
            )
        )
    except TableError as error:
        return Imported(faults=list(error.faults))


def _attribution_of(upload):
    if not upload.source:
        return None
    source = bearing(Source.objects, upload.source)
    if source is None:
        raise TableError(Fault(0, str(no_such(Source, upload.source))))
    return Attribution(source, upload.locator, upload.as_of)


def _reason_of(upload):
    reason = f"import of {upload}"
    return f"{reason}: {upload.reason}" if upload.reason else reason


def _printable(text):
    return "".join(sign for sign in text if sign.isprintable()).strip()


def _last_change():
    last = ChangeSet.objects.order_by("-number").values_list("number", flat=True)
    return last.first() or 0

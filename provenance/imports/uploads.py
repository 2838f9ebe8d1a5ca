"""Keeps uploaded files in the database until they are previewed and imported."""

from django.db import transaction
from django.utils import timezone

from ..history.wording import differences_of
from ..models import Source, Upload
from ..models.renaming import bearing
from ..models.upload import MAX_NAME
from ..resources.importing import (
    Attribution,
    Imported,
    finish,
    import_tables,
    steps,
    tables,
)
from ..tables import Dialect, Fault, TableError, lines_of, open_sheet
from ..tracking.changes import ChangeSet
from ..values.suggestions import no_such
from .mapping import Mapping, MappingError
from .permissions import may_import
from .reports import faults_in, report_of, tables_in
from .set_aside import rows_set_aside

LONG = 2_000  # rows; reading more than these is shown while it goes on
AT_MOST = 20  # changes since the preview that are told of


class Gone(Exception):
    """An upload that is not there, or that has waited for too long."""

    def __init__(self, has_expired=False):
        self.has_expired = has_expired


class OtherHeaders(TableError):
    """A file that is a table, but none of ours: its columns are called otherwise."""


def own(user, key, names):
    """The upload of this key that a user has made for one of these tables."""
    uploads = Upload.objects.select_related("user", "change").defer("data")
    upload = uploads.filter(pk=key, user=user, table__in=names).first()
    if upload is None or upload.is_expired:
        raise Gone(has_expired=upload is not None)
    if not is_open_to(user, upload):
        raise Gone
    return upload


def has_other_headers(upload):
    """Whether columns of a file that was previewed are none of its table."""
    if upload.mapping or not upload.report["columns"]:
        return False
    return bool(tables()[upload.table]().header_faults(upload.report["columns"]))


def is_open_to(user, upload):
    """Whether somebody may import into all that the mapping of an upload feeds.

    A mapping that can be read no more, since a column of ours is gone, feeds nothing.
    """
    try:
        fed = tables_of(upload) if upload.mapping else ()
    except MappingError:
        return False
    return all(may_import(user, tables()[name]) for name in fed)


def tables_of(upload):
    """The names of the tables that an upload goes into, in order of loading."""
    if upload.mapping:
        return Mapping.from_toml(upload.mapping).tables
    return [upload.table]


def receive(user, table, file_name, data, reason="", mapping=None, sheet="", **asked):
    """Keeps a file for a day, for a user to look at; TableError if it is no table.

    ``sheet`` names that of a workbook. A saved mapping is kept with it as it is now,
    whatever becomes of it later.
    """
    Upload.objects.expired().delete()
    if mapping:
        asked |= {"mapping": mapping.toml, "mapping_name": mapping.name}
        found = Mapping.from_toml(mapping.toml).opened(data, sheet)
    else:
        found = _opened(table, data, sheet)
        resource = tables()[table]()
        # Of a long file the preview says it, with what is wrong in its rows, if any of
        # that can be read.
        is_told = found.rows <= LONG or not resource.of_known_columns(found)
        if is_told and resource.header_faults(found.headers):
            imported = import_tables([(table, found)], user=user, dry_run=True)
            raise OtherHeaders(*(fault for _table, fault in faults_in(imported)))
    return Upload.objects.create(
        user=user,
        table=table,
        file_name=_printable(file_name)[:MAX_NAME],
        data=data,
        sha256=found.sha256,
        size=found.size,
        rows=found.rows,
        encoding=found.encoding,
        delimiter=found.delimiter,
        sheet=sheet,
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
            aside = b"".join(_aside(upload, imported))
            _keep(upload, imported, now, data=aside, **became)
        else:
            other = imported.is_wrong or imported.digest != upload.digest
            _keep(upload, imported, now, since=_changes_since(upload) if other else ())
    return upload


def at_once(upload):
    """Imports an upload that nobody looks at before; yields how far it is.

    Returns what became of it; None if it was imported before.
    """
    with transaction.atomic():
        list(Upload.objects.select_for_update().filter(pk=upload.pk).values("pk"))
        upload = own(upload.user, upload.pk, [upload.table])
        if upload.change_id:
            return None
        now = _last_change()
        imported = yield from _steps(upload, accept=None)
        became = {}
        if imported.change:
            became = {"change": imported.change, "imported_at": timezone.now()}
            became["data"] = b"".join(_aside(upload, imported))
        _keep(upload, imported, now, **became)
    return imported


def set_aside(upload):
    """Asks for what is right without the other rows: it has to be previewed anew."""
    anew = {"set_aside": True, "report": None, "digest": ""}
    Upload.objects.filter(pk=upload.pk, change=None).update(**anew)
    for name, value in anew.items():
        setattr(upload, name, value)


def lines_set_aside(upload):
    """The file of the rows that are set aside, or were, as bytes, line by line."""
    if upload.change_id:
        yield bytes(upload.data)
        return
    imported = finish(_steps(upload))
    yield from _aside(upload, imported)


def _aside(upload, imported):
    if imported.is_wrong or not imported.wrong:
        return
    sheet = file_of(upload)
    mapping = upload.mapping and Mapping.from_toml(upload.mapping)
    decimals = mapping.decimals(sheet) if mapping else ()
    rows = rows_set_aside(sheet, imported.why, decimals)
    for line in lines_of(rows):
        yield line.encode()


def cancel(upload):
    """Removes an upload, unless it was imported."""
    Upload.objects.filter(pk=upload.pk, change=None).delete()


def rows_of(upload, kind):
    """All rows of a waiting upload that are of one kind, each after its table."""
    found = []

    def take(table, row):
        if row.kind == kind:
            found.append((table, row))

    for _step in _steps(upload, report=take):
        yield from found
        found.clear()
    yield from found


def faults_of(upload):
    """Everything that is wrong with a waiting upload, each after its table or ""."""
    return [
        (outcome.table if outcome else "", fault)
        for outcome, fault in faults_in(finish(_steps(upload)))
    ]


def _keep(upload, imported, seen, since=(), **became):
    """Keeps what was seen of an upload, and became of it, unless it has become more."""
    report = report_of(upload, imported, since)
    kept = {"digest": imported.digest, "last_change": seen, "report": report, **became}
    Upload.objects.filter(pk=upload.pk, change=None).update(**kept)
    for name, value in kept.items():
        setattr(upload, name, value)


def _changes_since(upload):
    """The changes after the one that was seen, and what of the upload each wrote."""
    later = ChangeSet.objects.filter(number__gt=upload.last_change).order_by("number")
    numbers = list(later.values_list("number", flat=True)[:AT_MOST])
    told = differences_of(numbers, private=True)
    named = _slugs_in(upload) | _keys_in(upload.report)
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
    """The slugs that the rows of an upload name, in whichever column of which table."""
    named = set()
    try:
        for table, sheet in finish(_sheets_of(upload)):
            fields = tables()[table]().fields
            places = [
                place
                for place, name in enumerate(sheet.headers)
                if name in ("slug", "record")
                or getattr(fields.get(name), "is_relation", False)
            ]
            for _lines, rows in sheet.chunks() if places else ():
                named |= {row[place] for row in rows for place in places}
    except TableError:
        pass  # the report says so; a name in it may be of several records by now
    return named


def _keys_in(report):
    """What the rows of a report are known by.

    A record that a mapping found by its name may be known by another one by now.
    """
    return {
        row["key"]
        for table in tables_in(report)
        for rows in table["rows"].values()
        for row in rows
    }


def _sheets_of(upload):
    """Opens an upload: yields the Progress, if that takes a while.

    Returns its sheets, as ``(table, sheet)``. TableError if it is wrong.
    """
    sheet = file_of(upload)
    if not upload.mapping:
        return [(upload.table, sheet)]
    return (yield from Mapping.from_toml(upload.mapping).steps(sheet))


def file_of(upload):
    """The sheet in the file of an upload, with its own columns."""
    if upload.mapping:
        mapping = Mapping.from_toml(upload.mapping)
        return mapping.opened(bytes(upload.data), upload.sheet)
    return _opened(upload.table, upload.data, upload.sheet)


def _opened(table, data, sheet):
    known = list(tables()[table]().fields)
    return open_sheet(bytes(data), known=known, dialect=Dialect(sheet=sheet))


def _steps(upload, accept="", **options):
    """The steps of an import; what is wrong with the file is a fault of it.

    ``accept`` is the digest of what is written, and anything else is not; it is None
    where everything is.
    """
    seen = (lambda imported: imported.digest == accept) if accept else None
    try:
        sheets = yield from _sheets_of(upload)
        return (
            yield from steps(
                sheets,
                user=upload.user,
                reason=_reason_of(upload),
                attribution=_attribution_of(upload),
                dry_run=accept == "",
                accept=seen,
                set_aside=upload.set_aside,
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

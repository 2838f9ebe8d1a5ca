"""Import a file into its table, or by a mapping into several; all of it, or nothing."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from provenance.imports.mapping import Mapping, MappingError
from provenance.imports.set_aside import rows_set_aside
from provenance.management.record_command import RecordCommand
from provenance.management.wording import counted, said_of_rows
from provenance.models import SavedMapping, Source
from provenance.models.renaming import bearing
from provenance.resources import Kind
from provenance.resources.importing import Attribution, steps, tables
from provenance.tables import Dialect, TableError, lines_of, open_sheet
from provenance.tables.atomic_files import whole_file
from provenance.values.dates import PartialDate
from provenance.values.suggestions import close_to, no_such


class Command(RecordCommand):
    """Prints what becomes of each table and every fault with its file, line, column."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a CSV file or a workbook")
        parser.add_argument(
            "--table",
            metavar="NAME",
            help="the table; by default the one that the file is named after",
        )
        parser.add_argument(
            "--mapping",
            metavar="FILE.toml|NAME",
            help="a mapping file, if its columns are not those of the table",
        )
        parser.add_argument(
            "--sheet", default="", metavar="NAME", help="which one of a workbook"
        )
        parser.add_argument(
            "--source",
            metavar="SLUG",
            help="the slug of the source of the file; nothing is overwritten then",
        )
        parser.add_argument("--locator", default="", help="where in the source it is")
        parser.add_argument(
            "--as-of", default="", metavar="DATE", help="when the source says it was so"
        )
        parser.add_argument("--reason", default="", help="why; stays in the history")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )
        parser.add_argument(
            "--set-aside",
            type=Path,
            metavar="FILE.csv",
            help="write what is right, and the other rows to this file, each with why",
        )

    def handle(self, *args, file, table, mapping, reason, dry_run, **options):
        attribution = attribution_of(
            **{word: options[word] for word in ("source", "locator", "as_of")}
        )
        if mapping is not None:
            if table is not None:
                raise CommandError("The mapping says the table; leave --table out.")
            mapping = mapping_of(mapping)
        set_aside = options["set_aside"]
        try:
            sheet = opened(file, table, mapping, options["sheet"])
            sheets = self._done(sheets_of(sheet, table or file.stem, mapping))
        except TableError as error:
            self._tell(file, error.faults)
            raise CommandError(_refused(len(error.faults), file)) from None
        imported = self._done(
            steps(
                sheets,
                reason=reason or f"import of {file.name}",
                attribution=attribution,
                dry_run=dry_run,
                set_aside=set_aside is not None,
            )
        )
        for sentence in imported.told:
            self.stdout.write(sentence)
        for outcome in imported.outcomes:
            self.stdout.write(f"{outcome.title}: {counts_in(outcome)}")
            self._tell(file, outcome.faults)
            for warning in outcome.warnings:
                self.stderr.write(f"{file}: {warning}")
        self._tell(file, imported.of_no_table)
        if not imported.is_wrong:
            self.stdout.write(_in_the_end(imported, dry_run))
        if set_aside and imported.wrong and not imported.faults:
            decimals = mapping.decimals(sheet) if mapping else ()
            rows = rows_set_aside(sheet, imported.why, decimals)
            self._set_aside(set_aside, rows, imported)
        if imported.is_wrong:
            told = [imported.of_no_table, *(one.faults for one in imported.outcomes)]
            raise CommandError(_refused(sum(map(len, told)), file))

    def _done(self, steps):
        """What came of some work; says how far it is on the way."""
        while True:
            try:
                done, rows, work = next(steps)
            except StopIteration as end:
                return end.value
            self.stderr.write(f"{work}: {done} of {rows}")

    def _set_aside(self, file, rows, imported):
        """Writes the rows that were set aside to a file of their own."""
        try:
            with whole_file(file) as whole:
                whole.writelines(line.encode() for line in lines_of(rows))
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from None
        number = len({line for lines in imported.why for line in lines})
        self.stdout.write(f"{counted(number, 'row')} set aside in {file}.")

    def _tell(self, file, faults):
        for fault in faults:
            place = [f"{file}:{fault.line}" if fault.line else f"{file}", fault.column]
            self.stdout.write(": ".join([*filter(None, place), str(fault.message)]))


def opened(file, table, mapping, sheet):
    """The sheet in a file; TableError if it is none."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}.") from None
    if mapping is not None:
        return mapping.opened(data, sheet)
    name = table or file.stem
    if name not in tables():
        close = close_to(name, tables()) or "; name it with --table."
        raise CommandError(f"There is no table “{name}”{close}")
    known, dialect = tables()[name]().fields, Dialect(sheet=sheet)
    return open_sheet(data, known=known, dialect=dialect)


def sheets_of(sheet, table, mapping):
    """The sheets in that of a file, by their tables; yields the Progress.

    TableError if it is not such.
    """
    if mapping is None:
        return [(table, sheet)]
    return (yield from mapping.steps(sheet))


def mapping_of(name):
    """The mapping in a file, or one that is saved under its name."""
    saved = SavedMapping.objects.filter(name=name).first()
    try:
        text = saved.toml if saved else Path(name).read_text(encoding="utf-8")
        return Mapping.from_toml(text)
    except MappingError as error:
        told = (f"{name}: {misstep}" for misstep in error.missteps)
        raise CommandError("\n".join(told)) from None
    except (OSError, UnicodeDecodeError) as error:
        names = SavedMapping.objects.values_list("name", flat=True)
        close = close_to(name, names)
        raise CommandError(
            f"“{name}” is no mapping that is saved, and no file ({error}){close or '.'}"
        ) from None


def attribution_of(source, locator, as_of):
    """Whose reading the file is; None if it is an edit."""
    if not source:
        if locator or as_of:
            raise CommandError("Name the --source that this is said of.")
        return None
    found = bearing(Source.objects.all(), source)
    if found is None:
        raise CommandError(str(no_such(Source, source)))
    try:
        PartialDate(as_of)
    except ValidationError as error:
        raise CommandError("; ".join(error.messages)) from None
    return Attribution(found, locator, as_of)


def counts_in(outcome):
    """How many rows of each kind there are, in words."""
    counts = [
        kind.counted(outcome.counts[kind]) for kind in Kind if outcome.counts[kind]
    ]
    return ", ".join(counts) or "no rows"


def _refused(count, file):
    return f"{counted(count, 'fault')} in {file}; nothing was written."


def _in_the_end(imported, dry_run):
    rows = sum(sum(outcome.counts.values()) for outcome in imported.outcomes)
    ending = f", as change {imported.change.number}." if imported.change else "."
    return said_of_rows(imported.writes, rows, dry_run, ending)

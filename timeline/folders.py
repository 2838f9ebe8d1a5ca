"""A folder of CSV files, one per table: the whole record, in and out."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from provenance.changes import ChangeSet, changing, close
from provenance.resources import Tally, csv_blocks, faults_of
from provenance.slugs import close_to
from provenance.snapshot import one_moment
from provenance.tables import Fault, TableError, as_dataset, read_table

from .descriptor import NAME as DESCRIPTOR
from .descriptor import table_file, text_of_descriptor
from .records import TABLES


@dataclass
class Loaded:
    """What became of one file."""

    name: str
    new: int = 0
    changed: int = 0
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


class FolderError(Exception):
    """A folder that cannot be loaded: for each of its files what is wrong with it."""

    def __init__(self, files):
        self.files = files
        super().__init__("\n".join(f"{name}: {fault}" for name, fault in self.faults()))

    def faults(self):
        return [(file.name, fault) for file in self.files for fault in file.faults]


def load_folder(folder, dry_run=False):
    """Loads the tables in a folder, all or none; yields each file when it is done.

    Raises FolderError at the end, with every fault of every file, if there is one.
    """
    files, withheld, read = list(_strangers(folder)), {}, []
    with changing(ChangeSet.Path.LOAD, reason=f"load of {folder.name}") as change:
        for name, resource_class in TABLES.items():
            path = folder / f"{name}.csv"
            if path.exists():
                resource = resource_class()
                file = _load_file(path, resource, withheld)
                files.append(file)
                read.append((file, resource))
                yield file
        if not any(file.faults for file in files):
            files += _refused(change, folder, read)
        if dry_run or any(file.faults for file in files):
            transaction.set_rollback(True)
    if not any(file.name in names_of_tables() for file in files):
        files.append(
            Loaded(str(folder), faults=[Fault(0, "there is no table in this folder.")])
        )
    if any(file.faults for file in files):
        raise FolderError(files)


def _refused(change, folder, read):
    """Adds what is wrong with the folder as a whole to the files that it came from."""
    try:
        close(change)
    except ValidationError as error:
        of_none = Loaded(str(folder))
        for reason in error.error_list:
            record = getattr(reason, "record", None)
            found = [(file, table, table.row_of(record)) for file, table in read]
            of_it = [place for place in found if place[2]] or [(of_none, None, 0)]
            file, table, number = of_it[0]
            line = table.lines[number - 1] if number else 0
            file.faults += [Fault(line, message) for message in reason.messages]
        for file, _table in read:
            file.faults.sort(key=lambda fault: fault.line)
        return [of_none] if of_none.faults else []
    return []


def names_of_tables():
    return {f"{name}.csv" for name in TABLES}


def _strangers(folder):
    """Files that look like tables, and are none."""
    for path in sorted(folder.glob("*.csv")):
        if path.name not in names_of_tables():
            close = close_to(path.name, names_of_tables())
            yield Loaded(
                path.name, faults=[Fault(0, f"it is none of the tables{close}")]
            )


def _load_file(path, resource, withheld):
    """Loads one file; ``withheld`` gathers the slugs that its faults kept out."""
    file = Loaded(path.name)
    try:
        table = read_table(path.read_bytes())
    except TableError as error:
        file.faults += error.faults
        withheld[resource._meta.model] = None  # all that it may have held
        return file
    result = resource.import_data(
        as_dataset(table), file_name=path.name, within_a_whole=True
    )
    file.new, file.changed, file.same = (
        result.totals[kind] for kind in ("new", "update", "skip")
    )
    file.faults += faults_of(result, withheld)
    file.warnings += result.warnings
    if file.faults:
        withheld[result.model] = result.brought
    return file


def dump_folder(folder):
    """Writes every table into a folder; yields each name and number of rows.

    What the tables are is described beside them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with one_moment():
        for name, resource_class in TABLES.items():
            part, tally = folder / f".{name}.csv.part", Tally()
            with part.open("wb") as file:
                blocks = csv_blocks(resource_class().extracts())
                file.writelines(tally.through(blocks))
            written.append((part, folder / f"{name}.csv", tally))
    described = text_of_descriptor(
        table_file(path.stem, tally) for _part, path, tally in written
    )
    for part, path, _tally in written:  # only once all are written
        part.replace(path)
    (folder / DESCRIPTOR).write_bytes(described.encode())
    for _part, path, tally in written:
        yield path.name, tally.rows

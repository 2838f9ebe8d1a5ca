"""A folder of CSV files, one per table: the whole record, in and out.

What comes in may be workbooks as well.
"""

from dataclasses import dataclass, field

from provenance.db.snapshot import one_moment
from provenance.imports.set_aside import rows_set_aside
from provenance.resources import Kind, Tally, csv_blocks
from provenance.resources.importing import Unreadable, import_tables
from provenance.tables import FOLDER, Fault, TableError, lines_of, open_sheet
from provenance.tables.atomic_files import whole_files
from provenance.tracking.changes import ChangeSet
from provenance.values.suggestions import close_to

from ..records import TABLES
from .descriptor import NAME as DESCRIPTOR
from .descriptor import table_file, text_of_descriptor

NOTHING = "there is no table in this folder."
ENDINGS = ("csv", "xlsx", "xls", "ods")


@dataclass
class Loaded:
    """What became of one file."""

    name: str
    new: int = 0
    changed: int = 0
    same: int = 0
    aside: int = 0  # rows that were not loaded with the others
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


class FolderError(Exception):
    """A folder that cannot be loaded: for each of its files what is wrong with it."""

    def __init__(self, files):
        self.files = files
        super().__init__("\n".join(f"{name}: {fault}" for name, fault in self.faults()))

    def faults(self):
        return [(file.name, fault) for file in self.files for fault in file.faults]


def load_folder(folder, dry_run=False, set_aside=None):
    """Loads the tables in a folder, all or none; what became of each file.

    Raises FolderError, with every fault of every file, if there is one. With another
    folder, ``set_aside``, rows that are wrong are written into files there, each with
    why, and keep no other from being loaded.
    """
    files, paths = list(_strangers(folder)), _paths(folder)
    read = {name: _sheet(found) for name, found in paths.items()}
    if not read:
        files.append(Loaded(str(folder), faults=[Fault(0, NOTHING)]))
    is_whole = not files
    imported = import_tables(
        list(read.items()),
        path=ChangeSet.Path.LOAD,
        reason=f"load of {folder.name}",
        dry_run=dry_run or not is_whole,
        set_aside=set_aside is not None,
    )
    for outcome in imported.outcomes:
        kinds = (Kind.NEW, Kind.CHANGED, Kind.SAME, Kind.WRONG)
        counts = (outcome.counts[kind] for kind in kinds)
        told = [*getattr(read[outcome.table], "told", tuple)(), *outcome.told]
        seen = (outcome.faults, outcome.warnings, told)
        files.append(Loaded(paths[outcome.table][0].name, *counts, *seen))
    if imported.faults:
        files.append(Loaded(str(folder), faults=imported.faults))
    if set_aside and is_whole and imported.wrong:
        _write_aside(set_aside, read, imported)
    if not is_whole or imported.is_wrong:
        raise FolderError(files)
    return files


def _write_aside(folder, sheets, imported):
    """Writes the rows that were set aside into a file for each table that has any."""
    folder.mkdir(parents=True, exist_ok=True)
    with whole_files() as opened:
        for name, sheet in sheets.items():
            if why := imported.wrong.get(name):
                with opened(folder / f"{name}.csv") as file:
                    lines = lines_of(rows_set_aside(sheet, [why]))
                    file.writelines(line.encode() for line in lines)


def _paths(folder):
    """The files of each table, by its name: one, or too many."""
    paths = {
        name: [folder / f"{name}.{ending}" for ending in ENDINGS] for name in TABLES
    }
    found = {name: [one for one in of if one.exists()] for name, of in paths.items()}
    return {name: some for name, some in found.items() if some}


def _sheet(paths):
    if len(paths) > 1:
        names = " and ".join(path.name for path in paths)
        return Unreadable((Fault(0, f"{names} are the same table; keep one of them."),))
    try:
        return open_sheet(paths[0], FOLDER)
    except TableError as error:
        return Unreadable(error.faults)


def names_of_tables():
    """The names that files of tables have."""
    return {f"{name}.{ending}" for name in TABLES for ending in ENDINGS}


def _strangers(folder):
    """Files that look like tables, and are none."""
    for path in sorted(folder.iterdir()):
        is_table = path.suffix[1:] in ENDINGS
        if is_table and path.name not in names_of_tables():
            close = close_to(path.name, names_of_tables())
            yield Loaded(
                path.name, faults=[Fault(0, f"it is none of the tables{close}")]
            )


def dump_folder(folder):
    """Writes every table into a folder; yields each name and number of rows.

    What the tables are is described beside them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tallies = {name: Tally() for name in TABLES}
    with whole_files() as opened:
        with one_moment():
            for name, resource_class in TABLES.items():
                blocks = csv_blocks(resource_class().extracts())
                with opened(folder / f"{name}.csv") as file:
                    file.writelines(tallies[name].through(blocks))
        files = (table_file(name, tally) for name, tally in tallies.items())
        with opened(folder / DESCRIPTOR) as file:
            file.write(text_of_descriptor(files).encode())
    for name, tally in tallies.items():
        yield f"{name}.csv", tally.rows

"""Folders of CSV files for tests: written, loaded, compared."""

from io import StringIO

from django.core.management import CommandError, call_command

from provenance.resources.importing import import_tables
from provenance.tables import open_sheet
from tests import PROJECT

FIXTURES = PROJECT / "fixtures"


def files_of(folder):
    """The bytes of each table in a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def write(folder, **tables):
    """A folder of tables, each given as lines of text."""
    folder.mkdir(exist_ok=True)
    for name, lines in tables.items():
        text = "\r\n".join(lines) + "\r\n"
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def load(folder, **options):
    """What load says of a folder: its result, what the terminal sees, its failure."""
    out, err, failure = StringIO(), StringIO(), None
    try:
        call_command("load", str(folder), stdout=out, stderr=err, **options)
    except CommandError as error:
        failure = str(error)
    return out.getvalue(), err.getvalue(), failure


def read_in(table, text, **options):
    """What became of a table of this name, or resource, whose text is imported.

    Of each row of the file: none is counted twice or not at all, unless none was read.
    """
    sheet = open_sheet(text if isinstance(text, bytes) else text.encode())
    (outcome,) = import_tables([(table, sheet)], **options).outcomes
    counted = sum(outcome.counts.values())
    assert counted == (sheet.rows if counted or not outcome.faults else 0)
    return outcome


def faults_in(outcome):
    """All that is wrong in a table, a sentence each."""
    return [str(fault) for fault in outcome.faults]

"""Write one table, or the part of it that is asked for, as CSV or as lines of JSON."""

import json
import sys
from pathlib import Path

from django.core.management.base import CommandError
from django.http import QueryDict

from provenance.api.filters import filter_of
from provenance.db.snapshot import one_moment
from provenance.management.record_command import RecordCommand
from provenance.management.wording import counted
from provenance.resources import csv_blocks
from provenance.tables.atomic_files import whole_file
from provenance.values.suggestions import close_to
from timeline.records import RECORDS, TABLES

FILTERS = {model.collection: filter_of(model) for model in RECORDS}


class Command(RecordCommand):
    """All of the table, with drafts and private notes, in the order of its key."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("table", help="its name, as that of its file: agencies")
        parser.add_argument(
            "file",
            nargs="?",
            default="-",
            help="where to write it; - is the standard output",
        )
        parser.add_argument(
            "--filter",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="only what this filter of the API lets through; as often as needed",
        )
        parser.add_argument("--search", metavar="WORDS", help="only what has all words")
        parser.add_argument("--format", choices=["csv", "ndjson"], default="csv")

    def handle(self, *args, table, file, filter, search, format, **options):
        if table not in TABLES:
            raise CommandError(
                f"There is no table “{table}”{close_to(table, TABLES) or '.'}"
            )
        given = QueryDict(mutable=True)
        for name, value in map(self.parted, filter):
            given.appendlist(name, value)
        if search:
            given["q"] = search
        among = records_asked(table, given) if given else None
        extracts = TABLES[table]().extracts(among)
        blocks = json_blocks if format == "ndjson" else csv_blocks
        try:
            rows = self.write(blocks(extracts), file)
        except BrokenPipeError:
            sys.stdout = None  # whoever reads has enough
            return
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from None
        self.stderr.write(f"{table}: {counted(rows, 'row')}")

    def parted(self, text):
        name, mark, value = text.partition("=")
        if not (name and mark and value):
            raise CommandError(f"Write a filter as name=value, not “{text}”.")
        return name, value

    def write(self, blocks, file):
        """Writes the blocks; how many rows are in them."""
        if file != "-":
            with whole_file(Path(file)) as out:
                return written(blocks, out.write)
        out = getattr(self.stdout, "_out", self.stdout)
        binary = getattr(out, "buffer", None)
        if binary is None:  # a text that somebody else keeps
            return written(blocks, lambda block: out.write(block.decode()))
        return written(blocks, binary.write)


def written(blocks, write):
    total = 0
    for block, rows in blocks:
        write(block)
        total += rows
    return total


def json_blocks(extracts):
    """Each row as a JSON object with the text of each column, in blocks of lines."""
    with one_moment():
        for extract in extracts:
            names = [column.name for column in extract.columns]
            for chunk in extract.chunks_of_texts():
                objects = (dict(zip(names, row, strict=True)) for row in chunk)
                lines = (json.dumps(each, ensure_ascii=False) for each in objects)
                yield "".join(f"{line}\n" for line in lines).encode(), len(chunk)


def records_asked(table, given):
    """The records of a table that the filters of the API let through."""
    if table not in FILTERS:
        raise CommandError(
            f"The table “{table}” takes no filter and no search; these do: "
            f"{', '.join(FILTERS)}."
        )
    filters = FILTERS[table]
    names = filters.names(given)
    for name in given:
        if name not in names:
            close = close_to(name, names)
            known = f"; there are {', '.join(names)}."
            raise CommandError(f"There is no filter “{name}”{close or known}")
    asked = filters(given, TABLES[table]._meta.model.objects.all()).of_everything()
    if faults := list(asked.faults()):
        said = (f"{fault['parameter']}: {fault['message']}" for fault in faults)
        raise CommandError("\n".join(said))
    return asked.filter_queryset(asked.queryset)

"""How fast tables are read, against a script that writes the same rows unchecked.

    python -m tests.bench.imports FOLDER WAY TABLES

does one of the ways, in a process of its own, on the database that DATABASE_URL names,
and prints as JSON what it took. ``make bench`` prints the ratios.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench.raw import by_raw
from tests.bench.tables import write_base, write_happened, write_measured

ROUNDS = 3
OBSERVATIONS, MEETINGS = 100_000, 20_000
FEW = 1_000  # rows for the way that takes some milliseconds each

MEASURED = ("observations",)
HAPPENED = ("meetings", "participations", "citations")
WORK = (MEASURED, HAPPENED, MEASURED + HAPPENED)  # each read as one import

# Ways -----------------------------------------------------------------------


def by_import(folder, tables, **options):
    """As the admin, the API, load and commands do it."""
    from provenance.resources.importing import import_tables
    from provenance.tables import FOLDER, open_sheet

    sheets = [(name, open_sheet(folder / f"{name}.csv", FOLDER)) for name in tables]
    imported = import_tables(sheets, **options)
    faults = [*imported.faults, *(f for o in imported.outcomes for f in o.faults)]
    assert not faults, [str(fault) for fault in faults[:3]]


def by_preview(folder, tables):
    by_import(folder, tables, dry_run=True)


def by_source(folder, tables):
    """As what one source says: each cell cites it."""
    from provenance.models import Source
    from provenance.resources.importing import Attribution

    source = Source.objects.get(slug="source-1")
    by_import(folder, tables, attribution=Attribution(source, locator="table 1"))


BY_DEFAULT = {"observations", "meetings"}  # of what is in other tables it knows nothing


def by_default(folder, tables):
    """A resource of django-import-export as its documentation begins with."""
    import tablib
    from import_export import fields, resources
    from import_export.widgets import ForeignKeyWidget

    from entities.models import Agency, Place
    from provenance.tracking.changes import ChangeSet, changing
    from timeline.models import Meeting, Metric, Observation

    def related(name, model):
        widget = ForeignKeyWidget(model, "slug")
        return fields.Field(attribute=name, column_name=name, widget=widget)

    class Observations(resources.ModelResource):
        metric = related("metric", Metric)
        place = related("place", Place)
        reported_by = related("reported_by", Agency)

        class Meta:
            model = Observation
            import_id_fields = ("slug",)

    class Meetings(resources.ModelResource):
        class Meta:
            model = Meeting
            import_id_fields = ("slug",)
            exclude = ("id", "event_ptr")

    # Within one change, so that the end of one does not come after each row.
    with changing(ChangeSet.Path.OTHER):
        for name in BY_DEFAULT.intersection(tables):
            resource = {"observations": Observations, "meetings": Meetings}[name]()
            text = (folder / f"{name}.csv").read_text()
            result = resource.import_data(tablib.Dataset().load(text, "csv"))
            wrong = result.base_errors or result.row_errors()[:1]
            assert not result.has_errors(), wrong


WAYS = {
    "raw": by_raw,
    "import": by_import,
    "preview": by_preview,
    "again": by_import,
    "source": by_source,
    "default": by_default,
}


# One process ----------------------------------------------------------------


def set_up():
    """Django, with a connection whose memory is all its own."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    settings.DEBUG = False  # with it every statement would be kept, to be shown

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA mmap_size = 0")  # mapped pages of the file would count


def measure(folder, way, tables):
    """What a way takes: seconds, and the memory that it took beyond the start."""
    if way != "raw":  # which needs no Django
        set_up()
    before = peak_memory()
    started = perf_counter()
    WAYS[way](folder, tables)
    seconds = perf_counter() - started
    peak = peak_memory()
    return {"seconds": seconds, "peak": peak, "grown": peak - before}


def peak_memory():
    """The most memory that this program has had, in MiB.

    Not ``ru_maxrss``: that begins with what the program had that started this one.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


# Side by side ---------------------------------------------------------------


def run(database, folder, way, tables):
    """Measures one way in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.imports", str(folder), way, *tables],
        env={**os.environ, "DATABASE_URL": f"sqlite:///{database}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


class Bench:
    """Files and databases in a folder that goes with it."""

    def __init__(self, folder, scale=1.0):
        self.folder, self.base = folder, folder / "base.sqlite3"
        self.observations = int(OBSERVATIONS * scale)
        self.meetings = int(MEETINGS * scale)
        self.sizes = {  # in rows, by table
            "observations": self.observations,
            "meetings": self.meetings,
            "participations": 3 * self.meetings,
            "citations": self.meetings,
        }

    def prepare(self):
        for name, make in {
            "base": write_base,
            "full": lambda f: self._write(f, 1),
            "thrice": lambda f: self._write(f, 3),
            "few": lambda f: (write_measured(f, FEW), write_happened(f, FEW)),
        }.items():
            (self.folder / name).mkdir()
            make(self.folder / name)
        manage = [sys.executable, "manage.py"]
        env = {**os.environ, "DATABASE_URL": f"sqlite:///{self.base}"}
        for command in (["migrate"], ["load", str(self.folder / "base")]):
            subprocess.run(
                [*manage, *command], env=env, check=True, capture_output=True
            )

    def _write(self, folder, times):
        write_measured(folder, times * self.observations)
        write_happened(folder, times * self.meetings)

    def once(self, way, tables, files="full"):
        """What a way takes on a fresh copy; ``again`` reads what is there already."""
        database = self.folder / "run.sqlite3"
        for path in self.folder.glob("run.sqlite3*"):
            path.unlink()
        shutil.copy(self.base, database)
        if way == "again":
            run(database, self.folder / files, "import", tables)
        return run(database, self.folder / files, way, tables)

    def rounds(self, tables):
        """What each way took in every round; they take turns within a round."""
        # No source is cited for rows of a record, nor for citations.
        ways = [way for way in WAYS if way != "source" or tables == MEASURED]
        took = {way: [] for way in ways}
        for _round in range(ROUNDS):
            for way in ways:
                few = "few" if way == "default" else "full"
                took[way].append(self.once(way, tables, few))
        return took


def lines(scale=1.0):
    """How each way compares with the raw one, in the median of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), scale)
        bench.prepare()
        for tables in WORK:
            took = bench.rounds(tables)
            yield ", ".join(f"{bench.sizes[name]:,} {name}" for name in tables)
            for way, goal in {
                "import": "at least 0.5",
                "preview": "at least 0.7",
                "again": "at least 0.8",
            }.items():
                ratio = _ratio(took, "raw", way, "seconds")
                seconds = median(one["seconds"] for one in took[way])
                told = f"{ratio:>6.2f} x raw in speed ({goal}), {seconds:.1f} s"
                yield f"  {way:<9}{told}"
            if "source" in took:
                ratio = _ratio(took, "import", "source", "seconds")
                seconds = median(one["seconds"] for one in took["source"])
                told = f"{ratio:>6.2f} x the import in speed (1), {seconds:.1f} s"
                yield f"  source   {told}"
            rows = sum(bench.sizes[name] for name in tables)
            few = FEW * len(BY_DEFAULT.intersection(tables))
            per_row = median(
                (default["seconds"] / few) / (ours["seconds"] / rows)
                for default, ours in zip(took["default"], took["import"], strict=True)
            )
            told = f"{per_row:>6.0f} x django-import-export by the row (at least 40)"
            yield f"  import   {told}"
            yield from _memory(took, bench.once("import", tables, "thrice"), rows)


def _memory(took, thrice, rows):
    """The peak of all, what that is beyond the program, and how it grows.

    Raw needs no Django, whose own 80 MiB are most of what the smaller tables take.
    """
    for what, said in (
        ("peak", "in peak memory (at most 0.7)"),
        ("grown", "in memory beyond the program that has not begun"),
    ):
        ratio = 1 / _ratio(took, "raw", "import", what)
        sizes = [median(one[what] for one in took[way]) for way in ("import", "raw")]
        sizes = "{:.0f} to {:.0f} MiB".format(*sizes)
        yield f"  import   {ratio:>6.2f} x raw {said}, {sizes}"
    more = thrice["peak"] - median(one["peak"] for one in took["import"])
    yield f"           {1024 * more / (2 * rows):>6.2f} KiB for each row more"


def _ratio(took, one, other, what):
    pairs = zip(took[one], took[other], strict=True)
    return median(ours[what] / theirs[what] for ours, theirs in pairs)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    print(json.dumps(measure(Path(sys.argv[1]), sys.argv[2], tuple(sys.argv[3:]))))

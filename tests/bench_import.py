"""How fast tables are read, against a script that writes the same rows unchecked.

    python -m tests.bench_import FOLDER WAY TABLES

does one of the ways, in a process of its own, on the database that DATABASE_URL names,
and prints as JSON what it took. ``make bench`` prints the ratios.
"""

import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

ROUNDS = 3
OBSERVATIONS, MEETINGS, OFFICIALS = 100_000, 20_000, 2_000
FEW = 1_000  # rows for the way that takes some milliseconds each

MEASURED = ("observations",)
HAPPENED = ("meetings", "participations", "citations")

# Files ----------------------------------------------------------------------


def write(folder, name, header, rows):
    with open(folder / f"{name}.csv", "w", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])


def write_base(folder):
    """What the large tables refer to."""
    write(folder, "sources", "slug,status,title,kind", [_source(n) for n in range(50)])
    write(folder, "metrics", "slug,status,name,unit,kind", map(_metric, range(10)))
    write(folder, "places", "slug,status,name,kind", map(_place, range(21)))
    write(folder, "agencies", "slug,status,name,kind", map(_agency, range(20)))
    write(folder, "officials", "slug,status,name", map(_official, range(OFFICIALS)))
    cited = [*(("agency", f"agency-{n}") for n in range(20))]
    cited += [("official", f"official-{n}") for n in range(OFFICIALS)]
    write(
        folder,
        "citations",
        "type,record,field,source,locator",
        [(kind, slug, "", "source-0", "") for kind, slug in cited],
    )


def _source(n):
    return f"source-{n}", "published", f"Source {n}", "news-article"


def _metric(n):
    return f"metric-{n}", "draft", f"Metric {n}", "persons", "level"


def _place(n):
    return f"place-{n}", "draft", f"Sector {n}", "sector"


def _agency(n):
    return f"agency-{n}", "published", f"Agency {n}", "ministry"


def _official(n):
    return f"official-{n}", "published", f"Maria Perez {n} Lopez"


def write_measured(folder, number):
    """Observations: drafts, as figures are before somebody has looked at them."""
    chance, rows = random.Random(1), []
    for n in range(number):
        month = f"{1975 + n // 252 // 12 % 50}-{n // 21 % 12 + 1:02}"
        rows.append(
            (
                *(f"observation-{n}", "draft", f"metric-{n % 10}"),
                *(chance.randint(0, 99_999), month, month, f"place-{n % 21}"),
                *(f"group {n // 210}", f"agency-{n % 20}", "actual"),
                "as first reported" if n % 10 == 0 else "",
            )
        )
    header = (
        "slug,status,metric,value,start,end,place,population,reported_by,modality,"
        "public_note"
    )
    write(folder, "observations", header, rows)


def write_happened(folder, number):
    """Meetings: published, each with three participations and a citation."""
    chance = random.Random(2)
    meetings, participations, citations = [], [], []
    for n in range(number):
        day = f"{1980 + n % 40}-{n % 12 + 1:02}-{n % 28 + 1:02}"
        slug, format_ = f"meeting-{n}", ("call", "visit", "workshop")[n % 3]
        meetings.append((slug, "published", f"Talks on matter {n}", day, format_))
        for place, official in enumerate(chance.sample(range(OFFICIALS), 2)):
            role = ("host", "participant")[place]
            participations.append((slug, f"official-{official}", "", role))
        participations.append((slug, "", f"agency-{n % 20}", "participant"))
        citations.append(("meeting", slug, "", f"source-{n % 50}", f"para. {n % 9}"))
    write(folder, "meetings", "slug,status,title,start,format", meetings)
    write(folder, "participations", "event,official,agency,role", participations)
    write(folder, "citations", "type,record,field,source,locator", citations)


# Ways -----------------------------------------------------------------------


def by_import(folder, tables, dry_run=False):
    """As the admin, the API, load and commands do it."""
    from provenance.importing import import_tables
    from provenance.tables import FOLDER, open_sheet

    sheets = [
        (name, open_sheet((folder / f"{name}.csv").read_bytes(), FOLDER))
        for name in tables
    ]
    imported = import_tables(sheets, dry_run=dry_run)
    faults = [*imported.faults, *(f for o in imported.outcomes for f in o.faults)]
    assert not faults, [str(fault) for fault in faults[:3]]


def by_preview(folder, tables):
    by_import(folder, tables, dry_run=True)


def by_raw(folder, tables):
    """The same rows and the same history by executemany, with nothing checked."""
    import sqlite3

    database = sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))
    for pragma in ("synchronous = FULL", "cache_size = -32000", "temp_store = MEMORY"):
        database.execute(f"PRAGMA {pragma}")  # as the site has it
    database.execute("BEGIN IMMEDIATE")
    raw = Raw(database)
    for name in tables:
        with open(folder / f"{name}.csv", newline="") as file:
            getattr(raw, name)(list(csv.DictReader(file)))
    database.commit()
    database.close()


class Raw:
    """Writes tables as someone does who trusts the file and knows the columns."""

    NOW = "2025-01-01 00:00:00"

    def __init__(self, database):
        self.database = database
        number = self.one(
            "SELECT coalesce(max(number), 0) + 1 FROM provenance_changeset"
        )
        self.change = number
        database.execute(
            "INSERT INTO provenance_changeset (number, at, path, reason) "
            "VALUES (?, ?, 'import', '')",
            (number, f"2099-01-01 00:00:{number:02}"),
        )

    def one(self, query):
        return self.database.execute(query).fetchone()[0]

    def keys(self, table):
        return dict(self.database.execute(f"SELECT slug, id FROM {table}"))

    def insert(self, tables, history, columns, rows, key="id"):
        """Rows into the tables that share them, and the same rows into history."""
        for table, names in tables.items():
            places = [columns.index(name) for name in names]
            self._many(table, names, [[row[n] for n in places] for row in rows])
        stamps = ("history_date", "history_type", "change_set_id")
        stamp = (self.NOW, "+", self.change)
        self._many(history, [*columns, *stamps], [[*row, *stamp] for row in rows])

    def _many(self, table, names, rows):
        marks = ", ".join("?" for _name in names)
        listed = ", ".join(f'"{name}"' for name in names)
        self.database.executemany(
            f"INSERT INTO {table} ({listed}) VALUES ({marks})", rows
        )

    def record(self, row, key, search):
        """What every record has, in the order of RECORD."""
        note = row.get("public_note", "")
        return (
            key,
            row["slug"],
            row["status"],
            1,
            self.NOW,
            self.NOW,
            note,
            "",
            search,
        )

    RECORD = [
        *("id", "slug", "status", "version", "created_at", "updated_at"),
        *("public_note", "private_note", "search_text"),
    ]
    SPAN = [
        "start",
        "start_earliest",
        "start_latest",
        "end",
        "end_earliest",
        "end_latest",
    ]

    def observations(self, rows):
        metrics, places = self.keys("timeline_metric"), self.keys("entities_place")
        agencies = self.keys("entities_agency")
        columns = [
            *(
                *self.RECORD,
                *self.SPAN,
                "metric_id",
                "value",
                "value_low",
                "value_high",
            ),
            *("value_missing", "place_id", "population", "reported_by_id", "modality"),
            *(f"baseline_{name}" for name in self.SPAN),
        ]
        nothing = ("", "0001-01-01", "9999-12-31") * 2
        table = "timeline_observation"
        key = count(self.one(f"SELECT coalesce(max(id), 0) + 1 FROM {table}"))
        written = [
            (
                *self.record(row, next(key), _search(row["population"])),
                *(*_month(row["start"]), *_month(row["end"])),
                *(metrics[row["metric"]], row["value"], row["value"], row["value"]),
                *("", places[row["place"]], row["population"]),
                *(agencies[row["reported_by"]], row["modality"], *nothing),
            )
            for row in rows
        ]
        self.insert(
            {table: columns}, "timeline_historicalobservation", columns, written
        )

    def meetings(self, rows):
        event = [*self.RECORD, *self.SPAN, "type", "title", "summary"]
        meeting = ["event_ptr_id", "format"]
        key = count(self.one("SELECT coalesce(max(id), 0) + 1 FROM timeline_event"))
        written = []
        for row in rows:
            pk, day = next(key), row["start"]
            written.append(
                (
                    *self.record(row, pk, _search(row["title"])),
                    *(day, day, day, "", day, day, "meeting", row["title"], ""),
                    *(pk, row["format"]),
                )
            )
        self.insert(
            {"timeline_event": event, "timeline_meeting": meeting},
            "timeline_historicalmeeting",
            [*event, *meeting],
            written,
        )

    def participations(self, rows):
        events = self.keys("timeline_event")
        officials = self.keys("entities_official")
        agencies = self.keys("entities_agency")
        columns = ["id", "event_id", "official_id", "agency_id", "role"]
        table = "timeline_participation"
        key = count(self.one(f"SELECT coalesce(max(id), 0) + 1 FROM {table}"))
        written = [
            (
                *(next(key), events[row["event"]], officials.get(row["official"])),
                *(agencies.get(row["agency"]), row["role"]),
            )
            for row in rows
        ]
        self.insert(
            {table: columns}, "timeline_historicalparticipation", columns, written
        )

    def citations(self, rows):
        events, sources = self.keys("timeline_event"), self.keys("provenance_source")
        columns = [
            *("id", "field", "locator", "stated", "as_of", "as_of_earliest"),
            *("as_of_latest", "assessment", "note", "quotation", "checked_against"),
            *("version", "record_id", "source_id"),
        ]
        table = "timeline_eventcitation"
        key = count(self.one(f"SELECT coalesce(max(id), 0) + 1 FROM {table}"))
        unknown = ("0001-01-01", "9999-12-31")
        written = [
            (
                *(next(key), "", row["locator"], "", "", *unknown, "", "", "", "", 1),
                *(events[row["record"]], sources[row["source"]]),
            )
            for row in rows
        ]
        self.insert(
            {table: columns}, "timeline_historicaleventcitation", columns, written
        )


def _month(text):
    return text, f"{text}-01", f"{text}-{MONTH[int(text[5:])]}"


MONTH = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _search(text):
    return text.lower()


def by_default(folder, tables):
    """A resource of django-import-export as its documentation begins with."""
    import tablib
    from import_export import fields, resources
    from import_export.widgets import ForeignKeyWidget

    from entities.models import Agency, Place
    from provenance.changes import ChangeSet, changing
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

    resource_class = Observations if tables == MEASURED else Meetings
    text = (folder / f"{tables[0]}.csv").read_text()
    # Within one change, so that the end of one does not come after each row.
    with changing(ChangeSet.Path.OTHER):
        result = resource_class().import_data(tablib.Dataset().load(text, "csv"))
    assert not result.has_errors(), result.base_errors or result.row_errors()[:1]


WAYS = {
    "raw": by_raw,
    "import": by_import,
    "preview": by_preview,
    "again": by_import,
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
        [sys.executable, "-m", "tests.bench_import", str(folder), way, *tables],
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
        self.folder, self.scale = folder, scale
        self.base = folder / "base.sqlite3"

    def prepare(self):
        for name, make in {
            "base": write_base,
            "full": lambda f: self._write(f, self.scale),
            "fifth": lambda f: self._write(f, self.scale / 5),
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

    def _write(self, folder, scale):
        write_measured(folder, int(OBSERVATIONS * scale))
        write_happened(folder, int(MEETINGS * scale))

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
        took = {way: [] for way in WAYS}
        for _round in range(ROUNDS):
            for way in WAYS:
                few = "few" if way == "default" else "full"
                took[way].append(self.once(way, tables, few))
        return took


def main(scale=1.0):
    """Prints how each way compares with the raw one, in the median of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), scale)
        bench.prepare()
        for tables, rows in ((MEASURED, OBSERVATIONS), (HAPPENED, MEETINGS)):
            rows = int(rows * scale)
            took = bench.rounds(tables)
            print(f"{rows:,} {tables[0]}" + (", with their rows" if tables[1:] else ""))
            for way, goal in {
                "import": "at least 0.5",
                "preview": "at least 0.7",
                "again": "at least 0.8",
            }.items():
                ratio = _ratio(took, "raw", way, "seconds")
                seconds = median(one["seconds"] for one in took[way])
                print(
                    f"  {way:<9}{ratio:>6.2f} x raw in speed ({goal}), {seconds:.1f} s"
                )
            # It writes the first table alone; ours writes five rows for each meeting.
            written = rows if tables == MEASURED else 5 * rows
            per_row = median(
                (default["seconds"] / FEW) / (ours["seconds"] / written)
                for default, ours in zip(took["default"], took["import"], strict=True)
            )
            told = f"{per_row:>6.0f} x django-import-export by the row (at least 40)"
            print(f"  import   {told}")
            _tell_memory(took, bench.once("import", tables, "fifth"), written)


def _tell_memory(took, fifth, rows):
    """Prints the peak of all, what that is beyond the program, and how it grows."""
    for what, said in (
        ("peak", "in peak memory (at most 0.7)"),
        ("grown", "in memory beyond the program that has not begun"),
    ):
        ratio = 1 / _ratio(took, "raw", "import", what)
        sizes = [median(one[what] for one in took[way]) for way in ("import", "raw")]
        sizes = "{:.0f} to {:.0f} MiB".format(*sizes)
        print(f"  import   {ratio:>6.2f} x raw {said}, {sizes}")
    more = median(one["peak"] for one in took["import"]) - fifth["peak"]
    per_row = 1024 * more / (0.8 * rows)
    print(f"           {per_row:>6.2f} KiB for each row more")


def _ratio(took, one, other, what):
    pairs = zip(took[one], took[other], strict=True)
    return median(ours[what] / theirs[what] for ours, theirs in pairs)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    print(json.dumps(measure(Path(sys.argv[1]), sys.argv[2], tuple(sys.argv[3:]))))

"""The script that an import is measured against: the same rows, nothing checked."""

import csv
import os
import re
import sqlite3
from itertools import count


def by_raw(folder, tables):
    """The same rows and the same history by executemany, with nothing checked."""
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

    def free_keys(self, table):
        return count(self.one(f"SELECT coalesce(max(id), 0) + 1 FROM {table}"))

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
            "",
            search,
        )

    RECORD = [
        *("id", "slug", "status", "version", "created_at", "updated_at"),
        *("public_note", "public_note_es", "private_note", "search_text"),
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
            *("population_es", "sort_key"),
        ]
        nothing = ("", "0001-01-01", "9999-12-31") * 2
        table = "timeline_observation"
        key = self.free_keys(table)
        written = [
            (
                *self.record(row, next(key), _found(row)),
                *(*_month(row["start"]), *_month(row["end"])),
                *(metrics[row["metric"]], row["value"], row["value"], row["value"]),
                *("", places[row["place"]], row["population"]),
                *(agencies[row["reported_by"]], row["modality"], *nothing, "", ""),
            )
            for row in rows
        ]
        self.insert(
            {table: columns}, "timeline_historicalobservation", columns, written
        )

    def meetings(self, rows):
        event = [*self.RECORD, *self.SPAN, "type", "title", "summary"]
        event += ["title_es", "summary_es", "sort_key"]
        meeting = ["event_ptr_id", "format"]
        key = self.free_keys("timeline_event")
        written = []
        for row in rows:
            pk, day = next(key), row["start"]
            written.append(
                (
                    *self.record(row, pk, _search(row["title"])),
                    *(day, day, day, "", day, day, "meeting", row["title"], ""),
                    *("", "", _order(row["title"]), pk, row["format"]),
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
        for name in ("date", "effective"):
            columns += [name, f"{name}_earliest", f"{name}_latest"]
        table = "timeline_participation"
        key = self.free_keys(table)
        undated = ("", "0001-01-01", "9999-12-31")
        written = [
            (
                *(next(key), events[row["event"]], officials.get(row["official"])),
                *(agencies.get(row["agency"]), row["role"], *undated, *undated),
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
            *("as_of_latest", "assessment", "note", "note_es", "quotation"),
            "checked_against",
            *("version", "record_id", "source_id"),
        ]
        table = "timeline_eventcitation"
        key = self.free_keys(table)
        unknown = ("0001-01-01", "9999-12-31")
        written = [
            (
                *(next(key), "", row["locator"], "", "", *unknown, *[""] * 5, 1),
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


def _found(row):
    """What an observation is found by; it has no name before it."""
    words = (row["value"], row["population"], row["public_note"])
    return _search(" ".join(["|", *filter(None, words)]))


def _order(text):
    return re.sub(r"\d+", lambda n: f"{len(n[0]):02}{n[0]}", text.lower())[:120]

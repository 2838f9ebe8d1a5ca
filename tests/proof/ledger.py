"""What was tried so far: ``docs/reliability.csv``, to which each run adds.

A row says how often a run tried something on a database, at which version of the code,
and how often it was wrong. It is written while the run goes on, and so is what is lost
of one that is ended early no more than the last portion.
"""

import csv
import io
import subprocess
from typing import NamedTuple

from django.db import connection

from tests import PROJECT
from tests.proof.lines import Kind, line_named

PATH = PROJECT / "docs" / "reliability.csv"
WRITTEN = ("docs/reliability.csv", "docs/reliability.md")  # by a run itself


class Row(NamedTuple):
    """What one run tried of one figure on one database."""

    figure: str
    database: str
    day: str
    version: str
    seed: str
    times: int
    wrong: int
    note: str = ""

    @property
    def run(self):
        """What is the same in all rows that a run writes of a figure."""
        return self[:5]

    def with_more(self, other):
        """The same run, when it had tried more."""
        notes = dict.fromkeys(filter(None, (self.note, other.note)))
        return self._replace(
            times=self.times + other.times,
            wrong=self.wrong + other.wrong,
            note="; ".join(notes),
        )


class Standing(NamedTuple):
    """What counts of the rows of a figure."""

    times: int
    wrong: int
    rows: list


def read(path=PATH):
    """A row for each run and figure, in the order in which they were begun."""
    runs = {}
    with path.open(newline="", encoding="utf-8") as file:
        for told in csv.DictReader(file):
            counts = {name: int(told[name]) for name in ("times", "wrong")}
            row = Row(**told | counts)
            known = runs.get(row.run)
            runs[row.run] = known.with_more(row) if known else row
    return list(runs.values())


def add(row, path=PATH):
    """Adds a row at the end, at once, where others add some as well."""
    text = _text_of([row])
    with path.open("a", newline="", encoding="utf-8") as file:
        file.write(text)


def write(rows, path=PATH):
    """Writes all of it anew."""
    path.write_text(_text_of([Row._fields, *rows]), encoding="utf-8", newline="")


def _text_of(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def standing(line, rows):
    """What counts of the rows of one figure: those since it was last found wrong."""
    wrong = [number for number, row in enumerate(rows, start=1) if row.wrong]
    since = rows[wrong[-1] :] if wrong else rows
    if not since:
        return Standing(0, rows[-1].wrong if rows else 0, [])
    if line.kind is Kind.ONE_GO:
        since = [max(since, key=lambda row: row.times)]
    elif line.kind is Kind.WHOLE:
        since = [row for row in since if row.version == since[-1].version][-1:]
    return Standing(sum(row.times for row in since), 0, since)


def figures(line, rows):
    """The rows of each figure of a line on each database, in the order of names."""
    found = {}
    for row in sorted(rows, key=lambda row: (row.figure, row.database)):
        if line.names(row.figure):
            found.setdefault((row.figure, row.database), []).append(row)
    return found


def is_reached(line, rows, database, version):
    """Whether enough was tried on a database, and nothing was wrong in it."""
    found = [
        standing(line, of_one)
        for (_figure, where), of_one in figures(line, rows).items()
        if where == database
    ]
    if line.kind is Kind.WHOLE:
        return bool(found) and all(
            each.rows and each.rows[-1].version == version for each in found
        )
    return bool(found) and all(each.times >= line.aim for each in found)


def next_go(name):
    """How much a line of one go tries next: ten times as much as it ever did."""
    line = line_named(name)
    rows = figures(line, read()).get((name, connection.vendor), [])
    return min(max(10 * standing(line, rows).times, line.aim // 100), line.aim)


def version():
    """The commit that is tried, with a + where something else is."""
    try:
        commit = _git("rev-parse", "--short=10", "HEAD")
        changed = _git("status", "--porcelain", *("--", ".", *_but(WRITTEN)))
    except (OSError, subprocess.CalledProcessError):
        return "unknown"  # an archive of the sources
    return f"{commit}{'+' if changed else ''}"


def _but(paths):
    return (f":!{path}" for path in paths)


def _git(*words):
    asked = ["git", *words]
    done = subprocess.run(
        asked, cwd=PROJECT, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()

"""What is measured of lists and pages, at each size, as a page of the docs."""

import os
import platform
import sqlite3
from datetime import date

from tests import (
    PROJECT,
    bench_export,
    bench_http,
    bench_import,
    bench_lists,
    bench_search,
    bench_writers,
)
from tests.bench_record import SIZES, database_of

PAGE = PROJECT / "docs" / "performance.md"
TEXT = """# Performance

Measured on {day} by `SIZES="{sizes}" make bench`, which wrote this page: {machine}.
Times tell of that machine; ratios, of things that took turns within a round, say more.

The records are made by the product itself (`tests/bench_record.py`): half of the events
are meetings, each event has three participations, a theme and two citations, and few
officials and agencies are in very many of them.

| Size | Events | Officials | Appointments | Observations |
| --- | ---: | ---: | ---: | ---: |
{records}

## A page of 100 meetings over HTTP

With participations, themes, links and citations; gunicorn with two workers, four
requests at a time, pages from all over the record. The floor is WSGI, `sqlite3` and
`orjson` with no library between; plain serializers are those with which the
documentation of Django REST Framework begins, with everything fetched ahead; Datasette,
in its one process, makes the JSON by one statement. Goals: 1 floor, 8 plain
serializers, 2 Datasette; unchanged (304), 10 floors.

{over_http}

## Eight programs that write at once

Each changes an official of its own over the API, with what that brings along: history,
version, edition, what sources say of it. Goals: no refusal, 0.8 of what one alone
writes, and nobody waits longer than two seconds.

{writers}

## Tables in

Beside a script that writes the same rows and their history unchecked (raw); *preview*
is an import that is not confirmed, *again* one of what is there already, and *source*
one as what a source says, which is cited for each cell.

```
{tables_in}
```

## Tables out

```
{tables_out}
```

## Words among a million events

Beside a scan of the titles by `LIKE`; both databases have to find the same.

```
{words}
```

## Lists, pages and files

In process, SQLite, medians in milliseconds. *Growth* is the largest size over the
smallest, *Statements* how many are sent, *KB* what is answered at the largest.

{lists}
"""


def machine():
    """The machine in words."""
    return (
        f"{os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def records(sizes):
    """A line for each size."""
    for name in sizes:
        size = SIZES[name]
        numbers = (size.events, size.officials, size.appointments, size.observations)
        yield f"| {name} | " + " | ".join(f"{number:,}" for number in numbers) + " |"


def over_http(sizes):
    """A table for each size."""
    for name in sizes:
        table = "\n".join(bench_http.table(database_of(name)))
        yield f"{name}:\n\n{table}"


def main():
    """Measures, prints, and writes the page."""
    sizes = bench_lists.asked_sizes()
    text = TEXT.format(
        day=date.today(),
        sizes=" ".join(sizes),
        machine=machine(),
        records="\n".join(records(sizes)),
        over_http="\n\n".join(told(over_http(sizes))),
        writers="\n".join(told(bench_writers.table(database_of(sizes[0])))),
        lists="\n".join(told(bench_lists.table(sizes))),
        words="\n".join(told(bench_search.lines())),
        tables_in="\n".join(told(bench_import.lines())),
        tables_out="\n".join(told(bench_export.lines())),
    )
    PAGE.write_text(text, encoding="utf-8")


def told(lines):
    """The same lines, each printed once it is known."""
    for line in lines:
        print(line, flush=True)
        yield line

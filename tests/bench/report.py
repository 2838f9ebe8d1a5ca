"""What is measured of lists and pages, at each size, as a page of the docs."""

import os
import platform
import sqlite3
from datetime import date

from tests import PROJECT
from tests.bench import export, imports, lists, over_http, search, writers
from tests.bench.record import SIZES, database_of

PAGE = PROJECT / "docs" / "performance.md"
TEXT = """# Performance

Measured on {day} by `SIZES="{sizes}" make bench`, which wrote this page: {machine}.
Times tell of that machine; ratios, of things that took turns within a round, say more.

The records are made by the product itself (`tests/bench/record.py`): half of the events
are meetings, each event has three participations, a theme and two citations, and few
officials and agencies are in very many of them.

| Size | Events | Officials | Appointments | Observations |
| --- | ---: | ---: | ---: | ---: |
{records}

## A page of 100 meetings over HTTP

With participations, themes, links and citations; gunicorn with two workers, four
requests at a time, pages from all over the record. The floor is WSGI, `sqlite3` and
`orjson` with no library between: it writes the same bytes, and hides nothing.
Plain serializers are those with which the documentation of Django REST Framework
begins, with everything fetched ahead; Datasette, in its one process, makes the JSON by
one statement. *KB* is what a page weighs with each. The product keeps what it wrote of
a record until something public changes, 32 MiB in each process; *first* is the same
product that keeps nothing, as it answers whoever asks for a page first after a change.
Goals: 1 floor, 8 plain serializers, 2 Datasette; unchanged (304), 10 floors.

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

{misses}
"""

# To be gone through after each measurement: what misses no goal any more goes.
MISSES = """\
## What misses its goal, and why

- *A page of meetings, first asked for after a change* is slower than the floor and than
  Datasette, at 6 to 7 plain serializers. One statement writes its JSON, in about the
  time that the floor takes as a whole: it looks up each of some 2,000 rows of a page,
  as the floor does. It would look up no fewer if it were stored which of them
  are public, for what they are called is read from the same rows. The way there and
  back (negotiation, limits of rates, languages, headers) takes half of that time again.
  Only texts that are stored would be faster; each would have to be dropped with every
  change of all that it names, or show what is withdrawn. Asked for again in the same
  edition it has not to be written.
- *Unchanged* is near ten floors, on either side of it: the floor is fast where all is
  in memory, and what a 304 costs is the way through gunicorn and the middleware alone.
- *The median agency* and *the median official as a page* grow since there is more to
  show: such an agency has 3 events at 10k, 27 at 100k and about 300 at 1M, of which a
  page shows 50. The page of the busiest agency, which is full at each size, does not
  grow.
- *Meetings in the admin, rare* finds 1 meeting at 10k, 10 at 100k and 100 at 1M: the
  page of as many meetings without words takes as long.
- *Disputes* of the API sends the same statements at each size, and takes twice as long
  at 1M. Probably, which was not measured, what it reads of fifty records lies next to
  each other at 10k, and at 1M far apart in a file that is larger than what SQLite keeps
  in memory. As a page it went through all observations, which it does no more.
- *The dashboard* takes twice as long at 1M as at 10k, within its 300 ms up to 100k.
- *Words that many records have* are found less than a hundred times as fast as by a
  scan, which ends with the twentieth hit: a scan for two beginnings has it at once.
  They are to be found within 150 ms, and are, in time of the processor.
- *Relations as a page* of the busiest official count 1,000 events and 500 offices,
  which it has at 1M and not at 10k, and read those of the sixteen drawn around it.
- On PostgreSQL a page of meetings *first asked for* takes two and a half floors: over a
  third of what the server takes goes into planning a statement of 17,000 characters,
  each time anew. It could be prepared once for each connection, which PgBouncer would
  have to know of; that was not tried.
- On PostgreSQL *appointments on a date* takes 98 ms at 1M, and was to take 50: 10,000
  hold on that day, which an index tells in 14, and of each is looked up whether its
  official, post and agency are public before the first hundred are shown.
- On PostgreSQL *meetings in the admin, a word* counts up to 10,000 of 62,000 hits, for
  which all are gathered; and *events with words* of very many records gathers as many
  once, 35 ms, to learn that they are many.
- The page of relations of the busiest official takes twice the median one at 1M, and is
  bounded: 1,000 events, 500 offices, a hundred rows.
- *Agencies as a page* at 1M look up when each was last seen and count its sources, and
  fifty agencies have more events there.
- *Observations by import* are 37 times as fast as by the row, and were to be 40: as
  much as they were, within the tenth that they may lose.
- *Peak memory* of an import of few rows is more than that of a script: 60 MiB are the
  program before it begins. It is the same for ten times the rows (*for each row more*).
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


def http_tables(sizes):
    """A table for each size."""
    for name in sizes:
        table = "\n".join(over_http.table(database_of(name)))
        yield f"{name}:\n\n{table}"


def main():
    """Measures, prints, and writes the page."""
    sizes = lists.asked_sizes()
    text = TEXT.format(
        day=date.today(),
        sizes=" ".join(sizes),
        machine=machine(),
        records="\n".join(records(sizes)),
        over_http="\n\n".join(told(http_tables(sizes))),
        writers="\n".join(told(writers.table(database_of(sizes[0])))),
        lists="\n".join(told(lists.table(sizes))),
        words="\n".join(told(search.lines())),
        tables_in="\n".join(told(imports.lines())),
        tables_out="\n".join(told(export.lines())),
        misses=MISSES,
    )
    PAGE.write_text(text, encoding="utf-8")


def told(lines):
    """The same lines, each printed once it is known."""
    for line in lines:
        print(line, flush=True)
        yield line

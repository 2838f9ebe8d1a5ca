"""What was proven, as a page of the docs: written by `make prove`."""

import json
import os
import platform
from collections import defaultdict
from datetime import date
from pathlib import Path

from tests import PROJECT
from tests.depth import PROVE, SEED
from tests.proof import FIGURES

PAGE = PROJECT / "docs" / "reliability.md"
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
TEXT = """# Reliability

Measured on {day} by `PROVE={share} make prove`, which wrote this page: {machine}.
{share_in_words} Each line is a test (`tests/`) that fails at the first thing that is
wrong; `make test` tries a short form of it. What was drawn by lot in this run is drawn
again with `SEED={seed}`.

If none of *n* was wrong, the true share is below 3/*n* nineteen times out of twenty:
that is the last column
([rule of three](https://en.wikipedia.org/wiki/Rule_of_three_(statistics))).

| What was tried | Aim | On | Times | Wrong | So below |
| --- | ---: | --- | ---: | ---: | ---: |
{figures}

{failed}

## What each line says

{explained}

## What is not proven yet

{missing}
"""

# By the beginning of what a test calls it: the aim on each database, and what it says.
PROVEN = {
    "kill -9 in": (
        1_000,
        "A process is killed while it changes the record: at one of its statements, "
        "after a share of its time, or when it had committed and not said so. Then all"
        " of it is on record or nothing, the history says what the tables hold, and "
        "whoever repeats it comes to the same end.",
    ),
    "a migration that is killed": (
        1_000,
        "An old database is brought up to date, and that is killed at any moment; "
        "called again it ends with the schema and the rows of one that nobody "
        "disturbed.",
    ),
    "records migrated while somebody reads": (
        1_000_000,
        "An old database with so many officials is brought up to date: nothing of them "
        "is lost, and but for the migrations that are told in docs/operations.md no "
        "reader waits for two seconds.",
    ),
    "edits of one record at once": (
        100_000,
        "Eight processes write one record over the API, by its form and by files. Each"
        " mark is there, each version once, and history replays to the tables.",
    ),
    "disks that are full": (
        39,
        "An import meets the end of the disk at any of its pages: it says so once, and"
        " every byte is as before.",
    ),
    "writes to what can only be read": (
        6,
        "Over the API, by forms, files and signing in: each is told so once, with 503, "
        "writes nothing and can be repeated; readers notice nothing.",
    ),
    "connections that are lost in": (
        1_000,
        "The server ends the connection at any statement of a request or of a worker: "
        "all is on record or nothing, 503 says so, and the next request goes on.",
    ),
    "servers that go and come": (
        50,
        "The server of the database is killed beneath the site as it is deployed, and "
        "begun again: 503 meanwhile, nothing that was acknowledged is lost, and the "
        "site goes on by itself.",
    ),
    "slow clients": (
        200,
        "More of them than the site has processes send or read a little and wait: "
        "others are answered, and who reads on gets all of it.",
    ),
    "clocks that jump back": (
        4,
        "Between two changes, by a microsecond up to ten years: history keeps the "
        "order of the commits, and of each moment it tells what was known then.",
    ),
    "backups while somebody writes": (
        100,
        "A copy that is made meanwhile is whole, and has all that was committed "
        "before.",
    ),
    "records with hostile text": (
        100_000,
        "They go out as CSV and in again through both databases, and come back to the "
        "byte.",
    ),
    "bombs": (
        24,
        "Archives, workbooks, XML, PDF, pictures, JSON, forms and addresses that cost "
        "little to send and much to read: each is refused within a second of the "
        "processor and 64 MiB.",
    ),
    "texts that are to keep a regular expression busy": (
        0,
        "60,000 characters of what regular expressions go wrong at, tried with each of "
        "ours that meets what others write: none takes a second for all of them.",
    ),
    "requests of mixed load": (
        0,
        "For two hours the site as it is deployed is asked four fifths of what it can "
        "do: each is answered, and neither memory nor open files, connections, "
        "temporary tables or files grow.",
    ),
    "hidden things asked for": (
        0,
        "Every address of the site, by everybody who may not see all of it, with each "
        "method: no draft, private note, hidden file or comment is in any answer.",
    ),
    "whatever is asked of the API": (
        750_000,
        "Questions, addresses and bodies that are made up: each has a documented "
        "answer.",
    ),
    "whatever the API says can be asked": (
        250_000,
        "Schemathesis makes requests of the description of the API, right and wrong "
        "ones: each answer is one that the description has.",
    ),
    "whatever is asked of pages": (
        250_000,
        "The same of pages and the desk, by a stranger and by a curator: none is a "
        "fault.",
    ),
}
MISSING = (
    "Most of the mutation score of the modules that values, evidence, history, imports "
    "and review rest on: [what was tried](mutants.md).",
)


def figures(path):
    """What was told, summed for each thing and database."""
    found = defaultdict(lambda: [0, 0])
    for told in map(json.loads, Path(path).read_text().splitlines()):
        counted = found[told["what"], told["database"]]
        counted[0] += told["tried"]
        counted[1] += told["wrong"]
    return found


def rows(found):
    """The lines of the table, in the order of what is proven."""
    for begun, (aim, _says) in PROVEN.items():
        for what, database in sorted(key for key in found if key[0].startswith(begun)):
            tried, wrong = found[what, database]
            shown = [
                what,
                f"{aim:,}" if aim else "all",
                DATABASES[database],
                f"{tried:,}",
                f"{wrong:,}",
                "" if wrong else f"{min(3 / tried, 1):.2%}",
            ]
            yield f"| {' | '.join(shown)} |"


def failed(found):
    """The tests that gave no figure, as they failed."""
    for what, database in sorted(found):
        if not what.startswith(tuple(PROVEN)):
            yield f"- `{what}` failed on {DATABASES[database]}."


def page(found, share, seed):
    """The whole page."""
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python "
    machine += platform.python_version()
    words = "" if share == 1 else f"It tried {share:.1%} of what is aimed at."
    return TEXT.format(
        day=date.today(),
        share=f"{share:g}",
        share_in_words=words,
        machine=machine,
        seed=seed,
        figures="\n".join(rows(found)),
        failed="\n".join(failed(found)) or "No test failed.",
        explained="\n".join(
            f"- *{begun[0].upper()}{begun[1:]} ...*: {says}"
            for begun, (_aim, says) in PROVEN.items()
        ),
        missing="\n".join(f"- {sentence}" for sentence in MISSING),
    )


def main():
    written = page(figures(FIGURES), PROVE, SEED)
    PAGE.write_text(written)
    print(written)

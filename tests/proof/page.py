"""What was proven so far, as a page of the docs: written by `make prove`."""

import os
import platform

from tests import PROJECT
from tests.proof import ledger
from tests.proof.lines import LINES, Kind

PAGE = PROJECT / "docs" / "reliability.md"
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
TEXT = """# Reliability

Each line is a test (`tests/`) that fails at the first thing that is wrong; `make test`
tries a short form of it. `make prove`, which wrote this page, tries another portion of
each in each round, on both databases, and goes on from where the sum stands until it is
what is aimed at. [reliability.csv](reliability.csv) has what each run tried. The last
one was on {machine}.

What is drawn by lot adds up, over versions too: each is to pass the same tests. What is
tried in whole (*all*) or in one go does not: that is what was last tried of it, or the
longest go. What was found wrong is told below, and the sum begins anew after it.

| What was tried | On | Aim | Times | Wrong | So below | Since | Versions |
| --- | --- | ---: | ---: | ---: | ---: | --- | ---: |
{figures}

If none of *n* was wrong, the true share is below 3/*n* nineteen times out of twenty:
that is what *so below* says
([rule of three](https://en.wikipedia.org/wiki/Rule_of_three_(statistics))).

## What was found wrong

{wrong}

## What each line says

{explained}

## What is not proven yet

{missing}
"""
MUTANTS = (
    "Most of the mutation score of the modules that values, evidence, history, imports "
    "and review rest on: [what was tried](mutants.md)."
)


def cells(line, figure, database, rows):
    """What the table says of a figure."""
    stands = ledger.standing(line, rows)
    begun = stands.rows[0] if stands.rows else rows[-1]
    return [
        figure,
        DATABASES[database],
        f"{line.aim:,}" if line.aim else "all",
        f"{stands.times:,}",
        f"{stands.wrong:,}",
        below(line, stands),
        f"{begun.day}, `{begun.version}`",
        f"{len({row.version for row in stands.rows})}",
    ]


def below(line, stands):
    """Below what the true share of wrong ones is; of one go there is no share."""
    if line.kind is Kind.ONE_GO or not stands.times:
        return ""
    return f"{min(3 / stands.times, 1):.2%}"


def table(rows):
    """The lines of the table, in the order of what is proven."""
    for line in LINES:
        for (figure, database), of_one in ledger.figures(line, rows).items():
            yield f"| {' | '.join(cells(line, figure, database, of_one))} |"


def wrong(rows):
    """What was found wrong, and what became of it as far as somebody noted that."""
    for row in rows:
        if row.wrong:
            yield (
                f"- {row.day}, `{row.version}`: {row.figure}, on "
                f"{DATABASES[row.database]}, {row.wrong:,} of {row.times:,}. {row.note}"
            )


def missing(rows):
    """What has not been tried as often as is aimed at."""
    for line in LINES:
        found = ledger.figures(line, rows)
        short = [
            f"{figure} on {DATABASES[database]} ({stands.times / line.aim:.1%})"
            for (figure, database), of_one in found.items()
            if (stands := ledger.standing(line, of_one)).times < line.aim
        ]
        if not found:
            yield f"- {line.name[0].upper()}{line.name[1:]}: not tried yet."
        elif short:
            yield f"- Of its aim was tried: {', '.join(short)}."
    yield f"- {MUTANTS}"


def machine():
    """What this run was on."""
    cores, system = os.cpu_count(), platform.system()
    return f"{cores} cores, {system}, Python {platform.python_version()}"


def page(rows, last=""):
    """The whole page; ``last`` is what the last run was on."""
    return TEXT.format(
        machine=last,
        figures="\n".join(table(rows)),
        wrong="\n".join(wrong(rows)) or "Nothing so far.",
        explained="\n".join(
            f"- *{line.name[0].upper()}{line.name[1:]} ...*: {line.says}"
            for line in LINES
        ),
        missing="\n".join(missing(rows)),
    )


def main():
    """Puts the rows of each run together, and writes the page."""
    rows = ledger.read()
    ledger.write(rows)
    written = page(rows, machine())
    PAGE.write_text(written)
    print(written)

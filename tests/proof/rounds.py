"""Goes round what is to be proven, until time is over or enough was tried.

A plugin of pytest, of which `make prove` has one for each database. A test that
``proves`` something tries a portion of it each time that it is run; what was tried is
in the ledger at once. So each line gets on by about as much time. What is drawn by lot
is drawn by another seed in each round.
"""

import os
import time
from datetime import date
from itertools import count, pairwise

import pytest

from tests.proof import ledger
from tests.proof.lines import LINES, Kind, line_named

MARK = "pytest.mark.proves"


def pytest_configure(config):
    """Has the rounds go on as long as is told, with the lines that are named."""
    first, _dot, number = os.environ["SEED"].partition(".")
    only, minutes = os.environ.get("ONLY", ""), float(os.environ.get("MINUTES") or 0)
    if not number and any(row.seed == first for row in ledger.read()):
        raise pytest.UsageError(
            f"SEED={first} was had; SEED={first}.1 repeats the first round of it."
        )
    lines = [line for line in LINES if only in line.name and (only or not line.alone)]
    config.pluginmanager.register(
        Rounds(lines, first, number, 60 * minutes), "the rounds"
    )


class Rounds:
    """The rounds of one run; one that is repeated counts nothing.

    A run that is told no time ends when all that it tries has its aim. What is tried
    in whole comes first, and to its end.
    """

    def __init__(self, lines, seed, repeated, seconds):
        self.lines, self.seed, self.repeated = lines, seed, repeated
        self.seconds = seconds or float("inf")
        self.day, self.version = date.today().isoformat(), ledger.version()
        self.failed, self.said = set(), set()

    def pytest_ignore_collect(self, collection_path):
        """Passes over files that prove nothing, which is most of them."""
        if collection_path.suffix == ".py":
            return True if MARK not in collection_path.read_text("utf-8") else None
        return None

    def pytest_collection_modifyitems(self, config, items):
        """Leaves what proves one of these lines, what is tried once before the rest."""
        kept = [item for item in items if line_of(item) in self.lines]
        kept.sort(key=lambda item: line_of(item).kind is Kind.DRAWN)
        config.hook.pytest_deselected(items=[i for i in items if i not in kept])
        items[:] = kept

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        """Goes round, instead of once."""
        if session.testsfailed:
            raise session.Interrupted("not all tests can be read")
        until = time.monotonic() + self.seconds
        for number in [int(self.repeated)] if self.repeated else count(1):
            items = [item for item in session.items if self.is_tried(item, number)]
            if not items:
                break
            os.environ["SEED"] = f"{self.seed}.{number}"
            # At the end of a round all is put away, so that the next begins afresh.
            for item, following in pairwise([*items, None]):
                if time.monotonic() > until and line_of(item).kind is not Kind.WHOLE:
                    return True
                begin_anew(item)
                item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        return True

    def is_tried(self, item, number):
        """Whether a test is run in this round."""
        line = line_of(item)
        if self.repeated:
            return True
        if item.nodeid in self.failed or (number > 1 and line.kind is not Kind.DRAWN):
            return False
        found = ledger.read()
        return not ledger.is_reached(line, found, database(), self.version)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item):
        """Counts what failed without a figure that says so as wrong once.

        Where what it needs did not come about it has found nothing.
        """
        report = yield
        if report.failed:
            self.failed.add(item.nodeid)
            if report.when == "call" and item.nodeid not in self.said:
                self.tell(item, line_of(item).name, 1, 1)
        return report

    def tell(self, item, figure, tried, wrong):
        """Adds to the ledger what a test tells, with the round if it was wrong."""
        if self.repeated:
            return
        if wrong:
            self.said.add(item.nodeid)
        note = f"SEED={os.environ['SEED']}" if wrong else ""
        run = figure, database(), self.day, self.version, self.seed
        ledger.add(ledger.Row(*run, tried, int(wrong), note))


def database():
    from django.db import connection  # not before there are settings

    return connection.vendor


def line_of(item):
    """The line that a test proves, or none."""
    mark = item.get_closest_marker("proves")
    return line_named(*mark.args) if mark else None


def begin_anew(item):
    """Has hypothesis draw by the seed of the round."""
    from hypothesis import is_hypothesis_test, seed  # slow

    if is_hypothesis_test(item.obj):
        seed(os.environ["SEED"])(item.obj)

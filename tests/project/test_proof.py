"""What was tried adds up from run to run, begins anew after a fault, and is told."""

import pytest

from tests import PROJECT
from tests.proof import ledger, page
from tests.proof.ledger import Row
from tests.proof.lines import LINES, Kind, line_named

KILLED = line_named("kill -9 in")
HIDDEN = line_named("hidden things asked for")
LOAD = line_named("seconds of mixed load")


def row(times, wrong=0, figure="kill -9 in a form", version="a", seed="1", note=""):
    told = (figure, "sqlite", "2026-11-30", version, seed)
    return Row(*told, times, wrong, note)


def stands(line, *rows):
    """How often it was tried, how often it was wrong, and over how many runs."""
    times, wrong, counted = ledger.standing(line, rows)
    return times, wrong, len(counted)


def test_what_is_drawn_by_lot_adds_up_over_runs_and_versions():
    assert stands(KILLED, row(20), row(30, version="b")) == (50, 0, 2)


def test_after_a_fault_the_sum_begins_anew():
    assert stands(KILLED, row(20), row(30, 1)) == (0, 1, 0)
    assert stands(KILLED, row(20), row(30, 1), row(7), row(8)) == (15, 0, 2)


def test_of_what_is_tried_in_whole_the_last_version_counts():
    assert stands(HIDDEN, row(20), row(30, version="b")) == (30, 0, 1)


def test_of_what_is_tried_in_one_go_the_longest_counts():
    assert stands(LOAD, row(20), row(700), row(30)) == (700, 0, 1)


@pytest.mark.parametrize(
    ("line", "rows", "is_reached"),
    [
        (KILLED, [], False),
        (KILLED, [row(999)], False),
        (KILLED, [row(999), row(1, version="b")], True),
        (KILLED, [row(1_000), row(1, figure="kill -9 in a merge")], False),
        (KILLED, [row(1_000), row(1, 1)], False),
        (HIDDEN, [row(9, figure=HIDDEN.name)], False),
        (HIDDEN, [row(9, figure=HIDDEN.name, version="b")], True),
    ],
)
def test_a_line_is_tried_until_each_of_its_figures_has_its_aim(line, rows, is_reached):
    assert ledger.is_reached(line, rows, "sqlite", "b") == is_reached
    assert not ledger.is_reached(line, rows, "postgresql", "b")


def test_the_portions_of_a_run_are_put_together(tmp_path):
    path = tmp_path / "reliability.csv"
    ledger.write([row(5, seed="0")], path)
    for more in (row(20), row(1, 1, note="SEED=1.2"), row(30, figure="bombs"), row(3)):
        ledger.add(more, path)
    assert ledger.read(path) == [
        row(5, seed="0"),
        row(24, 1, note="SEED=1.2"),
        row(30, figure="bombs"),
    ]


def test_the_page_tells_sum_aim_since_when_and_what_was_wrong():
    told = page.page([row(20, 1, note="It was mended."), row(30), row(30, version="b")])
    assert (
        "| kill -9 in a form | SQLite | 1,000 | 60 | 0 | 5.00% | 2026-11-30, `a` | 2 |"
    ) in told
    assert (
        "- 2026-11-30, `a`: kill -9 in a form, on SQLite, 1 of 20. It was mended."
    ) in told
    assert "- Of its aim was tried: kill -9 in a form on SQLite (6.0%)." in told


def test_the_page_is_what_the_figures_make_of_it():
    machine = page.PAGE.read_text().partition("one was on ")[2].partition(".\n")[0]
    assert page.page(ledger.read(), machine) == page.PAGE.read_text()


def test_each_line_is_proven_by_a_test():
    tests = "".join(path.read_text() for path in PROJECT.glob("tests/*/test_*.py"))
    assert [line.name for line in LINES if f'"{line.name}"' not in tests] == []


def test_what_is_tried_in_whole_has_no_number_to_aim_at():
    assert all((line.kind is Kind.WHOLE) == (line.aim == 0) for line in LINES)

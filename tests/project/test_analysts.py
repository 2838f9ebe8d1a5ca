"""What docs/analysts.md shows works as shown, on a site that runs."""

import re
import subprocess
import sys
from importlib.util import find_spec
from shutil import which

import pytest

from tests import PROJECT
from tests.browsing import a_site
from tests.databases import LOADED
from tests.depth import in_depth

DOC = (PROJECT / "docs" / "analysts.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```([^\n]+)\n(.*?)^```$", DOC, re.MULTILINE | re.DOTALL)

pytestmark = in_depth("It starts a server and programs.")


def examples(language):
    """The examples in a language, in their order."""
    return [text for name, text in EXAMPLES if name == language]


def run(program, cwd, **environment):
    """What a program prints."""
    done = subprocess.run(
        program, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def running(tmp_path_factory, django_db_setup, django_db_blocker, templates):
    """The address of a running site with the curated record."""
    folder = tmp_path_factory.mktemp("site")
    with (
        django_db_blocker.unblock(),
        templates.elsewhere(LOADED, folder) as url,
        a_site(url, FILES=str(folder / "files")) as address,
    ):
        yield address


def printed(site, examples_in, cwd):
    """What each of the examples of Python prints, asked of a site."""
    return [
        run([sys.executable, "-c", f"SITE = {site!r}\n{text}"], cwd)
        for text in examples(examples_in)
    ]


@pytest.mark.skipif(not find_spec("pandas"), reason="pandas is not installed.")
def test_aggregates_answer(running, tmp_path):
    troops, counts, pairs, changes = (
        [line.split() for line in text.splitlines()]
        for text in printed(running, "python aggregates", tmp_path)
    )
    assert troops[1:] == [
        ["mexican-troops-at-border", "2025", "10000", "10000", "1"],
        ["us-troops-at-border", "2025", "15000", "15000", "1"],
    ]
    assert counts[0] == ["period", "2024", "2025"]
    assert ["usnorthcom", "1", "5"] in counts
    last = "guillot-trevilla-call-2025-04-16"
    assert pairs[1] == ["ricardo-trevilla", "2", "1", last]
    assert changes[1:] == [
        ["maybe", "offices", "secretary-of-national-defense"],
        ["yes", "agreements", "joint-statement-of-understanding-2025"],
        ["maybe", "deployments", "exercises-observed-by-mexican-officers"],
    ]


@pytest.mark.skipif(not find_spec("pandas"), reason="pandas is not installed.")
def test_pandas_answers(running, tmp_path):
    troops, met = printed(running, "python", tmp_path)
    said = {tuple(line.split()) for line in troops.splitlines()[1:]}
    assert said == {
        ("15000", "15000", "yes", "coordinated-border-patrols-2025", "15000"),
        ("15000", "15000", "yes", "watch-usnorthcom-mexican-leaders", "~10000"),
    }
    assert met.startswith("[(('Gregory M. Guillot', 'Ricardo Trevilla Trejo'), 2)")


@pytest.mark.skipif(not find_spec("duckdb"), reason="duckdb is not installed.")
def test_duckdb_answers(running, tmp_path):
    import duckdb

    (fetch,), (ask,) = examples("sh"), examples("sql")
    run(["sh", "-ec", fetch], tmp_path, SITE=running, PATH="/usr/bin:/bin")
    ask = re.sub(r"'(\w+\.parquet)'", rf"'{tmp_path}/\1'", ask)
    found = duckdb.sql(ask).fetchall()
    assert found
    assert all(name and unit and value for name, unit, value, _start in found)


@pytest.mark.skipif(not which("Rscript"), reason="R is not installed.")
def test_r_answers(running, tmp_path):
    (text,) = examples("r")
    said = run(["Rscript", "-e", f"SITE <- '{running}'\n{text}"], tmp_path)
    assert "ricardo-trevilla" in said

"""The server that the second half of the test run lives on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import on_postgres

SCRIPT = Path(on_postgres.__file__)


def test_the_command_gets_a_server_of_its_own_that_is_gone_afterwards(tmp_path):
    if not on_postgres.program_folders():
        pytest.skip(on_postgres.HOW_TO_GET_ONE)
    code = (
        "import os, pathlib, sys\n"
        "socket = pathlib.Path(os.environ['DATABASE_URL']).parent.name\n"
        "print(socket, 'PGPORT' in os.environ)\n"
        "sys.exit(7)\n"
    )
    ran = subprocess.run(
        [sys.executable, SCRIPT, sys.executable, "-c", code],
        env={**os.environ, "TMPDIR": str(tmp_path), "PGPORT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 7, ran.stderr
    folder, led_elsewhere = ran.stdout.split()
    assert led_elsewhere == "False"
    assert not list(tmp_path.parent.rglob(folder))
    assert not Path("/tmp", folder).exists()  # noqa: S108  only asks


@pytest.mark.parametrize(("ci", "code"), [("1", 1), ("true", 1), ("", 0), ("0", 0)])
def test_without_a_server_the_run_fails_in_ci_and_says_so_elsewhere(
    monkeypatch, capsys, ci, code
):
    monkeypatch.setattr(on_postgres, "program_folders", list)
    monkeypatch.setattr(on_postgres.signal, "signal", lambda *_: None)
    monkeypatch.setenv("CI", ci)
    assert on_postgres.main(["true"]) == code
    assert "The PostgreSQL half did not run" in capsys.readouterr().err

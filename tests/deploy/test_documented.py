"""What the page on operations shows of other programs is understood by them."""

import re
import shutil
import subprocess

import pytest

from tests import PROJECT

PAGE = (PROJECT / "docs" / "operations.md").read_text()
AROUND = """
defaults
    timeout connect 5s
    timeout client 1m
    timeout server 1m
"""


@pytest.mark.skipif(
    not shutil.which("haproxy"), reason="Debian and Ubuntu: apt install haproxy"
)
def test_haproxy_understands_the_balancer_of_the_page(tmp_path):
    (listen,) = re.findall(r"```\n(listen primary\n.+?)```", PAGE, re.DOTALL)
    for number in (1, 2, 3):
        listen = listen.replace(f"db{number}:5432", f"127.0.0.{number}:5432")
    (tmp_path / "haproxy.cfg").write_text(AROUND + listen)
    done = subprocess.run(
        ["haproxy", "-c", "-f", tmp_path / "haproxy.cfg"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

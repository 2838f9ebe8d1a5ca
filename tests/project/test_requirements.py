"""What is installed is named with its version, and by the hashes of its files."""

import re

from tests import PROJECT

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==([^\s;]+)", re.MULTILINE)


def pins(name):
    """The packages of a file with their versions, as PEP 503 writes their names."""
    found = PIN.findall((PROJECT / name).read_text())
    return {(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in found}


def test_all_that_the_site_runs_on_is_in_the_lock():
    assert len(pins("requirements.txt")) > 20
    assert pins("requirements.txt") <= pins("requirements.lock")


def test_each_file_in_the_lock_is_known_by_its_hash():
    blocks = re.split(r"\n(?=\S)", (PROJECT / "requirements.lock").read_text().strip())
    assert len(blocks) == len(pins("requirements.lock"))
    assert all("--hash=sha256:" in block for block in blocks)

"""What of others is kept in the project stands in one table, with where it is from."""

import re
from hashlib import sha256

import pytest

from tests import PROJECT

TABLE = PROJECT / "docs" / "vendored.md"


def listed():
    """The sum that the table has of each file, by its path in the project."""
    rows = [
        [cell.strip() for cell in line.strip("| \n").split(" | ")]
        for line in TABLE.read_text().splitlines()
        if line.startswith("| `")
    ]
    assert all(len(row) == 8 and all(row) for row in rows)
    return {row[0].strip("`"): row[-1].strip("`") for row in rows}


def vendored():
    """Each script of others, by its path in the project."""
    for app in ("provenance", "entities", "timeline"):
        for path in (PROJECT / app / "static").rglob("vendor/*/*.js"):
            yield path.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("path", sorted({*listed(), *vendored()}))
def test_a_file_of_others_is_as_the_table_says(path):
    found = sha256((PROJECT / path).read_bytes()).hexdigest()
    assert listed().get(path) == found


def test_a_script_of_others_has_its_licence_beside_it_and_its_version_in_its_path():
    for path in vendored():
        folder = (PROJECT / path).parent
        assert re.fullmatch(r"[a-z0-9.-]+-[0-9]+(\.[0-9]+)+", folder.name), path
        assert (folder / "LICENSE").read_text().strip(), path

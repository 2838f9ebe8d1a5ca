"""A release is of what is committed, is named in the changelog, and is whole."""

import tarfile

import pytest

from tests.release import NoRelease, git, release, released

LOG = """# Changelog

## [Unreleased]

- It flies.

## [0.9.1] - 2026-01-01

- It runs.
"""


@pytest.fixture
def project(tmp_path):
    """A folder under git with a changelog and a program."""
    (tmp_path / "CHANGELOG.md").write_text(LOG)
    (tmp_path / "manage.py").write_text("print()\n")
    (tmp_path / ".gitignore").write_text("/dist/\n")
    for words in (
        ("init", "--quiet"),
        ("config", "user.name", "Ana"),
        ("config", "user.email", "ana@example.org"),
        ("add", "."),
        ("commit", "--quiet", "--message", "Begin"),
    ):
        git(tmp_path, *words)
    return tmp_path


def test_it_is_tagged_and_its_archive_has_all_that_is_committed(project):
    archive = release(project, "0.10.0")
    assert archive.name == "bordersec-0.10.0.tar.gz"
    with tarfile.open(archive) as opened:
        names = {name for name in opened.getnames() if "/" in name}
        text = opened.extractfile("bordersec-0.10.0/CHANGELOG.md").read().decode()
    assert {name.partition("/")[2] for name in names} == {
        "CHANGELOG.md",
        "manage.py",
        ".gitignore",
    }
    assert "## [Unreleased]\n\n## [0.10.0] - 2" in text
    assert git(project, "tag") == "v0.10.0"
    assert git(project, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("1", "“1” is no version; write it as 1.0.0."),
        ("01.0.0", "“01.0.0” is no version; write it as 1.0.0."),
        ("0.9.1", "0.9.1 does not follow 0.9.1."),
        ("0.9.0", "0.9.0 does not follow 0.9.1."),
    ],
)
def test_a_version_follows_the_last(version, said):
    with pytest.raises(NoRelease) as refused:
        released(LOG, version, "2026-11-30")
    assert str(refused.value) == said


def test_what_changed_nothing_is_no_release():
    with pytest.raises(NoRelease, match="of nothing that it is unreleased"):
        released(LOG.replace("- It flies.\n\n", ""), "1.0.0", "2026-11-30")


def test_what_is_not_committed_is_not_released(project):
    (project / "manage.py").write_text("print(1)\n")
    with pytest.raises(NoRelease, match="Something is not committed"):
        release(project, "1.0.0")
    assert (project / "CHANGELOG.md").read_text() == LOG
    assert git(project, "tag") == ""

"""Makes a release: `make release VERSION=1.0.0`.

What is unreleased in the changelog becomes that of the version, which is committed and
tagged; an archive of the sources, named by the version, installs as the README says.
"""

import re
import subprocess
import sys
from datetime import date
from hashlib import sha256

from tests import PROJECT

# https://semver.org/, without what may follow the three numbers
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
RELEASED = re.compile(rf"^## \[({VERSION.pattern})\]", re.MULTILINE)
UNRELEASED = "## [Unreleased]\n"


class NoRelease(Exception):
    """Why there is none."""


def released(changelog, version, day):
    """The changelog with what was unreleased as that of a version.

    Raises NoRelease if that is no later version, or nothing has changed.
    """
    if not VERSION.fullmatch(version):
        raise NoRelease(f"“{version}” is no version; write it as 1.0.0.")
    known = [found[1] for found in RELEASED.finditer(changelog)]
    latest = max(known, key=_numbers, default=None)
    if latest and _numbers(version) <= _numbers(latest):
        raise NoRelease(f"{version} does not follow {latest}.")
    before, heading, rest = changelog.partition(UNRELEASED)
    if not heading or not rest.partition("\n## ")[0].strip():
        raise NoRelease("CHANGELOG.md says of nothing that it is unreleased.")
    return f"{before}{heading}\n## [{version}] - {day}\n{rest}"


def _numbers(version):
    return tuple(map(int, version.split(".")))


def git(folder, *words):
    """What git says in a folder."""
    done = subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NoRelease(done.stderr.strip())
    return done.stdout.strip()


def release(folder, version):
    """Releases what is committed in a folder; the path of the archive.

    Raises NoRelease, and then nothing is written.
    """
    if git(folder, "status", "--porcelain"):
        raise NoRelease("Something is not committed; a release is of what is.")
    changelog = folder / "CHANGELOG.md"
    text = released(changelog.read_text(), version, date.today())
    tag, name = f"v{version}", f"bordersec-{version}"
    if git(folder, "tag", "--list", tag):
        raise NoRelease(f"The tag {tag} is there already.")
    changelog.write_text(text)
    git(folder, "commit", "--quiet", "--message", f"Release {version}", "CHANGELOG.md")
    git(folder, "tag", "--annotate", tag, "--message", f"bordersec {version}")
    archive = folder / "dist" / f"{name}.tar.gz"
    archive.parent.mkdir(exist_ok=True)
    git(folder, "archive", f"--prefix={name}/", f"--output={archive}", tag)
    return archive


if __name__ == "__main__":
    try:
        made = release(PROJECT, sys.argv[1])
    except NoRelease as error:
        sys.exit(str(error))
    print(f"{sha256(made.read_bytes()).hexdigest()}  {made}")

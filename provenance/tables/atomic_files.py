"""Writes several files so that all of them are replaced, or none."""

from contextlib import contextmanager


@contextmanager
def whole_files():
    """What opens files to write bytes to: they take their places once all are written.

    If not all are, none does, and nothing of them is left.
    """
    parts = {}

    def opened(path):
        parts[path] = path.with_name(f".{path.name}.part")
        return parts[path].open("wb")

    try:
        yield opened
        for path, part in parts.items():
            part.replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


@contextmanager
def whole_file(path):
    """A file to write bytes to, which takes its place once all of it is written."""
    with whole_files() as opened, opened(path) as file:
        yield file

"""Files that are there as a whole, or as they were before."""

from contextlib import contextmanager


@contextmanager
def whole_file(path):
    """A file to write bytes to, which takes its place once all of it is written."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

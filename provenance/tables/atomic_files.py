"""Files that are replaced once all of them are written, or not at all."""

import secrets
from contextlib import contextmanager, suppress


@contextmanager
def whole_files():
    """What opens files to write bytes to: they take their places once all are written.

    If not all are, none does, and nothing of them is left.
    """
    parts = {}

    def opened(path):
        parts[path] = _part_of(path)
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


def kept(blocks, path):
    """The blocks, which are a file at this path once all of them were taken.

    Where nothing can be written there is none; they are handed on all the same.
    """
    part, file = _part_of(path), None
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = part.open("wb")
    try:
        for block in blocks:
            if file is not None:
                file = _written(file, block)
            yield block
        if file is not None:
            with suppress(OSError):
                file.close()
                part.replace(path)
    finally:
        with suppress(OSError):
            if file is not None:
                file.close()
            part.unlink(missing_ok=True)


def _written(file, block):
    """The file with the block behind what it has; None if there is no room for it."""
    try:
        file.write(block)
    except OSError:
        with suppress(OSError):
            file.close()
        return None
    return file


def _part_of(path):
    """Where a file is written until it takes its place; no two writers share one."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")

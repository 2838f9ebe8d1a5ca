"""Where the bytes of a file are read from: memory, or the disk, where they stay."""

import io
import os
from pathlib import Path

from django.utils.translation import gettext as _

from .faults import Fault, TableError


class Origin:
    """Bytes that are read from their start several times: given, or those of a path.

    What lies on the disk stays there, so that a file of any size takes no memory; what
    comes out of a pipe does so once, and is held. OSError if it cannot be read,
    TableError if it is written while it is.
    """

    def __init__(self, given):
        self._path = self._data = None
        if not isinstance(given, Path):
            self._data = bytes(given)
        elif given.is_file():
            self._path = given
        else:
            self._data = given.read_bytes()
        self._seen = self._state()

    @property
    def size(self):
        return self._seen.st_size if self._path else len(self._data)

    def opened(self):
        """A new file object at the first byte; whoever asks for it closes it."""
        self.check()
        return self._path.open("rb") if self._path else io.BytesIO(self._data)

    def start(self, length):
        with self.opened() as file:
            return file.read(length)

    def check(self):
        """Raises TableError if it is not the file any more that it was."""
        now = self._state()
        if now and not (
            os.path.samestat(now, self._seen)
            and now.st_size == self._seen.st_size
            and now.st_mtime_ns == self._seen.st_mtime_ns
        ):
            raise TableError(
                Fault(
                    0,
                    _("it was written while it was read; try again once it is whole."),
                )
            )

    def _state(self):
        return self._path.stat() if self._path else None

"""Texts of single records that a process keeps, for as long as nothing is changed."""

from collections import Counter
from sys import getsizeof
from threading import Lock


class KeptTexts:
    """What was written of public records in one edition, for whoever asks again.

    Each process keeps so many bytes. Beyond that it forgets first what was asked
    for the longest time ago, in the way in which it was asked for.
    """

    def __init__(self, most_bytes):
        self.most_bytes = most_bytes
        self._lock = Lock()
        self._edition = ""
        self.forget()

    def forget(self):
        """Forgets all."""
        self._texts, self._bytes = {}, Counter()  # by how was asked, the latest last

    def of(self, edition, asked, keys, write):
        """The texts of these keys by key: those that are kept, and else as written.

        The edition is the one that was public before. ``asked`` says on what they
        depend besides, and ``write`` writes those of some keys, of which it may leave
        out some.
        """
        found = self._kept(edition, asked, keys)
        if missing := [key for key in keys if key not in found]:
            written = write(missing)
            self._keep(edition, asked, written)
            found |= written
        return found

    def _kept(self, edition, asked, keys):
        with self._lock:
            if edition != self._edition:
                self._edition = edition
                self.forget()
            if (texts := self._texts.pop(asked, None)) is None:
                return {}
            self._texts[asked] = texts  # which is the last one now
            return {key: texts[key] for key in keys if key in texts}

    def _keep(self, edition, asked, written):
        with self._lock:
            if not written or edition != self._edition:  # somebody has seen a later one
                return
            self._texts.setdefault(asked, {}).update(written)
            self._bytes[asked] += sum(map(getsizeof, written.values()))
            while sum(self._bytes.values()) > self.most_bytes:
                oldest = next(iter(self._texts))
                del self._texts[oldest], self._bytes[oldest]

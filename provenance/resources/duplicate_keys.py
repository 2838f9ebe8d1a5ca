"""Finds duplicate keys in a file, with the line of the first, in little memory."""

from array import array

FEWEST = 1 << 10  # places, of which there are always twice as many as before


class FirstLines:
    """For each key its first line: of the key a digest of 64 bits is kept.

    A hash table with open addressing (Knuth, The Art of Computer Programming, 6.4,
    algorithm L) in two arrays: 12 bytes for each place, and some two thirds of them
    are taken before there are more. Two keys with one digest would be taken for the
    same; among a million that is a chance of one in some 40 million.
    """

    def __init__(self):
        self._count = 0
        self._make(FEWEST)

    def first(self, key, line):
        """The first line of a key: this one, unless it was on another before."""
        digest = hash(key)
        place = self._place(digest)
        if first := self._lines[place]:
            return first
        self._digests[place], self._lines[place] = digest, line
        self._count += 1
        if 3 * self._count > 2 * len(self._lines):
            self._grow()
        return line

    def _place(self, digest):
        """Where a digest stands, or would stand: then no line does there."""
        digests, lines, last = self._digests, self._lines, self._last
        place = digest & last
        while lines[place] and digests[place] != digest:
            place = (place + 1) & last
        return place

    def _make(self, places):
        self._digests = array("q", [0]) * places
        self._lines = array("I", [0]) * places
        self._last = places - 1

    def _grow(self):
        digests, lines = self._digests, self._lines
        self._make(2 * len(lines))
        for digest, line in zip(digests, lines, strict=True):
            if line:
                place = self._place(digest)
                self._digests[place], self._lines[place] = digest, line

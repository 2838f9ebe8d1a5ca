"""On which line of a file each key came first, in little memory."""

from array import array

BUCKETS = 1 << 14


class FirstLines:
    """For each key its first line: of the key a digest of 64 bits is kept.

    Two keys with one digest would be taken for the same; among a million that is a
    chance of one in some 40 million.
    """

    def __init__(self):
        self._buckets = {}  # digests and lines, by the low bits of the digest

    def first(self, key, line):
        """The first line of a key: this one, unless it was on another before."""
        digest = hash(key)
        bucket = self._buckets.get(digest % BUCKETS)
        if bucket is None:
            bucket = self._buckets[digest % BUCKETS] = array("q"), array("L")
        digests, lines = bucket
        if digest in digests:
            return lines[digests.index(digest)]
        digests.append(digest)
        lines.append(line)
        return line

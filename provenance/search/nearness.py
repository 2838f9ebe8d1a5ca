"""How near what was found is to the words that it is found by."""

from enum import IntEnum


class Nearness(IntEnum):
    """Where in a record the words are, the nearest to what was meant first.

    It is called just so, or one of its names has all of them, or they are elsewhere.
    """

    CALLED, NAMED, MENTIONED = range(3)

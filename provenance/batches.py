"""Many keys or rows, as many at a time as one statement takes."""

from itertools import islice

AT_ONCE = 1000  # a database takes so many parameters, and memory stays flat


def batches(items, at_once=AT_ONCE):
    """The items in lists of at most so many, in their order."""
    rest = iter(items)
    while batch := list(islice(rest, at_once)):
        yield batch

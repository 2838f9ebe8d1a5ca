"""Many keys or rows, as many at a time as one statement takes."""

from itertools import islice

AT_ONCE = 1000  # a database takes so many parameters, and memory stays flat
WITH_ROWS = 250  # records that come with their rows and citations


def batches(items, at_once=AT_ONCE):
    """The items in lists of at most a thousand, or so many, in their order."""
    rest = iter(items)
    while batch := list(islice(rest, at_once)):
        yield batch


def filtered(rows, **among):
    """Those of the rows in which one column is among these values, however many."""
    ((column, values),) = among.items()
    for batch in batches(values):
        yield from rows.filter(**{f"{column}__in": batch})

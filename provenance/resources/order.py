"""The rows of a file before they are read: their order, and which cannot be."""

from graphlib import CycleError, TopologicalSorter

import tablib
from django.utils.translation import gettext as _

from ..statements import split_list


def in_order(dataset, inward):
    """The rows with those first that others refer to, and those that go in circles.

    ``inward`` names the columns that refer to rows of the same table. The rows know
    their lines; of the second answer the keys are numbers of rows, counted from 1.
    """
    lines = getattr(dataset, "lines", None) or list(range(2, len(dataset) + 2))
    inward = [dataset.headers.index(name) for name in inward if name in dataset.headers]
    order, circles = list(range(len(dataset))), {}
    if inward and "slug" in dataset.headers:
        order, circles = _sorted(dataset, dataset.headers.index("slug"), inward)
    ordered = tablib.Dataset(*(dataset[row] for row in order), headers=dataset.headers)
    ordered.lines = [lines[row] for row in order]
    return ordered, {order.index(row) + 1: said for row, said in circles.items()}


def _sorted(dataset, slug, inward):
    """The order of the rows, and for one row of each circle what is wrong with it."""
    rows = {row[slug]: number for number, row in enumerate(dataset)}
    needed = {
        number: {
            rows[name]
            for column in inward
            for name in split_list(row[column])
            if name in rows
        }
        for number, row in enumerate(dataset)
    }
    circles = {}
    while True:
        try:
            return list(TopologicalSorter(needed).static_order()), circles
        except CycleError as error:
            path = error.args[1]
            names = " → ".join(dataset[number][slug] for number in path)
            circles[path[0]] = _("That goes round in a circle: %s.") % names
            needed[path[0]] = set()


def twins(dataset, key):
    """For each row with the key of an earlier one, counted from 1, what is wrong."""
    columns = [dataset.headers.index(name) for name in key]
    first, found = {}, {}
    for number, row in enumerate(dataset, 1):
        line = first.setdefault(
            tuple(row[column] for column in columns), dataset.lines[number - 1]
        )
        if line != dataset.lines[number - 1]:
            found[number] = _("Line %d has the same key; keep one of the two.") % line
    return found

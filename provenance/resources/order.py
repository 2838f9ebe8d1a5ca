"""The rows of a file before they are read: those first that others refer to."""

from graphlib import CycleError, TopologicalSorter

from django.utils.translation import gettext as _

from ..values.stated_values import split_list


class InOrder:
    """A sheet whose rows may name each other, so that each comes after what it names.

    ``brought`` are the slugs of all its rows, ``circles`` says for one line of each
    circle what is wrong with it. A file that is in order already is read as a stream.
    """

    def __init__(self, sheet, inward):
        self.sheet, self.circles, self._order = sheet, {}, None
        self.brought, headers = frozenset(), sheet.headers
        inward = [headers.index(name) for name in inward if name in headers]
        if inward and "slug" in headers:
            self._arrange(headers.index("slug"), inward)

    def chunks(self):
        """The lines and the rows, some thousand at a time."""
        if self._order is None:
            yield from self.sheet.chunks()
            return
        yield [line for line, _row in self._order], [row for _line, row in self._order]

    def _arrange(self, slug, inward):
        places, named = {}, {}
        for row in self._rows():
            number = len(places)
            places.setdefault(row[1][slug], number)
            named_here = (row[1][place] or "" for place in inward)
            names = {name for text in named_here for name in split_list(text)}
            if names:
                named[number] = names
        self.brought = frozenset(places)
        needed = {
            number: {places[name] for name in names if name in places}
            for number, names in named.items()
        }
        if all(number > other for number, others in needed.items() for other in others):
            return
        rows = list(self._rows())
        self._order = [rows[number] for number in self._sorted(rows, slug, needed)]

    def _rows(self):
        for lines, rows in self.sheet.chunks():
            yield from zip(lines, rows, strict=True)

    def _sorted(self, rows, slug, needed):
        """The numbers of the rows in an order in which they can be read."""
        graph = {number: needed.get(number, set()) for number in range(len(rows))}
        while True:
            try:
                return list(TopologicalSorter(graph).static_order())
            except CycleError as error:
                path = error.args[1]
                names = " → ".join(rows[number][1][slug] for number in path)
                line = rows[path[0]][0]
                self.circles[line] = _("This is a circular reference: %s.") % names
                graph[path[0]] = set()

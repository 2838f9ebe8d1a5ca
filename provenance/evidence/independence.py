"""Counts independent sources: those that repeat each other count as one.

The *origins* of a source are itself and whatever it repeats (``reports``), at any
depth. Two sources that share an origin count as one: the one repeats the other, or both
repeat the same third. The number of *independent* sources is that of the most among
them of which no two share an origin: five articles from one press release are one, and
a digest of two releases adds nothing to the two and takes nothing from them.

What the public is told rests on published sources alone. Two articles that repeat the
same draft are two for the public and one for curators: to join them would show that
there is a draft.
"""

from ..models import Record, SourceReport

# Among more sources that repeat one another crosswise, the first fit is taken: that is
# never too many, and to try all of them could take for ever.
TRIED = 24


def origins_of(sources, everything=False):
    """The keys of the origins of each source, all sources being given by their keys.

    One query for each step of repetition, whatever the number of sources.
    """
    reports = SourceReport.objects.order_by()
    if not everything:
        public = Record.Status.PUBLISHED
        reports = reports.filter(source__status=public, reported__status=public)
    repeats, waiting = {}, set(sources)
    while waiting:
        repeats |= {source: set() for source in waiting}
        rows = reports.filter(source__in=waiting).values_list("source", "reported")
        for source, reported in rows:
            repeats[source].add(reported)
        waiting = set().union(*(repeats[source] for source in waiting)) - repeats.keys()
    return {source: _reached(source, repeats) for source in sources}


def _reached(source, repeats):
    """All that can be reached from a source; sources that go in a circle, once each."""
    reached, waiting = set(), [source]
    while waiting:
        if (one := waiting.pop()) not in reached:
            reached.add(one)
            waiting += repeats[one]
    return frozenset(reached)


def independent(sources, origins):
    """How many of the sources, given by their keys, are independent of one another."""
    holders = {}
    for source in sources:
        for origin in origins[source]:
            holders.setdefault(origin, set()).add(source)
    near = {
        source: set().union(*(holders[origin] for origin in origins[source]))
        for source in sources
    }

    def most(left):
        taken = 0
        while left:
            first = min(left, key=lambda source: (len(near[source] & left), source))
            around = near[first] & left
            crosswise = not all(around <= near[source] for source in around)
            if crosswise and len(left) <= TRIED:
                # One of these is in every largest choice.
                return taken + max(1 + most(left - near[one]) for one in around)
            taken, left = taken + 1, left - around
        return taken

    return most(set(sources))

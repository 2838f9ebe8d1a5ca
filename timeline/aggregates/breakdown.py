"""What observations are broken down by, where they are put together or kept apart.

A code that is grouped by is another group. Of the other dimensions, values are put
together that are of one level: wholes with wholes, and parts with parts that stand
equally deep in the list of their dimension, so that none of them includes another.
"""

from collections import defaultdict
from typing import NamedTuple

from provenance.models import Record
from provenance.models.renaming import bearing
from provenance.values.suggestions import no_such

from ..models import Code, Dimension, ObservationCode
from .bounds import refusal


class Parts(NamedTuple):
    """Of which parts one observation is: the codes grouped by, and the others."""

    grouped: tuple[int | None, ...]
    others: tuple[int, ...]
    levels: tuple[tuple[int, int], ...]  # of the others: their dimension, and how deep


class Breakdown:
    """The codes of some observations, as a question groups by them or does not."""

    def __init__(self, question, observations):
        self.dimensions = [_dimension(slug) for slug in question.dimensions]
        self.whole = Parts((None,) * len(self.dimensions), (), ())
        self.records, self.names, self.parts = {}, {}, {}
        if question.chooses or self.dimensions:
            self._read(observations)

    def _read(self, observations):
        rows = ObservationCode.objects.order_by().filter(
            observation__in=observations.order_by().values("pk"),
            code__status__beside=Record.Status.PUBLISHED,
            dimension__status__beside=Record.Status.PUBLISHED,
        )
        codes = defaultdict(dict)
        for observation, dimension, code in rows.values_list(
            "observation", "dimension", "code"
        ):
            codes[observation][dimension] = code
        pairs = {pair for of in codes.values() for pair in of.items()}
        self.records = _with_wider({code for _dimension, code in pairs})
        self.names = Dimension.objects.in_bulk(
            {dimension for dimension, _code in pairs}
        )
        self.parts = {key: self._parts(of) for key, of in codes.items()}

    def of(self, observation):
        """Of which parts the observation of this key is."""
        return self.parts.get(observation, self.whole)

    def _parts(self, codes):
        asked = [dimension.pk for dimension in self.dimensions]
        others = sorted((d, code) for d, code in codes.items() if d not in asked)
        return Parts(
            tuple(codes.get(key) for key in asked),
            tuple(code for _dimension, code in others),
            tuple((dimension, self._depth(code)) for dimension, code in others),
        )

    def _depth(self, code):
        passed = set()
        while code in self.records and code not in passed:
            passed.add(code)
            code = self.records[code].broader_id
        return len(passed)


def _dimension(slug):
    public = Dimension.objects.published()
    found = bearing(public, slug)
    if found is None:
        raise refusal("group_by", no_such(Dimension, slug, public), "no_such_record")
    return found


def _with_wider(keys):
    """These codes and the wider ones that include them, by their keys."""
    found, missing = {}, keys
    while missing:
        found |= Code.objects.in_bulk(missing)
        wider = {found[key].broader_id for key in missing if key in found}
        missing = wider - found.keys() - {None}
    return found

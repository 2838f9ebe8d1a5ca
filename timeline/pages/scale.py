"""The heights of a chart: where numbers stand between round ones, nought among them."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from provenance.values.quantities import HIGHEST, LOWEST, plain

SIZES = (1, 2, 5)
LINES = 5


@dataclass(frozen=True)
class Scale:
    """The heights of a chart, from a round number to a round number.

    ``top`` and ``bottom`` are where these two stand, in pixels.
    """

    low: Decimal
    high: Decimal
    step: Decimal
    top: int
    bottom: int

    @classmethod
    def around(cls, values, top, bottom):
        """The scale on which each of the values has its place, and nought too.

        What stands for “without an end” has none.
        """
        values = [*(v for v in values if v not in (LOWEST, HIGHEST)), Decimal(0)]
        low, high = min(values), max(values)
        step = _step((high - low) or Decimal(1))
        # Not // : of decimals it goes towards nought, and would cut off what is lowest.
        low, high = floor(low / step) * step, ceil(high / step) * step
        return cls(low, high if high > low else low + step, step, top, bottom)

    def at(self, value):
        """Where the value is drawn; at an end if it lies beyond that."""
        value = min(max(value, self.low), self.high)
        part = (value - self.low) / (self.high - self.low)
        return round(self.bottom - float(part) * (self.bottom - self.top), 1)

    @property
    def levels(self):
        """Where lines across the chart are drawn, and their numbers."""
        numbers = []
        level = self.low
        while level <= self.high:
            numbers.append((self.at(level), plain(level)))
            level += self.step
        return numbers


def _step(height):
    """A round number that goes into a height a few times."""
    step = Decimal(10) ** (height / LINES).adjusted()
    return next(
        (step * size for size in SIZES if height / (step * size) <= LINES), step * 10
    )

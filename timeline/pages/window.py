"""What of the time of a record is seen: a window, and the ways to others.

It moves and narrows in the room that days have, not in days: so a step shows as much of
what is there wherever it is taken.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from provenance.values.dates import PartialDate
from provenance.web.time_axis import Axis
from provenance.web.time_scale import TimeScale

from ..density import Piece

SHORTEST = timedelta(days=3)  # beyond the first day; what is shorter cannot be read
STEP = 0.5  # of the window, to move by


@dataclass(frozen=True)
class Window:
    """From the first to the last day that are seen of a scale."""

    scale: TimeScale
    first: date
    last: date

    @classmethod
    def asked(cls, scale, since="", until=""):
        """The window that the texts of two partial dates ask for; None if nothing of
        the scale is in it.
        """
        first = PartialDate(since).earliest if since else scale.first
        last = PartialDate(until).latest if until else scale.last
        first, last = max(first, scale.first), min(last, scale.last)
        return cls(scale, first, last) if first <= last else None

    @property
    def axis(self):
        behind = min(self.last, date.max - timedelta(days=1)) + timedelta(days=1)
        return Axis(self.first, behind, self.scale)

    @property
    def label(self):
        """From when to when it is, as people read it."""
        return Piece(self.first, self.last).label

    @property
    def is_whole(self):
        return (self.first, self.last) == (self.scale.first, self.scale.last)

    @property
    def edges(self):
        """From where to where it reaches in the room of the scale."""
        return self.scale.at(self.first), self.scale.at(self.axis.last)

    def moved(self, part):
        """The window so many parts of its own width further; None if it is there."""
        left, right = self.edges
        step = part * (right - left)
        step = max(step, -left) if step < 0 else min(step, 1 - right)
        return self._reaching(left + step, right + step)

    def zoomed(self, part):
        """The window so many parts of this one wide, around the same middle."""
        left, right = self.edges
        width = min(part * (right - left), 1)
        left = min(max((left + right - width) / 2, 0), 1 - width)
        return self._reaching(left, left + width)

    @property
    def whole(self):
        """The window on all of it; None if this is it."""
        return self._reaching(0, 1)

    def _reaching(self, left, right):
        first = self.scale.day_at(left)
        last = max(self.scale.day_at(right) - timedelta(days=1), first)
        if last - first < SHORTEST:
            last = min(first + SHORTEST, self.scale.last)
        found = Window(self.scale, first, last)
        return found if found != self else None


def as_asked(first, last):
    """A stretch as ``from`` and ``to`` name it: whole years and months as such."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return {"from": f"{first.year:04}", "to": f"{last.year:04}"}
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        return {"from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}"}
    return {"from": first.isoformat(), "to": last.isoformat()}

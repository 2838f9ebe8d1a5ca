"""The projection of the maps, and the part of it that a map shows.

Albers' equal-area conic projection, on a sphere: Snyder, Map Projections: A Working
Manual (USGS Professional Paper 1395, 1987), pages 98-103. The outlines in
``timeline/north-america.svg`` are drawn in the same units by ``docs/outlines.mjs``.
"""

from dataclasses import dataclass
from math import cos, radians, sin, sqrt

WIDTH, HEIGHT = 2450, 2600  # of all that is outlined
RADIUS = 2000  # of the sphere: a unit is some three kilometers
MERIDIAN, PARALLELS = -100, (20, 50)  # degrees: the middle one, and those drawn truly
ORIGIN = (1200, 2700)  # where the middle meridian meets the equator
SHAPE = 16 / 9  # of a map, its width by its height
ROOM = 1.25  # of what is in it, so that nothing is at its edge

_N = sum(sin(radians(parallel)) for parallel in PARALLELS) / 2
_C = 1 + sin(radians(PARALLELS[0])) * sin(radians(PARALLELS[1]))


def _distance(latitude):
    """How far a parallel is from the pole of the cone, in radii."""
    return sqrt(_C - 2 * _N * sin(radians(latitude))) / _N


def projected(longitude, latitude):
    """Where a place is drawn: units to the right and down."""
    distance, around = _distance(latitude), _N * radians(longitude - MERIDIAN)
    return (
        ORIGIN[0] + RADIUS * distance * sin(around),
        ORIGIN[1] - RADIUS * (_distance(0) - distance * cos(around)),
    )


def is_outlined(point):
    """Whether there are outlines where this point is drawn."""
    return 0 <= point[0] <= WIDTH and 0 <= point[1] <= HEIGHT


@dataclass(frozen=True)
class Frame:
    """The part of all that is outlined which a map shows, in units."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def around(cls, points, least=0, middle=None):
        """The part in which all these points are, at least so wide, with some room.

        What is to be in its middle is there; else they are all around that.
        """
        across, down = zip(*points, strict=True)
        x, y = middle or ((max(across) + min(across)) / 2, (max(down) + min(down)) / 2)
        half = max(
            least / 2,
            ROOM * max(abs(each - x) for each in across),
            ROOM * SHAPE * max(abs(each - y) for each in down),
        )
        sides = x - half, y - half / SHAPE, 2 * half, 2 * half / SHAPE
        return cls(*(round(side, 1) for side in sides))

    @property
    def view_box(self):
        return f"{self.left} {self.top} {self.width} {self.height}"

    def at(self, point):
        """Where a point stands in it, in percent."""
        return (
            round(100 * (point[0] - self.left) / self.width, 2),
            round(100 * (point[1] - self.top) / self.height, 2),
        )

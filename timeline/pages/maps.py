"""A small map without tiles: degrees as a grid, and places as dots on it.

Longitudes are drawn closer together by the cosine of the middle latitude, the
equirectangular projection, which keeps shapes right near the middle.
"""

from dataclasses import dataclass
from math import ceil, cos, floor, radians

WIDTH, HEIGHT = 640, 360
ROOM = 4.0  # degrees on each side, at least
STEPS = (1, 2, 5, 10, 20, 30)
LINES = 8
MOST = 60


@dataclass(frozen=True)
class Dot:
    """A place on the map."""

    place: object
    x: float
    y: float
    is_here: bool


@dataclass(frozen=True)
class Map:
    """A map around one place."""

    dots: list[Dot]
    meridians: list[tuple[float, str]]
    parallels: list[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT


def map_around(place, places):
    """The map of a place and of those of the others that lie near it; None if nobody
    knows where it is.
    """
    if place.latitude is None or place.longitude is None:
        return None
    x, y = float(place.longitude), float(place.latitude)
    others = places.filter(
        latitude__isnull=False,
        longitude__isnull=False,
        latitude__range=(place.latitude - 20, place.latitude + 20),
        longitude__range=(place.longitude - 30, place.longitude + 30),
    ).exclude(pk=place.pk)
    shown = [place, *others.order_by("slug")[:MOST]]
    half_height = ROOM + max(abs(float(p.latitude) - y) for p in shown)
    half_width = ROOM + max(abs(float(p.longitude) - x) for p in shown)
    squeeze = max(cos(radians(y)), 0.1)
    half_height = max(half_height, half_width * squeeze * HEIGHT / WIDTH)
    half_width = half_height * WIDTH / HEIGHT / squeeze

    def across(longitude):
        return round((longitude - x + half_width) / (2 * half_width) * WIDTH, 1)

    def down(latitude):
        return round((y + half_height - latitude) / (2 * half_height) * HEIGHT, 1)

    return Map(
        [
            Dot(p, across(float(p.longitude)), down(float(p.latitude)), p is place)
            for p in reversed(shown)
        ],
        [
            (across(degrees), _named(degrees, "E", "W"))
            for degrees in _lines(x - half_width, x + half_width)
        ],
        [
            (down(degrees), _named(degrees, "N", "S"))
            for degrees in _lines(y - half_height, y + half_height)
        ],
    )


def _lines(low, high):
    """Round degrees between two, few enough to be told apart."""
    step = next((s for s in STEPS if (high - low) / s <= LINES), STEPS[-1])
    return range(ceil(low / step) * step, floor(high) + 1, step)


def _named(degrees, positive, negative):
    side = positive if degrees > 0 else negative if degrees < 0 else ""
    return f"{abs(degrees)}°{side}"

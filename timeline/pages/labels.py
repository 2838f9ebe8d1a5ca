"""Where names stand beside the marks of a map, so that none is written over another.

What fits on a wide screen need not on a narrow one, and is left out there. A mark has
places in percent, a radius in pixels and a name; the first have room before the others.
"""

from dataclasses import dataclass

from .projection import SHAPE

WIDE, NARROW = 900, 340  # pixels, the widths of a map that are tried
LETTER, LINE = 6.5, 16  # pixels
GAP = 6  # between a mark and its name
RIGHT, LEFT = "first", "last"  # as the ends of a text are called


@dataclass(frozen=True)
class Label:
    """How the name of a mark stands beside it."""

    side: str
    start: float  # pixels from the middle of the mark
    is_for_wide: bool  # it has no room on a narrow screen


def labels_of(marks):
    """The labels of those marks that have room for one, by the mark."""
    sides = _sides(marks, WIDE, dict.fromkeys(marks, (RIGHT, LEFT)))
    narrow = _sides(marks, NARROW, {mark: (side,) for mark, side in sides.items()})
    return {
        mark: Label(
            side,
            (mark.radius + GAP) * (1 if side == RIGHT else -1),
            mark not in narrow,
        )
        for mark, side in sides.items()
    }


def _sides(marks, width, tried):
    """On which of the sides that are tried each name has room, if on any."""
    taken, found = [_around(mark, width) for mark in marks], {}
    for mark in marks:
        for side in tried.get(mark, ()):
            box = _beside(mark, width, side)
            if box[0] >= 0 and box[2] <= width and not _overlaps(box, taken):
                taken.append(box)
                found[mark] = side
                break
    return found


def _middle(mark, width):
    return mark.x * width / 100, mark.y * width / SHAPE / 100


def _around(mark, width):
    """The sides of a mark: left, top, right and bottom."""
    x, y = _middle(mark, width)
    return x - mark.radius, y - mark.radius, x + mark.radius, y + mark.radius


def _beside(mark, width, side):
    """The sides of its name."""
    x, y = _middle(mark, width)
    near = mark.radius + GAP
    far = near + LETTER * len(mark.name)
    left, right = (near, far) if side == RIGHT else (-far, -near)
    return x + left, y - LINE / 2, x + right, y + LINE / 2


def _overlaps(box, taken):
    left, top, right, bottom = box
    return any(
        left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
        for other in taken
    )

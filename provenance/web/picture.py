"""A page as one picture, for previews on other sites: what it is, and its drawing.

It is as large as the Open Graph protocol's readers want it, and has no more lanes than
one can see there. Solid is what is certain, pale what is possible; a full sign marks an
open dispute, a hollow one disputes that are settled.
"""

import io
import re
from functools import cache
from pathlib import Path

from anyascii import anyascii

WIDTH, HEIGHT = 1200, 630
MARGIN = 60
GROUND, TEXT, QUIET, LINE = "#ffffff", "#171c26", "#545e70", "#d5dae3"
CORE, ENVELOPE, AGAINST = "#1d4ed8", "#c3d0f3", "#a83a12"
TITLE, BODY, SMALL = 52, 28, 20  # heights of letters in pixels
FONT = Path(__file__).parent / "fonts" / "noto-sans-0.4.2" / "NotoSans-Latin.ttf"
# What has no letter there is written in those that have.
FOREIGN = re.compile("[^ -\u024f\u1e00-\u1eff\u2010-\u2027\u20ac\u2190-\u2193]")
LANES = 6
FOOT = 40  # beneath the drawing, for the name of the site
TICKS = 34
FLAG = 6  # half the width of the sign of a dispute


def picture_of(site, kind, title, text, drawing=None):
    """The PNG of these words, and of a drawing if there is one."""
    from PIL import Image, ImageDraw  # slow to load, and needed by few

    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 12), fill=CORE)
    top = MARGIN
    top = _write(draw, kind, BODY, QUIET, top, lines=1)
    top = _write(draw, title, TITLE, TEXT, top + 4, lines=2)
    bottom = HEIGHT - MARGIN - FOOT
    if text and drawing is None:
        _write(draw, text, BODY, TEXT, top + 16, lines=6)
    elif text:
        top = _write(draw, text, BODY, QUIET, top + 8, lines=2)
    if drawing is not None:
        _draw(draw, drawing, top + 24, bottom)
    draw.text((MARGIN, HEIGHT - MARGIN), site, QUIET, _font(SMALL), anchor="ls")
    out = io.BytesIO()
    # By coverage, since the few dots of a sign would lose their color to the median.
    image.quantize(64, Image.Quantize.MAXCOVERAGE).save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def _font(height):
    from PIL import ImageFont

    return ImageFont.truetype(FONT, height)


def _write(draw, text, height, color, top, lines):
    """Writes a text in at most so many lines, and says how far down it came."""
    font, room = _font(height), WIDTH - 2 * MARGIN
    for line in _lines(_in_latin(text), font, room, lines):
        draw.text((MARGIN, top), line, color, font)
        top += round(height * 1.3)
    return top


def _in_latin(text):
    return FOREIGN.sub(lambda sign: anyascii(sign[0]), text)


def _lines(text, font, room, most):
    """A text in lines that fit, of which the last may end with an ellipsis."""
    found, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if font.getlength(longer) <= room:
            line = longer
            continue
        if len(found) + 1 == most:
            return [*found, _cut(longer, font, room)]
        found += [line] if line else []
        line = _cut(word, font, room)
    return [*found, line] if line else found


def _cut(text, font, room):
    """A text that fits into a room, with an ellipsis if it did not."""
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _draw(draw, drawing, top, bottom):
    """The lanes of a drawing and the dates beneath them."""
    lanes = drawing.lanes[:LANES]
    labelled = any(lane.label for lane in lanes)
    foot, left = bottom - TICKS, MARGIN
    right = WIDTH - MARGIN

    def across(percent):
        return left + (right - left) * percent / 100

    for tick in drawing.axis.ticks:
        x = across(tick.at)
        draw.line((x, top, x, foot), fill=LINE)
        anchor = {"first": "la", "last": "ra"}.get(tick.edge, "ma")
        draw.text((x, foot + 8), tick.label, QUIET, _font(SMALL), anchor=anchor)
    each = (foot - top) / len(lanes)
    for place, lane in enumerate(lanes):
        begins = top + place * each
        if labelled:
            label = _cut(_in_latin(lane.label), _font(SMALL), right - left)
            draw.text((left, begins + 2), label, TEXT, _font(SMALL))
        _marks(draw, lane, begins + (SMALL + 10 if labelled else 6), each, across)


def _marks(draw, lane, top, room, across):
    """The marks of a lane, in rows as thick as there is room for."""
    rows = lane.rows
    thick = max(min((room - SMALL - 18) / len(rows), 22), 3)
    for number, row in enumerate(rows):
        y = top + number * thick
        if y + thick > top + room:
            return
        for mark in row:
            low, high = across(mark.left), across(mark.right)
            box = (low, y, max(high, low + 4), y + thick - 2)
            is_open = mark.dispute == "open"
            draw.rectangle(box, ENVELOPE, AGAINST if is_open else None)
            if mark.has_core:
                low, high = across(mark.core_left), across(mark.core_right)
                color = AGAINST if is_open else CORE
                draw.rectangle((low, y, max(high, low + 4), y + thick - 2), fill=color)
            if mark.dispute:
                _flag(draw, across(mark.left), y, AGAINST if is_open else GROUND)


def _flag(draw, x, y, fill):
    """The sign of a dispute: full if one is open, hollow if all are settled."""
    corners = [(x - FLAG, y - FLAG), (x + FLAG, y - FLAG), (x, y + FLAG // 2)]
    draw.polygon(corners, fill, AGAINST)

"""What other sites show of a page that is shared there: its picture.

It is drawn once for each edition of the public record, by each process.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import get_language

from ..history.editions import kept
from ..values.dates import Spanned
from ..web.picture import picture_of
from ..web.time_axis import Drawing, drawing_of
from .addresses import page_of
from .base import Page

SITE = "bordersec"


def marks_in(drawing):
    """How many marks a drawing has."""
    return sum(len(row) for lane in drawing.lanes for row in lane.rows)


class RecordPicture(Page):
    """The picture of the page of a record: what it is, and its timeline."""

    record_page = None

    def get(self, request, slug):
        record = self.record_page.found(slug, self.asked)
        picture = record_picture(
            self.record_page, record.slug, self.known_at, get_language()
        )
        return as_png(picture)


def as_png(picture):
    """The answer with a picture, which others may keep for a while."""
    answer = HttpResponse(picture, content_type="image/png")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@kept
def record_picture(record_page, slug, known_at, _language):
    """The picture of the record of a slug, as its page shows it."""
    record = record_page.found(slug, {})
    page, asked = record_page(), HttpRequest()
    asked.path = page_of(record)
    page.setup(asked)
    page.known_at, page.moment, page.disputes = known_at, None, {}
    return picture_of(
        SITE,
        capfirst(page.kind(record)),
        record.in_words,
        page.described(record),
        drawn(page, record),
    )


def drawn(page, record):
    """The drawing of its page with the most marks, or when it was itself."""
    sections = [section for section in page.sections(record) if section]
    found = [section.content.get("drawing") for section in sections]
    found = [drawing for drawing in found if isinstance(drawing, Drawing)]
    if found:
        return max(found, key=marks_in)
    if isinstance(record, Spanned):
        return drawing_of(
            [("", "", [(record, record.in_words, "", record.in_dispute)])]
        )
    return None

"""The formats of files that a source may carry, told by their bytes alone.

What a browser or a name says a file is counts for nothing.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_BYTES = 20 << 20
BEGINNING = 1024  # bytes in which an HTML page says that it is one


@dataclass(frozen=True)
class Format:
    """A format: its media type, the ending of its files, and what people call it."""

    media_type: str
    ending: str
    name: str

    @property
    def is_picture(self):
        """Whether a browser shows it as one."""
        return self.media_type.startswith("image/")


PDF = Format("application/pdf", "pdf", gettext_lazy("PDF"))
HTML = Format("text/html", "html", gettext_lazy("saved web page"))
TEXT = Format("text/plain", "txt", gettext_lazy("text"))
PNG = Format("image/png", "png", gettext_lazy("picture"))
JPEG = Format("image/jpeg", "jpg", gettext_lazy("picture"))
WEBP = Format("image/webp", "webp", gettext_lazy("picture"))
FORMATS = {one.media_type: one for one in (PDF, HTML, TEXT, PNG, JPEG, WEBP)}


def recognized(data):
    """The format of a file with these bytes.

    ValidationError for one that is empty, too large, or of none of these formats.
    """
    if not data:
        raise ValidationError(_("The file is empty."), code="empty")
    if len(data) > MAX_BYTES:
        raise ValidationError(
            _("The file is larger than %d MiB.") % (MAX_BYTES >> 20), code="too_large"
        )
    found = _by_signature(data) or _by_text(data)
    if found is None:
        raise ValidationError(
            _(
                "This is no PDF, no picture (PNG, JPEG, WebP), no saved web page and "
                "no text in UTF-8. Save it as one of these."
            ),
            code="format",
        )
    return found


def _by_signature(data):
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    return None


def _by_text(data):
    if b"\0" in data:
        return None
    beginning = data[:BEGINNING].lower()
    if b"<!doctype html" in beginning or b"<html" in beginning:
        return HTML  # whatever its encoding is
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return TEXT

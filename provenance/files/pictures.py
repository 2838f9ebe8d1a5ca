"""Pictures that are shown to readers: made anew, small, with nothing hidden in them."""

import io
import struct
import warnings
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .formats import recognized

LARGEST = 640  # pixels of the longer side
SMALL = 160  # of that of a thumbnail: twice of what a list shows
MOST_PIXELS = 40_000_000  # of what is read
QUALITY = 85


@dataclass(frozen=True)
class Made:
    """A picture that was made anew: its bytes as JPEG, and those of its thumbnail."""

    data: bytes
    width: int
    height: int
    thumbnail: bytes


def made_of(data):
    """A picture of a modest size, without what a camera notes in it.

    What is seen through is white. ValidationError for what is no picture.
    """
    from PIL import Image, ImageOps  # slow to load, and needed by few

    if not recognized(data).is_picture:
        raise ValidationError(_("Choose a picture: PNG, JPEG or WebP."), code="format")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(
                    _("The picture has more than %d million pixels.")
                    % (MOST_PIXELS // 1_000_000),
                    code="too_large",
                )
            picture = ImageOps.exif_transpose(picture)
            if picture.has_transparency_data:
                picture = picture.convert("RGBA")
                ground = Image.new("RGBA", picture.size, "white")
                picture = Image.alpha_composite(ground, picture)
            picture = picture.convert("RGB")
            picture.thumbnail((LARGEST, LARGEST))
            picture.info.clear()  # a comment of the file would go with it
            small = picture.copy()
            small.thumbnail((SMALL, SMALL))
            made, thumbnail = map(_as_jpeg, (picture, small))
    except (
        OSError,  # which Pillow raises for most that it cannot read, but not for all
        ValueError,
        SyntaxError,
        AttributeError,
        LookupError,
        OverflowError,
        TypeError,
        struct.error,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise ValidationError(
            _("The picture cannot be read; save it anew."), code="format"
        ) from error
    return Made(made, picture.width, picture.height, thumbnail)


def _as_jpeg(picture):
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()

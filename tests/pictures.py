"""Pictures, made for whoever needs one."""

import io

from PIL import Image


def a_picture(size=(800, 400), form="PNG", **options):
    """The bytes of a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, form, **options)
    return out.getvalue()

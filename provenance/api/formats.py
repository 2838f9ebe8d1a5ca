"""The forms in which a whole list is given, by their names and their media types."""

from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter

from ..web.streaming import CSV_TYPE, NDJSON_TYPE, PARQUET_TYPE, XLSX_TYPE
from .json_queries import FragmentRenderer

GEOJSON_TYPE = "application/geo+json"


@dataclass(frozen=True)
class Format:
    """One form of a whole list."""

    content_type: str
    about: str | Promise
    in_pages: bool = False  # instead of as a whole

    @property
    def media_type(self):
        """What is named in Accept."""
        return self.content_type.partition(";")[0]


FORMATS = {
    "csv": Format(CSV_TYPE, _("A header and a row for each object.")),
    "ndjson": Format(NDJSON_TYPE, _("Each object of the results on a line.")),
    "xlsx": Format(
        XLSX_TYPE,
        _("The rows of the CSV in a sheet, which has at most 1,048,576 of them."),
    ),
    "parquet": Format(
        PARQUET_TYPE,
        _(
            "The columns of the CSV, and beside each date and each quantity its "
            "bounds, as dates and numbers; where this site has pyarrow."
        ),
    ),
    "geojson": Format(
        GEOJSON_TYPE,
        _(
            "Each record of the page as a feature, with what the list shows of it as "
            "properties, and no geometry where no position is known."
        ),
        in_pages=True,
    ),
}
FORMAT = _(
    "The list in another form than pages of JSON; what is given as a whole takes "
    "neither limit nor cursor. The same if Accept names the media type of one of them "
    "alone."
)
EXCEL = OpenApiParameter(
    "excel",
    str,
    enum=["1"],
    description=_(
        "With csv: a byte order mark in front, without which Excel takes UTF-8 for "
        "something else."
    ),
)


class OfWholeList(FragmentRenderer):
    """Has a media type be understood; the file is streamed, and problems are JSON."""


def renderers_of(names):
    """What negotiates about each of these formats."""
    return [_renderer_of(name)() for name in names]


@cache
def _renderer_of(name):
    told = {"format": name, "media_type": FORMATS[name].media_type}
    return type("OfWholeList", (OfWholeList,), told)


def format_of(names):
    """The parameter that names one of these formats."""
    each = (f"{name}: {FORMATS[name].about}" for name in names)
    told = " ".join([str(FORMAT), *each])
    return OpenApiParameter("format", str, enum=names, description=told)

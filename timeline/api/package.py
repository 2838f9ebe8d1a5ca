"""The whole public record as one file, in the API."""

from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from provenance.api.views import ApiView
from provenance.web.streaming import ZIP_TYPE, download

from ..dataset.kept_package import NAME, kept_file, made_and_kept


class PackageView(ApiView):
    """The whole public record in one file, a data package, with every claim.

    It is sent while it is made, or as the file that is kept of the same edition.
    """

    name = "package"

    def perform_content_negotiation(self, request, force=False):
        """Whoever asks for the file may accept that alone."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        responses={(200, ZIP_TYPE): OpenApiTypes.BINARY},
        description=_(
            "All that is published as one file: a zip of CSV files, "
            "described by its `datapackage.json` (Frictionless Data "
            "Package). `claims.csv` has for each value every source that "
            "supports or contradicts it."
        ),
    )
    def get(self, request):
        if (file := kept_file()) is not None:
            return FileResponse(
                file, as_attachment=True, filename=NAME, content_type=ZIP_TYPE
            )
        return download(made_and_kept(), NAME, ZIP_TYPE)

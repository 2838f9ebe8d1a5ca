"""The addresses of the API."""

import entities.api
import timeline.api
from provenance.api.routes import routes
from provenance.api.sources import SourceView

urlpatterns = routes(
    SourceView,
    *entities.api.VIEWS,
    *timeline.api.VIEWS,
    files=[timeline.api.PackageView],
)

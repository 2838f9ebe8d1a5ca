"""The addresses of the API."""

from provenance.api.routes import routes
from timeline.api import PackageView, TimelineView

urlpatterns = routes(TimelineView, files=[PackageView])

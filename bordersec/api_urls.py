"""The addresses of the API."""

from provenance.api.routes import routes
from provenance.exchange.reconciliation.views import Reconciliation
from timeline.api import PackageView, TimelineView
from timeline.api_aggregates import ObservationAggregateView

urlpatterns = routes(
    TimelineView,
    files=[PackageView],
    answers=[ObservationAggregateView],
    services=[Reconciliation],
)

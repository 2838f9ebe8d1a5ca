"""The addresses of the API."""

from entities.exchange.followthemoney import FollowTheMoneyFile
from entities.exchange.popolo import PopoloFile
from provenance.api.routes import routes
from provenance.exchange.reconciliation.views import Reconciliation
from timeline.api import PackageView, TimelineView
from timeline.api_aggregates import AGGREGATES

urlpatterns = routes(
    TimelineView,
    files=[PackageView, PopoloFile, FollowTheMoneyFile],
    answers=AGGREGATES,
    services=[Reconciliation],
)

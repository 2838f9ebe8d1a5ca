"""The addresses of the public pages."""

from django.urls import re_path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page

from entities.models import Agency, Official
from provenance.history.editions import same_in_one_edition
from provenance.pages.addresses import NAMESPACE
from provenance.pages.citing import CitedDispute, CitedRecord
from provenance.pages.collection import collection_page_of
from provenance.pages.color_schemes import SchemeChoice, SchemeSheet
from provenance.pages.disputes import DisputePage, DisputesPage
from provenance.pages.portraits import PortraitFile
from provenance.pages.records import record_page_of
from provenance.pages.search import SearchPage
from provenance.pages.sharing import RecordPicture
from provenance.pages.two_sources import TwoSourcesPage
from provenance.registry.kinds import record_types

from ..models import Metric
from .chronicle import TimelinePage
from .comparison import ComparisonPage
from .connections import ConnectionPage
from .event_aggregates import TimelineAggregatePage
from .feeds import AtomOfChanges, EmbeddedTimeline, ICalendar, OEmbed, TimelineJs
from .front import SitePicture
from .maps import MapPage
from .network import NetworkFile, NetworkPage
from .observation_aggregates import ObservationAggregatePage
from .pairs import PairsPage

app_name = NAMESPACE

KEY = "(?P<key>[a-z]+-[0-9]{1,18})"
CITED_AS = (("json", "json"), ("bib", "bibtex"))  # by the end of the address
SLUG = r"(?P<slug>[a-z0-9-]{1,100})"


def page(pattern, view, name):
    """The address of a page; what has not changed is answered by 304."""
    if view.view_class.follows_from_record:
        view = same_in_one_edition(view)
    return re_path(rf"^{pattern}\Z", conditional_page(view), name=name)


# What tells of many records of a kind, beside the list of them.
BESIDE = {
    Official: ((_("Who met whom"), "pages:officials-pairs"),),
    Metric: ((_("Summary of observations"), "pages:observations-aggregate"),),
}


def record_routes(model):
    """The addresses of one kind of record: of all of them, and of each."""
    name = model.collection
    listed = collection_page_of(model).as_view(beside=BESIDE.get(model, ()))
    return [
        page(f"{name}/", listed, f"{name}-list"),
        page(f"{name}/{SLUG}/", record_page_of(model).as_view(), name),
    ]


def picture_route(model):
    """The address of the picture that other sites show of a record of one kind."""
    name = model.collection
    view = RecordPicture.as_view(record_page=record_page_of(model))
    return page(rf"{name}/{SLUG}/picture\.png", view, f"{name}-picture")


def cite_routes(model):
    """The addresses under which programs fetch how one kind of record is cited."""
    name, record_page = model.collection, record_page_of(model)
    return [
        page(
            rf"{name}/{SLUG}/cite\.{ending}",
            CitedRecord.as_view(record_page=record_page, form=form),
            f"{name}-{form}",
        )
        for ending, form in CITED_AS
    ]


def network_routes(model):
    """The addresses of the relations of one kind of record."""
    name = model.collection
    view = NetworkPage.as_view(model=model)
    yield page(f"{name}/{SLUG}/network/", view, f"{name}-network")
    for form in ("json", "csv"):
        view = NetworkFile.as_view(model=model, form=form)
        yield page(rf"{name}/{SLUG}/network\.{form}", view, f"{name}-network-{form}")


urlpatterns = [
    page("", TimelinePage.as_view(is_front=True), "home"),
    page("timeline/", TimelinePage.as_view(), "timeline"),
    page(r"timeline\.json", TimelineJs.as_view(), "timelinejs"),
    page(r"timeline\.ics", ICalendar.as_view(), "calendar"),
    page(r"changes\.atom", AtomOfChanges.as_view(), "changes"),
    page("embed/", EmbeddedTimeline.as_view(), "embed"),
    page("oembed", OEmbed.as_view(), "oembed"),
    # Before the pages of records, in whose addresses they would be slugs.
    page("timeline/aggregate/", TimelineAggregatePage.as_view(), "timeline-aggregate"),
    page(
        "observations/aggregate/",
        ObservationAggregatePage.as_view(),
        "observations-aggregate",
    ),
    page("officials/pairs/", PairsPage.as_view(), "officials-pairs"),
    page("compare/", ComparisonPage.as_view(), "compare"),
    page("color-scheme/", SchemeChoice.as_view(), "color-scheme"),
    page(r"color-scheme\.css", SchemeSheet.as_view(), "color-scheme-sheet"),
    page("connection/", ConnectionPage.as_view(), "connection"),
    page("map/", MapPage.as_view(), "map"),
    page(rf"sources/{SLUG}/compare/", TwoSourcesPage.as_view(), "source-comparison"),
    page("search/", SearchPage.as_view(), "search"),
    page("disputes/", DisputesPage.as_view(), "disputes"),
    page(f"disputes/{KEY}/", DisputePage.as_view(), "dispute"),
    *(
        page(
            rf"disputes/{KEY}/cite\.{ending}",
            CitedDispute.as_view(form=form),
            f"dispute-{form}",
        )
        for ending, form in CITED_AS
    ),
    *(pattern for kind in record_types().values() for pattern in record_routes(kind)),
    *(pattern for kind in record_types().values() for pattern in cite_routes(kind)),
    *map(picture_route, record_types().values()),
    page(r"picture\.png", SitePicture.as_view(), "picture"),
    *(
        re_path(
            rf"^(?P<collection>[a-z-]{{1,40}})/{SLUG}/{name}\.jpg\Z",
            PortraitFile.as_view(small=small),
            name=name,
        )
        for name, small in (("portrait", False), ("thumbnail", True))
    ),
    *network_routes(Official),
    *network_routes(Agency),
]

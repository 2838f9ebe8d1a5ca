"""The addresses of all public pages, for search engines (sitemaps.org)."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from ..registry.kinds import record_types
from .addresses import list_of, page_of


class RecordsMap(Sitemap):
    """The pages of the published records of one kind."""

    limit = 10_000

    def __init__(self, model):
        super().__init__()
        self.model = model

    def items(self):
        return self.model.objects.published().order_by("slug")

    def location(self, record):
        return page_of(record)

    def lastmod(self, record):
        return record.updated_at


class ListsMap(Sitemap):
    """The pages that are lists."""

    def items(self):
        lists = [list_of(model) for model in record_types().values()]
        return [reverse("pages:home"), reverse("pages:disputes"), *lists]

    def location(self, address):
        return address


def sitemaps():
    """Every part of the sitemap, by its name."""
    parts = {model.collection: RecordsMap(model) for model in record_types().values()}
    return {"lists": ListsMap(), **parts}

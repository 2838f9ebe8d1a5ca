"""The addresses of all public pages, for search engines (sitemaps.org)."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from ..registry.kinds import record_types
from .addresses import list_of, page_at


class RecordsMap(Sitemap):
    """The pages of the published records of one kind."""

    limit = 10_000

    def __init__(self, model):
        super().__init__()
        self.model = model

    def items(self):
        """What an entry needs of each, and no more."""
        records = self.model.objects.published().order_by("slug")
        return records.values_list("slug", "updated_at", named=True)

    def location(self, row):
        return page_at(self.model, row.slug)

    def lastmod(self, row):
        return row.updated_at

    def get_latest_lastmod(self):
        """When one of them was last written, as the index asks; it reads only that."""
        newest = self.model.objects.published().order_by("-updated_at", "-id")
        return newest.values_list("updated_at", flat=True).first()


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

"""The addresses of all public pages, for search engines (sitemaps.org)."""

from functools import cached_property

from django.contrib.sitemaps import Sitemap
from django.core.paginator import Paginator
from django.urls import reverse

from ..registry.kinds import record_types
from .addresses import list_of, page_at


class PublishedInOrder(Paginator):
    """Pages of published records; a page leaves out whose official, say, is not public.

    So none has to be joined to be counted, or to be passed over.
    """

    def __init__(self, records, per_page):
        super().__init__(records.published_beside().order_by("pk"), per_page)
        published = records.filter(status__beside=records.model.Status.PUBLISHED)
        self.keys = published.order_by("pk").values_list("pk", flat=True)

    @cached_property
    def count(self):
        return self.keys.count()

    def page(self, number):
        number = self.validate_number(number)
        end = number * self.per_page
        keys = list(self.keys[end - self.per_page : end])
        first, last = (keys[0], keys[-1]) if keys else (0, 0)
        some = self.object_list.filter(pk__gte=first, pk__lte=last)
        return self._get_page(some, number, self)


class RecordsMap(Sitemap):
    """The pages of the published records of one kind."""

    limit = 10_000

    def __init__(self, model):
        super().__init__()
        self.model = model

    def items(self):
        """What an entry needs of each, and no more."""
        return self.model.objects.values_list("slug", "updated_at", named=True)

    @property
    def paginator(self):
        return PublishedInOrder(self.items(), self.limit)

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

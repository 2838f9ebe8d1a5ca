"""Lists, page by page: never an OFFSET, never a COUNT."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..api.filters import BySlug, filter_of
from ..db.keyset import Cursor, Keyset, NoSuchPlace, Stretch, page_of
from ..models import BY_NAME, Record
from .addresses import in_other_forms, listed_as
from .base import Misasked, Page

A_PAGE = 50


class ListPage(Page):
    """A list of which each page shows what lies beyond a place."""

    a_page = A_PAGE

    def page_among(self, stretches, order=""):
        """The rows of these stretches that ``cursor`` leads to, or the first."""
        cursor = None
        if text := self.asked.get("cursor"):
            try:
                cursor = Cursor.read(text, order, stretches)
            except NoSuchPlace:
                message = _("This list has no such page; follow the links to others.")
                raise Misasked([message]) from None
        return page_of(stretches, self.a_page, cursor, order)

    def page_links(self, page):
        """Where the pages around this one are."""
        return {
            "next": self.address(cursor=page.next) if page.next else "",
            "previous": self.address(cursor=page.previous) if page.previous else "",
            "first": self.address(cursor="") if self.asked.get("cursor") else "",
        }


def apply_filter(filter_class, given, records):
    """The records that a filter of the API lets through; Misasked if it refuses."""
    return checked_filter(filter_class, given, records).filter_queryset(records)


def checked_filter(filter_class, given, records):
    """A filter of the API with what it is given; Misasked if it refuses that."""
    filters = filter_class(given, records)
    if faults := list(filters.faults()):
        raise Misasked(
            [f"{fault['parameter']}: {fault['message']}" for fault in faults]
        )
    return filters


class CollectionPage(ListPage):
    """Published records of one kind, by what they are called.

    All of them, or those that are found by words or name some other record.
    """

    template_name = "pages/collection.html"
    model: type[Record] | None = None
    beside: tuple = ()  # labels, and names of addresses, of what else tells of them

    @property
    def parameters(self):
        """What narrows the list, and the place in it."""
        return ("q", "cursor", *self.relations())

    @property
    def repeatable(self):
        return {name for name, each in self.relations().items() if each.repeatable()}

    def relations(self):
        """The parameters that name other records."""
        filters = filter_of(self.model)
        asks = filters.base_filters | filters.of_families(self.request.GET)
        return {name: each for name, each in asks.items() if isinstance(each, BySlug)}

    def get_context_data(self, **context):
        model = self.model
        of_page = ("cursor", "known_at")
        given = {k: text for k, text in self.asked.items() if k not in of_page}
        is_named = model._meta.get_field(BY_NAME).read_columns(model)
        keyset = Keyset((BY_NAME, "id")) if is_named else Keyset(("slug",))
        public = model.objects.published()
        filters = checked_filter(filter_of(model), given, public)
        listed = filters.filter_queryset(public).labelled()
        page = self.page_among([Stretch("", listed, keyset)])
        return super().get_context_data(
            **context,
            **self.page_links(page),
            **in_other_forms(
                f"{model.collection}-list", **given, known_at=self.known_at
            ),
            records=page.rows,
            model=model,
            q=self.asked.get("q", ""),
            narrowed=[
                (capfirst(str(record._meta.verbose_name)), each.exclude, record)
                for name, each in self.relations().items()
                for record in filters.chosen(name)
            ],
        ) | {"title": listed_as(model)}

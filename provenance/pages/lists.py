"""Lists, page by page: never an OFFSET, never a COUNT."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..api.filters import filter_of
from ..db.keyset import Cursor, Keyset, NoSuchPlace, Stretch, page_of
from ..models import Record
from .addresses import in_other_forms
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
    filters = filter_class(given, records)
    if faults := list(filters.faults()):
        raise Misasked(
            [f"{fault['parameter']}: {fault['message']}" for fault in faults]
        )
    return filters.filter_queryset(records)


class CollectionPage(ListPage):
    """All published records of one kind, by what they are called."""

    template_name = "pages/collection.html"
    parameters = ("q", "cursor")
    model: type[Record] | None = None

    def listed(self, given):
        """The list as one query: what is public, is asked for, and how it is called."""
        public = self.model.objects.published()
        return apply_filter(filter_of(self.model), given, public).labelled()

    def get_context_data(self, **context):
        model = self.model
        given = {"q": self.asked["q"]} if "q" in self.asked else {}
        label = model.label_field if hasattr(model, model.label_field) else "slug"
        has_column = any(f.name == label for f in model._meta.concrete_fields)
        keyset = Keyset((label, "id")) if has_column else Keyset(("slug",))
        page = self.page_among([Stretch("", self.listed(given), keyset)])
        return super().get_context_data(
            **context,
            **self.page_links(page),
            **in_other_forms(
                f"{model.collection}-list", **given, known_at=self.known_at
            ),
            records=page.rows,
            model=model,
            q=self.asked.get("q", ""),
        ) | {"title": capfirst(str(model._meta.verbose_name_plural))}

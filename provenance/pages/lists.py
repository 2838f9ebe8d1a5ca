"""Lists, page by page: never an OFFSET, never a COUNT."""

from django.utils.translation import gettext as _

from ..db.keyset import Cursor, NoSuchPlace, page_of
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
        raise Misasked.in_parameters(
            (fault["parameter"], fault["message"]) for fault in faults
        )
    return filters

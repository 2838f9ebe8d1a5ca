"""Lists in pages, each with the addresses of the pages around it."""

import re

from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from ..db.keyset import Cursor, NoSuchPlace, page_of
from .problems import parameter_error, refused_parameters

DEFAULT_LIMIT, MAX_LIMIT = 50, 500


class KeysetPagination(BasePagination):
    """Hands out pages as ``{"next", "previous", "results"}``."""

    parameters = ("limit", "cursor")

    def paginate(self, stretches, request, order=""):
        """A page of several tables, one behind the other."""
        self.request, cursor = request, None
        limit = int(request.query_params.get("limit", DEFAULT_LIMIT))
        if text := request.query_params.get("cursor"):
            try:
                cursor = Cursor.read(text, order, stretches)
            except NoSuchPlace:
                message = _("This list has no such page; follow next or previous.")
                raise refused_parameters([parameter_error("cursor", message)]) from None
        self.page = page_of(stretches, limit, cursor, order)
        return self.page.rows

    def faults(self, given):
        """What is wrong with the limit; the cursor is read with what it leads to."""
        text = given.get("limit")
        if text and not (
            re.fullmatch(r"[0-9]{1,9}", text) and 1 <= int(text) <= MAX_LIMIT
        ):
            message = _("Write a whole number from 1 to %d.") % MAX_LIMIT
            yield parameter_error("limit", message)

    def address_of(self, cursor):
        """The full address of the page of a cursor, with everything else as asked."""
        if cursor is None:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = str(cursor)
        return self.request.build_absolute_uri(f"?{query.urlencode()}")

    def addresses(self):
        """The addresses of the pages around this one; None where there is none."""
        around = {"next": self.page.next, "previous": self.page.previous}
        return {name: self.address_of(cursor) for name, cursor in around.items()}

    def get_paginated_response(self, data):
        addresses = self.addresses()
        links = links_to(addresses)
        headers = {"Link": links} if links else None
        return Response({**addresses, "results": data}, headers=headers)

    def get_paginated_response_schema(self, schema):
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**address, "description": _("The next page.")},
                "previous": {
                    **address,
                    "description": _("The previous page."),
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view):
        return [
            {
                "name": "limit",
                "in": "query",
                "description": _("How many records a page has at most."),
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MAX_LIMIT,
                    "default": DEFAULT_LIMIT,
                },
            },
            {
                "name": "cursor",
                "in": "query",
                "description": _("The page to show, as next and previous name it."),
                "schema": {"type": "string"},
            },
        ]


def links_to(addresses):
    """Addresses around a page as the header ``Link`` has them (RFC 8288)."""
    around = zip(("next", "prev"), addresses.values(), strict=True)
    return ", ".join(f'<{at}>; rel="{way}"' for way, at in around if at)

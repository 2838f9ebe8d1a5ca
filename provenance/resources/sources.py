"""The tables of sources and of former slugs as CSV."""

from ..models import Redirect, Source
from .table import TableResource, record_columns


class SourceResource(TableResource):
    """Sources, and which sources each repeats."""

    class Meta:
        model = Source
        fields = record_columns(Source)


class RedirectResource(TableResource):
    """The slugs that records bore before."""

    class Meta:
        model = Redirect
        fields = ("type", "slug", "target")
        import_id_fields = ("type", "slug")

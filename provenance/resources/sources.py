"""The tables of sources, of former slugs and of what is not the same as CSV."""

from ..models import Distinction, Redirect, Source
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


class DistinctionResource(TableResource):
    """The pairs of records that are not the same."""

    class Meta:
        model = Distinction
        fields = ("type", "one", "other", "note")
        import_id_fields = ("type", "one", "other")

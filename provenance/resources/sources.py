"""The CSV tables of sources, of redirects and of pairs that are not duplicates."""

from django.db.models import Q

from ..models import Distinction, Redirect, Source
from ..registry.kinds import record_types
from .kinds import record_columns, resource_of
from .table import TableResource


@resource_of.register(Source)
class SourceResource(TableResource):
    """Sources, and which sources each repeats."""

    class Meta:
        model = Source
        fields = record_columns(Source)


@resource_of.register(Redirect)
class RedirectResource(TableResource):
    """The slugs that records bore before."""

    class Meta:
        model = Redirect
        fields = ("type", "slug", "target")
        import_id_fields = ("type", "slug")

    def published(self):
        known = Q()
        for name, model in record_types().items():
            known |= Q(type=name, target__in=model.objects.published().values("slug"))
        return self.exported().filter(known)


@resource_of.register(Distinction)
class DistinctionResource(TableResource):
    """The pairs of records that are not the same."""

    for_curators = True

    class Meta:
        model = Distinction
        fields = ("type", "one", "other", "note")
        import_id_fields = ("type", "one", "other")

"""Checks that each former slug redirects to a record."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Redirect
from .base import Rule


class LostRedirects(Rule):
    """Former slugs that lead nowhere, or that a living record bears as well."""

    name = "redirects"
    meaning = gettext_lazy("redirects to no record, or from the slug of a record")

    def __init__(self, *models):
        self.kinds = {model.type_name(): model for model in models}

    def broken(self):
        redirects = Redirect.objects.order_by()
        for kind, slug in redirects.exclude(type__in=self.kinds).values_list(
            "type", "slug"
        ):
            message = _("There is no such kind of record; write one of %s.")
            yield kind, slug, "type", message % ", ".join(self.kinds)
        for kind, model in self.kinds.items():
            rows = redirects.filter(type=kind)
            # Events of all kinds share one set of slugs.
            bearers = model._meta.get_field("slug").model._base_manager.order_by()
            for slug in rows.filter(slug__in=bearers.values("slug")).values_list(
                "slug", flat=True
            ):
                message = _(
                    "A record has this slug now; rename that record, or delete "
                    "this redirect"
                )
                yield kind, slug, "slug", f"{message}."
            targets = model._base_manager.order_by().values("slug")
            for slug, target in rows.exclude(target__in=targets).values_list(
                "slug", "target"
            ):
                message = _("It redirects to “%s”, which is no record; correct it.")
                yield kind, slug, "target", message % target

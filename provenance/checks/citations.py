"""Checks for missing citations, and for citations that are no longer valid."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db.models import Count, ForeignKey
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Record, Redirect
from ..values.stated_values import kinds_named, split_list, value_of
from .base import Level, Rule, as_text, shown, type_and_slug


class Uncited(Rule):
    """Published records that no source is given for."""

    name = "uncited"
    meaning = gettext_lazy("published records without a citation")

    def __init__(self, *models):
        self.models = models

    def broken(self):
        message = _("It is published, and no source is cited; cite one or withdraw it.")
        for model in self.models:
            found = model.objects.filter(status=Record.Status.PUBLISHED).uncited()
            for slug in found.order_by().values_list("slug", flat=True):
                yield model.type_name(), slug, "", message


class UncitedValues(Rule):
    """Published records with values that no source is cited for; one finding each."""

    name = "uncited-value"
    level = Level.WARNING
    meaning = gettext_lazy("published records with missing citations")
    on_request = True  # most records have such a value: it would drown the rest

    def __init__(self, *models):
        self.models = models

    def broken(self):
        for model in self.models:
            yield from self._of(model)

    def _of(self, model):
        published = model.objects.filter(status=Record.Status.PUBLISHED).order_by()
        cited = defaultdict(set)
        citations = model.citation_model()._base_manager.order_by()
        for record, field in (
            citations.filter(record__in=published.values("pk"))
            .exclude(field="")
            .values_list("record", "field")
            .distinct()
        ):
            cited[record].add(field)
        columns = [name for name in model.citable if name not in model.lists]
        rows = published.annotate(
            **{f"{name}_given": as_text(_column(model, name)) for name in columns},
            **{f"{name}_given": Count(name, distinct=True) for name in model.lists},
        ).values_list("pk", "slug", *(f"{name}_given" for name in model.citable))
        for key, slug, *values in rows:
            bare = [
                name
                for name, value in zip(model.citable, values, strict=True)
                if value and name not in cited[key]
            ]
            if bare:
                yield (
                    model.type_name(),
                    slug,
                    "",
                    _("No source is cited for %s; cite one for each.")
                    % ", ".join(bare),
                )


def _column(model, name):
    field = model._meta.get_field(name)
    return field.attname if isinstance(field, ForeignKey) else name


class DanglingStatements(Rule):
    """What sources are said to state that could not stand in the field any more."""

    name = "statements"
    meaning = gettext_lazy(
        "citations whose field, record or value does not exist or is not valid"
    )

    def __init__(self, *models):
        self.kinds = {model.type_name(): model for model in models}

    def broken(self):
        slugs = _Slugs()
        for citations in {model.citation_model(): 0 for model in self.kinds.values()}:
            rows = (
                citations._base_manager.exclude(field="")
                .annotate(**type_and_slug(citations))
                .values_list("of_type", "of_slug", "field", "stated", "source__slug")
            )
            for kind, slug, field, stated, source in rows.order_by():
                words = {"source": source, "stated": shown(stated)}
                says = (
                    _("“%(source)s” states “%(stated)s”")
                    if stated
                    else _("“%(source)s”")
                ) % words
                for fault in self._faults(self.kinds[kind], field, stated, slugs):
                    yield kind, slug, field, f"{says}: {fault}"

    def _faults(self, holder, field, stated, slugs):
        """What is wrong with one statement."""
        if field not in holder.citable:
            yield _("this is no citable field here; choose one of %s.") % ", ".join(
                holder.citable
            )
            return
        try:
            value_of(holder, field, stated)
        except ValidationError as error:
            yield from error.messages
            return
        named = kinds_named(holder, field)
        for slug in split_list(stated) if field in holder.lists else [stated]:
            if slug and named and not any(slug in slugs.borne(kind) for kind in named):
                yield slugs.why_nobody(named, slug)


class _Slugs:
    """The slugs that records bear, and those that they bore before; each read once."""

    def __init__(self):
        self._borne = {}
        rows = Redirect.objects.order_by().values_list("type", "slug", "target")
        self._former = {(kind, slug): target for kind, slug, target in rows}

    def borne(self, model):
        if model not in self._borne:
            rows = model._base_manager.order_by()
            self._borne[model] = set(rows.values_list("slug", flat=True))
        return self._borne[model]

    def why_nobody(self, models, slug):
        """The sentence that nobody bears this slug, or does no longer."""
        for model in models:
            if now := self._former.get((model.type_name(), slug)):
                return _("%(kind)s “%(slug)s” is “%(now)s” now; write that.") % {
                    "kind": model._meta.verbose_name,
                    "slug": shown(slug),
                    "now": now,
                }
        return _("there is no %(kind)s “%(slug)s”; write the slug of one.") % {
            "kind": models[0]._meta.verbose_name,
            "slug": shown(slug),
        }

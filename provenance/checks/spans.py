"""Rules of time: what ends before it starts, what lies outside of what holds it."""

from django.db.models import Case, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..values.spans import before, certain, in_words
from .base import Rule, as_text, standing, type_and_slug


def stored(**names):
    """Columns of partial dates, each under another name and as the text it holds."""
    return {alias: as_text(name) for alias, name in names.items()}


class EndBeforeStart(Rule):
    """What certainly ended before it started."""

    name = "end-before-start"
    meaning = gettext_lazy("records that ended before they started")

    def __init__(self, *spans):
        self.spans = spans  # each a model, and the names of its start and its end

    def broken(self):
        for model, start, end in self.spans:
            rows = (
                model._base_manager.filter(before(end, start))
                .annotate(**stored(begun=start, ended=end), **type_and_slug(model))
                .values_list("of_type", "of_slug", "begun", "ended")
            )
            link = model.owner and model._meta.get_field(model.owner).remote_field
            field = f"{link.related_name}.{end}" if link else end
            for kind, slug, begun, ended in rows.order_by():
                yield (
                    kind,
                    slug,
                    field,
                    _("It lasted %s; write a later end or an earlier start.")
                    % in_words(begun, ended),
                )


class Outside(Rule):
    """What certainly began before, or ended after, what it belongs to."""

    within = ()  # pairs of a model and its field that names what it belongs to

    def broken(self):
        for model, holder in self.within:
            yield from self._outside(model, holder)

    def _outside(self, model, holder):
        start, end = model.span
        outer = model._meta.get_field(holder).related_model
        first, last = (f"{holder}__{name}" for name in outer.span)
        begun = before(start, first) | before(last, start)
        ended = before(end, first) | before(last, end)
        part = model.owner and model._meta.get_field(model.owner).remote_field
        rows = (
            model._base_manager.filter(
                begun | ended,
                certain(start, end, first, last),
                standing(*([holder] if part else ["", holder])),
            )
            .annotate(
                **stored(begun=start, ended=end, first=first, last=last),
                **type_and_slug(model),
                blamed=Case(When(begun, then=Value(start)), default=Value(end)),
            )
            .values_list(
                *("of_type", "of_slug", "blamed", f"{holder}__slug"),
                *("begun", "ended", "first", "last"),
            )
        )
        for kind, slug, blamed, outer_slug, *dates in rows.order_by():
            yield (
                kind,
                slug,
                f"{part.related_name}.{blamed}" if part else blamed,
                _(
                    "It lasted %(inner)s, and the %(kind)s “%(slug)s” %(outer)s; "
                    "correct the dates of the one or of the other."
                )
                % {
                    "inner": in_words(*dates[:2]),
                    "kind": outer._meta.verbose_name,
                    "slug": outer_slug,
                    "outer": in_words(*dates[2:]),
                },
            )

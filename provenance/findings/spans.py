"""Rules of time: what ends before it starts, what lies outside of what holds it.

A date marked ``?``, ``~`` or ``%`` is never certain, so neither is what follows from
it.
"""

from datetime import date

from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..dates import marked
from .rule import Level, Rule, as_text, standing, type_and_slug


def stored(**names):
    """Columns of partial dates, each under another name and as the text it holds."""
    return {alias: as_text(name) for alias, name in names.items()}


def in_words(start, end):
    """Two dates as a message quotes them."""
    return _("from %(start)s to %(end)s") % {
        "start": f"“{start}”" if start else _("an unknown day"),
        "end": f"“{end}”" if end else _("an unknown day"),
    }


def _certain(*names):
    """A condition: none of these dates is marked as unsure."""
    condition = Q()
    for name in names:
        condition &= ~marked(name)
    return condition


def _before(one, other):
    """A condition: the one date is certainly before the other, as far as bounds say."""
    return Q(**{f"{one}_latest__lt": F(f"{other}_earliest")})


def certainly_apart(one, other):
    """A condition: two spans, each a start and an end, certainly share no day."""
    apart = _before(one[1], other[0]) | _before(other[1], one[0])
    return apart & _certain(*one, *other)


class EndBeforeStart(Rule):
    """What certainly ended before it started."""

    name = "end-before-start"
    meaning = gettext_lazy("records that ended before they started")

    def __init__(self, *spans):
        self.spans = spans  # each a model, and the names of its start and its end

    def condition(self, start, end):
        return _before(end, start)

    def message(self, words):
        return _("It lasted %s; write a later end or an earlier start.") % words

    def broken(self):
        for model, start, end in self.spans:
            rows = (
                model._base_manager.filter(self.condition(start, end))
                .annotate(**stored(begun=start, ended=end), **type_and_slug(model))
                .values_list("of_type", "of_slug", "begun", "ended")
            )
            link = model.owner and model._meta.get_field(model.owner).remote_field
            field = f"{link.related_name}.{end}" if link else end
            for kind, slug, begun, ended in rows.order_by():
                yield kind, slug, field, self.message(in_words(begun, ended))


class PossibleEndBeforeStart(EndBeforeStart):
    """What may have ended before it started, for all that its two dates say.

    Where both dates are as vague as each other, as in "some day in 2019", nothing can
    be written more exactly, and nothing is found. Nor is it where a date is open on the
    side in question.
    """

    name = "possible-end-before-start"
    level = Level.WARNING
    meaning = gettext_lazy("records that may have ended before they started")

    def condition(self, start, end):
        too_early = Q(
            **{
                f"{end}_earliest__gt": date.min,
                f"{end}_earliest__lt": F(f"{start}_earliest"),
            }
        )
        too_late = Q(
            **{
                f"{start}_latest__lt": date.max,
                f"{start}_latest__gt": F(f"{end}_latest"),
            }
        )
        return (too_early | too_late) & ~_before(end, start)

    def message(self, words):
        return (
            _(
                "It lasted %s, so it may have ended before it started; leave out of "
                "each date the days that the other rules out."
            )
            % words
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
        begun = _before(start, first) | _before(last, start)
        ended = _before(end, first) | _before(last, end)
        part = model.owner and model._meta.get_field(model.owner).remote_field
        rows = (
            model._base_manager.filter(
                begun | ended,
                _certain(start, end, first, last),
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

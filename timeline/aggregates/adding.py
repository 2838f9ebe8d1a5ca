"""Puts observations together, and says what it did not."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from provenance.models import Dispute
from provenance.values.quantities import HIGHEST, LOWEST

from .bounds import refusal, with_missing
from .breakdown import Breakdown
from .placing import Placing, seen
from .questions import COUNT, SUM
from .results import Aggregate, Group, Key, Level, end_of


def aggregate(observations, question):
    """What these observations come to.

    Raises ValidationError, by the parameter that is to be changed, for what cannot be
    put together, and for more observations or groups than one answer is made of.
    """
    breakdown = Breakdown(question, observations)
    return Adding(question, Placing(question, seen(observations), breakdown)).answer()


class Adding:
    """Takes observations that are placed to what they come to, step by step."""

    def __init__(self, question, placing):
        self.question, self.placing = question, placing
        self.levels = {}  # that were chosen, by what is always apart

    def answer(self):
        """The groups, in order, and what is left out."""
        self.refuse_sums()
        groups = {}
        for series, by_key in _by_series(self.placing.placed).items():
            level = self.level_of(by_key) if self.question.chooses else None
            for key, rows in by_key.items():
                groups[key] = self.group(key, rows, level)
            self.levels[series] = level
        self.refuse_overlaps(groups.values())
        self.show_missing(groups)
        ordered = sorted(groups.values(), key=_in_order)
        return Aggregate(ordered, self.placing.left_out)

    def refuse_sums(self):
        """Refuses to sum what does not add up."""
        if self.question.measure != SUM:
            return
        for metric in sorted(self.placing.metrics.values(), key=lambda one: one.slug):
            if not metric.adds_up:
                message = _(
                    "“%(metric)s” is of the kind “%(kind)s”, which is not summed; ask "
                    "for mean, min, max or count, or with metric for one that adds up."
                )
                told = {"metric": metric, "kind": metric.get_kind_display()}
                raise refusal("measure", message % told, "not_summed")

    def level_of(self, by_key):
        """The windows and places that give the most groups a value."""
        asked, having = self.question, Counter()
        for rows in by_key.values():
            having.update({each.level for each in rows if not each.seen.missing})
        fitting = [
            level
            for level in having
            if asked.windows in ("", level.windows)
            and asked.places in ("", level.places)
        ]
        if not fitting:
            return Level(asked.windows, asked.places)
        return max(fitting, key=lambda level: (having[level], level.rank))

    def group(self, key, rows, level):
        """What the observations of a group come to."""
        taken = [each for each in rows if each.level == level]
        valued = [each for each in taken if not each.seen.missing]
        group = Group(
            key,
            self.placing.metrics.get(key.metric),
            self.placing.places.get(key.place),
            self.placing.agencies.get(key.reported_by),
            dict(self.codes_of(key)),
            self.parts_of(level),
            level,
            rows[0].seen.key if rows else None,
            observations=len(taken),
            without_value=len(taken) - len(valued),
            disputed=sum(each.seen.dispute is not None for each in taken),
            settled=sum(each.seen.dispute == Dispute.State.SETTLED for each in taken),
            left_out=len(rows) - len(taken),
        )
        self.placing.left_out["level"] += group.left_out
        if self.question.measure == COUNT:
            group.low = group.high = Decimal(group.observations)
        elif valued:
            self.measure(group, valued)
        return group

    def codes_of(self, key):
        """The slugs of the dimensions asked for, each with its code."""
        breakdown = self.placing.breakdown
        for dimension, code in zip(breakdown.dimensions, key.codes, strict=True):
            yield dimension.slug, breakdown.records.get(code)

    def parts_of(self, level):
        """The dimensions of which parts are put together."""
        if level is None:
            return None
        names = self.placing.breakdown.names
        parts = (names[dimension] for dimension, _depth in level.parts)
        return sorted(parts, key=lambda one: one.slug)

    def measure(self, group, valued):
        """Works out the result of some observations that have a value."""
        if group.metric.adds_up:
            group.overlap = self.counts_twice(valued)
            if group.period:
                group.covered = _covered(group.period, valued)
        if self.question.measure == SUM and group.overlap:
            return
        lows = [each.seen.low for each in valued]
        highs = [each.seen.high for each in valued]
        group.low = end_of(self.question.measure, lows, LOWEST)
        group.high = end_of(self.question.measure, highs, HIGHEST)

    def counts_twice(self, valued):
        """Whether two windows of the same overlap, or one place lies in another."""
        windows, places = defaultdict(list), {each.place for each in valued}
        for each in valued:
            windows[each.place, each.parts].append(each.window)
        if any(
            later[0] <= earlier[1]
            for those in windows.values()
            for earlier, later in pairwise(sorted(those))
        ):
            return True
        return len(places) > 1 and any(
            above in places
            for key in places
            for above in [*self.placing.upwards(key)][1:]
        )

    def refuse_overlaps(self, groups):
        """Refuses a sum in which something would be counted twice."""
        if self.question.measure != SUM or self.question.omit:
            return
        for group in groups:
            if group.overlap:
                message = _(
                    "Of “%(metric)s”, %(number)d observations of %(which)s overlap in "
                    "their windows or places, and a sum would count some of it twice. "
                    "Narrow them with reported_by, place or windows, group by what "
                    "they differ in, or ask with overlaps=omit for the other groups."
                )
                told = {
                    "metric": group.metric,
                    "number": group.observations,
                    "which": group.period or group.place or _("one group"),
                }
                raise refusal("measure", message % told, "overlap")

    def show_missing(self, groups):
        """Adds the periods between the first and the last that nothing is known of."""
        for key in with_missing(groups.keys(), self.question) - groups.keys():
            groups[Key(*key)] = self.group(Key(*key), [], self.levels[key[:3]])


def _by_series(placed):
    """Groups by what is always apart."""
    found = defaultdict(dict)
    for key, rows in placed.items():
        found[key[:3]][key] = rows
    return found


def _covered(period, valued):
    """The part of the days of a period that the windows account for, of all of it."""
    windows = {((each.place, each.parts), each.window) for each in valued}
    of = {what for what, _window in windows}
    days = sum((last - first).days + 1 for _what, (first, last) in windows)
    return round(min(days / (period.days * len(of)), 1), 4)


def _in_order(group):
    """By what is apart, then place, who reports, and time."""
    records = (group.metric, group.place, group.reported_by)
    metric, place, reporter = (one.slug if one else "" for one in records)
    key = group.key
    apart = (metric, key.population or "", key.modality or "")
    codes = [code.slug if code else "" for code in group.codes.values()]
    return (
        *apart,
        place,
        reporter,
        codes,
        key.period.first if key.period else date.min,
    )

"""Checks for circular references, of sources that repeat each other and of parents."""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Record, Source, SourceReport
from .base import Level, Rule

MAX_STEPS = 5  # nobody follows a report further back


class Circles(Rule):
    """What repeats itself, or stands above itself, by way of others."""

    name = "circles"
    meaning = gettext_lazy(
        "circular references of sources that repeat each other, and of parents"
    )

    def __init__(self, *trees):
        self.trees = trees

    def broken(self):
        yield from self._circles(Source, "reports", _reports())
        for model in self.trees:
            rows = model._base_manager.exclude(**{model.above: None}).order_by()
            steps = defaultdict(list)
            for slug, upper in rows.values_list("slug", f"{model.above}__slug"):
                steps[slug].append(upper)
            yield from self._circles(model, model.above, steps)

    def _circles(self, model, field, steps):
        _depths, circles = walk(steps)
        for circle in circles:
            path = " → ".join(circle)
            message = _("This is a circular reference: %s; remove one step.") % path
            yield model.type_name(), circle[0], field, message


class DeadReports(Rule):
    """Published sources that repeat one that is not published."""

    name = "dead-reports"
    level = Level.WARNING
    meaning = gettext_lazy("published sources that repeat one that is not published")

    def broken(self):
        rows = (
            SourceReport.objects.filter(source__status=Record.Status.PUBLISHED)
            .exclude(reported__status=Record.Status.PUBLISHED)
            .order_by()
        )
        for slug, reported, status in rows.values_list(
            "source__slug", "reported__slug", "reported__status"
        ):
            yield (
                Source.type_name(),
                slug,
                "reports",
                _(
                    "It repeats “%(slug)s”, which is %(status)s; publish that one, "
                    "or check the impact if it is retracted."
                )
                % {"slug": reported, "status": Record.Status(status).label},
            )


class DeepReports(Rule):
    """Sources that repeat by way of so many others that nobody can follow it."""

    name = "deep-reports"
    level = Level.WARNING
    meaning = gettext_lazy(
        "sources more than five steps from the last source that they repeat"
    )

    def broken(self):
        reports = _reports()
        repeated = {slug for named in reports.values() for slug in named}
        depths, _circles = walk(reports)
        for slug, depth in depths.items():
            if depth > MAX_STEPS and slug not in repeated:
                yield (
                    Source.type_name(),
                    slug,
                    "reports",
                    _(
                        "It is %(depth)d steps from the last source that it repeats; "
                        "name the sources that it takes from itself."
                    )
                    % {"depth": depth},
                )


def _reports():
    """For each source, by its slug, the slugs of those that it repeats."""
    reports = defaultdict(list)
    rows = SourceReport.objects.order_by()
    for source, reported in rows.values_list("source__slug", "reported__slug"):
        reports[source].append(reported)
    return reports


def walk(steps):
    """How many steps lead on from each name, and ways that come back to themselves.

    ``steps`` holds for a name those that it leads to. Of ways round that share a step
    not all need be named; each begins with the name that is first in the alphabet.
    """
    depths, circles = {}, []
    for start in sorted(steps):
        path, waiting = {}, []
        _enter(start, steps, depths, path, waiting)
        while waiting:
            name = next(reversed(path))
            onward = next(waiting[-1], None)
            if onward is None:
                waiting.pop()
                path.pop(name)
                if path:
                    upper = next(reversed(path))
                    depths[upper] = max(depths[upper], depths[name] + 1)
            elif onward in path:
                circles.append(_circle(list(path), onward))
            elif onward in depths:
                depths[name] = max(depths[name], depths[onward] + 1)
            else:
                _enter(onward, steps, depths, path, waiting)
    return depths, circles


def _enter(name, steps, depths, path, waiting):
    if name not in depths:
        depths[name], path[name] = 0, None
        waiting.append(iter(sorted(steps.get(name, ()))))


def _circle(path, back):
    way = path[path.index(back) :]
    first = way.index(min(way))
    return [*way[first:], *way[:first], way[first]]

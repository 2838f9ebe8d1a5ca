"""Looks after what observations are broken down by: which codes they may be of.

Each code is of a dimension that the metric declares, and no reader is shown a part
without being told of what it is one: a public observation has public codes.
"""

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from provenance.db.batches import filtered
from provenance.db.keys import in_runs
from provenance.models import Record
from provenance.review.publishing import Refusal
from provenance.tracking.changes import ChangeSet

from .models import Code, Dimension, MetricDimension, Observation, ObservationCode

MOST_TOLD = 500  # observations
IS_PUBLIC = Q(
    code__status=Record.Status.PUBLISHED,
    code__dimension__status=Record.Status.PUBLISHED,
)
DECLARED = MetricDimension.objects.filter(
    metric=OuterRef("observation__metric"), dimension=OuterRef("code__dimension")
)


def undeclared(rows):
    """Those of these codes whose dimension the metric does not declare."""
    return rows.filter(~Exists(DECLARED))


def hidden(rows):
    """Those that are not public, of observations that are published."""
    of_public = rows.filter(observation__status=Record.Status.PUBLISHED)
    return of_public.exclude(IS_PUBLIC)


def in_another_list(rows):
    """Those that are stored as if they were of another dimension."""
    return rows.exclude(dimension=F("code__dimension"))


def check(change):
    """Refuses a change after which an observation is of a code that it must not be of.

    What somebody writes in a shell is left to ``check_data``.
    """
    if change.path == ChangeSet.Path.OTHER:
        return
    refusals = []
    for rows in _undeclared_since(change):
        refusals += _refusals(rows, not_declared)
    for rows in _hidden_since(change):
        refusals += _refusals(rows, not_published)
    if refusals:
        raise ValidationError(list({str(each): each for each in refusals}.values()))


def _refusals(rows, said_of):
    rows = rows.select_related("observation__metric", "code__dimension")
    for row in rows.order_by("observation_id")[:MOST_TOLD]:
        yield Refusal(row.observation, said_of(row), "code")


def not_declared(row):
    """What is wrong with a code of a dimension that the metric does not declare."""
    return _(
        "its metric is not broken down by “%(dimension)s”; add that to the dimensions "
        "of the metric, or take “%(code)s” off."
    ) % {"dimension": row.code.dimension.slug, "code": row.code.notation}


def not_published(row):
    """What is wrong with a code of which readers are not told."""
    return (
        _(
            "it is published, and of the code “%s”, which is not; publish the code "
            "and its dimension before it."
        )
        % row.code.slug
    )


def _undeclared_since(change):
    """Codes whose dimension may not be declared any more; those of new rows are."""
    rows = ObservationCode.objects.order_by()
    for of_these in in_runs(change.known_keys(Observation), "observation"):
        yield undeclared(rows.filter(of_these))
    touched = change.keys(MetricDimension)
    kept = MetricDimension.objects.order_by().values_list("pk", flat=True)
    gone = touched - set(filtered(kept, pk=touched))
    past = MetricDimension.history.order_by().values_list("metric", "dimension")
    for metric, dimension in set(filtered(past, id=gone)):
        of_it = rows.filter(dimension=dimension, observation__metric=metric)
        yield undeclared(of_it)


def _hidden_since(change):
    """Codes of published observations that may not be public."""
    rows = ObservationCode.objects.order_by()
    for of_these in in_runs(change.keys(Observation), "observation"):
        yield hidden(rows.filter(of_these))
    for of_these in in_runs(change.keys(ObservationCode)):
        yield hidden(rows.filter(of_these))
    for model, name in ((Code, "code"), (Dimension, "dimension")):
        withdrawn = model.objects.exclude(status=model.Status.PUBLISHED).order_by()
        withdrawn = withdrawn.values_list("pk", flat=True)
        for key in filtered(withdrawn, pk=change.keys(model)):
            yield hidden(rows.filter(**{name: key}))

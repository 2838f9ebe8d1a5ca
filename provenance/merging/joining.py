"""Pairs two records to be merged, and checks that they can be."""

from django.utils.translation import gettext as _

from ..db.trees import Tree
from ..models import Citation, Distinction, Record
from ..models.renaming import naming
from .citations import JoiningCitations
from .plans import Plan
from .rows import JoiningRows
from .rules import table_of
from .values import JoiningValues


class Joining(JoiningValues, JoiningRows, JoiningCitations):
    """Two records on their way to be one; ``same`` maps what is one already."""

    def __init__(self, winner, loser, same=None):
        self.winner, self.loser = (
            getattr(record, "specific", record) for record in (winner, loser)
        )
        self.model = type(self.winner)
        self.same = {**(same or {})}
        self.same[table_of(self.model), self.loser.pk] = self.winner.pk
        self.moves, self.falls, self.cites, self.inner = [], [], [], []
        self.blocks, self.notes = [], []
        self.values, self.placed = {}, {}

    def plan(self):
        """The whole plan, or what blocks it."""
        if blocks := tuple(self._blocks()):
            return Plan(self.winner, self.loser, blocks)
        self._join_values()
        for model, link in self._links():
            rows = model._base_manager.filter(**{link.name: self.loser.pk})
            for row in rows.order_by("pk"):
                if isinstance(row, Citation):
                    self._cite(row, link)
                else:
                    self._move(row, link)
        self._claim_for_the_whole()
        self._note_disputes()
        return Plan(
            self.winner,
            self.loser,
            tuple(self.blocks),
            tuple(self.values.values()),
            self._taken(),
            tuple(self._names()),
            tuple(self.moves),
            tuple(self.falls),
            tuple(self.cites),
            tuple(self.inner),
            len(list(naming(self.model, self.loser.slug))),
            self._distinction(),
        )

    def _blocks(self):
        """Why the two cannot be merged."""
        winner, loser = self.winner, self.loser
        names = {"winner": winner.slug, "loser": loser.slug}
        if type(winner) is not type(loser):
            yield _(
                "“%(loser)s” (%(its)s) and “%(winner)s” (%(kind)s) are of different "
                "kinds; only records of one kind are merged."
            ) % {
                **names,
                "its": loser._meta.verbose_name,
                "kind": winner._meta.verbose_name,
            }
            return
        if winner.pk == loser.pk:
            yield _("“%(winner)s” is already one; name two records.") % names
            return
        published = Record.Status.PUBLISHED
        if loser.status == published != winner.status:
            yield (
                _(
                    "“%(loser)s” is published and “%(winner)s” is not; merge them the "
                    "other way round, or publish “%(winner)s” first."
                )
                % names
            )
        for name in self.model.merged_within:
            link = self.model._meta.get_field(name)
            if self._now(loser, link) != self._now(winner, link):
                yield _(
                    "“%(loser)s” belongs to “%(its)s” and “%(winner)s” to “%(other)s”; "
                    "merge these two first."
                ) % {
                    **names,
                    "its": getattr(loser, name).slug,
                    "other": getattr(winner, name).slug,
                }
        if isinstance(winner, Tree):
            for one, other in ((winner, loser), (loser, winner)):
                if one.pk in self.model.and_below(other):
                    yield _(
                        "“%(lower)s” is below “%(upper)s” in the hierarchy, and "
                        "merging them would make a circular reference; give "
                        "“%(lower)s” another parent first."
                    ) % {"lower": one.slug, "upper": other.slug}

    def _distinction(self):
        """That the two were judged not to be the same, if they were."""
        one, other = sorted((self.winner.slug, self.loser.slug))
        return Distinction.objects.filter(
            type=self.model.type_name(), one=one, other=other
        ).first()


def plan(winner, loser):
    """What merging the loser into the winner would do; nothing is written."""
    return Joining(winner, loser).plan()

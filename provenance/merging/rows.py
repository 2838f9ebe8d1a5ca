"""Moves the rows that refer to a record that is merged, or drops duplicates."""

import copy

from django.db import models

from ..history.reading import columns
from ..models import Dispute, Record
from ..tracking.dependent_columns import Follower
from ..tracking.nested_rows import OwnerThrough, rows_within
from ..tracking.tracked import Tracked
from .plans import Fall, Move
from .rules import holds, is_empty, table_of


class JoiningRows:
    """Two records on their way to be one: what names them."""

    def _links(self):
        """Every foreign key to such a record: those of records first."""
        links = [
            (relation.related_model, relation.field)
            for relation in self.model._meta.related_objects
            if not relation.many_to_many
            and not relation.field.remote_field.parent_link
            and issubclass(relation.related_model, Tracked)
            and not issubclass(relation.related_model, Dispute)  # derived
            and not isinstance(relation.field, OwnerThrough)  # it goes with its row
        ]
        return sorted(links, key=lambda link: not issubclass(link[0], Record))

    def _now(self, row, column):
        """What a column of a row holds, with what is one already taken for one."""
        value = getattr(row, column.attname)
        if column.is_relation:
            return self.same.get((table_of(column.related_model), value), value)
        return value

    def _move(self, row, link):
        """Moves a row to the winner, or lets it fall together with one of its own."""
        if (table_of(type(row)), row.pk) in self.same:
            return  # it fell together with another already
        if self._links_with_itself(row, link):
            self.falls.append(Fall(None, row))
        elif row.counted_by:
            self._line_up(row, link)
        elif (twin := self._twin(row, link)) is None:
            self.moves.append(Move(row, link))
        elif isinstance(row, Record):
            inner = type(self)(twin, row, self.same)
            self.inner.append(inner.plan())
            self.same |= inner.same
            self.blocks += self.inner[-1].blocks
        else:
            self._fall(twin, row)

    def _links_with_itself(self, row, link):
        """Whether it would link the winner with the winner."""
        return any(
            column.is_relation
            and column is not link
            and table_of(column.related_model) is table_of(self.model)
            and self._now(row, column) == self.winner.pk
            for column in row._meta.concrete_fields
        )

    def _twin(self, row, link):
        """The row of the winner that leaves no room for this one, if there is one."""
        for constraint in row._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint):
                continue
            fields = [row._meta.get_field(name) for name in constraint.fields]
            if not any(_changes_with(field, link, type(row)) for field in fields):
                continue
            key = {column.attname: self._now(row, column) for column in fields}
            if None in key.values():
                continue
            found = type(row)._base_manager.filter(**key).exclude(pk=row.pk)
            if constraint.condition:
                found = found.filter(constraint.condition)
            if twin := found.first():
                return twin
        return None

    def _fall(self, kept, gone):
        """One row of two; what only the other says is taken over, or noted."""
        trial, filled = copy.copy(kept), []
        for column in columns(type(gone)):
            ours, theirs = self._now(kept, column), self._now(gone, column)
            if is_empty(theirs) or ours == theirs:
                continue
            if is_empty(ours):
                setattr(trial, column.attname, theirs)
                if holds(trial):
                    filled.append((column.attname, theirs))
                    continue
                setattr(trial, column.attname, ours)
            value = getattr(gone, column.name)
            self.notes.append(
                f"{gone._meta.verbose_name} {gone}, {column.name}: "
                f"{getattr(value, 'slug', value)}"
            )
        inner = tuple(self._only_of(kept, gone))
        self.falls.append(Fall(kept, gone, tuple(filled), inner))
        self.same[table_of(type(gone)), gone.pk] = kept.pk

    def _only_of(self, kept, gone):
        """What belongs to the one row, and has no like that belongs to the other."""
        for link in rows_within(type(gone)):
            rows, columns_of = link.model.objects, columns(link.model)

            def said(row, told=columns_of):
                return tuple(self._now(row, column) for column in told)

            there = {said(row) for row in rows.filter(**{link.name: kept.pk})}
            for row in rows.filter(**{link.name: gone.pk}):
                if said(row) not in there:
                    yield row, link

    def _line_up(self, row, link):
        """Puts a row that has a place behind the last, unless the winner says it."""
        others = type(row)._base_manager.filter(**{link.name: self.winner.pk})
        said = [
            column
            for column in columns(type(row))
            if column.name not in (link.name, row.counted_by)
        ]
        for other in others:
            if all(getattr(row, c.attname) == getattr(other, c.attname) for c in said):
                self.falls.append(Fall(other, row))
                return
        last = others.aggregate(last=models.Max(row.counted_by))["last"] or 0
        last += sum(isinstance(move.row, type(row)) for move in self.moves) + 1
        self.moves.append(Move(row, link, ((row.counted_by, last),)))


def _changes_with(column, link, model):
    """Whether a column is the link, or is derived from it."""
    if isinstance(column, Follower) and link.attname in column.read_columns(model):
        return True
    return column.name == link.name

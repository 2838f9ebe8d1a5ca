"""The values of a record that is merged: taken over, stated, a name or a note."""

import copy

from django.core.exceptions import ValidationError

from ..values.stated_values import recorded_text
from ..values.text import Prose
from ..values.translations import original_of
from .plans import Becomes, Value
from .rules import holds

NAMES = "names"  # the list that holds every name of a record


class JoiningValues:
    """Two records on their way to be one: what each says of itself."""

    def _join_values(self):
        """Finds what the loser says and the winner does not, and where it goes."""
        values = self.values
        columns = (self.model._meta.get_field(name) for name in self.model.columns)
        for column in columns:
            if column.many_to_many or self._now(self.winner, column) == self._now(
                self.loser, column
            ):
                continue
            name = column.name
            ours, theirs = (
                recorded_text(record, name) for record in (self.winner, self.loser)
            )
            if theirs:
                becomes = self._becomes(column, ours, theirs)
                values[name] = Value(name, ours, theirs, becomes)
        self._keep_what_cannot_be_taken()
        for value in values.values():
            if value.becomes == Becomes.NOTED:
                self.notes.append(f"{value.name}: {value.loser}")
        for name in ("public_note", "public_note_es", "private_note"):
            ours, theirs = getattr(self.winner, name), getattr(self.loser, name)
            if theirs and theirs != ours:
                values[name] = Value(name, ours, theirs, self._of_note(name, ours))

    def _becomes(self, column, ours, theirs):
        """What becomes of a value that the loser has and the winner has not."""
        original = original_of(column.name)
        if original is None:
            return self._kept_as(column, theirs) if ours else Becomes.TAKEN
        # A translation goes where what it translates goes; no source states one.
        value = self.values.get(original)
        is_of_another = value is not None and value.becomes != Becomes.TAKEN
        return Becomes.NOTED if ours or is_of_another else Becomes.TAKEN

    def _kept_as(self, column, theirs):
        """What becomes of a value where the winner has, and keeps, another."""
        is_label = column.name == self.model.label_field
        if is_label and NAMES in self.model.lists:
            return Becomes.NAME
        if not self._is_cited() or not self._can_be_stated(theirs):
            return Becomes.NOTED
        cited = self.loser.citations.all()
        if any(self._vouches(citation, column.name, theirs) for citation in cited):
            return Becomes.CLAIM
        # Titles and prose are our own words: no source for the whole states these.
        ours_alone = is_label or isinstance(column, Prose)
        if ours_alone or not any(not citation.field for citation in cited):
            return Becomes.NOTED
        return Becomes.CLAIM

    def _of_note(self, name, ours):
        public = self.loser.status == self.winner.status or name == "private_note"
        if not public:  # what a draft says is not published by a merge
            self.notes.append(f"{name}: {getattr(self.loser, name)}")
            return Becomes.NOTED
        return Becomes.JOINED if ours else Becomes.TAKEN

    def _can_be_stated(self, text):
        try:
            self.model.citation_model()._meta.get_field("stated").clean(text, None)
        except ValidationError:  # too long, or of several lines
            return False
        return True

    @staticmethod
    def _vouches(citation, name, text):
        """Whether a citation of the loser supports what the loser says."""
        return citation.field == name and citation.stated in ("", text)

    def _keep_what_cannot_be_taken(self):
        """Keeps as if it differed what would break a rule of the winner."""
        values = self.values
        free = [v.name for v in values.values() if v.becomes == Becomes.TAKEN]
        trial = copy.copy(self.winner)
        for name in free:
            setattr(trial, name, getattr(self.loser, name))
        if holds(trial):
            return
        trial = copy.copy(self.winner)
        for name in free:
            before = getattr(trial, name)
            setattr(trial, name, getattr(self.loser, name))
            if holds(trial):
                continue
            setattr(trial, name, before)
            column, value = self.model._meta.get_field(name), values[name]
            becomes = self._kept_as(column, value.loser)
            values[name] = Value(name, value.winner, value.loser, becomes)

    def _taken(self):
        """What the winner's fields are to hold."""
        values = self.values
        taken = {
            value.name: getattr(self.loser, value.name)
            for value in values.values()
            if value.becomes == Becomes.TAKEN
        }
        for value in values.values():
            if value.becomes == Becomes.JOINED:
                taken[value.name] = f"{value.winner}\n\n{value.loser}"
        if self.notes:
            before = taken.get("private_note", self.winner.private_note)
            said = "\n".join([f"Merged with “{self.loser.slug}”:", *self.notes])
            taken["private_note"] = f"{before}\n\n{said}".strip()
        return taken

    def _names(self):
        """The names that the winner gets besides those that are rows of the loser."""
        if NAMES not in self.model.lists:
            return
        ours, theirs = (list(r.names.all()) for r in (self.winner, self.loser))
        texts = {row.text for row in (*ours, *theirs)}
        added = self.loser.label not in {*texts, self.winner.label}
        if not ours and (theirs or added) and self.winner.label not in texts:
            # Else it would be called by the other's names at every date.
            yield self.winner.label, "official"
        if added:
            yield self.loser.label, "short"

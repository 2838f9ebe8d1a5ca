"""Moves the citations of a record that is merged."""

import copy
from itertools import count

from ..models import Citation
from ..values.stated_values import join_list
from .plans import Becomes, Cite, Fall
from .values import NAMES

PLACE = ("record_id", "field", "source_id", "locator")


class JoiningCitations:
    """Two records on their way to be one: who says what of them."""

    def _cite(self, citation, link):
        """Moves a citation; it goes on saying what it said of the loser."""
        changes = {link.attname: self.winner.pk}
        if link.name == "record":
            changes |= self._restated(citation)
        self._place(citation, changes)

    def _restated(self, citation):
        """What a citation of the loser has to state to say the same of the winner."""
        name = citation.field
        if name in self.model.lists:
            ours, theirs = (
                join_list(record.listed(name)) for record in (self.winner, self.loser)
            )
            differs = ours and theirs and ours != theirs and not citation.stated
            return {"stated": theirs} if differs and self._can_be_stated(theirs) else {}
        value = self.values.get(name)
        if value is None or not self._vouches(citation, name, value.loser):
            return {}
        if value.becomes == Becomes.NAME:
            return {"field": NAMES, "stated": value.loser}
        return {"stated": value.loser} if value.becomes == Becomes.CLAIM else {}

    def _claim_for_the_whole(self):
        """Has the sources for the whole state what no citation of the field states."""
        cited = list(self.loser.citations.all()) if self._is_cited() else []
        for value in self.values.values():
            if value.becomes != Becomes.CLAIM:
                continue
            if any(self._vouches(each, value.name, value.loser) for each in cited):
                continue
            for citation in cited:
                if not citation.field:
                    claim = type(citation)(
                        source_id=citation.source_id,
                        locator=citation.locator,
                        as_of=citation.as_of,
                    )
                    changes = {"field": value.name, "stated": value.loser}
                    changes["record_id"] = self.winner.pk
                    self._place(claim, changes)

    def _place(self, citation, changes):
        """Finds a citation its place, or the one there that says the same already."""
        stands = copy.copy(citation)
        for name, value in changes.items():
            setattr(stands, name, value)
        for number in count(2):
            twin = self._in_its_place(stands)
            if twin is None:
                break
            filled = joined(twin, stands)
            if filled is not None:
                if citation.pk:
                    self.falls.append(Fall(twin, citation, tuple(filled.items())))
                return
            changes["locator"] = stands.locator = numbered(citation.locator, number)
        self.placed[place_of(stands)] = stands
        self.cites.append(Cite(citation, changes, is_new=not citation.pk))

    def _in_its_place(self, stands):
        """The citation that stands, or will stand, where this one is to stand."""
        if twin := self.placed.get(place_of(stands)):
            return twin
        key = dict(zip(PLACE, place_of(stands), strict=True))
        found = type(stands)._base_manager.filter(**key)
        return found.exclude(pk=stands.pk).first() if stands.pk else found.first()

    def _note_disputes(self):
        """Keeps what was said of disputes that no citation settles."""
        if not self._is_cited():
            return
        for dispute in self.loser.disputes.exclude(assessment=""):
            self.notes.append(
                f"dispute ({dispute.kind}), {dispute.field}: {dispute.assessment}, "
                f"{dispute.note}"
            )

    def _is_cited(self):
        """Whether such records have citations; sources have none."""
        return hasattr(self.model, "citations")


def place_of(citation):
    """What no two citations of a kind have in common."""
    return tuple(getattr(citation, name) for name in PLACE)


def numbered(locator, number):
    """A place in a source, told from one that is cited for something else."""
    mark = f"({number})"
    longest = Citation._meta.get_field("locator").max_length - len(mark) - 1
    return f"{locator[:longest]} {mark}".strip()


def joined(kept, gone):
    """What one citation takes over from another that says the same; None if not."""
    if (kept.stated, kept.assessment) != (gone.stated, gone.assessment):
        return None
    filled = {}
    for name in ("as_of", "note", "note_es", "quotation"):
        ours, theirs = getattr(kept, name), getattr(gone, name)
        if theirs and ours and ours != theirs:
            return None
        if theirs and not ours:
            filled[name] = theirs
    return filled

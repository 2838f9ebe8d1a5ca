"""Plans a merge: all that moves, stays and differs, before any is written."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..models import Citation, Distinction, Record

SAMPLES = 5  # rows that a preview names


class Becomes(models.TextChoices):
    """What becomes of a value of the record that is merged into another."""

    TAKEN = "taken", _("taken over: the other has none")
    CLAIM = "claim", _("stated by its sources")
    NAME = "name", _("one more name")
    JOINED = "joined", _("added to the note")
    NOTED = "noted", _("kept in the private note")


@dataclass(frozen=True)
class Value:
    """A field of which the loser says something that the winner does not."""

    name: str
    winner: str
    loser: str
    becomes: Becomes


@dataclass(frozen=True)
class Move:
    """A row that names the winner from then on, and what else changes in it."""

    row: models.Model
    link: models.ForeignKey
    changes: tuple = ()


@dataclass(frozen=True)
class Fall:
    """A row that both have: one stays, and takes what only the other says."""

    kept: models.Model | None  # None: it would link the winner with itself
    gone: models.Model
    filled: tuple = ()
    inner: tuple = ()  # what belongs to it and goes on to the other: rows, with a link


@dataclass(frozen=True)
class Cite:
    """A citation as it will stand; one that only now names a field is a new one."""

    citation: Citation
    changes: dict
    is_new: bool = False


@dataclass(frozen=True)
class Plan:
    """What becomes of two records that are merged, or why they cannot be."""

    winner: Record
    loser: Record
    blocks: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    taken: dict = field(default_factory=dict)
    names: tuple[tuple[str, str], ...] = ()  # new rows: a text, and its kind
    moves: tuple[Move, ...] = ()
    falls: tuple[Fall, ...] = ()
    cites: tuple[Cite, ...] = ()
    inner: tuple = ()  # the plans of records that fall together because these do
    mentions: int = 0  # what sources state elsewhere by the slug of the loser
    distinction: Distinction | None = None

    @property
    def relations(self):
        """What moves, relation by relation: its name, how many, and some of them."""
        found = {}
        for move in self.moves:
            meta = move.row._meta
            title = f"{meta.verbose_name_plural} ({move.link.verbose_name})"
            found.setdefault(title, []).append(str(move.row))
        return [(title, len(rows), rows[:SAMPLES]) for title, rows in found.items()]

    @property
    def claims(self):
        """The citations of which the text or the place changes, or which are new."""
        return [cite for cite in self.cites if cite.changes.keys() - {"record_id"}]

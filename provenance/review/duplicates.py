"""Finds possible duplicates: the same name, and no distinguishing data.

Nobody reads ten thousand names against ten thousand: only those are compared that share
one of their rarest words, or one that is a slip away from it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from ..models import Distinction, Record
from ..search.likeness import (
    SHORTEST_MISSPELT,
    likeness,
    likeness_of_people,
    likeness_of_titles,
)
from ..search.name_words import glued, initials_of, words_of, words_of_person
from ..search.sounds import sound_of
from ..values.contradiction import Standing
from ..values.dates import Spanned
from ..values.stated_values import agreement_of, recorded_text

MOST_SHARING = 100  # records behind one word: a more common one tells nothing
EDGES = ("earliest", "latest")  # of a start and of an end: as long as it may be


@dataclass(frozen=True)
class Pair:
    """Two records that may be the same: how alike they are, in percent, and why."""

    one: Record
    other: Record
    score: int
    reason: str

    def in_order(self):
        """The same with the first in the alphabet of slugs first."""
        one, other = sorted((self.one, self.other), key=lambda record: record.slug)
        return Pair(one, other, self.score, self.reason)


def is_compared(model):
    """Whether records of a kind are known by a name of their own."""
    return any(field.name == model.label_field for field in model._meta.fields)


def duplicates(model, keys=None):
    """The pairs of records of a kind that may be the same, the most alike first.

    With ``keys``, those among the records of these keys.
    """
    if not is_compared(model):
        return []
    names, pairs = Names(model, keys), {}
    for record in names.records.values():
        for pair in names.like(record):
            both = frozenset((pair.one.pk, pair.other.pk))
            pairs.setdefault(both, pair.in_order())
    return sorted(
        pairs.values(), key=lambda pair: (-pair.score, pair.one.slug, pair.other.slug)
    )


def distinguish(one, other, note=""):
    """Remembers that two records are not the same; they are no candidates any more."""
    first, second = sorted((one.slug, other.slug))
    kind = one.type_name()
    found = Distinction.objects.filter(type=kind, one=first, other=second).first()
    distinction = found or Distinction(type=kind, one=first, other=second)
    distinction.note = note
    distinction.full_clean()
    distinction.save()
    return distinction


class Names:
    """All names of all records of a kind, to find those like a given one.

    With ``keys``, of the records of these keys alone; with ``last``, of those that were
    made no later than the one of this key.
    """

    def __init__(self, model, keys=None, last=None):
        self.model = model
        self.is_of_people = model.names_of_people
        self._has_lists = bool(lists_of(model))
        self._words_of = words_of_person if self.is_of_people else words_of
        self._compare = likeness_of_people if self.is_of_people else likeness
        records = model._default_manager.order_by("slug")
        if last is not None:
            records = records.filter(pk__lte=last)
        self.records = records.in_bulk() if keys is None else records.in_bulk(keys)
        self.names = defaultdict(list)  # by key of a record
        self.distinct = set(
            Distinction.objects.filter(type=model.type_name()).values_list(
                "one", "other"
            )
        )
        self.by_words, self.by_word = defaultdict(set), defaultdict(set)
        self.by_initials, self.single = defaultdict(set), defaultdict(set)
        for key, record in self.records.items():
            for label in record.labels:
                self._enter(key, label)
        for rows in model.named_by:
            relation = model._meta.get_field(rows)
            texts = relation.related_model._default_manager.all()
            if keys is not None:
                texts = texts.filter(**{f"{relation.field.name}__in": keys})
            elif last is not None:
                texts = texts.filter(**{f"{relation.field.name}__lte": last})
            for key, text in texts.values_list(relation.field.attname, "text"):
                self._enter(key, text)
        self.common = Counter({word: len(keys) for word, keys in self.by_word.items()})

    def _enter(self, key, name):
        words = self._words_of(name)
        if name in self.names[key] or not words:
            return
        self.names[key].append(name)
        self.by_words["".join(sorted(words))].add(key)
        self.by_words["".join(words)].add(key)
        self.by_words[glued(name)].add(key)
        for word in words:
            for written in self._written(word):
                self.by_word[written].add(key)
        if self.is_of_people:
            return
        if len(words) == 1:
            self.single[words[0]].add(key)
        for initials in initials_of(name):
            self.by_initials[initials].add(key)

    def like(self, record):
        """The pairs of this record, which may be new, and others that may be it."""
        names = self.names.get(record.pk) or record.labels
        found = set()
        for name in names:
            found |= self._near(name)
        found.discard(record.pk)
        pairs = (self._pair(record, names, self.records[key]) for key in found)
        return sorted(
            (pair for pair in pairs if pair),
            key=lambda pair: (-pair.score, pair.other.slug),
        )

    def _near(self, name):
        """The keys of the records that a name has to be compared with."""
        words = self._words_of(name)
        near = set().union(
            self.by_words["".join(sorted(words))],
            self.by_words["".join(words)],
            self.by_words[glued(name)],
        )
        if not self.is_of_people:
            for initials in initials_of(name):
                near = near | self.single[initials]
            if len(words) == 1:
                near = near | self.by_initials[words[0]]
        whole = [word for word in words if len(word) > 1] or words
        rarest = sorted(whole, key=lambda word: (self.common[word], word))
        for word in rarest[: len(whole) // 2 + 1]:
            for written in self._written(word):
                if self.common[written] <= MOST_SHARING:
                    near = near | self.by_word[written]
        return near

    def _written(self, word):
        """A word as it may be written: with a slip, and of people by ear."""
        sound = sound_of(word) if self.is_of_people else ""
        return slips(word) | {f"={sound}"} if sound else slips(word)

    def _pair(self, record, names, other):
        """The two as a pair; None if nothing says that they may be the same."""
        if tuple(sorted((record.slug, other.slug))) in self.distinct:
            return None
        if isinstance(record, Spanned) and not _overlap(record, other):
            return None
        found = [
            alike
            for name in names
            for theirs in self.names[other.pk]
            if (alike := self._compare(name, theirs))
        ]
        if not found and self._has_lists:
            alike = likeness_of_titles(record.label, other.label)
            found = [alike] if alike and share_all_lists(record, other) else []
        best = max(found, key=lambda alike: alike.score, default=None)
        if best is None or are_apart(record, other):
            return None
        return Pair(record, other, best.score, best.reason)


def slips(word):
    """A word, and all that is left of it without one of its letters.

    Two words that are one slip apart have one of these in common.
    """
    if len(word) < SHORTEST_MISSPELT or word.isdigit():
        return {word}
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def are_apart(one, other):
    """Whether two records cannot be the same, whatever they are called."""
    for name in one.told_apart_by:
        if name in one.lists:
            apart = share(one, other, name) is False
        else:
            stated = recorded_text(other, name)
            apart = agreement_of(one, name, stated) == Standing.CONTRADICTS
        if apart:
            return True
    return False


def share(one, other, name):
    """Whether two lists share more than half of the shorter; None if one is empty."""
    ours, theirs = (
        set(record.listed(name)) if record.pk else set() for record in (one, other)
    )
    if not ours or not theirs:
        return None
    return 2 * len(ours & theirs) > min(len(ours), len(theirs))


def share_all_lists(one, other):
    """Whether two records share each list by which such records are told apart."""
    return all(share(one, other, name) for name in lists_of(type(one)))


def lists_of(model):
    """The lists by which such records are told apart."""
    return [name for name in model.told_apart_by if name in model.lists]


def _overlap(one, other):
    """Whether two records may have held on one day."""
    start, end = longest(type(one))
    return getattr(one, start) <= getattr(other, end) and getattr(
        other, start
    ) <= getattr(one, end)


def longest(model):
    """The columns between which a record of a kind may have held."""
    return [f"{name}_{edge}" for name, edge in zip(model.span, EDGES, strict=True)]

"""A plan of a merge as it is shown: in labels, with what is the same told once."""

from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist

from ..merging.plans import Plan
from ..values.folding import fold
from ..values.labels import field_label


@dataclass(frozen=True)
class Difference:
    """A field in which two records differ, as people read it."""

    label: str
    winner: str
    loser: str
    becomes: str


@dataclass(frozen=True)
class Preview:
    """What a merge of two records would do."""

    plan: Plan

    @property
    def winner(self):
        """What the record is called that stays."""
        return str(self.plan.winner)

    @property
    def loser(self):
        """What the record is called that goes."""
        return str(self.plan.loser)

    @property
    def kind(self):
        """What such records are called."""
        return self.plan.loser._meta.verbose_name

    @property
    def values(self):
        """Where they differ."""
        winner, loser = self.plan.winner, self.plan.loser
        return [
            Difference(
                field_label(type(loser), value.name),
                shown(winner, value.name, value.winner),
                shown(loser, value.name, value.loser),
                value.becomes.label,
            )
            for value in self.plan.values
        ]

    @property
    def falls(self):
        """What both have and is kept once: each text, and how often it is there."""
        return Counter(str(fall.gone) for fall in self.plan.falls).most_common()

    @property
    def claims(self):
        """The citations of which something changes, each in a line."""
        kind = type(self.plan.loser)
        lines = []
        for cite in self.plan.claims:
            said = {**vars(cite.citation), **cite.changes}
            place = f"{cite.citation.source}: {field_label(kind, said['field'])}"
            stated = f" “{said['stated']}”" if cite.changes.get("stated") else ""
            locator = cite.changes.get("locator")
            lines.append(f"{place}{stated}{f', {locator}' if locator else ''}")
        return Counter(lines).most_common()

    @property
    def inner(self):
        """The records that fall together because these do."""
        return [Preview(inner) for inner in self.plan.inner]

    @property
    def share_no_name(self):
        """Whether they are people who have no word of any name in common."""
        records = (self.plan.winner, self.plan.loser)
        if not self.plan.winner.names_of_people:
            return False
        one, other = map(_words_of, records)
        return not one & other


def shown(record, name, text):
    """A value as people read it; in its text form where it has no other."""
    if not text:
        return ""
    try:
        column = record._meta.get_field(name)
    except FieldDoesNotExist:
        return text
    value = getattr(record, name, None)
    if getattr(column, "choices", None):
        return str(getattr(record, f"get_{name}_display")())
    if column.is_relation and not column.many_to_many and value is not None:
        return str(value)
    return getattr(value, "readable", text)


def _words_of(record):
    names = [record.label, *(row.text for row in record.names.all())]
    return {word for name in names for word in fold(name).split() if len(word) > 1}

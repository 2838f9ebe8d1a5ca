"""What each source says of a record, the versions beside each other."""

from collections import defaultdict
from dataclasses import dataclass

from ..evidence.shown import Shown, recorded_of, shown_texts, stated_by
from ..models import Citation, Source
from ..values.contradiction import Standing
from .facts import label_of

SOURCES = 6  # beside each other; the table of citations has the others
EACH = 5  # things that a source says of one field


@dataclass
class Said:
    """One thing that a source says of a field, and where in it."""

    citation: Citation
    locators: list[str]
    shown: Shown | None = None
    added: frozenset[str] = frozenset()  # items of a list that the record has not

    @property
    def repeats(self):
        """Whether it names all that is recorded in a list, which is told beside it."""
        names_all = self.citation.agreement == Standing.AGREES
        return names_all and self.citation.field in self.citation.record.lists

    @property
    def differs(self):
        """Whether it cannot be true together with what is recorded."""
        return self.citation.agreement == Standing.CONTRADICTS


@dataclass
class Line:
    """One field: what is recorded of it, and by each source what that says.

    With it goes how many other things the source says of the field.
    """

    name: str
    label: str
    said: list[tuple[Source, list[Said], int]]
    recorded: Shown | None = None

    @property
    def silent(self):
        """How many of the sources say nothing of it."""
        return sum(not several for _source, several, _more in self.said)

    @property
    def all_said(self):
        return [one for _source, several, _more in self.said for one in several]


@dataclass(frozen=True)
class Versions:
    """The sources on a record, those that say most first, and what each says of it."""

    sources: list[Source]
    more: int  # sources that are not shown
    lines: list[Line]


def versions_of(record):
    """The versions of a record that is read for the public; None of fewer than two."""
    cited, fields = defaultdict(list), defaultdict(set)
    for citation in record.citations.all():
        cited[citation.field, citation.source].append(citation)
        fields[citation.source].add(citation.field)
    if len(fields) < 2:
        return None
    sources = sorted(fields, key=lambda one: (-len(fields[one]), one.slug))
    shown = sources[:SOURCES]
    named = {name for name, _source in cited}
    lines = [
        Line(
            name,
            label_of(type(record), name),
            [(source, *_said(cited[name, source])) for source in shown],
        )
        for name in type(record).citable
        if name in named
    ]
    _read_out(record, lines)
    return Versions(shown, len(sources) - len(shown), lines)


def _said(citations):
    """The first things that citations of one field say, and how many others."""
    said = {}
    for citation in citations:
        one = said.setdefault(citation.stated, Said(citation, []))
        one.locators += [citation.locator] if citation.locator else []
    return list(said.values())[:EACH], max(len(said) - EACH, 0)


def _read_out(record, lines):
    """Gives the lines what is recorded, and what is said, in words."""
    speaking, asked = [], []
    for line in lines:
        speaking.append((line, "recorded"))
        asked.append(recorded_of(record, line.name))
        for said in line.all_said:
            speaking.append((said, "shown"))
            asked.append(stated_by(said.citation))
    for (one, name), shown in zip(speaking, shown_texts(asked), strict=True):
        setattr(one, name, shown)
    for line in lines:
        ours = {item.text for item in line.recorded.items}
        for said in line.all_said:
            if said.differs:
                said.added = frozenset(i.text for i in said.shown.items) - ours

"""Mappings that a form can hold: one table, a column or a constant for each of ours."""

import json
import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches

from ...resources.importing import tables
from ...values.folding import fold
from .parsing import TOP

WORDS = {"from", "dates", "map"}  # what a simple column may say


@dataclass(frozen=True)
class SimpleColumn:
    """What feeds one column of ours: a foreign one, read in some way, or a constant."""

    source: str = ""
    constant: str = ""
    dates: str = ""
    map: dict[str, str] = field(default_factory=dict)

    def toml(self):
        if not self.source:
            return quoted(self.constant)
        parts = [f"from = {quoted(self.source)}"]
        if self.dates:
            parts.append(f"dates = {quoted(self.dates)}")
        if self.map:
            pairs = (f"{quoted(key)} = {quoted(to)}" for key, to in self.map.items())
            parts.append(f"map = {{{', '.join(pairs)}}}")
        return f"{{{', '.join(parts)}}}"


@dataclass(frozen=True)
class SimpleMapping:
    """A mapping of one table that says no more than a form can show."""

    name: str
    table: str
    columns: dict[str, SimpleColumn]
    unused: tuple[str, ...] = ()

    def toml(self):
        """It as the text of a mapping file."""
        lines = [f"name = {quoted(self.name)}"]
        if self.unused:
            lines.append(f"unused = [{', '.join(map(quoted, self.unused))}]")
        lines += ["", f"[{self.table}]"]
        lines += [f"{name} = {column.toml()}" for name, column in self.columns.items()]
        return "\n".join(lines) + "\n"

    @classmethod
    def from_toml(cls, text):
        """The mapping in a text that is right; None if it says more than a form can."""
        document = tomllib.loads(text)
        sections = [key for key in document if key not in TOP]
        if "read" in document or len(sections) != 1 or sections[0] not in tables():
            return None
        (table,) = sections
        known, columns = tables()[table]().fields, {}
        for name, value in document[table].items():
            if name not in known:
                return None
            if isinstance(value, str):
                columns[name] = SimpleColumn(constant=value)
            elif isinstance(value, dict) and {"from"} <= value.keys() <= WORDS:
                columns[name] = SimpleColumn(
                    value["from"], "", value.get("dates", ""), value.get("map", {})
                )
            else:
                return None
        unused = tuple(document.get("unused", ()))
        return cls(document["name"], table, columns, unused)

    @property
    def headers(self):
        """The foreign columns that it knows of."""
        read = (column.source for column in self.columns.values() if column.source)
        return list(dict.fromkeys((*read, *self.unused)))


def matched(columns, headers):
    """For our columns the foreign ones that are called like them, if there are such."""
    free, found = {fold(header): header for header in reversed(headers)}, {}
    for closeness in (1.0, 0.75):  # what is called the same comes first
        for column in columns:
            if column not in found:
                near = get_close_matches(fold(column), list(free), 1, closeness)
                if near:
                    found[column] = free.pop(near[0])
    return found


def quoted(text):
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")

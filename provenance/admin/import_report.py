"""Prepares the report of an upload for its preview page."""

from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..history.wording import differences_of
from ..imports.reports import TOLD, tables_in
from ..models import ChangeSet
from ..resources.outcome import How, Kind
from ..review.permissions import may
from ..values.word_diff import marked
from .taking_back import by_record, changes_address, may_see

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True)
class Section:
    """The rows of one table that are of one kind, and how many there are of them."""

    id: str
    kind: str
    title: str
    rows: list
    number: int
    of_all: int  # how many of this kind all tables have, said in the last; else 0
    columns: tuple = ()  # of a table that has one for each
    table: str = ""  # where there are several

    @property
    def more(self):
        """How many are not shown."""
        return self.number - len(self.rows)


def facts_of(upload, goes_into):
    """How a file was read and what was asked, each with its name."""
    facts = {
        _("Tables") if upload.mapping else _("Table"): capfirst(goes_into),
        _("Mapping"): upload.mapping_name,
        _("Rows"): upload.rows,
        _("Format"): _format_of(upload),
        _("Size"): filesizeformat(upload.size),
        _("SHA-256"): upload.sha256[:12],
        _("Source"): ", ".join(
            text for text in (upload.source, upload.locator, upload.as_of) if text
        ),
        _("Reason"): upload.reason,
    }
    return [(name, fact) for name, fact in facts.items() if fact != ""]


def _format_of(upload):
    """What the file is written in."""
    if not upload.delimiter:
        return upload.encoding  # the kind of a workbook
    return _("%(encoding)s, delimiter: %(delimiter)s") % {
        "encoding": upload.encoding,
        "delimiter": DELIMITERS.get(upload.delimiter, upload.delimiter),
    }


def sections_of(report):
    """The rows of each kind that is told, in the order in which kinds are."""
    titles = {
        Kind.CHANGED: _("Changed"),
        Kind.CLAIM: _("What the source says"),
        Kind.NEW: _("New"),
        Kind.SAME: _("Unchanged"),
    }
    sections = []
    for kind in TOLD:  # a report that was kept earlier may not have all of them
        found = [table for table in tables_in(report) if table["rows"].get(kind)]
        for number, table in enumerate(found, 1):
            rows = table["rows"][kind]
            sections.append(
                Section(
                    # The counts at the top lead to the first.
                    id=kind.value if number == 1 else f"{kind.value}-{number}",
                    kind=kind.value,
                    title=titles[kind],
                    rows=[_row(row) for row in rows],
                    number=table["counts"][kind],
                    of_all=report["counts"][kind] if number == len(found) else 0,
                    columns=_columns(table, rows) if kind == Kind.NEW else (),
                    table=table.get("title", ""),
                )
            )
    return sections


def _columns(table, rows):
    """The columns in which any of these rows of a table has something."""
    used = {cell["column"] for row in rows for cell in row["cells"]}
    known = [name for name in table["columns"] if name in used]
    return (*known, *sorted(used - set(known)))


def _row(row):
    """A row with its cells by their columns, what differs in them marked."""
    cells = {}
    for cell in row["cells"]:
        before, after = marked(cell["before"], cell["after"])
        how = How(cell["how"])
        cells[cell["column"]] = {
            **cell,
            "marked_before": before,
            "marked_after": after,
            "is_claim": how != How.WRITTEN,
            "supports": how == How.SUPPORTS,
        }
    return {**row, "cells": cells}


def changes_since(user, report):
    """The changes since a preview, and what of the upload each has written."""
    named = {since["number"]: set(since["slugs"]) for since in report["since"]}
    found = ChangeSet.objects.select_related("user").filter(pk__in=named)
    told = differences_of(list(named), private=True) if named else {}
    may_look = may(user, "view", ChangeSet)
    return [
        {
            "change": change,
            "address": changes_address(change.pk) if may_look else "",
            "records": by_record(
                each
                for each in told.get(change.pk, ())
                if each.record.slug in named[change.pk] and may_see(user, each)
            ),
        }
        for change in found.order_by("number")
    ]

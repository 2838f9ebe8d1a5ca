"""Imports a file as claims of a source: what it supports, what it contradicts."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import F, Value
from django.utils.translation import gettext as _

from ..db.keys import Keys, in_runs
from ..models import Source
from ..tracking.bulk import insert_many, insert_read, update_many
from .columns import EMPTY, text_at
from .outcome import CellOutcome, How

CITED_AT_ONCE = 20_000  # new records: a statement for each thousand takes much longer


class Stated(str):
    """A cell that says more than its source does, with what that states."""

    __slots__ = ("stated",)

    def __new__(cls, text, stated):
        self = super().__new__(cls, text)
        self.stated = stated
        return self


@dataclass(frozen=True)
class Attribution:
    """Whose reading an import is: the source, where in it, and as of when.

    Cells of a record that it makes cite the source. Of a record that is there already
    nothing is overwritten: a cell that says what is recorded supports it, one that says
    something else is what the source states, an empty one says nothing.
    """

    source: Source
    locator: str = ""
    as_of: str = ""

    def cites(self, model, names):
        """Those of these columns that a source can be cited for."""
        return [name for name in names if name in getattr(model, "citable", ())]

    def cite_new(self, reading, keys, texts, given):
        """Cites the source for new records, and for each cell that says something.

        ``texts`` are canonical, by column; ``given`` are the rows as they came. What
        says just what is recorded waits for others: ``cite_waiting`` cites it.
        """
        names = self.cites(reading.model, self._stated_in(reading, texts))
        waiting, rows = reading.to_cite, []
        waiting[""].update(keys)
        for name in names:
            place = reading.headers.index(name)
            cells = [row[place] for row in given]
            if Stated in set(map(type, cells)):
                rows += [
                    self._citation(key, name, stated_in(cell), recorded=text)
                    for key, text, cell in zip(keys, texts[name], cells, strict=True)
                    if text
                ]
            elif any(texts[name]):
                waiting[name].update(keys)
        self._insert(reading, rows)
        if len(waiting[""]) >= CITED_AT_ONCE:
            self.cite_waiting(reading)

    def cite(self, reading, said):
        """Cites the source for records that are there; what that does to each.

        ``said`` has of each what is recorded, and the texts of the cells as the source
        states them. The answer has of each the cells that do something, or a
        ValidationError.
        """
        names = self.cites(reading.model, self._stated_in(reading, reading.headers))
        known = self._known(reading, [found.pk for found, _texts in said])
        made, changed, outcomes = [], [], []
        for found, texts in said:
            recorded = dict(zip(reading.headers, found.texts, strict=True))
            if others := self._not_stated(reading, recorded, texts):
                outcomes.append(ValidationError(others))
                continue
            cells = []
            for name in names:
                text, now = texts[name], recorded[name]
                if not text:
                    continue
                stated = "" if text == now else text
                citation = known.get((found.pk, name))
                if citation is None:
                    made.append(self._citation(found.pk, name, stated, now))
                elif citation.stated != stated:
                    citation.stated, citation.checked_against = stated, now
                    changed.append(citation)
                else:
                    continue
                how = How.STATES if stated else How.SUPPORTS
                cells.append(CellOutcome(name, now, text, how))
            outcomes.append(tuple(cells))
        self._insert(reading, made)
        if changed:
            names = ["stated", "checked_against"]
            update_many(type(changed[0]), changed, names, reading.job.change)
        return outcomes

    def _stated_in(self, reading, names):
        """The columns that the file itself fills: no constant of a mapping."""
        constants = getattr(reading.sheet, "constants", ())
        return [name for name in names if name not in constants]

    def _not_stated(self, reading, recorded, texts):
        """Why cells that differ are not taken: no source states such a thing."""
        citable = reading.model.citable
        return {
            name: not_stated(recorded[name])
            for name in self._stated_in(reading, reading.headers)
            if name not in citable and texts[name] and texts[name] != recorded[name]
        }

    def _known(self, reading, keys):
        """The citations of the source in this place, by record and field."""
        citations = reading.model.citation_model()._base_manager.filter(
            record__in=keys, source=self.source, locator=self.locator
        )
        return {(row.record_id, row.field): row for row in citations}

    def _citation(self, key, field="", stated="", recorded=""):
        return {
            "record_id": key,
            "source_id": self.source.pk,
            "field": field,
            "locator": self.locator,
            "stated": stated,
            "as_of": self.as_of,
            "checked_against": recorded,
        }

    def cite_waiting(self, reading):
        """Cites the source for new records that wait for it, and for their fields.

        The database does that by itself, of very many at once in a fifth of the time.
        """
        waiting, reading.to_cite = reading.to_cite, defaultdict(Keys)
        insert_read(
            reading.model.citation_model(),
            self._read(reading.model, waiting),
            self._citation(None),
            waiting[""],
            reading.job.change,
        )

    def _read(self, model, waiting):
        """What citations are made of: records that have something in a field, each
        with what a citation has of it.
        """
        for name, keys in waiting.items():
            read = {"record_id": F("pk"), "field": Value(name)}
            read["checked_against"] = (
                text_at(model._meta.get_field(name)) if name else EMPTY
            )
            for of_these in in_runs(keys):
                records = model._base_manager.filter(of_these).order_by("pk")
                if name:
                    records = records.alias(text=read["checked_against"])
                    records = records.exclude(text="")
                yield records, read

    def _insert(self, reading, rows):
        if rows:
            insert_many(
                reading.model.citation_model(),
                rows,
                reading.job.change,
                as_given=["checked_against"],
            )


def not_stated(recorded):
    """Why a cell that says something else is not taken: no source can be cited."""
    message = _(
        "a source cannot be cited for this column, and “%(recorded)s” "
        "is recorded; leave the column out, or import without a source."
    )
    return message % {"recorded": recorded}


def stated_in(cell):
    """What a source states where the cell says more; "" where it says just that."""
    return cell.stated if isinstance(cell, Stated) else ""


def takes_attribution(model):
    """Whether a table has records that sources are cited for."""
    return bool(getattr(model, "citable", ())) and hasattr(model, "citations")

"""Columns of CSV that follow from all others: written by the API, not read back.

A list that was saved as CSV comes back in as it went out, though nobody can import what
follows from the dates and citations of a record.
"""

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ..values.attestation import attestations_of
from ..values.bounds import Bound
from ..values.dates import Spanned
from ..values.grounds import citations_for, is_general_knowledge
from ..values.stated_values import join_list
from .columns import EMPTY, TEXT, Column, IsoDay
from .part_of_sheet import OfColumns

GENERAL_KNOWLEDGE, HOLDS = "general_knowledge", "holds"
ATTESTED_UNTIL = "attested_until"


def derived_columns(model):
    """The names of such columns of the records of a kind."""
    fields = model._meta.concrete_fields if model else ()
    names = {field.name for field in fields if isinstance(field, Bound)}
    is_dated = model is not None and issubclass(model, Spanned)
    also = {GENERAL_KNOWLEDGE, HOLDS, *told_besides(model)} if is_dated else set()
    return names | also


def told_besides(model):
    """What follows from others and is told who asks for it: texts, by their names."""
    besides = dict(getattr(model, "told_besides", dict)())
    if (kept := attestations_of(model)) and model().lasts:
        days = kept.objects.filter(record=OuterRef("pk")).values_list(
            IsoDay(F("until"))
        )
        besides[ATTESTED_UNTIL] = Coalesce(Subquery(days), EMPTY, **TEXT)
    return besides


def has_grounds(model):
    """Whether sources are cited for the dates of such rows, or for none of them."""
    return issubclass(model, Spanned) and citations_for(model) is not None


def general_knowledge(model):
    """The column of the dates of a record that no source states, by their names."""
    start, end = model.span
    no_start, no_end = (is_general_knowledge(model, name) for name in model.span)
    text = Case(
        When(no_start & no_end, then=Value(join_list([start, end]))),
        When(no_start, then=Value(start)),
        When(no_end, then=Value(end)),
        default=EMPTY,
        **TEXT,
    )
    return Column(GENERAL_KNOWLEDGE, text)


class WithoutDerived(OfColumns):
    """A sheet without the columns that follow from others."""

    @classmethod
    def of(cls, sheet, model):
        """The sheet as it is read into the table of a model."""
        derived = derived_columns(model)
        read = [name for name in sheet.headers if name not in derived]
        return cls(sheet, read) if len(read) < len(sheet.headers) else sheet

    @property
    def passed_over(self):
        """The sentence that these were not read."""
        names = ", ".join(sorted({*self.sheet.headers} - {*self.headers}))
        return _("Columns that follow from others were not read: %s.") % names

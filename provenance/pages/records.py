"""The page of a record: its fields with their sources, and related records."""

from dataclasses import dataclass, field

from django.http import Http404
from django.urls import reverse
from django.utils.text import capfirst

from ..models import Portrait, Record
from ..models.renaming import bearing
from ..registry.classes import class_per_kind
from ..values.dates import Spanned
from ..values.translations import Told, originals, told
from ..web.time_axis import is_dated, spoken
from .addresses import (
    asked,
    citations_of,
    in_the_api,
    list_of,
    listed_as,
    page_of,
)
from .base import Moved, Page
from .facts import facts_of
from .first_part import first_part
from .linked_data import linked_data_of
from .reading import disputes_about, public_view
from .references import citing_of, csl_of, reference_of


@dataclass(frozen=True)
class Section:
    """A part of a page with a heading of its own."""

    key: str  # where in the page it is
    title: str
    template: str
    content: dict = field(default_factory=dict)

    def __getattr__(self, name):
        try:
            return self.content[name]
        except KeyError:
            raise AttributeError(name) from None


def records_section(page, key, title, records, order, **narrowing):
    """The first of some records by what they are called; None of none."""
    part = first_part(page, records, order, **narrowing)
    if not part.records:
        return None
    content = {"records": part.records, "more": part.more}
    return Section(key, title, "pages/records.html", content)


@class_per_kind("Page", module="pages", tells="model")
def record_page_of(kind, above):
    """The page of each record of a kind."""
    return {"__doc__": kind.__doc__}


@record_page_of.register(Record)
class RecordPage(Page):
    """The page of one record.

    ``shown_apart`` names the fields that a section shows better than a line could. Of
    what ``happens`` it is told if its date is not known; of the others a known one is.
    """

    template_name = "pages/record.html"
    model: type[Record]
    lead_field = ""
    happens = False
    shown_apart: tuple[str, ...] = ()

    @classmethod
    def found(cls, slug, asked_for):
        """The record of this slug; if it bore the slug before, its page has Moved."""
        records = cls.model.objects.published()
        found = public_view(records.filter(slug=slug))
        if found:
            return found[0]
        record = bearing(records, slug)
        if record is None:
            raise Http404
        raise Moved(asked(page_of(record), **asked_for))

    def get_context_data(self, slug, **context):
        record = self.found(slug, self.asked)
        self.disputes = disputes_about(record)
        detail = f"{record.collection}-detail"
        build = self.request.build_absolute_uri
        address = build(page_of(record))
        lead, note = self.lead(record), told(record, "public_note")
        return super().get_context_data(
            **context,
            record=record,
            portrait=self.portrait(record),
            kind=capfirst(self.kind(record)),
            label=record.told,
            lead=lead,
            note=note,
            translated=[each for each in (record.told, lead, note) if each.original],
            disputes=self.disputes,
            facts=facts_of(record, self.fact_names(record), self.disputes),
            opening=self.opening(record),
            sections=[section for section in self.sections(record) if section],
            canonical=address,
            description=self.described(record),
            shared_picture=reverse(
                f"pages:{record.collection}-picture", args=[record.slug]
            ),
            linked_data=linked_data_of(record, address, build),
            reference=reference_of(csl_of(record, address), record.in_words),
            citing=citing_of(page_of(record)),
            json_address=in_the_api(detail, record.slug, known_at=self.known_at),
            tables=self.tables(record),
        ) | {"title": record.in_words}

    def above(self):
        return [*super().above(), (listed_as(self.model), list_of(self.model))]

    def portrait(self, record):
        """The picture of it, if there is one; of the past none is shown."""
        if not record.portrait_called or self.known_at:
            return None
        return Portrait.objects.of_record(record)

    def lead(self, record):
        """What it begins with, in our own words."""
        return told(record, self.lead_field) if self.lead_field else Told("")

    def described(self, record):
        """What is said of it where others lead to its page."""
        texts = self.lead(record), told(record, "public_note")
        said = next((one.text for one in texts if one.text and not one.language), "")
        return said or f"{capfirst(self.kind(record))}: {record.in_words}"

    def kind(self, record):
        """What sort of thing it is and of which time, in a few words."""
        words = [str(record._meta.verbose_name)]
        if hasattr(record, "get_kind_display") and record.kind:
            words.append(str(record.get_kind_display()))
        if isinstance(record, Spanned) and (self.happens or is_dated(record)):
            words.append(spoken(record))
        return " · ".join(words)

    def fact_names(self, record):
        """The fields that are shown line by line; first the record as a whole."""
        named = ["", *originals(record.columns)]
        return [
            name
            for name in named
            if name not in self.shown_apart
            and (
                name not in (type(record).label_field, self.lead_field)
                or name in record.supported
            )
        ]

    def opening(self, record):
        """What is told before its fields, as a section; None of most."""

    def sections(self, record):
        """The parts of the page beneath the fields; those that are None go out."""
        return []

    def tables(self, record):
        """What can be had as CSV: labels and addresses."""
        if not hasattr(record, "citations"):
            return []
        return [citations_of(record, self.known_at)]

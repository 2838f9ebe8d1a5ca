"""The pages "Impact if retracted" and "Compare with" of a source; both only read."""

from dataclasses import dataclass
from itertools import islice

from django import forms
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from ..db.counting import counted
from ..evidence.support import (
    Outcome,
    Rests,
    comparisons,
    first_cited,
    first_in_each_place,
    reliance_on,
)
from ..evidence.visibility import citations_seen
from ..models import Record, Source, SourceReport
from ..registry.kinds import cited_types
from ..review.permissions import may
from ..values.labels import field_label
from .forms import RelatedSelect
from .paging import MOST, AtLeast

SHOWN = 200  # rows of a table: nobody reads more
A_KIND = 100  # fields of records of one kind, of each source, that are looked at


@dataclass(frozen=True)
class Table:
    """Some rows of one answer, and how many there are of them."""

    title: str
    rows: list
    number: int

    @property
    def more(self):
        """How many are not shown."""
        return self.number - len(self.rows)


@dataclass(frozen=True)
class Row:
    """A field of a record, as it is called, and what was found of it."""

    record: Record
    label: str
    address: str
    field: str
    found: object


class OtherSource(forms.Form):
    """Which other source one is compared with."""

    def __init__(self, data, source, site):
        super().__init__(data)
        column = SourceReport._meta.get_field("reported")
        self.fields["with"] = forms.ModelChoiceField(
            Source.objects.exclude(pk=source.pk),
            label=_("Compare with"),
            help_text=_("Another source, found by any word of its title."),
            widget=RelatedSelect(column, site),
        )


class SupportPages:
    """Leads from the page of a source to what rests on it and to its like."""

    actions_detail = ["what_rests_on_it", "comparison"]

    @action(
        description=_("Impact if retracted"), url_path="support", permissions=["view"]
    )
    def what_rests_on_it(self, request, object_id):
        """Each field that it supports, by what would be left without it."""
        source = self.source_of(request, object_id)
        asked, part = self.looked_at(request, source)
        found = reliance_on(source, everything=True, asked=asked)
        tables = [self.table(rests.label, found[rests]) for rests in Rests]
        title = _("Impact if retracted: %s") % source
        context = {"source": source, "title": title, "tables": tables, **part}
        context["whole"] = reverse("source-support", args=[source.slug])
        return self.answer(request, "provenance/reliance.html", context)

    @action(description=_("Compare with…"), url_path="compare", permissions=["view"])
    def comparison(self, request, object_id):
        """What it and another source say of the same fields, and of others."""
        source = self.source_of(request, object_id)
        form = OtherSource(request.GET or None, source, self.admin_site)
        context = {"source": source, "form": form, "media": self.media + form.media}
        context["title"] = _("Compare: %s") % source
        if form.is_valid():
            other = form.cleaned_data["with"]
            asked, part = self.looked_at(request, source, other)
            found = list(comparisons(source, other, asked, everything=True))
            context |= {"other": other, **part}
            whole = reverse("source-comparison", args=[source.slug])
            context["whole"] = f"{whole}?with={other.slug}"
            context["tables"] = [
                self.table(title, [one for one in found if one.outcome == outcome])
                for outcome, title in titles(source, other).items()
            ]
        return self.answer(request, "provenance/comparison.html", context)

    def source_of(self, request, object_id):
        """The source that a page is about; 404 for one that is none."""
        source = self.get_object(request, object_id)
        if source is None:
            raise Http404
        return source

    def looked_at(self, request, *sources):
        """Citations for the first fields that the sources are cited for, by kind.

        And what a page says if there are more of them.
        """
        kinds = self.kinds_seen(request)
        asked, are_all = first_cited(sources, A_KIND, everything=True, kinds=kinds)
        if are_all:
            return asked, {}
        return asked, {"a_kind": A_KIND, "all": _fields(sources, kinds)}

    def kinds_seen(self, request):
        """The kinds of record of which the user may see records and citations."""
        return [
            kind
            for kind in cited_types().values()
            if all(
                may(request.user, "view", model) or may(request.user, "change", model)
                for model in (kind, kind.citation_model())
            )
        ]

    def table(self, title, found):
        """The first rows of what was found, with what they are called."""
        return Table(title, [self.row(one) for one in islice(found, SHOWN)], len(found))

    def row(self, found):
        """One field as it is called here, with the way to its record."""
        record = found.record
        model_admin = self.admin_site.get_model_admin(type(record))
        return Row(
            record=record,
            label=model_admin.label_of(record),
            address=model_admin.address_of(record),
            field=field_label(type(record), found.field),
            found=found,
        )

    def answer(self, request, template, context):
        """A page about one source."""
        whole = {"opts": self.opts, "original": context["source"], **context}
        whole |= {"back": self.address_of(context["source"])}
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), **whole}
        )


def _fields(sources, kinds):
    """How many fields of records of these kinds sources are cited for."""
    cited = {
        kind: citations_seen(kind, everything=True).filter(source__in=sources)
        for kind in kinds
    }
    places = {kind: first_in_each_place(rows) for kind, rows in cited.items()}
    number = sum(counted(places, MOST).values())
    return AtLeast(MOST) if number > MOST else number


def titles(source, other):
    """What each outcome is called for these two sources."""
    only = _("Only in “%s”")
    return {outcome: outcome.label for outcome in Outcome} | {
        Outcome.ONLY_ONE: only % source,
        Outcome.ONLY_OTHER: only % other,
    }

"""Filters of the lists, and the rule that the address may filter by nothing else."""

from django import forms
from django.contrib import messages
from django.contrib.admin import ListFilter, ShowFacets
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectMultipleFilter,
    DropdownFilter,
    MultipleChoicesDropdownFilter,
)
from unfold.contrib.filters.forms import AutocompleteDropdownForm

from ..models import Record
from ..values.dates import PartialDate
from ..values.grounds import is_general_knowledge
from ..values.humanize import LIMIT
from .forms import MAX_KEY, MeaningInput, RelatedSelectMultiple


class OfGiven:
    """A filter by any of some values: one that is left empty is none of them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        given = self.used_parameters.get(self.lookup_kwarg) or ()
        self.lookup_val = [value for value in given if value] or None
        if self.lookup_val is None:
            self.used_parameters.pop(self.lookup_kwarg, None)
        else:
            self.used_parameters[self.lookup_kwarg] = self.lookup_val


class ChoiceFilter(OfGiven, MultipleChoicesDropdownFilter):
    """What is of one of some choices."""

    all_option = None


def choice(name):
    """A filter by a field with choices: one of them, or any of some."""
    return (name, ChoiceFilter)


def related(path):
    """A filter by a related record, which is searched for."""
    return (path, RelatedFilter)


class RelatedForm(AutocompleteDropdownForm):
    """The choice of related records."""

    def __init__(self, *, field, model_admin, name, **kwargs):
        super().__init__(field=field, model_admin=model_admin, name=name, **kwargs)
        self.fields[name].widget = RelatedSelectMultiple(
            field, model_admin.admin_site, {"class": "unfold-filter-autocomplete"}
        )
        self.fields[name].widget.choices = self.fields[name].choices


class RelatedFilter(OfGiven, AutocompleteSelectMultipleFilter):
    """What is related to a record, or to any of some."""

    form_class = RelatedForm

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A key that is none is of no record; one that is too long is none.
        if any(not _is_key(value) for value in self.lookup_val or ()):
            raise IncorrectLookupParameters


def _is_key(text):
    return text.isascii() and text.isdigit() and len(text) <= MAX_KEY


class OnlyListedLookups:
    """A list that is narrowed down by its filters, and by nothing else in its address.

    Anything more would tell, letter by letter, what stands in columns nobody is shown.
    """

    show_facets = ShowFacets.NEVER

    def lookup_allowed(self, lookup, value, request=None):
        if lookup not in self.allowed_lookups(request):
            return False
        if "\x00" in str(value):  # PostgreSQL takes it in no text
            raise IncorrectLookupParameters
        return True

    def allowed_lookups(self, request):
        """Every parameter that a filter of the list may put into the address."""
        allowed = set()
        for entry in self.get_list_filter(request):
            if hasattr(entry, "parameters"):
                allowed.update(entry.parameters)
            elif hasattr(entry, "parameter_name"):
                allowed.add(entry.parameter_name)
            else:
                path = entry if isinstance(entry, str) else entry[0]
                field = get_fields_from_path(self.model, path)[-1]
                allowed |= {f"{path}__exact", f"{path}__isnull"}
                if field.is_relation:
                    allowed.add(f"{path}__{field.target_field.name}__exact")
        return allowed


class TaskFilter(DropdownFilter):
    """A filter of which one choice is a task: the desk says how much there is of it."""

    task, task_value = "", ""
    has_progress = False  # whether it is said how many of the published are done

    @classmethod
    def waiting(cls, records):
        """Those of the records that the task is about."""
        raise NotImplementedError


class CitedFilter(TaskFilter):
    """Whether any source is given for it, and for each of its values."""

    title = _("citations")
    parameter_name = "cited"
    task, task_value = _("Missing citations"), "part"
    has_progress = True

    def lookups(self, request, model_admin):
        return [
            ("yes", _("cited")),
            ("no", _("not cited")),
            (self.task_value, _("published, missing citations")),
        ]

    def queryset(self, request, queryset):
        if self.value() == self.task_value:
            return self.waiting(queryset)
        if self.value() == "no":
            return queryset.uncited()
        if self.value() == "yes":
            citations = queryset.model.citation_model()
            return queryset.filter(
                Exists(citations.objects.filter(record=OuterRef("pk")))
            )
        return queryset

    @classmethod
    def waiting(cls, records):
        return records.with_status(Record.Status.PUBLISHED).with_uncited_values()


class GroundsFilter(DropdownFilter):
    """Whether both of its dates rest on sources."""

    title = _("dates")
    parameter_name = "dates"

    def lookups(self, request, model_admin):
        return [
            ("sources", _("from the sources")),
            ("general-knowledge", _("not from the sources")),
        ]

    def queryset(self, request, queryset):
        first, last = (
            is_general_knowledge(queryset.model, name) for name in queryset.model.span
        )
        if self.value() == "general-knowledge":
            return queryset.filter(first | last)
        return queryset.exclude(first | last) if self.value() else queryset


class DuringForm(forms.Form):
    """From when to when, as exactly as one likes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in {"from": _("From"), "to": _("To")}.items():
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=PartialDate.MAX_LENGTH,
                validators=[PartialDate],
                widget=MeaningInput(LIMIT, attrs={"placeholder": "2025-02"}),
            )


class DuringFilter(ListFilter):
    """What may have held on some day from one date to another, however vague."""

    title = _("time")
    template = "unfold/filters/filters_field.html"
    parameters = ("from", "to")
    parameter_name = parameters[0]  # the theme looks up its options by one name

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        for name in self.parameters:
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]
        self.form = DuringForm(self.used_parameters)

    def has_output(self):
        return True

    def expected_parameters(self):
        return self.parameters

    def choices(self, changelist):
        yield {"form": self.form}

    def queryset(self, request, queryset):
        if not self.form.is_valid():
            for errors in self.form.errors.values():
                messages.error(request, " ".join(errors))
            return queryset.none()
        first, last = (self.form.cleaned_data[name] for name in self.parameters)
        return self.narrowed(queryset, first, last) if first or last else queryset

    def narrowed(self, queryset, first, last):
        """What may have held between the two."""
        return queryset.during(first, last)


class PublishedFilter(DuringFilter):
    """What may have come out between two dates."""

    title = _("publication")

    def narrowed(self, queryset, first, last):
        return queryset.filter(
            published_earliest__lte=PartialDate(last).latest,
            published_latest__gte=PartialDate(first).earliest,
        )

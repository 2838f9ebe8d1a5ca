"""Rows that belong to a record and are edited on its page: names, citations."""

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import ChoiceField
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline, TabularInline
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminSelectWidget

from ..evidence.support import support_of
from ..values.contradiction import Standing
from ..values.labels import field_label
from ..values.stated_values import check_statement
from .fields import CuratedFields
from .forms import MAX_KEY, RowForm

# Rows on a form at a time: it stays quick to open, and small enough to be sent. The
# fields of a citation are as many as those of a record.
PER_PAGE, CITATIONS_PER_PAGE = 50, 20


class RowFormSet(PaginationInlineFormSet):
    """Rows of one record, none of them twice; of many a page at a time."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound and self.per_page and self.paginator.num_pages > 1:
            # Those that were shown, wherever others stand by now.
            self._queryset = self.queryset.filter(pk__in=self._sent())

    def _sent(self):
        """The keys of the rows that came back."""
        name = self.model._meta.pk.name
        keys = (
            self.data.get(f"{self.add_prefix(place)}-{name}", "")
            for place in range(self.total_form_count())
        )
        return [int(key) for key in keys if key.isdecimal() and len(key) <= MAX_KEY]

    def save_new(self, form, commit=True):
        name = self.model.counted_by
        if name and getattr(form.instance, name) is None:
            setattr(form.instance, name, self._next_place(name))
        return super().save_new(form, commit)

    def _next_place(self, name):
        """The place behind all rows that there are, or were made just now."""
        made = (getattr(form.instance, name) or 0 for form in self.forms)
        rows = self.model._default_manager.filter(**{self.fk.name: self.instance})
        return max((rows.aggregate(last=models.Max(name))["last"] or 0, *made)) + 1

    def validate_unique(self):
        super().validate_unique()
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and (
                constraint.condition or not self._shows(constraint.fields)
            ):
                self._refuse_twins(constraint)

    def _shows(self, names):
        """Whether the rows have inputs for all of these: Django compares no others."""
        return {*names} <= {self.fk.name, *self.form.base_fields}

    def _refuse_twins(self, constraint):
        names = [name for name in constraint.fields if name != self.fk.name]
        attributes = [self.model._meta.get_field(name).attname for name in names]
        taken = set()
        for form in self.forms:
            if not form.has_changed() and not form.instance.pk:
                continue
            if form in self.deleted_forms or not form.is_valid():
                continue
            key = tuple(getattr(form.instance, name) for name in attributes)
            if None not in key and key in taken:
                form.add_error(None, constraint.get_violation_error_message())
            taken.add(key)


class RowInline(CuratedFields, TabularInline):
    """The rows of one kind that belong to a record, in a tab of their own."""

    form = RowForm
    formset = RowFormSet
    extra = 0
    per_page = PER_PAGE
    tab = True
    show_count = True
    related: tuple[str, ...] = ()  # what the columns and their labels need
    in_bulk_edit = False  # whether many records get or lose such rows together
    lists: dict[str, str] = {}  # the relation that each other field of its form is

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.related)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == self.model.counted_by:
            field.required = False  # a new row comes behind the others
            field.widget.attrs["data-counted"] = True
        return field


class NameInline(RowInline):
    """What something is or was called, and when."""

    fields = ["text", "kind", "language", "start", "end"]
    verbose_name = _("name")
    verbose_name_plural = _("names")


def name_inline(model):
    """The names of one kind of record, on the page of each."""
    return type(f"{model.__name__}Inline", (NameInline,), {"model": model})


class CitationForm(RowForm):
    """One citation, called by what it is about and what it says."""

    def entitle(self, record):
        """Titles the row: its field, its source, and how it stands to the record."""
        citation = self.instance
        citation.record = record
        parts = [citation.field or _("record"), citation]
        if citation.stated:
            parts.append(f"“{citation.stated}”")
        if citation.assessment:
            parts.append(citation.get_assessment_display())
        elif citation.agreement == Standing.CONTRADICTS:
            parts.append(_("open dispute"))
        citation.get_inline_title = " · ".join(str(part) for part in parts)


class CitationFormSet(RowFormSet):
    """Citations, checked against the record that is about to be made as well."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if form.instance.pk:
            form.entitle(self.instance)

    @cached_property
    def support(self):
        """What sources say of each field of the record, as it is saved, by name."""
        found = support_of(self.instance, everything=True) if self.instance.pk else {}
        kind = type(self.instance)
        return [(field_label(kind, name), found[name]) for name in sorted(found)]

    def clean(self):
        super().clean()
        if self.instance.pk:
            return  # the citation asks its record itself
        for form in self.forms:
            said = getattr(form, "cleaned_data", {})
            if said.get("field") and form not in self.deleted_forms:
                try:
                    check_statement(
                        type(self.instance), said["field"], said.get("stated", "")
                    )
                except ValidationError as error:
                    form.add_error(None, error)


class CitationInline(CuratedFields, StackedInline):
    """The citations of a record, each folded into one line until it is opened."""

    fk_name = "record"
    form = CitationForm
    formset = CitationFormSet
    extra = 0
    per_page = CITATIONS_PER_PAGE
    tab = True
    collapsible = True
    show_count = True
    template_before = "provenance/support.html"
    fields = [
        ("source", "locator"),
        ("field", "stated"),
        ("as_of", "assessment"),
        ("note", "note_es"),
        "quotation",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("source")

    def get_extra(self, request, obj=None, **kwargs):
        """One new citation is open while a source is being entered."""
        admin = self.admin_site.get_model_admin(self.parent_model)
        return 1 if admin.source_to_cite(request, obj) else super().get_extra(request)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "field":
            return ChoiceField(
                choices=[
                    (name, field_label(self.parent_model, name))
                    for name in ("", *self.parent_model.citable)
                ],
                required=False,
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
                widget=UnfoldAdminSelectWidget,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def citation_inline(model):
    """The citations of one kind of record, on the page of each."""
    members = {"model": model.citation_model()}
    return type(f"{model.__name__}CitationInline", (CitationInline,), members)

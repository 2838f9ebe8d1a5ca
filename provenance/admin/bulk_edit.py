"""Editing many records of a list together: fields set, rows added or removed."""

from copy import deepcopy
from functools import partial

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..review.permissions import may
from ..tracking.bulk import update_many
from ..tracking.changes import open_change
from .bulk_actions import as_planned, chosen, kept_pairs
from .bulk_rows import ADD, REMOVE, SharedRows, checked, link, unlink
from .rows import RowInline

PREFIX = "edit"
# What is one's own of each record, or has buttons and rules of its own.
NOT_TOGETHER = ("slug", "status")


class BulkForm(forms.Form):
    """What many records are to have: a field that is left alone stays as it is."""

    def __init__(self, data, fields, relations, rows, site):
        super().__init__(data, prefix=PREFIX)
        self.columns, self.relations, self.shared = {}, relations, rows
        self.rows = {}  # what is to be done to rows, once that is known
        for column, field in fields:
            self.columns[column.name] = column
            field.required = False
            field.initial = None
            self.fields[column.name] = field
        self.fields["empty"] = forms.MultipleChoiceField(
            label=_("Empty these fields"),
            choices=[
                (name, capfirst(column.verbose_name))
                for name, column in self.columns.items()
                if column.blank
            ],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        for relation in relations:
            for how, label in ((ADD, _("Add %s")), (REMOVE, _("Remove %s"))):
                self.fields[f"{how}_{relation.name}"] = forms.ModelMultipleChoiceField(
                    relation.related_model.objects.all(),
                    label=label % relation.verbose_name,
                    widget=AutocompleteSelectMultiple(relation, site),
                    required=False,
                )
        for shared in rows:
            self.fields.update(shared.inputs())

    def clean(self):
        cleaned = super().clean()
        for name, column in self.columns.items():
            if cleaned.get(name) and not column.is_relation:
                try:
                    cleaned[name] = column.clean(cleaned[name], None)
                except ValidationError as error:
                    self.add_error(name, error)
        if not self.errors:
            self.rows = {
                (how, shared): values
                for shared in self.shared
                for how, values in checked(shared, cleaned).items()
            }
        if not self.errors and not (self.values or self.links or self.rows):
            raise ValidationError(_("Nothing is to be changed: fill in a field."))
        return cleaned

    @property
    def values(self):
        """What each field that is to be changed gets."""
        emptied = {
            name: None if self.columns[name].null else ""
            for name in self.cleaned_data.get("empty", ())
        }
        filled = {
            name: self.cleaned_data[name]
            for name in self.columns
            if self.cleaned_data.get(name) not in (None, "")
        }
        return {**filled, **emptied}

    @property
    def links(self):
        """Which records are to be added to a relation, or removed from it."""
        return {
            (how, relation): list(found)
            for relation in self.relations
            for how in (ADD, REMOVE)
            if (found := self.cleaned_data.get(f"{how}_{relation.name}"))
        }

    def told(self):
        """What is to be changed, each with its label."""
        for name, value in self.values.items():
            column = self.columns[name]
            words = dict(column.flatchoices).get(value, value)
            yield capfirst(column.verbose_name), str(words or _("empty"))
        for (how, relation), found in self.links.items():
            label = self.fields[f"{how}_{relation.name}"].label
            yield label, ", ".join(map(str, found))
        for (how, shared), values in self.rows.items():
            yield shared.told(how, values)


class BulkEditing:
    """The part of an admin that edits many records together."""

    actions = ["edit_together"]

    @admin.action(permissions=["change"], description=gettext_lazy("Edit selected…"))
    def edit_together(self, request, queryset):
        records = chosen(self, request, queryset)
        if records is None:
            return None
        is_sent = any(name.startswith(f"{PREFIX}-") for name in request.POST)
        form = self.bulk_form(request, request.POST if is_sent else None)
        if not form.is_valid():
            return self._bulk_edit_page(request, form, len(records))
        title = _("Edit selected %(kind)s") % {"kind": self.opts.verbose_name_plural}
        done = ngettext(
            "%(number)d record is changed.",
            "%(number)d records are changed.",
            len(records),
        ) % {"number": len(records)}

        def edit():
            edit_all(self.model, records, form.values, form.links)
            for (how, shared), values in form.rows.items():
                shared.write(how, values, records, open_change())

        return as_planned(
            self, request, records, edit, (title, done), changes=list(form.told())
        )

    def bulk_form(self, request, data):
        fields = []
        for name in flatten_fieldsets(self.get_fieldsets(request)):
            try:
                column = self.opts.get_field(name)
            except FieldDoesNotExist:
                continue
            if column.editable and not column.unique and self._is_shared(name):
                field = self.formfield_for_dbfield(column, request)
                if field is not None:
                    fields.append((column, field))
        relations = [
            relation
            for relation in self.opts.many_to_many
            if self._may_link(request.user, relation)
        ]
        rows = list(self._shared_rows(request))
        return BulkForm(data, fields, relations, rows, self.admin_site)

    def _shared_rows(self, request):
        """The rows that somebody may add to and take from many records."""
        for inline in self.get_inline_instances(request):
            model, user = inline.model, request.user
            shared = isinstance(inline, RowInline) and inline.in_bulk_edit
            if not (shared and may(user, "add", model)):
                continue
            columns = {column.name for column in model._meta.concrete_fields}
            own = inline.get_formset(request).form.base_fields
            if may(user, "delete", model):
                yield SharedRows(
                    model,
                    {
                        name: partial(
                            inline.formfield_for_dbfield,
                            model._meta.get_field(name),
                            request,
                        )
                        for name in inline.fields
                        if name in columns
                    },
                    {
                        relation: partial(deepcopy, own[name])
                        for name, relation in inline.lists.items()
                    },
                )

    def _may_link(self, user, relation):
        """Whether somebody may add and remove such rows, and see what they lead to."""
        through = relation.remote_field.through
        return (
            may(user, "add", through)
            and may(user, "delete", through)
            and may(user, "view", relation.related_model)
        )

    def _is_shared(self, name):
        return name not in (*NOT_TOGETHER, self.model.label_field)

    def _bulk_edit_page(self, request, form, number):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Edit selected %(kind)s")
            % {"kind": self.opts.verbose_name_plural},
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "number": number,
            "pairs": [
                pair
                for pair in kept_pairs(request)
                if not pair[0].startswith(f"{PREFIX}-")
            ],
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "provenance/bulk_edit.html", context)


def edit_all(model, records, values, links):
    """Gives all records these values and relations, as a part of the open change.

    ValidationError says what is wrong with which, a sentence each.
    """
    change, wrong = open_change(), []
    ruled = any(
        name in str(rule) for rule in model._meta.constraints for name in values
    )
    others = {f.name for f in model._meta.concrete_fields} - values.keys()
    for record in records:
        for name, value in values.items():
            setattr(record, name, value)
        try:
            record.clean_fields(exclude=others)
            if ruled:
                record.validate_constraints(exclude=others)
        except ValidationError as error:
            wrong += [f"“{record}”: {message}" for message in error.messages]
    for record, error in model.clean_many(records):
        wrong += [f"“{record}”: {message}" for message in error.messages]
    if wrong:
        raise ValidationError(wrong)
    if values:
        update_many(model, records, set(values), change)
    keys = [record.pk for record in records]
    for (how, relation), found in links.items():
        {ADD: link, REMOVE: unlink}[how](relation, keys, found, change)

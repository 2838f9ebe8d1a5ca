"""The page on which the columns of a foreign file are matched with those of a table."""

import json

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from ..imports.mapping import Mapping, MappingError
from ..imports.mapping.simple import SimpleColumn, SimpleMapping, matched
from ..models import SavedMapping
from ..resources.importing import tables
from ..tables import UPLOAD, Dialect, TableError, open_sheet
from ..values.dates import PartialDateField
from .addresses import address

ARROW = "=>"  # between a foreign word and ours, on each line of a value map
ORDERS = (
    ("", gettext_lazy("2024, 2024-04 or 2024-04-03")),
    ("dmy", gettext_lazy("day, month, year")),
    ("mdy", gettext_lazy("month, day, year")),
    ("ymd", gettext_lazy("year, month, day")),
)


def tables_of_one_model():
    """The tables whose columns a form can show, by their names."""
    found = {name: resource() for name, resource in tables().items()}
    return {name: one for name, one in found.items() if one._meta.model is not None}


def headers_in(text):
    """The names of columns that a page sends back, such as a file may have; or None."""
    try:
        headers = json.loads(text)
        json.dumps(headers, ensure_ascii=False).encode()  # no halves of characters
    except (ValueError, RecursionError):
        return None
    are_names = isinstance(headers, list) and all(isinstance(h, str) for h in headers)
    return headers if are_names and len(headers) <= UPLOAD.columns else None


class FileForm(forms.Form):
    """Which table a foreign file is for, and how its header reads."""

    table = forms.ChoiceField(
        label=gettext_lazy("Table"), widget=UnfoldAdminSelectWidget
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy(
            "CSV or a workbook (XLSX, XLS, ODS); only its header row is read."
        ),
        widget=UnfoldAdminFileFieldWidget,
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"),
        required=False,
        strip=False,
        help_text=gettext_lazy("Of a workbook with several: which one to read."),
        widget=UnfoldAdminTextInputWidget,
    )
    header = forms.CharField(
        label=gettext_lazy("Or its header row"),
        required=False,
        strip=False,
        help_text=gettext_lazy("The header row of the file, with its delimiters."),
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = [
            (name, capfirst(resource._meta.model._meta.verbose_name_plural))
            for name, resource in tables_of_one_model().items()
        ]

    def clean(self):
        file, header = self.cleaned_data.get("file"), self.cleaned_data.get("header")
        if bool(file) == bool(header and header.strip()):
            raise ValidationError(_("Give either the file or its header row."))
        data = file.read() if file else header.encode("utf-8", "replace")
        try:
            dialect = Dialect(sheet=self.cleaned_data.get("sheet", ""))
            sheet = open_sheet(data, dialect=dialect)
        except TableError as error:
            raise ValidationError([str(fault) for fault in error.faults]) from None
        self.cleaned_data["headers"] = sheet.headers
        return self.cleaned_data


class MatchForm(forms.Form):
    """What feeds each column of a table, and which foreign columns feed none."""

    name = forms.CharField(
        label=gettext_lazy("Name of the mapping"),
        max_length=300,
        help_text=gettext_lazy(
            "The name under which it is listed when a file is imported."
        ),
        widget=UnfoldAdminTextInputWidget,
    )
    unused = forms.MultipleChoiceField(
        label=gettext_lazy("Ignored columns"),
        required=False,
        help_text=gettext_lazy("Tick the columns of the file to ignore."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data=None, *, table, headers, simple=None, **kwargs):
        self.table, self.headers = table, headers
        resource = tables_of_one_model()[table]
        columns = resource.column_names()
        self.cells = {column: resource.fields[column] for column in columns}
        super().__init__(data, initial=self._initial(simple), **kwargs)
        self.fields["unused"].choices = [(header, header) for header in headers]
        sources = [("", "—"), *((header, header) for header in headers)]
        for column, cell in self.cells.items():
            for part, field in self._fields_of(cell.django_field, sources):
                field.required = False
                self.fields[f"{column}-{part}"] = field

    def _initial(self, simple):
        """What the form begins with: the mapping as it is, or what is called alike."""
        if simple is None:
            found = matched(self.cells, self.headers)
            unused = [one for one in self.headers if one not in found.values()]
            return {
                "unused": unused,
                **{f"{column}-from": header for column, header in found.items()},
            }
        initial = {"name": simple.name, "unused": simple.unused}
        for column, fed in simple.columns.items():
            pairs = (f"{key} {ARROW} {becomes}" for key, becomes in fed.map.items())
            initial |= {
                f"{column}-from": fed.source,
                f"{column}-constant": fed.constant,
                f"{column}-dates": fed.dates,
                f"{column}-map": "\n".join(pairs),
            }
        return initial

    def _fields_of(self, django_field, sources):
        yield (
            "from",
            forms.ChoiceField(
                label=_("column of the file"),
                choices=sources,
                widget=UnfoldAdminSelectWidget,
            ),
        )
        yield (
            "constant",
            forms.CharField(
                label=_("or fixed value"), widget=UnfoldAdminTextInputWidget
            ),
        )
        if isinstance(django_field, PartialDateField):
            yield (
                "dates",
                forms.ChoiceField(
                    label=_("date format"),
                    choices=ORDERS,
                    widget=UnfoldAdminSelectWidget,
                ),
            )
        yield (
            "map",
            forms.CharField(
                label=_("values to replace"),
                widget=UnfoldAdminTextareaWidget(
                    {
                        "rows": 2,
                        "placeholder": _("value in the file %s value to record")
                        % ARROW,
                    }
                ),
            ),
        )

    def rows(self):
        """Each of our columns, with its fields."""
        for column, cell in self.cells.items():
            yield {
                "column": column,
                "label": capfirst(cell.django_field.verbose_name),
                "help": cell.django_field.help_text,
                "fields": [
                    self[name] for name in self.fields if name.startswith(f"{column}-")
                ],
            }

    def clean(self):
        said, columns = self.cleaned_data, {}
        for column in self.cells:
            source, constant = (
                said.get(f"{column}-from"),
                said.get(f"{column}-constant"),
            )
            if source and constant:
                message = _("Choose a column of the file or a fixed value, not both.")
                self.add_error(f"{column}-constant", message)
            elif source:
                words = self._map(column, said.get(f"{column}-map") or "")
                dates = said.get(f"{column}-dates") or ""
                columns[column] = SimpleColumn(source, "", dates, words)
            elif constant:
                columns[column] = SimpleColumn(constant=constant)
            elif said.get(f"{column}-map") or said.get(f"{column}-dates"):
                message = _("Choose the column of the file that this applies to.")
                self.add_error(f"{column}-from", message)
        used = {fed.source for fed in columns.values()}
        unused = [one for one in said.get("unused", ()) if one not in used]
        if left := [one for one in self.headers if one not in {*used, *unused}]:
            message = _(
                "Match these columns, or tick them as ignored: %s."
            ) % ", ".join(left)
            self.add_error("unused", message)
        said["simple"] = SimpleMapping(
            said.get("name", ""), self.table, columns, tuple(unused)
        )
        if not self.errors:
            try:
                Mapping.from_toml(said["simple"].toml())
            except MappingError as error:
                for misstep in error.missteps:
                    self.add_error(None, str(misstep))
        return said

    def _map(self, column, text):
        """The words of a value map, one on a line."""
        words = {}
        for line in text.splitlines():
            theirs, arrow, ours = (part.strip() for part in line.partition(ARROW))
            if not arrow and line.strip():
                message = _(
                    "“%(line)s”: write it as value in the file %(arrow)s value to "
                    "record."
                )
                values = {"line": line.strip()[:80], "arrow": ARROW}
                self.add_error(f"{column}-map", message % values)
            elif arrow:
                words[theirs] = ours
        return words


class ColumnMatching:
    """The admin of mappings that are made, and opened again, as a form."""

    def matching_page(self, request, object_id=None):
        """The file first, then its columns, then the mapping that they make."""
        saved = self._saved(request, object_id)
        simple = SimpleMapping.from_toml(saved.toml) if saved else None
        if saved and simple is None:
            message = _(
                "This mapping has more than the form can show; edit it as text."
            )
            messages.info(request, message)
            return HttpResponseRedirect(address(SavedMapping, "change", saved.pk))
        if "headers" in request.POST:
            return self._matched(request, saved)
        if simple:
            form = MatchForm(table=simple.table, headers=simple.headers, simple=simple)
            return self._page(request, saved, match=form)
        asked = (request.POST, request.FILES) if request.method == "POST" else ()
        form = FileForm(*asked)
        if asked and form.is_valid():
            table, headers = form.cleaned_data["table"], form.cleaned_data["headers"]
            return self._page(
                request, saved, match=MatchForm(table=table, headers=headers)
            )
        return self._page(request, saved, file=form)

    def _saved(self, request, object_id):
        if object_id is None:
            return None
        saved = self.get_object(request, object_id)
        if saved is None:
            raise Http404
        try:
            Mapping.from_toml(saved.toml)
        except MappingError:
            return None  # it is made anew
        return saved

    def _matched(self, request, saved):
        table = request.POST.get("table", "")
        headers = headers_in(request.POST["headers"])
        if table not in tables_of_one_model() or headers is None:
            raise Http404
        form = MatchForm(request.POST, table=table, headers=headers)
        if not form.is_valid():
            return self._page(request, saved, match=form)
        simple = form.cleaned_data["simple"]
        if "save" not in request.POST:
            return self._page(request, saved, match=form, toml=simple.toml())
        saved = saved or SavedMapping()
        saved.name, saved.toml = simple.name, simple.toml()
        try:
            saved.full_clean()
        except ValidationError as error:
            form.add_error("name", error.messages)
            return self._page(request, saved, match=form, toml=simple.toml())
        saved.save()
        messages.success(request, _("The mapping “%s” is saved.") % saved)
        return HttpResponseRedirect(address(SavedMapping, "change", saved.pk))

    def _page(self, request, saved, match=None, **context):
        return TemplateResponse(
            request,
            "provenance/column_matching.html",
            {
                **self.admin_site.each_context(request),
                "title": saved.name if saved else _("Match columns"),
                "opts": SavedMapping._meta,
                "match": match,
                "headers": match and json.dumps(match.headers),
                "list_address": address(SavedMapping, "changelist"),
                **context,
            },
        )

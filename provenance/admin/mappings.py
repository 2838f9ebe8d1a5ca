"""Saved mappings: listed, written as TOML, or made by matching columns."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from ..imports.mapping import Mapping, MappingError, fed_by
from ..models import SavedMapping
from .addresses import address
from .column_matching import ColumnMatching
from .filters import OnlyListedLookups


class MappingForm(forms.ModelForm):
    """A mapping as TOML; all that is wrong with it is said at once."""

    def clean_toml(self):
        toml = self.cleaned_data["toml"]
        try:
            Mapping.from_toml(toml)
        except MappingError as error:
            raise ValidationError([str(step) for step in error.missteps]) from None
        return toml


@admin.register(SavedMapping)
class SavedMappingAdmin(ColumnMatching, OnlyListedLookups, ModelAdmin):
    """What the columns of other people's files mean."""

    shelf, icon = "sources", "schema"
    form = MappingForm
    fields = ["name", "toml"]
    list_display = ["name", "feeds"]
    search_fields = ["name"]
    list_per_page = 50
    list_fullwidth = True
    warn_unsaved_form = True
    actions_list = ["match_columns"]
    actions_detail = ["match_again"]

    def list_address(self):
        return address(self.model, "changelist")

    @display(description=_("tables"))
    def feeds(self, saved):
        return ", ".join(sorted(fed_by(saved))) or None

    @action(
        description=_("Match columns"),
        url_path="match",
        permissions=["add"],
        icon="join_inner",
    )
    def match_columns(self, request):
        return self.matching_page(request)

    @action(
        description=_("Match columns"), url_path="match-again", permissions=["change"]
    )
    def match_again(self, request, object_id):
        return self.matching_page(request, object_id)

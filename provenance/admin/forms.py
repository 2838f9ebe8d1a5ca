"""Forms and inputs of the admin: dates with their meaning, relations, versions."""

from secrets import token_hex

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextInputWidget

from ..history.reading import last_write
from ..models import SentForm
from ..values.humanize import LONGEST, meaning_of, offered

MAX_KEY = 18  # digits of a key, on every database


class MeaningInput(UnfoldAdminTextInputWidget):
    """An input for a date or a number, with what its text means below it.

    Of a date that makes a span with another, ``partner`` names that one.
    """

    template_name = "provenance/widgets/meaning_input.html"

    class Media:
        js = ["provenance/value_preview.js"]

    def __init__(self, kind, partner="", attrs=None):
        self.kind = kind
        super().__init__(
            {
                "data-meaning": kind,
                "autocomplete": "off",
                "spellcheck": "false",
                **({"data-partner": partner} if partner else {}),
                **(attrs or {}),
            }
        )

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["maxlength"] = LONGEST  # prose is offered as a value
        context["widget"]["attrs"]["data-meaning-url"] = reverse("admin:meaning")
        try:
            context["widget"]["meaning"] = meaning_of(self.kind, str(value or ""))
        except ValidationError:
            context["widget"]["meaning"] = ""  # the form says what is wrong with it
            context["widget"]["readings"] = offered(self.kind, str(value))
        return context


class Related:
    """A choice among records that takes the chosen one from the row if it is there."""

    known: dict[str, str] = {}  # what each chosen key is called
    asks: dict[str, str] = {}  # what narrows down the records that are offered

    def build_attrs(self, base_attrs, extra_attrs=None):
        """Says as well how to make what is searched for and not there."""
        kind = self.field.related_model
        labelled_by = getattr(kind, "labelled_by", ())
        create = _("Create a new %s") if labelled_by else _("Create “%%s” (%s)")
        named = {"data-create": create % kind._meta.verbose_name}
        return super().build_attrs(base_attrs, {**(extra_attrs or {}), **named})

    def get_url(self):
        """Where the records that are offered come from."""
        address = super().get_url()
        return f"{address}?{urlencode(self.asks)}" if self.asks else address

    def optgroups(self, name, value, attrs=None):
        chosen = [str(key) for key in value if key not in (None, "")]
        if chosen and all(key in self.known for key in chosen):
            options = [] if self.is_required else [("", "", False)]
            options += [(key, self.known[key], True) for key in chosen]
            return [
                (
                    None,
                    [
                        self.create_option(name, key, label, selected, 0)
                        for key, label, selected in options
                    ],
                    0,
                )
            ]
        # A key that is none would fail in the query instead of in the form.
        keys = [key for key in chosen if key.isdecimal() and len(key) <= MAX_KEY]
        return super().optgroups(name, keys)


class RelatedSelect(Related, AutocompleteSelect):
    """A choice of one record."""


class RelatedSelectMultiple(Related, AutocompleteSelectMultiple):
    """A choice of some records."""


class CheckedForm(forms.ModelForm):
    """A form that says each thing once, and asks for no related record that it has."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        loaded = self.instance._state.fields_cache
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, RelatedSelect) and (record := loaded.get(name)):
                widget.known = {str(record.pk): field.label_from_instance(record)}

    def add_error(self, field, error):
        super().add_error(field, error)
        for errors in self._errors.values():
            said = {tuple(error.messages): error for error in reversed(errors.data)}
            errors.data[:] = [
                error for error in errors.data if said[tuple(error.messages)] is error
            ]


class RowForm(CheckedForm):
    """The form of a row that belongs to a record."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.get_inline_title = " "  # it shows all that a title would say

    def _post_clean(self):
        super()._post_clean()
        # Django leaves the record out of this, and with it every rule that names it.
        try:
            self.instance.validate_constraints(self._get_validation_exclusions())
        except ValidationError as error:
            self._update_errors(error)


def saved_since(record):
    """Says who saved a record after a form of it was opened, and what to do."""
    last = last_write(record)
    return _(
        "This record was saved by %(who)s at %(when)s, after you opened it here. "
        "Nothing that you typed is lost: check the differences, then save again to "
        "overwrite it with what this page shows."
    ) % {
        "who": last.history_user or _("a program"),
        "when": f"{last.history_date:%H:%M UTC, %Y-%m-%d}",
    }


def saved_before(sent):
    """Says what became of a form that is sent a second time."""
    return format_html(
        _(
            'This form was saved already, as <a href="{}">{}</a>. Change that one, or '
            "save again to make a second record."
        ),
        sent.address,
        sent.label,
    )


class RecordForm(CheckedForm):
    """The form of a record: it proposes a slug, and writes over no later version."""

    refused = None  # why the change that it made would be refused as a whole
    sender = None  # who sends it, if it makes a record
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    form_key = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version
        self.fields["form_key"].initial = token_hex(16)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "Its name in addresses, CSV and API: a-z, 0-9 and hyphens. Left empty, "
                "it is made of what the record is called. It never changes."
            )

    @cached_property
    def changed_data(self):
        """The fields that somebody has changed: the key of the form is none."""
        return [name for name in super().changed_data if name != "form_key"]

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and self.cleaned_data.get("seen_version") != (
            now := self.instance.version
        ):
            # With the version of now, saving once more is a decision.
            self.data = self.data.copy()
            self.data[self.add_prefix("seen_version")] = now
            raise ValidationError(saved_since(self.instance), code="stale")
        key = cleaned.get("form_key") if self.sender else ""
        if key and (
            saved := SentForm.objects.filter(user=self.sender, key=key).first()
        ):
            # With a new key, saving once more is a decision.
            self.data = self.data.copy()
            self.data[self.add_prefix("form_key")] = token_hex(16)
            raise ValidationError(saved_before(saved), code="saved")
        if self.refused:
            raise self.refused
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if "slug" in self.fields and not self.instance.slug and not self.errors:
            self.instance.slug = self.instance.propose_slug()

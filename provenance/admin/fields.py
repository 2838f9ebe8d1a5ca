"""Which input each kind of column gets, on the page of a record and in its rows."""

from functools import partial
from html import unescape

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from ..values.bounds import BoundedTextField
from ..values.humanize import kind_of, meaning_of, partner_of
from ..values.text import Language, Prose
from .forms import MeaningInput, RelatedSelect


def explained(kind, shown):
    """A date or a number as it is shown, with what it means behind it."""
    try:
        meaning = meaning_of(kind, unescape(shown))
    except ValidationError:  # such as the mark for an empty one
        return shown
    return format_html("{} ({})", shown, meaning)


class CuratedFields:
    """Dates and numbers are typed with their meaning; relations are searched for."""

    formfield_overrides = {Prose: {"widget": UnfoldAdminTextareaWidget({"rows": 4})}}

    def __init__(self, *args):
        super().__init__(*args)
        # Whoever may only look is told what it means as well.
        self.readonly_preprocess_fields = {
            field.name: partial(explained, self.kind_of(field))
            for field in self.model._meta.concrete_fields
            if isinstance(field, BoundedTextField)
        }

    def kind_of(self, field):
        """Which kind of date or number a column of the model takes."""
        return kind_of(field, getattr(self.model(), "lasts", True))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, BoundedTextField | Language):
            kind, partner = self.kind_of(db_field), partner_of(db_field)
            kwargs["widget"] = MeaningInput(kind, partner)
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        # The theme would preset the first word of what has no default.
        undecided = db_field.blank or not db_field.has_default()
        kwargs.setdefault(
            "choices",
            db_field.get_choices(
                include_blank=undecided, blank_choice=[("", _("Select value"))]
            ),
        )
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        searched = db_field.name in self.get_autocomplete_fields(request)
        if searched:
            kwargs["widget"] = RelatedSelect(
                db_field, self.admin_site, using=kwargs.get("using")
            )
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            said = _("“%(field)s” may not be empty; choose the %(kind)s.")
            kind = db_field.related_model._meta.verbose_name
            words = {"field": capfirst(db_field.verbose_name), "kind": kind}
            field.error_messages["required"] = said % words
        if searched:
            other = self.admin_site.get_model_admin(db_field.related_model)
            field.label_from_instance = other.label_of
        return field

    def get_autocomplete_fields(self, request):
        """Every relation to something that is curated."""
        return [
            field.name
            for field in self.model._meta.fields
            if field.many_to_one and self.admin_site.is_registered(field.related_model)
        ]

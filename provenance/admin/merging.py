"""The admin's pages of possible duplicates: listed, marked as not, or merged."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from ..db.keyset import LARGEST_KEY
from ..merging import merge, plan
from ..models import Distinction
from ..review.duplicates import distinguish, is_compared
from ..review.kept_duplicates import at_hand
from ..review.permissions import may
from ..tracking.dependent_columns import StaleRecord
from .addresses import address, led_back
from .merge_preview import Preview

SHOWN = 100  # pairs on a page: the most alike, and nobody decides on more at a time


class DistinctionForm(forms.ModelForm):
    """What tells two records apart."""

    class Meta:
        model = Distinction
        fields = ["note"]
        widgets = {"note": UnfoldAdminTextInputWidget}


class MergeForm(forms.Form):
    """Why two records are merged, and which versions of them were looked at."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        help_text=gettext_lazy("How you know that the two are the same."),
        widget=UnfoldAdminTextareaWidget({"rows": 2}),
    )
    winner_version = forms.IntegerField(widget=forms.HiddenInput)
    loser_version = forms.IntegerField(widget=forms.HiddenInput)


class Merging:
    """Records that may be the same, side by side, until somebody has decided."""

    actions_list = ["duplicates"]

    def get_custom_urls(self):
        meta = self.model._meta
        return (
            *super().get_custom_urls(),
            *(
                (
                    f"{page}/<int:first>/<int:second>/",
                    f"{meta.app_label}_{meta.model_name}_{page}",
                    view,
                )
                for page, view in (
                    ("merge", self.merge_view),
                    ("distinguish", self.distinguish_view),
                )
            ),
        )

    # who may

    def has_merge_permission(self, request):
        return self.has_distinguish_permission(request) and may(
            request.user, "delete", self.model
        )

    def has_distinguish_permission(self, request):
        return request.user.has_perm("provenance.merge_records") and may(
            request.user, "change", self.model
        )

    # which may be the same

    @action(
        description=gettext_lazy("Possible duplicates"),
        url_path="duplicates",
        permissions=["view"],
        icon="join_inner",
    )
    def duplicates(self, request):
        pairs, found_at = at_hand(self.model)
        distinctions = Distinction.objects.filter(type=self.model.type_name())
        return self._page(
            request,
            "provenance/duplicates.html",
            _("Possible duplicates"),
            pairs=[
                {
                    "pair": pair,
                    "records": [self._described(one) for one in (pair.one, pair.other)],
                    "merge": address(self.model, "merge", pair.one.pk, pair.other.pk),
                    "distinguish": address(
                        self.model, "distinguish", pair.one.pk, pair.other.pk
                    ),
                }
                for pair in pairs[:SHOWN]
            ],
            more=max(0, len(pairs) - SHOWN),
            is_partial=found_at is not None,
            found_at=found_at,
            is_compared=is_compared(self.model),
            distinctions=distinctions[:SHOWN],
            form=DistinctionForm(),
            may_merge=self.has_merge_permission(request),
            may_distinguish=self.has_distinguish_permission(request),
        )

    def distinguish_view(self, request, first, second, model_admin):
        """Remembers that two are not the same."""
        if not self.has_distinguish_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return led_back(request, address(self.model, "duplicates"))
        one, other = self._two(first, second)
        form = DistinctionForm(request.POST)
        try:
            distinguish(one, other, form["note"].value() or "")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            said = _("“%(one)s” and “%(other)s” are marked as not duplicates.")
            messages.success(request, said % {"one": one, "other": other})
        return HttpResponseRedirect(address(self.model, "duplicates"))

    # one of two

    @admin.action(
        permissions=["merge"], description=gettext_lazy("Merge the two selected")
    )
    def merge_selected(self, request, queryset):
        chosen = list(queryset.values_list("pk", flat=True)[:3])
        if len(chosen) != 2:
            messages.error(request, _("Select two records to merge, and no more."))
            return None
        return HttpResponseRedirect(address(self.model, "merge", *chosen))

    def merge_view(self, request, first, second, model_admin):
        """Shows what a merge would do, and does it once that is confirmed."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        winner, loser = self._two(first, second)
        form = MergeForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            winner.version = form.cleaned_data["winner_version"]
            loser.version = form.cleaned_data["loser_version"]
            try:
                merge(winner, loser, form.cleaned_data["reason"], request.user)
            except StaleRecord as error:
                message = _("%s Nothing was merged; check the preview again.") % error
                messages.error(request, message)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                return self._merged(request, winner, loser)
            winner, loser = self._two(first, second)
            form = MergeForm(initial={"reason": form.cleaned_data["reason"]})
        for name, record in (("winner_version", winner), ("loser_version", loser)):
            form.initial[name] = record.version
        return self._page(
            request,
            "provenance/merge.html",
            _("Merge two records"),
            plan=(planned := plan(winner, loser)),
            preview=Preview(planned),
            records=[self._described(record) for record in (winner, loser)],
            form=form,
            swapped=address(self.model, "merge", second, first),
            list_address=address(self.model, "duplicates"),
        )

    merge_view.opens_a_change = True

    def _merged(self, request, winner, loser):
        self.log_change(request, winner, _("Merged with “%s”.") % loser.slug)
        page = self.address_of(winner)
        said = _("“{loser}” is merged into {winner}; its address redirects there.")
        link = format_html('<a href="{}" class="underline">{}</a>', page, winner)
        messages.success(request, format_html(said, loser=loser, winner=link))
        return HttpResponseRedirect(page)

    def _two(self, first, second):
        keys = [key for key in {first, second} if key <= LARGEST_KEY]
        found = self.model._default_manager.in_bulk(keys)
        if len(found) < 2:
            raise Http404
        return found[first], found[second]

    def _described(self, record):
        return {
            "title": self.label_of(record),
            "slug": record.slug,
            "status": record.get_status_display(),
            "address": self.address_of(record),
        }

    def _page(self, request, template, title, **context):
        shared = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "kind": capfirst(self.opts.verbose_name_plural),
        }
        return TemplateResponse(request, template, {**shared, **context})

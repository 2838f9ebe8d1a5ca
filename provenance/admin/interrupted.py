"""What somebody sent that could not be carried out: it comes back into its form.

The session has ended, or began anew in another tab; a permission was taken away. Then
nothing is written, and what was typed goes along: to the page that asks to sign in, and
from there back to the form, which shows it and is saved by whoever typed it.
"""

import json
from urllib.parse import urlsplit

from django.core.exceptions import (
    SuspiciousOperation,
    ValidationError,
)
from django.http import QueryDict
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure

from .second_factor import is_in_use

TYPED = "_typed"  # the field with what was sent: pairs of name and text, in JSON
NOT_KEPT = ("csrfmiddlewaretoken", TYPED, "password")  # and what is called after them
SHOWN = 100  # fields on the page of a request that is no form


def typed_in(request):
    """What was typed, to go along; of what carries that of an earlier request, that."""
    if TYPED in request.POST:
        return request.POST[TYPED]
    pairs = [
        (name, text)
        for name, several in request.POST.lists()
        for text in several
        if not any(word in name for word in NOT_KEPT)
    ]
    return json.dumps(pairs, ensure_ascii=False) if pairs else ""


def read_typed(text):
    """What was sent, as it was.

    SuspiciousOperation says that no page of ours has written it.
    """
    data = QueryDict(mutable=True)
    try:
        for name, value in json.loads(text):
            data.appendlist(str(name), str(value))
    except (TypeError, ValueError) as error:
        raise SuspiciousOperation("What was typed cannot be read.") from error
    data._mutable = False
    return data


def is_from_here(request):
    """Whether a page of this site has sent it, as the browser says."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin)[:2] == (request.scheme, request.get_host())


class KeepsWhatWasSent:
    """The part of the site that answers a request which it cannot carry out."""

    def ask_to_sign_in(self, request, address=""):
        """The page that asks to sign in, with what was typed."""
        context = {
            **self.each_context(request),
            "title": _("Sign in"),
            "form": self.login_form(request),
            "app_path": address or self.sign_in_address(request.get_full_path()),
            "typed": typed_in(request),
            "asks_for_code": is_in_use(),
            "files": bool(request.FILES),
        }
        template = self.login_template
        return TemplateResponse(request, template, context, status=403)

    def sign_in_address(self, back):
        """Where somebody signs in to go back to a page."""
        query = QueryDict(mutable=True)
        query["next"] = back
        return f"{reverse('admin:login')}?{query.urlencode(safe='/')}"

    def hand_back(self, request, address, typed, status=200):
        """Sends what was typed back to its form, by the browser."""
        context = {
            **self.each_context(request),
            "title": _("Back to what you typed"),
            "address": address,
            "typed": typed,
        }
        template = "provenance/handing_back.html"
        return TemplateResponse(request, template, context, status=status)

    def shown_again(self, request, view, *args, **kwargs):
        """The page with what was typed before, which is not carried out.

        A form shows it as if it had a fault; of anything else what was sent is listed.
        """
        request.POST = read_typed(request.POST[TYPED])
        if self._is_form_of_a_record(request):
            request.refused = ValidationError(
                _("Nothing is saved yet. Check what you typed, and save it.")
            )
            return view(request, *args, **kwargs)
        context = {
            **self.each_context(request),
            "title": _("Nothing was done yet"),
            "sent": self._legible(request),
            "pairs": [
                (n, one) for n, several in request.POST.lists() for one in several
            ],
        }
        return TemplateResponse(request, "provenance/sent_before.html", context)

    def refused(self, request):
        """What somebody sent who may not do it, or may not any more; they keep it."""
        context = {
            **self.each_context(request),
            "title": _("You do not have permission to do this"),
            "sent": self._legible(request),
            "typed": typed_in(request),
            "sign_in_address": self.sign_in_address(request.get_full_path()),
        }
        template = "provenance/refused.html"
        return TemplateResponse(request, template, context, status=403)

    def _is_form_of_a_record(self, request):
        admin = self._admin_of(request)
        return admin is not None and hasattr(admin, "keeps_what_was_typed")

    def _admin_of(self, request):
        """Whose form a page is; None where it is none that adds or changes a record."""
        page = request.resolver_match.url_name or ""
        for admin in self._registry.values():
            prefix = f"{admin.opts.app_label}_{admin.opts.model_name}"
            if page in (f"{prefix}_add", f"{prefix}_change"):
                return admin
        return None

    def _legible(self, request):
        """What somebody has typed or chosen, each under its label."""
        admin = self._admin_of(request)
        fields = {}
        if admin is not None:
            fields = {field.name: field for field in admin.opts.get_fields()}
        sent = [
            (_label(fields.get(name), name), text)
            for name, several in request.POST.lists()
            for text in several
            if text.strip() and _is_typed(name)
        ]
        return sent[:SHOWN]


def _is_typed(name):
    """Whether a field is one that people fill in, and not for the page itself."""
    return not (name.startswith("_") or "_FORMS" in name or name == "seen_version")


def _label(field, name):
    return capfirst(getattr(field, "verbose_name", name.replace("_", " ")))


def refuse_forged(request, reason=""):
    """Answers a request that may be forged (CSRF).

    One that a page of the admin has sent is none: its token has changed since, as
    somebody has signed in again. It is not carried out either, but it is kept.
    """
    from django.contrib.admin import site

    match = request.resolver_match
    if "admin" not in match.namespaces or not is_from_here(request):
        return csrf_failure(request, reason)
    get_token(request)
    is_signed_in = site.has_permission(request)
    if match.url_name == "login":
        back, typed = request.GET.get("next", ""), request.POST.get(TYPED, "")
        return site.signed_in_elsewhere(request, is_signed_in, back, typed)
    if is_signed_in:
        typed = typed_in(request)
        return site.hand_back(request, request.get_full_path(), typed, status=403)
    return site.ask_to_sign_in(request)

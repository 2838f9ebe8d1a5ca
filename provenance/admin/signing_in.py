"""Signing in to the admin: how it slows down who guesses, and where it leads to."""

from datetime import timedelta
from math import ceil

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_otp import match_token
from unfold.forms import AuthenticationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from ..sign_in.known_clients import remember
from .addresses import led_back
from .interrupted import TYPED, KeepsWhatWasSent
from .second_factor import (
    LONGEST,
    WRONG,
    SecondFactor,
    has_codes,
    has_second_factor,
    is_any_passkey,
    is_in_use,
)


class SignInForm(AuthenticationForm):
    """Name, password, and the code of a second factor from whoever has one.

    Who has guessed too often is told how long to wait.
    """

    token = forms.CharField(
        label=gettext_lazy("Authentication code, if you use two-factor authentication"),
        required=False,
        max_length=LONGEST,
        widget=UnfoldAdminTextInputWidget(
            {"autocomplete": "one-time-code", "inputmode": "numeric"}
        ),
    )

    def clean(self):
        cleaned = super().clean()
        user = self.get_user()
        if user is not None and has_second_factor(user):
            token = cleaned.get("token", "").replace(" ", "")
            if not token and not has_codes(user):
                raise ValidationError(_("Sign in with your passkey."), code="passkey")
            if not token:
                message = _(
                    "Type your password again, with the code of your authenticator app."
                )
                raise ValidationError(message, code="token")
            user.otp_device = match_token(user, token)  # by which it is signed in
            if user.otp_device is None:
                raise ValidationError(WRONG, code="token")
        return cleaned

    def get_invalid_login_error(self):
        wait = getattr(self.request, "sign_in_wait", timedelta())
        if not wait:
            return super().get_invalid_login_error()
        return ValidationError(too_often(wait), code="too_often")


def too_often(wait):
    """Says how long is to be waited before the next try."""
    seconds = ceil(wait.total_seconds())
    at = date_format(timezone.localtime(timezone.now() + wait), "H:i:s")
    return ngettext(
        "Too many wrong passwords for this name. Wait %(seconds)d second, until "
        "%(at)s UTC, and try again.",
        "Too many wrong passwords for this name. Wait %(seconds)d seconds, until "
        "%(at)s UTC, and try again.",
        seconds,
    ) % {"seconds": seconds, "at": at}


def told_to_wait(request, response, credentials=None):
    """The page that says to wait, with the status that says so to programs."""
    wait = getattr(request, "sign_in_wait", timedelta())
    response.status_code = 429
    response.headers["Retry-After"] = str(ceil(wait.total_seconds()))
    return response


class SignInPages(SecondFactor, KeepsWhatWasSent):
    """The part of the site that signs somebody in."""

    login_form = SignInForm
    login_template = "provenance/sign_in.html"

    def login(self, request, extra_context=None):
        typed = request.POST.get(TYPED, "")
        if request.method == "POST" and "username" not in request.POST:
            return self.ask_to_sign_in(request, request.get_full_path())
        context = {"title": _("Sign in"), "typed": typed, **(extra_context or {})}
        context["asks_for_code"] = is_in_use()
        context["offers_passkey"] = is_any_passkey()
        response = super().login(request, context)
        if request.method != "POST" or not request.user.is_authenticated:
            return response
        if not isinstance(response, HttpResponseRedirect):
            return response
        onward = self._onward(request, response.url, typed)
        onward.cookies.update(response.cookies)  # the new token (CSRF) is among them
        remember(request, onward, request.user.get_username())
        return onward

    def logout(self, request, extra_context=None):
        if request.method != "POST":
            return led_back(request, reverse("admin:index"))
        return super().logout(request, extra_context)

    def signed_in_elsewhere(self, request, is_signed_in, back, typed):
        """Answers a page to sign in that is older than the session there is now."""
        if is_signed_in:
            return self._onward(request, back, typed)
        context = {"typed": typed, "begun_anew": True}
        request.method = "GET"
        return super().login(request, context)

    def _onward(self, request, address, typed):
        """Leads to a page of this site, with what was typed there before."""
        desk = reverse("admin:index")
        if not url_has_allowed_host_and_scheme(address, request.get_host()):
            address = desk
        if typed and address.startswith(desk):
            return self.hand_back(request, address, typed)
        return HttpResponseRedirect(address)

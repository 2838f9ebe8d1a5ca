"""The second factor of who signs in: an app that shows codes, and codes to recover.

Each of staff sets it up for themselves; with ``REQUIRE_2FA`` nobody works without one.
The codes are those of RFC 6238 (TOTP).
"""

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_otp import devices_for_user, login, match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

RECOVERY_CODES = 8
LONGEST = 16  # characters of a code
WRONG = gettext_lazy("This code is wrong, or was used before. Try the next one.")


def has_codes(user):
    """Whether somebody has an app that shows codes."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def has_second_factor(user):
    """Whether somebody has set one up."""
    return has_codes(user) or passkeys_of(user).exists()


def passkeys_of(user):
    """The passkeys of somebody."""
    return WebAuthnCredential.objects.filter(user=user, confirmed=True)


def is_any_passkey():
    """Whether anybody has one, so that a page to sign in offers it."""
    return WebAuthnCredential.objects.filter(confirmed=True).exists()


def is_in_use():
    """Whether anybody has one, so that a page to sign in asks for the code."""
    return settings.REQUIRE_2FA or TOTPDevice.objects.filter(confirmed=True).exists()


class SecondFactor:
    """The part of the site on which somebody sets up a second factor."""

    def has_permission(self, request):
        return super().has_permission(request) and not self.lacks_second_factor(request)

    def lacks_second_factor(self, request):
        """Whether one of staff has signed in, but without the factor that is needed."""
        return (
            settings.REQUIRE_2FA
            and AdminSite.has_permission(self, request)
            and not request.user.is_verified()
        )

    def second_factor_urls(self):
        view = never_cache(self.second_factor)
        return [path("second-factor/", view, name="second_factor")]

    def second_factor(self, request):
        """Sets up a second factor, or takes it away, for whoever asks."""
        if not AdminSite.has_permission(self, request):
            return HttpResponseRedirect(self.sign_in_address(request.get_full_path()))
        user, codes = request.user, []
        token = request.POST.get("token", "").replace(" ", "")[:LONGEST]
        if request.method == "POST":
            if key := request.POST.get("passkey", ""):
                return self._drop_passkey(request, key)
            if not has_codes(user) and self._may_add(user):
                codes = self._set_up(request, token)
            elif not has_codes(user):
                messages.error(request, _("Sign in with your second factor first."))
            elif match_token(user, token):
                for device in devices_for_user(user, confirmed=None):
                    device.delete()  # passkeys among them
                messages.success(request, _("Two-factor authentication is off."))
                return HttpResponseRedirect(request.path)
            else:
                messages.error(request, WRONG)
        context = {
            **self.each_context(request),
            "title": _("Two-factor authentication"),
        }
        context |= {"codes": codes, "required": settings.REQUIRE_2FA}
        context["passkeys"] = passkeys_of(user).order_by("pk")
        if not self._may_add(user):
            context["is_other_factor_needed"] = True
        elif has_codes(user):
            left = StaticToken.objects.filter(device__user=user).count()
            context |= {"is_set_up": True, "codes_left": left}
        else:
            device, _made = TOTPDevice.objects.get_or_create(
                user=user, confirmed=False, defaults={"name": "app"}
            )
            drawn = segno.make(device.config_url, error="m")
            context |= {
                "drawing": drawn.svg_inline(scale=5, light="#fff", omitsize=True),
                "address": device.config_url,
            }
        return TemplateResponse(request, "provenance/second_factor.html", context)

    @staticmethod
    def _may_add(user):
        """Whether somebody may add a factor: with one, by having used it."""
        return has_codes(user) or not passkeys_of(user).exists() or user.is_verified()

    def _drop_passkey(self, request, key):
        """Takes a passkey away from whoever has signed in with a second factor."""
        found = passkeys_of(request.user).filter(
            pk=key if key.isdecimal() and len(key) < 19 else 0
        )
        if not request.user.is_verified():
            messages.error(request, _("Sign in with your second factor first."))
        elif found.delete()[0]:
            messages.success(request, _("The passkey is removed."))
        return HttpResponseRedirect(request.path)

    def _set_up(self, request, token):
        """Confirms the app by a code that it shows; returns the codes to recover."""
        device = TOTPDevice.objects.filter(user=request.user, confirmed=False).first()
        if device is None or not device.verify_token(token):
            messages.error(request, WRONG)
            return []
        device.confirmed = True
        device.save()
        StaticDevice.objects.filter(user=request.user).delete()
        spare = StaticDevice.objects.create(user=request.user, name="recovery")
        codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(
            StaticToken(device=spare, token=code) for code in codes
        )
        login(request, device)
        messages.success(request, _("Two-factor authentication is on."))
        return codes

    def second_factor_address(self):
        return reverse("admin:second_factor")

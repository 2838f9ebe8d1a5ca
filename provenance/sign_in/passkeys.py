"""Passkeys: of which site they are, and who has one (WebAuthn, W3C).

A passkey is of the name under which the site is reached, which ALLOWED_HOSTS has.
"""

from functools import wraps

from django.http import JsonResponse
from django.urls import path
from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.urls import app_name, urlpatterns


def name_of_site(request):
    """The name that a passkey is of: that of the site, without its port."""
    host = request.get_host()
    return host.rsplit(":", 1)[0] if ":" in host.rpartition("]")[2] else host


class OfThisSite(WebAuthnHelper):
    """Takes passkeys that were asked for by the pages of the site alone."""

    def get_allowed_origins(self):
        return [f"{self.request.scheme}://{self.request.get_host()}"]


def text_only(view):
    """A view that answers what is no text, over which the library stumbles, by 400."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            request.body.decode()
        except UnicodeDecodeError:
            said = {"detail": "The body is not UTF-8.", "code": "malformed_request"}
            return JsonResponse(said, status=400)
        return view(request, *args, **kwargs)

    return answer


addresses = (
    [path(str(p.pattern), text_only(p.callback), name=p.name) for p in urlpatterns],
    app_name,
)

"""Passkeys: of which site they are, and who has one (WebAuthn, W3C).

A passkey is of the name under which the site is reached, which ALLOWED_HOSTS has.
"""

from django_otp_webauthn.helpers import WebAuthnHelper


def name_of_site(request):
    """The name that a passkey is of: that of the site, without its port."""
    host = request.get_host()
    return host.rsplit(":", 1)[0] if ":" in host.rpartition("]")[2] else host


class OfThisSite(WebAuthnHelper):
    """Takes passkeys that were asked for by the pages of the site alone."""

    def get_allowed_origins(self):
        return [f"{self.request.scheme}://{self.request.get_host()}"]

"""Browsers from which somebody has signed in before.

They bear a signed cookie that says so, and for whom. Whoever has it is told apart from
strangers who guess at the same name: what they do wrong is not counted against it. The
method is that of device cookies
(https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

COOKIE = "known_client"
SALT = "provenance.sign_in.known_clients"
LASTS = timedelta(days=365)
MOST = 5  # names for which a browser is known, the latest


def known_as(request, name):
    """The key of the browser, if it is known for this name; else empty."""
    key, names = _read(request)
    return key if _digest(name) in names else ""


def remember(request, response, name):
    """Has the browser bear that somebody has signed in there under a name.

    Its key is a new one each time: what was wrong before is forgotten with the old.
    """
    _key, names = _read(request)
    names = [_digest(name), *(one for one in names if one != _digest(name))][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps([secrets.token_hex(8), names], salt=SALT),
        max_age=LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _read(request):
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return "", []


def _digest(name):
    """A name as it stands in the cookie, which others may see on the same machine."""
    return salted_hmac(SALT, (name or "").casefold()).hexdigest()[:16]

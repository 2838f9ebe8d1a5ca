"""Who signs in and out and what is taken away: a line of the log each.

What is written has its history; this is of what leaves no row behind. No name that was
typed in vain is logged: it may be a password in the wrong field.
"""

import logging
from getpass import getuser

from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)

logger = logging.getLogger("bordersec.audit")


def note(did, user, client, what=""):
    """Logs that somebody did something, from which address and with what."""
    more = {"user": user and user.pk, "client": client, "what": what}
    said = f"{user or 'somebody'} from {client or 'an unknown address'} {did}"
    logger.info("%s %s" if what else "%s%s", said, what, extra=more)


def note_taken(request, what):
    """Logs that somebody took something away."""
    note_done(request, "took away", what)
    request.is_noted = True


def note_done(request, did, what=""):
    """Logs what somebody did who may be signed in or have a token."""
    user = request.user if request.user.is_authenticated else None
    note(did, user, _client(request), what)


def note_command(did, what):
    """Logs what somebody did by a command, under their name on this machine."""
    more = {"user": None, "client": "", "what": what}
    logger.info("%s on this machine %s %s", getuser(), did, what, extra=more)


class FilesTaken:
    """Middleware that has each file that is taken away logged, unless a view did."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        told = response.headers.get("Content-Disposition", "")
        if told.startswith("attachment") and not hasattr(request, "is_noted"):
            note_taken(request, f"{told.partition('filename=')[2]} at {request.path}")
        return response


def watch():
    """Has all that Django tells of signing in logged from now on."""
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    user_login_failed.connect(_refused)


def _signed_in(sender, request, user, **_more):
    note("signed in", user, _client(request))


def _signed_out(sender, request, user, **_more):
    note("signed out", user, _client(request))


def _refused(sender, credentials, request=None, **_more):
    note("was refused", None, _client(request))


def _client(request):
    return request.META.get("REMOTE_ADDR", "") if request else ""

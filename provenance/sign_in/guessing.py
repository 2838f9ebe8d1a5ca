"""Slows down whoever guesses passwords, and nobody else.

After a few failures under one name from one client each further try has to wait, twice
as long each time. A client is a browser that is known for the name; else an address, of
IPv6 the network that one household has; else, where nothing says who asks, all who are
unknown.
"""

from datetime import timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum

from .client_address import UNKNOWN, household_of
from .known_clients import known_as

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)


class Guessing(AxesDatabaseHandler):
    """Counts failures by name and client, and says how long is to be waited.

    A row has the key of a known browser where others have what it calls itself.
    """

    def is_locked(self, request, credentials=None):
        request.sign_in_wait = self.wait(request, credentials)
        return bool(request.sign_in_wait)

    def wait(self, request, credentials=None):
        """How long this client has to wait before it may try this name again."""
        (attempts,) = self.get_user_attempts(request, credentials)
        found = attempts.aggregate(
            failures=Sum("failures_since_start"), last=Max("attempt_time")
        )
        further = (found["failures"] or 0) - settings.AXES_FAILURE_LIMIT
        if further < 0:
            return timedelta()
        pause = min(FIRST_WAIT * 2 ** min(further, 10), LONGEST_WAIT)
        left = found["last"] + pause - request.axes_attempt_time
        return max(left, timedelta())

    def filter_user_attempts(self, request, credentials=None):
        name = get_client_username(request, credentials)
        address, key = _client(request, name)
        return [
            AccessAttempt.objects.filter(
                username=name, ip_address=address, user_agent=key
            )
        ]

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is not None:
            name = get_client_username(request, credentials)
            request.axes_ip_address, request.axes_user_agent = _client(request, name)
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is not None:
            self.is_locked(request, credentials)


def _client(request, name):
    """Who asks: an address, and the key of a browser that is known for the name."""
    if key := known_as(request, name):
        return UNKNOWN, key
    return household_of(request.META.get("REMOTE_ADDR", "")), ""

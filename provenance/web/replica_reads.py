"""Requests of the public that a replica of the database answers instead of it.

All of one answer comes from one server. Whoever shows who they are is answered by the
primary: rights that were taken away end with the next request.
"""

import logging
from contextlib import ExitStack
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, connection
from django.utils import timezone

from ..db.replicas import of_this_site, position_of
from .streaming import Stream

HEADER = "X-Consistency-Token"
COOKIE = "consistency"
REMEMBERED = timedelta(hours=1)  # longer than any replica may be behind
READS = ("GET", "HEAD")
SAFE = (*READS, "OPTIONS", "TRACE")
EVERYTHING = "FFFFFFFF/FFFFFFFF"  # a position that no replica ever reaches
# What is known at a moment of these days may still be on its way to a replica; they are
# as many as need no look at the offset of a time.
RECENT = timedelta(days=2)
logger = logging.getLogger("bordersec.replicas")


class ReplicaReads:
    """Middleware that has a replica answer who reads without a name.

    After each request that may have written, a header and a cookie tell up to where:
    who sends one of them back is shown no state from before that.
    """

    def __init__(self, get_response):
        if (replicas := of_this_site()) is None:
            raise MiddlewareNotUsed
        self.get_response, self.replicas = get_response, replicas

    def __call__(self, request):
        if request.method not in SAFE:
            return _telling_how_far(request, self.get_response(request))
        if not is_public_read(request):
            return self.get_response(request)
        chosen = self.replicas.choose(seen_by(request))
        return self._read(request, chosen) if chosen else self.get_response(request)

    def _read(self, request, chosen):
        untouched = vars(request).copy()
        with ExitStack() as reading:
            reading.enter_context(self.replicas.servers.in_place_of_the_primary(chosen))
            response = self.get_response(request)
            if response.status_code < 500:
                if response.streaming:  # it reads on until all is sent
                    blocks = (block for block in response.streaming_content)
                    response.streaming_content = Stream(blocks, reading.pop_all())
                return response
        # The replica is gone, or the answer needed a write: nothing has been sent yet.
        logger.warning("%s could not answer; the primary is asked.", chosen)
        self.replicas.doubt()
        vars(request).clear()
        vars(request).update(untouched)
        return self.get_response(request)


def is_public_read(request):
    """Whether what is asked is for everybody; of the past, what no commit changes."""
    if request.method not in READS or "Authorization" in request.headers:
        return False
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return False
    settled = f"{timezone.now() - RECENT:%Y-%m-%d}"
    return all(text < settled for text in request.GET.getlist("known_at"))


def seen_by(request):
    """Up to where who asks has seen the record change, as a position.

    What cannot be read counts as all of it: the primary lacks nothing.
    """
    given = (request.headers.get(HEADER), request.COOKIES.get(COOKIE))
    try:
        return max((position_of(text) for text in given if text), default=0)
    except ValueError:
        return position_of(EVERYTHING)


def _telling_how_far(request, response):
    """The answer to what may have been a write, with the position behind it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_lsn()")
            (position,) = cursor.fetchone()
    except Error:
        position = EVERYTHING  # what was written is committed, wherever that is
    response[HEADER] = position
    if "Authorization" not in request.headers:
        response.set_cookie(
            COOKIE,
            position,
            max_age=REMEMBERED,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response

"""One line for each request in the log, and its name in each line that it brings about.

The lines are JSON where ``LOG=json``: control characters in an address are escaped, so
that no line can be made up from outside.
"""

import logging
import re
from contextvars import ContextVar
from secrets import token_hex
from time import perf_counter

from django.core.exceptions import MiddlewareNotUsed

NAME = re.compile(r"[A-Za-z0-9._-]{8,64}")
HEADER = "X-Request-ID"
logger = logging.getLogger("bordersec.requests")
_name = ContextVar("the name of the request", default="")


class RequestLog:
    """Middleware that names a request, as a proxy before us has, and logs its answer.

    No query stands in the log, no body and no header: they may hold what is secret.
    """

    def __init__(self, get_response):
        if not logger.isEnabledFor(logging.INFO):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get(HEADER, "")
        name = given if NAME.fullmatch(given) else token_hex(8)
        token, begun = _name.set(name), perf_counter()
        try:
            response = self.get_response(request)
            response[HEADER] = name
            logger.info("request", extra=_told(request, response, begun))
            return response
        finally:
            _name.reset(token)


def _told(request, response, begun):
    user = getattr(request, "_cached_user", None)  # of whom it was asked anyhow
    return {
        "method": request.method,
        "path": request.path_info[:500],
        "status": response.status_code,
        "milliseconds": round(1000 * (perf_counter() - begun)),
        "client": request.META.get("REMOTE_ADDR", ""),
        "user": user and user.pk,
    }


class OfRequest(logging.Filter):
    """Puts the name of the request into each line that is logged during it."""

    def filter(self, record):
        record.request = _name.get()
        return True

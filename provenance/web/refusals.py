"""The answer where a database would not write: it is full, or busy for too long."""

import logging

from django.db import OperationalError
from django.http import HttpResponse

from ..db.disk_full import why_refused

logger = logging.getLogger(__name__)
BUSY = 503


class DatabaseRefusals:
    """Middleware that says why nothing was written, where a page has not said so."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        refused = isinstance(error, OperationalError) and why_refused(error)
        if not refused:
            return None
        status, said = refused
        logger.error("The database refused to write", exc_info=error)
        answer = HttpResponse(said, status=status)
        answer["Content-Type"] = "text/plain; charset=utf-8"
        if status == BUSY:
            answer["Retry-After"] = "1"
        return answer

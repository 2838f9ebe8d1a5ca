"""The answer where a database would not do its part, or a disk took no file."""

import errno
import logging

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import connection
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from ..db.refusals import why_refused

logger = logging.getLogger(__name__)
UNAVAILABLE = 503
FILES = {
    errno.ENOSPC: (507, _("The disk for files is full. Nothing was written.")),
    errno.EDQUOT: (507, _("The disk for files is full. Nothing was written.")),
    errno.EROFS: (503, _("Files can only be read at the moment. Nothing was written.")),
}


def refusal_of(error):
    """The status and the sentence that answer for an error; None for another fault."""
    if isinstance(error, SessionInterrupted):
        # Django takes a database that is gone for a session that was deleted.
        error = error.__context__ and error.__context__.__context__
    if isinstance(error, OSError):
        return FILES.get(error.errno)
    if refused := why_refused(error):
        return refused.status, refused.sentence
    return None


def answer_to(error):
    """The page that answers for an error; None if it is another fault."""
    if (refused := refusal_of(error)) is None:
        return None
    status, said = refused
    logger.error("It was refused", exc_info=error)
    answer = HttpResponse(said, status=status)
    answer["Content-Type"] = "text/plain; charset=utf-8"
    return told_to_wait(answer)


def told_to_wait(response):
    """The answer, which says when to ask again where that may be soon."""
    if response.status_code == UNAVAILABLE:
        response.headers.setdefault("Retry-After", "1")
    return response


class DatabaseRefusals:
    """Middleware that says why nothing was written, where a page has not said so.

    After that the next request gets a connection of its own: a server that has begun
    anew knows none from before, and a file that was opened when it could only be read
    stays so.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = told_to_wait(self.get_response(request))
        if response.status_code == UNAVAILABLE and not connection.in_atomic_block:
            connection.close()
        return response

    def process_exception(self, request, error):
        return answer_to(error)

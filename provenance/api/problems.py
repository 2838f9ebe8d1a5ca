"""The error responses of the API: problem details (RFC 9457)."""

import logging
import sys
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from ..tables import UPLOAD, shown
from ..web.refusals import answer_to, refusal_of, told_to_wait

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
API_ROOT = "/api/"
MAX_ERRORS = 100  # a body of errors alone would make an answer of errors alone

NOT_FOUND = _("There is no such record or address.")
NOT_ALLOWED = _("You may not do this.")
NOT_ACCEPTABLE = _("Accept names none of the forms in which this can be had: %s.")
TOO_LARGE = _("The request is larger than is accepted.")
TOO_LARGE_A_FORM = _(
    "This is larger than is accepted, and nothing of it was read: a file may have "
    "%(file)d MiB, the rest of a form %(form)g MiB. Go back and split it."
)
MALFORMED = _("The request cannot be understood.")
BUSY = _("The database is busy. Nothing was written; repeat the request.")
BROKEN = _("Something went wrong here. Nothing was written.")


class Refused(exceptions.APIException):
    """A request that is not carried out, with everything that is wrong with it.

    ``members`` are further members of the problem (RFC 9457, 3.2).
    """

    status_code = 400

    def __init__(self, detail, errors=(), status=400, headers=None, **members):
        super().__init__(detail)
        self.errors = list(errors)
        self.status_code = status
        self.headers, self.members = headers or {}, members


def parameter_error(name, message, code="invalid"):
    """What is wrong with one query parameter."""
    return {"parameter": name, "code": code, "message": str(message)}


def messages_of(error):
    """The messages of a model's or a form's ValidationError, each with its code."""
    return [
        (message, single.code or "invalid")
        for single in error.error_list
        for message in single.messages
    ]


def fault_in_file(fault):
    """What is wrong in a file, or only looks so, and where; null for all of it."""
    return {
        "line": fault.line or None,
        "column": shown(fault.column) or None,
        "value": shown(fault.value),
        "code": fault.code or "invalid",
        "message": fault.message,
    }


def refused_parameters(errors):
    """The answer to a request whose query is wrong; none is left out."""
    return Refused(_("The query of this address is not understood."), errors)


def details_of(error):
    """A model's ValidationError in the form of the serializers' errors."""
    if not hasattr(error, "error_dict"):
        error = ValidationError({"__all__": error})
    return {
        api_settings.NON_FIELD_ERRORS_KEY if name == "__all__" else name: [
            exceptions.ErrorDetail(message, code)
            for message, code in messages_of(ValidationError(errors))
        ]
        for name, errors in error.error_dict.items()
    }


def pointed(detail, pointer=""):
    """The errors of a body, each with a JSON pointer (RFC 6901) to where it is."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            step = str(key).replace("~", "~0").replace("/", "~1")
            whole = key == api_settings.NON_FIELD_ERRORS_KEY
            yield from pointed(inner, pointer if whole else f"{pointer}/{step}")
    elif isinstance(detail, list):
        for inner in detail:
            yield from pointed(inner, pointer)
    else:
        code = getattr(detail, "code", "invalid")
        yield {"pointer": pointer, "code": code, "message": str(detail)}


def problem(status, detail="", errors=(), **members):
    """The members of a problem."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
        **members,
    }
    if errors:
        body["errors"] = list(errors)[:MAX_ERRORS]
    return body


def _refused(error):
    """What a change that is refused as a whole says: each reason, or that of rights."""
    reasons = [
        {"pointer": "", "code": code, "message": message}
        for message, code in messages_of(error)
    ]
    if any(reason["code"] == "permission" for reason in reasons):
        return 403, NOT_ALLOWED, reasons
    return 409, _("The request would leave the record in an invalid state."), reasons


def _explained(error):
    """The status, the detail and the errors that say what an exception means."""
    if isinstance(error, Refused):
        return error.status_code, error.detail, error.errors
    if isinstance(error, exceptions.ValidationError):
        return 400, _("The body is not accepted."), pointed(error.detail)
    if isinstance(error, ValidationError):  # the change as a whole
        return _refused(error)
    if isinstance(error, Http404 | exceptions.NotFound):
        return 404, NOT_FOUND, ()
    if isinstance(error, PermissionDenied):
        return 403, NOT_ALLOWED, ()
    if isinstance(error, RequestDataTooBig):
        return 413, TOO_LARGE, ()
    if isinstance(error, SuspiciousOperation):
        return 400, MALFORMED, ()
    if isinstance(error, exceptions.NotAcceptable):
        types = [each.media_type for each in error.available_renderers]
        return 406, NOT_ACCEPTABLE % ", ".join(types), ()
    if isinstance(error, exceptions.APIException):
        return error.status_code, error.detail, ()
    if refused := refusal_of(error):
        logger.error("It was refused", exc_info=error)
        return *refused, ()
    if isinstance(error, OperationalError):  # a lock or a deadlock; rolled back
        logger.error("The database gave up on a request", exc_info=error)
        return 503, BUSY, ()
    return None


def exception_handler(error, context):
    """The problem that answers for an exception in a view; None for a fault of ours."""
    explained = _explained(error)
    if explained is None:
        return None  # handler500 answers, and the log has the trace
    status, detail, errors = explained
    headers, members = {}, {}
    if isinstance(error, Refused):
        headers, members = dict(error.headers), error.members
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{wait:.0f}"
    return Response(
        problem(status, detail, errors, **members),
        status=status,
        headers=headers,
        content_type=MEDIA_TYPE,
    )


# What Django says where no API view was reached. Everywhere else: its own pages.


def _answer(status, detail):
    return JsonResponse(problem(status, detail), status=status, content_type=MEDIA_TYPE)


def bad_request(request, exception):
    """400, or 413 if it was the size; ``handler400``."""
    too_large = isinstance(exception, RequestDataTooBig)
    if request.path.startswith(API_ROOT):
        return _answer(413, TOO_LARGE) if too_large else _answer(400, MALFORMED)
    if refused := answer_to(exception):
        return refused
    if too_large:
        sizes = {
            "file": UPLOAD.bytes >> 20,
            "form": settings.DATA_UPLOAD_MAX_MEMORY_SIZE / (1 << 20),
        }
        return HttpResponse(
            TOO_LARGE_A_FORM % sizes,
            status=413,
            content_type="text/plain; charset=utf-8",
        )
    return defaults.bad_request(request, exception)


def permission_denied(request, exception):
    """403; ``handler403``."""
    if not request.path.startswith(API_ROOT):
        return defaults.permission_denied(request, exception)
    return _answer(403, NOT_ALLOWED)


def page_not_found(request, exception):
    """404; ``handler404``."""
    if not request.path.startswith(API_ROOT):
        return defaults.page_not_found(request, exception)
    return _answer(404, NOT_FOUND)


def server_error(request):
    """500, without a word of what is inside; ``handler500``.

    Where the database is gone no view may have been reached: that is told as by one.
    """
    error = sys.exception()
    if not request.path.startswith(API_ROOT):
        return answer_to(error) or defaults.server_error(request)
    if refused := refusal_of(error):
        return told_to_wait(_answer(*refused))
    return _answer(500, BROKEN)

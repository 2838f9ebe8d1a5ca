"""What tests of writing over HTTP share: a program with a token, that reads first."""

from http import HTTPStatus

from knox.models import get_token_model
from rest_framework.test import APIClient

OFFICIALS = "/api/v1/officials/"
OVER = ("PUT", "PATCH", "DELETE")


class Program(APIClient):
    """Writes as it has to: over the version that it has just read, if it may read it.

    Name ``HTTP_IF_MATCH`` to write otherwise; None for no header at all.
    """

    def generic(self, method, path, *args, **extra):
        if method in OVER and "HTTP_IF_MATCH" not in extra:
            extra["HTTP_IF_MATCH"] = self.get(path).get("ETag")
        if extra.get("HTTP_IF_MATCH", "") is None:
            del extra["HTTP_IF_MATCH"]
        return super().generic(method, path, *args, **extra)


def program(user):
    """A program with a token of this user."""
    _token, text = get_token_model().objects.create(user=user)
    client = Program()
    client.credentials(HTTP_AUTHORIZATION=f"Token {text}")
    return client


def pointers(answer, status=400):
    """What of a body is wrong, as an answer points at it."""
    assert answer.status_code == status, answer.content
    return [error["pointer"] for error in answer.json()["errors"]]


def refused(answer, status):
    """The body of a problem, which must be a whole one."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert list(body)[:4] == ["type", "title", "status", "detail"]
    assert body["type"] == "about:blank"
    assert body["title"] == HTTPStatus(status).phrase
    assert body["status"] == status
    assert body["detail"]
    return body

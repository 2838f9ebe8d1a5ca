"""What tests of writing over HTTP share: a program with a token, that reads first."""

from knox.models import get_token_model
from rest_framework.test import APIClient

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

"""Answers that are sent while they are made, and readers who go away."""

from django.core.signals import request_finished
from django.db import close_old_connections


def hang_up(answer):
    """Leaves an answer as a server does; the connection of the test stays open."""
    request_finished.disconnect(close_old_connections)
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)

"""Answers that are sent while they are made, and readers who go away."""

import pytest
from django.core.signals import request_finished


def hang_up(answer):
    """Leaves an answer as a server does; the connection of the test stays open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(request_finished, "send", lambda **_options: [])
        answer.close()

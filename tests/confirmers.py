"""Browsers of one person that confirm one import at once, each a process of its own.

    python -m tests.confirmers BROWSERS ADDRESS SEAL

The session that they share is in the environment. Each prints, as JSON, the status of
the answer and where it leads to.
"""

import json
import os
import sys

import django

from tests.at_once import at_once
from tests.writers import TOKEN


def confirm(address, seal, meet):
    """Presses the button of a preview."""
    from django.conf import settings
    from django.test import Client

    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = os.environ[TOKEN]
    meet.wait()
    answer = client.post(address, {"seal": seal})
    return [answer.status_code, answer.headers.get("Location")]


def main(browsers, address, seal):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    django.setup()
    print(json.dumps(at_once(confirm, *[(address, seal)] * int(browsers))))


if __name__ == "__main__":
    main(*sys.argv[1:])

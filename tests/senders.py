"""Browsers of one person that send one form at once, each a process of its own.

    python -m tests.senders BROWSERS ADDRESS FIELDS

The session that they share is in the environment, the fields are JSON. Each prints, as
JSON, the status of the answer and where it leads to.
"""

import json
import os
import sys

import django

from tests.at_once import at_once
from tests.writers import TOKEN


def send(address, fields, meet):
    """Presses the button of a form."""
    from django.conf import settings
    from django.test import Client

    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = os.environ[TOKEN]
    meet.wait()
    answer = client.post(address, fields)
    return [answer.status_code, answer.headers.get("Location")]


def main(browsers, address, fields):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    django.setup()
    sent = (address, json.loads(fields))
    print(json.dumps(at_once(send, *[sent] * int(browsers))))


if __name__ == "__main__":
    main(*sys.argv[1:])

#!/usr/bin/env python3
"""Runs a management command: ``python manage.py help`` lists them."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            f"{error}. Run `make run` once, then use .venv/bin/python manage.py."
        ) from None
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

"""What tests ask for by name: the API, and the curated record."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import settings
from rest_framework.test import APIClient

# How long an example takes says nothing of whether it is right.
settings.register_profile("bordersec", deadline=None)
settings.load_profile("bordersec")


@pytest.fixture
def api():
    """A program that reads and writes over HTTP."""
    return APIClient()


@pytest.fixture(scope="module")
def _fixtures_loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load", stdout=io.StringIO(), stderr=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def record(_fixtures_loaded, db):
    """The curated record, loaded once for a module; what a test changes is undone.

    Every test of such a module sees it: keep those that want an empty database apart.
    """

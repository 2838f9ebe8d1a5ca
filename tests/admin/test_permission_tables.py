"""The page of permissions says who may do what, as the code decides it."""

import os

import pytest

from tests.permission_tables import PAGE, written


@pytest.mark.django_db
def test_the_tables_are_those_that_the_code_gives():
    text = PAGE.read_text()
    told = written(text)
    if os.environ.get("UPDATE"):
        PAGE.write_text(told)
    assert told == PAGE.read_text()

"""A new record of a file without a slug gets one of what it is called, as in a form."""

import pytest

from entities.models import Appointment, Official
from tests import make
from tests.folders import faults_in, read_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_it_is_made_of_the_name():
    outcome = read_in("officials", "slug,name\r\n,José Ñuble\r\nana,Ana Ruiz\r\n")
    assert outcome.counts["new"] == 2
    (cell, _name) = outcome.shown["new"][0].cells
    assert (cell.column, cell.after) == ("slug", "jose-nuble")
    assert Official.objects.get(slug="jose-nuble").name == "José Ñuble"


def test_what_is_taken_is_decided_by_who_imports():
    make.an_official("Ana Ruiz", slug="ana-ruiz")
    outcome = read_in("officials", "slug,name\r\n,Ana Ruiz\r\n")
    assert faults_in(outcome) == [
        'line 2, column "slug": It would be “ana-ruiz”, which is taken: write that to '
        "change the record, or another slug for a new one."
    ]


def test_two_of_one_name_are_not_told_apart():
    outcome = read_in("officials", "slug,name\r\n,Ana Ruiz\r\n,Ana Ruiz\r\n")
    assert faults_in(outcome) == [
        "line 3: Line 2 has the same key; keep one of the two."
    ]


@pytest.mark.parametrize("name", ["", "???"])
def test_of_no_name_none_is_made(name):
    text = f"slug,name,status\r\n,{name},draft\r\n"
    assert read_in("officials", text).faults
    assert not Official.objects.exists()


def test_what_is_called_after_others_needs_one():
    make.an_official(slug="ana")
    make.a_post(slug="head")
    text = "slug,official,post,kind\r\n,ana,head,substantive\r\n"
    assert read_in("appointments", text).faults
    assert not Appointment.objects.exists()

"""Who may not see the record is told nothing of it by any address of the admin."""

import pytest

from tests.withheld import WITHHELD, assert_nothing_is_told

pytestmark = pytest.mark.django_db

PART = "admin/"


@pytest.mark.proves("hidden things asked for")
@pytest.mark.parametrize("who", WITHHELD[PART])
def test_nobody_is_told_in_the_admin_what_they_may_not_see(withheld, figure, who):
    figure(assert_nothing_is_told(who, withheld[PART]))

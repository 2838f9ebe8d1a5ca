"""What is not public is told by no address of the API, however it is asked for."""

import pytest

from tests.withheld import WITHHELD, assert_nothing_is_told

pytestmark = pytest.mark.django_db

PART = "api/"


@pytest.mark.proves("hidden things asked for")
@pytest.mark.parametrize("who", WITHHELD[PART])
def test_nobody_is_told_by_the_api_what_they_may_not_see(withheld, figure, who):
    figure(assert_nothing_is_told(who, withheld[PART]))

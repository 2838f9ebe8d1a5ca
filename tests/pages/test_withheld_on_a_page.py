"""What is not public is told by no page of the site, however it is asked for."""

import pytest

from tests.withheld import WITHHELD, assert_nothing_is_told

pytestmark = pytest.mark.django_db

PART = ""


@pytest.mark.proves("hidden things asked for")
@pytest.mark.parametrize("who", WITHHELD[PART])
def test_nobody_is_told_on_a_page_what_they_may_not_see(withheld, figure, who):
    figure(assert_nothing_is_told(who, withheld[PART]))


def test_every_parameter_of_an_address_is_filled_in(withheld):
    for part, addresses in withheld.items():
        assert len(addresses) > 50, part
        assert not [at for at, _values, _is_first in addresses if "<" in at]

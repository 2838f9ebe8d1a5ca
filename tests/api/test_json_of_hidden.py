"""Lists in JSON beside what is hidden: both ways of writing them hide the same."""

import pytest

from tests.both_ways import KINDS, written_both_ways
from tests.depth import thinned
from tests.planting import CANARY, public_record, secrets, taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(scope="module", params=[False, True], ids=["public", "with secrets"])
def planted(request, django_db_setup, django_db_blocker):
    """A record of each kind; behind it, or not, what is hidden in every way."""
    with django_db_blocker.unblock(), taken_back():
        public = public_record()
        if request.param:
            secrets(public)
        yield


@pytest.mark.parametrize("kind", thinned(KINDS))
def test_what_leads_to_what_is_hidden_is_written_alike(kind, planted):
    ours, pythons = written_both_ways(kind)
    assert ours
    assert ours == pythons
    assert CANARY not in "".join(ours)

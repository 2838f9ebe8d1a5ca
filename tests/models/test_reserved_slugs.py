"""No record has the slug that is an address of the site itself."""

import pytest
from django.core.exceptions import ValidationError

from entities.models import Official
from provenance.models.renaming import rename
from provenance.values.text import Key
from tests import make
from tests.folders import faults_in, read_in
from timeline.api_aggregates import AGGREGATES

pytestmark = pytest.mark.django_db
REFUSED = "“pairs” is an address of the site itself; choose another slug."


def test_every_answer_of_a_collection_has_a_reserved_address():
    addresses = [view.address().split("/") for view in AGGREGATES]
    assert {below for _name, *rest in addresses for below in rest} == {*Key.RESERVED}


def test_no_record_is_called_so_by_any_door():
    with pytest.raises(ValidationError) as refused:
        Official(slug="pairs", name="Pairs").full_clean()
    assert refused.value.message_dict == {"slug": [REFUSED]}
    with pytest.raises(ValidationError, match="address of the site itself"):
        rename(make.an_official(slug="ana"), "pairs")
    read = read_in("officials", "slug,name\r\npairs,Pairs\r\n")
    assert faults_in(read) == [f'line 2, column "slug": {REFUSED}']
    assert [one.slug for one in Official.objects.all()] == ["ana"]


def test_another_slug_is_proposed():
    assert Official(name="Pairs").propose_slug() == "pairs-2"

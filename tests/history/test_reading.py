"""History is read in one place: who asks what was written gets the same columns."""

import pytest

from provenance.history.publication import HIDDEN, PublicTexts
from provenance.history.reading import columns, fields_between, tracked_models
from provenance.history.wording import Texts, differences_of
from provenance.tracking.changes import ChangeSet
from tests import make
from tests.depth import thinned

pytestmark = pytest.mark.django_db

# Nobody types them; undo puts them back.
KEPT = {"created_at", "type", "checked_against", "dimension", "event", "participation"}


@pytest.mark.parametrize("model", tracked_models())
def test_each_reader_takes_the_same_columns_for_written(model):
    written = [column.name for column in columns(model)]
    assert [column.name for column in Texts([]).columns(model)] == written
    public = {column.name for column in PublicTexts([]).columns(model)}
    assert public == set(written) - HIDDEN
    for column in model._meta.concrete_fields:
        assert (column.name in written) == (
            column.editable and not column.primary_key
        ), column


@pytest.mark.parametrize("model", thinned(make.EACH_KIND))
def test_undoing_compares_these_and_what_a_write_leaves_behind(model):
    record = make.EACH_KIND[model]()
    other = type("Other", (), {"__getattr__": lambda self, name: object()})()
    compared = {column.name for column in fields_between(record, other, model)}
    assert compared - {column.name for column in columns(model)} <= KEPT


def test_what_is_told_of_something_new_is_what_stands_in_its_columns():
    agency = make.an_agency()
    last = ChangeSet.objects.first().pk
    told = {each.field for each in differences_of([last], private=True)[last]} - {""}
    texts = Texts([(type(agency), agency)])
    assert told == {
        column.name for column in columns(type(agency)) if texts.text(column, agency)
    }

"""What constraints ask of many rows in memory is what the database asks of each."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.db.constraint_predicates import (
    Columns,
    checks_of,
    names_in,
    predicate,
    unique_in,
)
from provenance.resources.rules import Rules
from provenance.tracking.tracked import Tracked
from provenance.values.dates import PartialDateField
from provenance.values.quantities import QuantityField
from tests import make
from tests.depth import examples
from timeline.models import Meeting, Observation, Participation

pytestmark = pytest.mark.django_db

KINDS = {
    models.DateField: st.sampled_from([date.min, date(2024, 2, 29), date.max]),
    models.DecimalField: st.sampled_from(
        [None, Decimal(-91), Decimal(0), Decimal(180)]
    ),
    PartialDateField: st.sampled_from(["", "2019", "..", "[..2009]"]),
    QuantityField: st.sampled_from(["", "5", "~7"]),
    models.CharField: st.sampled_from(["", "a", "b"]),
    models.TextField: st.sampled_from(["", "a"]),
    models.IntegerField: st.sampled_from([-1, 0, 1]),
    models.ForeignKey: st.sampled_from([None, 1, 2]),
    models.AutoField: st.sampled_from([None, 1, 2]),
    models.BigAutoField: st.sampled_from([None, 1, 2]),
}
CHECKED = [
    (model, constraint, holds)
    for model in apps.get_models()
    if issubclass(model, Tracked)
    for constraint, holds in checks_of(model)
]


def columns_in(model, condition):
    """The fields that a condition compares, by the name that it has for each."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from columns_in(model, child)
            continue
        path, value = child
        for name in [
            path.partition("__")[0],
            *([value.name] if isinstance(value, F) else []),
        ]:
            yield name, model._meta.get_field(name)


def values_of(field):
    return next(KINDS[kind] for kind in type(field).__mro__ if kind in KINDS)


@pytest.mark.parametrize(
    ("model", "constraint", "holds"),
    CHECKED,
    ids=[f"{model.__name__}-{check.name}" for model, check, _holds in CHECKED],
)
@given(data=st.data())
@settings(max_examples=examples(12))
def test_a_check_answers_as_the_database_does(model, constraint, holds, data):
    fields = dict(columns_in(model, constraint.condition))
    row = {name: data.draw(values_of(field), name) for name, field in fields.items()}
    columns = {fields[name].attname: [value] for name, value in row.items()}
    (answer,) = holds(columns)
    typed = {
        name: models.Value(value, _plain(fields[name])) for name, value in row.items()
    }
    assert (answer is not False) == constraint.condition.check(typed)


def _plain(field):
    """The field, or that of its key: what a literal in SQL is."""
    key = field.is_relation or isinstance(field, models.AutoField)
    return models.BigIntegerField() if key else field


def test_every_constraint_is_one_that_can_be_asked():
    assert len(CHECKED) > 60
    for model in apps.get_models():
        if issubclass(model, Tracked):
            assert checks_of(model) is not None
            assert unique_in(model) is not None


def test_a_condition_that_is_not_understood_is_no_silent_yes():
    with pytest.raises(NotImplementedError):
        predicate(Observation, Q(value__regex="a"))


def test_of_a_bound_the_text_is_named():
    (condition,) = (
        constraint.condition
        for constraint, _holds in checks_of(Observation)
        if constraint.name.endswith("start_before_end")
    )
    assert names_in(Observation, condition) == {"start", "end"}


def broken(*records):
    """What Rules says of records, by their place."""
    rules = Rules(type(records[0]))
    found = {}
    for place, error in rules.broken(Columns(records), len(records), {}):
        found.setdefault(place, []).extend(error.messages)
    return found


def refused(record):
    """What full_clean() says of a record."""
    try:
        record.full_clean(exclude=["slug"])
    except ValidationError as error:
        return error.messages
    return []


def test_many_are_refused_for_what_one_is_refused_for():
    official, meeting, agency = make.an_official(), make.a_meeting(), make.an_agency()
    rows = [
        Participation(event=meeting, official=official, role="host"),
        Participation(event=meeting, official=official, agency=agency, role="party"),
        Participation(event=meeting, role="party"),
        Participation(event=meeting, agency=agency, role="ratification"),
    ]
    assert broken(*rows[:1]) == {}
    for row in rows[1:]:
        said = refused(row)  # which stops looking at what it has refused
        assert said
        assert set(said) <= set(broken(row)[0])


def test_what_only_one_may_have_is_looked_for_in_the_table_and_among_the_rows():
    mexico = make.a_country(slug="mexico", iso_code="MX")
    assert mexico.iso_code == "MX"
    first, second = (
        make.Place(slug=slug, name=slug, kind="country", iso_code=code)
        for slug, code in (("one", "MX"), ("two", "US"))
    )
    third = make.Place(slug="three", name="three", kind="country", iso_code="US")
    assert broken(first, second, third) == {
        0: ["Another place has this ISO code."],
        2: ["Another place has this ISO code."],
    }
    assert broken(mexico) == {}


def test_events_of_all_kinds_share_their_slugs():
    make.a_milestone(slug="taken")
    assert broken(Meeting(slug="taken", title="A call")) == {
        0: ["Event with this Slug already exists."]
    }

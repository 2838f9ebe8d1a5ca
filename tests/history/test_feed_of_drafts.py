"""The feed of changes tells nothing of what nobody outside could see at the time."""

import pytest

from tests import make
from tests.history.test_feed import told

pytestmark = pytest.mark.django_db


def test_what_was_contradicted_in_a_draft_is_not_told_once_it_is_published(api):
    source = make.a_source(slug="fact-sheet")
    official = make.an_official(slug="nunez", status="draft")
    make.a_citation(official, source, field="name", stated="M. Nunez").delete()
    meeting = make.a_meeting(slug="call", status="draft")
    make.a_citation(meeting, source, field="title", stated="Visit").delete()
    for record in (official, meeting):
        record.status = "published"
        record.save()
    assert told(api) == [
        ("created", "source", "fact-sheet"),
        ("published", "official", "nunez"),
        ("published", "meeting", "call"),
    ]


def test_what_is_contradicted_in_public_is_told(api):
    observation = make.an_observation(make.a_metric(slug="troops"), slug="in-may")
    make.a_citation(observation, make.a_source(slug="a"), field="value", stated="9")
    assert told(api)[-2:] == [
        ("changed", "observation", "in-may"),
        ("disputed", "observation", "in-may"),
    ]


def test_what_belonged_to_a_draft_goes_as_unseen_as_it_came(api):
    metric = make.a_metric(status="draft")
    make.an_observation(metric, slug="of-may").delete()
    withdrawn = make.an_observation(metric)
    withdrawn.status = "withdrawn"
    withdrawn.save()
    assert told(api) == []


def test_what_was_public_through_others_is_told_when_it_goes(api):
    make.an_appointment(slug="from-2019").delete()
    assert told(api)[-1] == ("deleted", "appointment", "from-2019")


def test_what_changed_while_a_draft_hid_it_is_not_told(api):
    metric = make.a_metric(slug="troops", status="draft")
    observation = make.an_observation(metric, slug="in-may", value="5")
    observation.value = "7"
    observation.save()
    metric.status = "published"
    metric.save()
    observation.value = "8"
    observation.save()
    assert told(api) == [
        ("created", "observation", "in-may"),
        ("published", "metric", "troops"),
        ("changed", "observation", "in-may"),
    ]


def test_what_is_withdrawn_is_told_by_the_slug_that_was_public(api):
    agency = make.an_agency(slug="navy")
    agency.status, agency.slug = "withdrawn", "never-shown"
    agency.save()
    assert told(api) == [("withdrawn", "agency", "navy")]

"""One question that a deployment and an observation both answer is one dispute."""

import pytest

from provenance.evidence.settling import settle_all
from tests import make
from tests.evidence.test_disputes import found, found_anew
from tests.writing import program

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WHY = ("mistaken", "The paper counts another force.")


@pytest.fixture
def deployment():
    return make.a_deployment("Troops", slug="troops", personnel="15000", start="2025")


@pytest.fixture
def observation(deployment):
    return make.an_observation(
        value="15000", slug="counted", start="2025", deployment=deployment
    )


@pytest.fixture
def said(observation, deployment):
    """A source that says otherwise is cited at both."""
    watch = make.a_source("The Watch", slug="watch")
    return [
        make.a_citation(deployment, watch, field="personnel", stated="10000"),
        make.a_citation(observation, watch, field="value", stated="10000"),
    ]


def test_it_is_told_once_and_names_both_records(said, api, client):
    (listed,) = api.get("/api/v1/disputes/").json()["results"]
    assert (listed["record"]["slug"], listed["field"]) == ("troops", "personnel")
    whole = api.get(listed["self"]).json()
    assert [record["slug"] for record in whole["also_about"]] == ["counted"]
    keys = [one["key"] for one in whole["statements"]]
    assert keys == [citation.key for citation in said]
    # Who asks of the observation is told of it as well.
    asked = api.get("/api/v1/disputes/?type=observation&record=counted").json()
    (there,) = asked["results"]
    assert there["field"] == "value"
    page = client.get("/disputes/").content.decode()
    assert page.count('<tr class="open">') == 1
    assert "/observations/counted/" in page
    assert page.count("10,000 persons") == 1  # who says the same twice is told once


def test_it_is_settled_once(said, deployment, observation):
    settle_all(observation.disputes.get(), *WHY)
    assert found() == [
        ("counted", "value", "value", "settled"),
        ("troops", "personnel", "value", "settled"),
    ]
    assert found_anew() == found()
    # One more source that says otherwise opens it at both.
    make.a_citation(deployment, field="personnel", stated="9000")
    assert {state for *_rest, state in found_anew()} == {"open"}


def test_what_is_said_of_one_is_said_of_both(observation, deployment):
    make.a_citation(observation, field="start", stated="2024")
    assert found_anew() == [
        ("counted", "start", "date", "open"),
        ("troops", "start", "date", "open"),
    ]


def test_it_is_two_again_once_the_observation_names_no_deployment(said, observation):
    observation.deployment = None
    observation.save()
    said[0].delete()
    assert found_anew() == [("counted", "value", "value", "open")]


def test_a_draft_shares_nothing(said, api, deployment):
    make.a_citation(deployment, field="start", stated="2024")
    deployment.status = "draft"
    deployment.save()
    (listed,) = api.get("/api/v1/disputes/").json()["results"]
    assert (listed["record"]["slug"], listed["field"]) == ("counted", "value")
    whole = api.get(listed["self"]).json()
    assert whole["also_about"] == [] and len(whole["statements"]) == 1
    assert api.get("/api/v1/observations/counted/").json()["disputed"] == ["value"]


def test_a_program_settles_it_at_either(said, django_user_model):
    writer = program(django_user_model.objects.create_superuser("writer"))
    address = writer.get("/api/v1/disputes/").json()["results"][0]["self"]
    body = {"assessment": WHY[0], "note": WHY[1]}
    tag = writer.get(address)["ETag"]
    answer = writer.patch(address, body, headers={"If-Match": tag})
    assert answer.json()["state"] == "settled"
    assert {state for *_rest, state in found_anew()} == {"settled"}

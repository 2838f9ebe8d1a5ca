"""Whatever the description of the API lets one ask, it describes the answer to as well.

Schemathesis makes the requests from the description, right ones and wrong ones, and
compares the answers with it.
"""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bordersec.wsgi import application
from provenance.models import Source
from tests import make
from tests.depth import PROVE, drawn_by, in_depth, times
from tests.writing import program

pytestmark = [
    pytest.mark.django_db,
    in_depth("The quick run asks what is made up in test_fuzz.py."),
]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def operations(api):
    """All that can be asked, by the description as it is served."""
    described = json.loads(api.get("/api/v1/schema/").content)
    schema = schemathesis.openapi.from_dict(described)
    schema.app = application
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def token(admin_user):
    """What a program sends that may write all; there is a record of each kind."""
    source = make.a_source(slug="source")
    for kind, maker in make.RECORDS.items():
        if kind is not Source:
            make.a_citation(maker(slug=kind.type_name()), source)
    return program(admin_user)._credentials["HTTP_AUTHORIZATION"]


@pytest.mark.proves("whatever the API says can be asked")
def test_each_answer_is_described(operations, token, figure):
    asked = []

    @seed(drawn_by())
    @settings(
        max_examples=times(100, 300, 500),
        deadline=None,
        derandomize=not PROVE,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data(), is_known=st.booleans())
    def ask(data, is_known):
        operation = data.draw(st.sampled_from(operations))
        case = data.draw(operation.as_strategy())
        asked.append(operation.label)
        headers = {"Authorization": token} if is_known else {}
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)

    try:
        ask()
    finally:
        figure(len(asked))

"""Whatever is asked or sent, the answer is a documented one."""

import json
from functools import cache

import pytest
from django.urls import resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from provenance.models import Source
from provenance.registry.kinds import record_types
from tests import make
from tests.depth import PROVE, examples, times

pytestmark = pytest.mark.django_db

LINE = "whatever is asked of the API or sent to it"
TYPES = list(record_types())
COLLECTIONS = [kind.collection for kind in record_types().values()]
COLLECTIONS += ["timeline", "citations", "search"]
NOTED = [
    "",
    "1",
    "0",
    "2020",
    "[..2009]",
    "..",
    "slug",
    "-start",
    "name,x",
    "slug,self",
]
ANSWERS = ["observations/aggregate", "timeline/aggregate", "officials/pairs"]
TEXTS = st.one_of(
    st.sampled_from(NOTED),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)


@cache
def listing(collection):
    """The view of a collection, as it answers with a list."""
    func = resolve(f"/api/v1/{collection}/").func
    return func.cls(action="list", request=None, **func.initkwargs)


@st.composite
def questions(draw):
    """A collection, and what is asked of it: mostly what it can be asked for."""
    view = listing(collection := draw(st.sampled_from(COLLECTIONS + ANSWERS)))
    names = st.sampled_from([*sorted(view.parameters()), "zz"])
    query = {}
    for name in draw(st.sets(names, max_size=4)):
        known = view.filterset_class.base_filters.get(name)
        words = [*getattr(known, "words", ()), *TYPES]
        query[name] = draw(st.sampled_from(words) | TEXTS)
    return collection, query


UNHURRIED = settings(
    max_examples=times(examples(150), 150, 750),
    deadline=None,
    derandomize=not PROVE,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def each_kind(db):
    """A cited record of each kind, with its type for a slug."""
    source = make.a_source(slug="source")
    for kind, maker in make.RECORDS.items():
        if kind is not Source:
            make.a_citation(maker(slug=kind.type_name()), source)


@pytest.mark.proves(LINE)
@UNHURRIED
@given(question=questions())
def test_no_question_breaks_anything(each_kind, counted, question):
    collection, query = question
    counted()
    answer = APIClient().get(f"/api/v1/{collection}/", query)
    assert answer.status_code in (200, 400), question
    if answer.status_code == 400:
        wrong = {error["parameter"] for error in answer.json()["errors"]}
        assert wrong <= {*query, "q"}
    elif address := answer.json().get("next"):
        assert APIClient().get(address).status_code == 200, question


@pytest.mark.proves(LINE)
@UNHURRIED
@given(rest=st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_no_address_breaks_anything(counted, rest):
    counted()
    answer = APIClient().get("/api/v1/officials/" + rest.replace("?", "/"))
    assert answer.status_code in (200, 400, 404)


@pytest.fixture
def known(db):
    """What some bodies refer to."""
    make.a_post(slug="chief", agency=make.an_agency(slug="navy"))
    for maker in (make.an_official, make.a_metric, make.a_source, make.a_theme):
        maker(slug="ana")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["official", "2020", "ana", "published", "15000", "navy"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "kind", "role", "official", "start", "position"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
NAMES = (
    *("name", "title", "slug", "status", "kind", "names", "start", "end", "official"),
    *("post", "agency", "themes", "participations", "links", "seats", "personnel"),
    *("value", "metric", "modality", "latitude", "parent", "url", "accessed_on"),
    *("type", "record", "source", "field", "stated", "note", "provisions", "state"),
    *("version", "zz"),
)


@pytest.mark.proves(LINE)
@UNHURRIED
@given(
    collection=st.sampled_from(
        [c for c in COLLECTIONS if c not in ("timeline", "search")]
    ),
    body=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8),
)
def test_no_body_breaks_anything(known, admin_user, counted, collection, body):
    counted()
    client = APIClient()
    client.force_authenticate(admin_user)
    answer = client.generic(
        "POST",
        f"/api/v1/{collection}/",
        json.dumps(body),
        content_type="application/json",
    )
    assert answer.status_code in (201, 400), answer.content

"""Whatever is asked of a page or of the desk, the answer is a page and no fault."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from provenance.models import Source
from tests import make
from tests.addresses import address, parameters_of, patterns
from tests.curating import superuser
from tests.depth import PROVE, examples, times
from tests.withheld import SAFE

pytestmark = pytest.mark.django_db

ELSEWHERE = ("api/", "admin/logout", "admin/login")
PATTERNS = sorted({one for one in patterns() if not one.startswith(ELSEWHERE)})
ASKED = (
    *("q", "from", "to", "type", "lanes", "agency", "official", "place", "theme"),
    *("sort", "order", "page", "after", "before", "as_of", "known_at", "by", "measure"),
    *("group_by", "one", "other", "with", "lang", "format", "state", "holds", "zz"),
    *("status", "o", "p", "all", "general_knowledge", "in_dispute", "dimension"),
)
TOO_LARGE = 99999999999999999999  # for a key
NOTED = ["", "1", "-1", "9" * 30, "2025", "2025-02", "[..2009]", "03/04/2024", "a,b"]
NOTED += ["a", "meeting", "agency", "year", "compared", "-start", "name", "open"]
SAID = st.one_of(
    st.sampled_from(NOTED),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)


@pytest.fixture
def each_kind(db):
    """A cited record of each kind, with its type for a slug."""
    source = make.a_source(slug="source")
    for kind, maker in make.RECORDS.items():
        if kind is not Source:
            make.a_citation(maker(slug=kind.type_name()), source)


@pytest.fixture
def readers(db):
    """A stranger, and a curator who may do all."""
    stranger, curator = (Client(raise_request_exception=False) for _ in range(2))
    return stranger, superuser(curator)


@st.composite
def requests(draw):
    """An address of the site with something in each place of it, and a question."""
    pattern = draw(st.sampled_from(PATTERNS))
    some = st.sampled_from(["1", "official", "meeting", "a", "nobody", str(TOO_LARGE)])
    values = {name: draw(some) for name in parameters_of(pattern)}
    query = draw(st.dictionaries(st.sampled_from(ASKED), SAID, max_size=3))
    return address(pattern, values), query


@pytest.mark.proves("whatever is asked of pages and the desk")
@settings(
    max_examples=times(examples(100), 100, 750),
    deadline=None,
    derandomize=not PROVE,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asked=requests(), is_signed_in=st.booleans(), how=st.sampled_from(SAFE))
@example((f"/admin/timeline/meeting/{TOO_LARGE}/change/", {}), True, "get")
@example((f"/admin/timeline/meeting/merge/1/{TOO_LARGE}/", {}), True, "get")
@example(("/meetings/", {}), False, "head")
def test_no_page_breaks(each_kind, readers, counted, asked, is_signed_in, how):
    counted()
    answer = getattr(readers[is_signed_in], how)(*asked)
    assert answer.status_code < 500, (how, asked)

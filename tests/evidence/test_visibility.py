"""What a statement names: the database says of each what Python would."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.evidence.visibility import naming_public
from provenance.tracking.changes import changing
from provenance.values.stated_values import split_list
from tests import make
from timeline.models import Meeting

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# Of officials and agencies, which share what takes part; some are of both.
OFFICIALS = {"ana": "published", "eva": "draft", "both": "draft", "o-1": "in-review"}
AGENCIES = {"sedena": "published", "semar": "withdrawn", "both": "published"}
SLUGS = [*OFFICIALS, *AGENCIES, "nobody", "an", "ana-2"]
statements = st.lists(
    st.one_of(
        st.sampled_from(SLUGS),
        st.sampled_from(['"', "\\", "'", "%s", "a\u00a0b", "[1]", "", "ana eva"]),
        st.tuples(
            st.sampled_from(SLUGS), st.sampled_from([" ", "\u00a0", "\t", "\u2003"])
        ).map("".join),
    ),
    max_size=4,
).map("|".join)


@changing("other")
def record_them():
    for slug, status in OFFICIALS.items():
        make.an_official(slug=slug, status=status)
    for slug, status in AGENCIES.items():
        make.an_agency(slug=slug, status=status)
    return make.a_meeting()


def names_what_is_hidden(text):
    public = {
        slug
        for kind in (OFFICIALS, AGENCIES)
        for slug, status in kind.items()
        if status == "published"
    }
    known = {*OFFICIALS, *AGENCIES}
    return any(item in known - public for item in split_list(text))


@given(texts=st.lists(statements, min_size=1, max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@changing("other")
def test_the_database_reads_a_list_as_it_is_read_elsewhere(texts):
    if not Meeting.objects.exists():
        record_them()
    meeting, citations = Meeting.objects.first(), Meeting.citation_model()
    citations.objects.all().delete()
    source = make.a_source()
    citations.objects.bulk_create(
        citations(
            record_id=meeting.pk,
            source=source,
            field="participations",
            locator=f"p. {place}",
            stated=text,
        )
        for place, text in enumerate(texts)
    )
    shown = {one.locator for one in naming_public(citations.objects.all())}
    assert shown == {
        f"p. {place}"
        for place, text in enumerate(texts)
        if not names_what_is_hidden(text)
    }


def test_a_field_that_names_nothing_may_say_whatever_is_a_slug_elsewhere():
    meeting = record_them()
    make.a_citation(meeting, field="title", stated="eva")
    hidden = make.a_citation(meeting, field="participations", stated="eva")
    shown = naming_public(Meeting.citation_model().objects.all())
    assert [one.stated for one in shown] == ["eva"]
    assert hidden not in shown

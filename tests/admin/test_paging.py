"""Lists are counted no further than anybody turns their pages."""

import pytest
from django.core.paginator import EmptyPage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Official
from provenance.admin import paging
from provenance.admin.paging import AtLeast, CountedPages
from provenance.search import hits
from tests import make
from tests.curating import address, listed, superuser
from timeline.models import Meeting, Observation

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def ana(client):
    return superuser(client)


@pytest.fixture
def meetings(monkeypatch):
    """More than are counted, all found by one word, which is many as well."""
    monkeypatch.setattr(paging, "MOST", 4)
    monkeypatch.setattr(hits, "FEW", 2)
    for number in range(6):
        make.a_meeting(slug=f"m-{number}", title=f"Call of {number}", format="call")


def test_a_number_that_is_at_least_so_much_says_so():
    assert (str(AtLeast(10_000)), AtLeast(10_000) + 1) == ("10,000+", 10_001)
    assert f"{AtLeast(12)}" == "12+"


def test_a_list_is_counted_as_far_as_it_is_turned(ana, meetings):
    for query in ("", "?q=call", "?format__exact=call&q=call"):
        page = ana.get(address(Meeting, "changelist") + query)
        assert str(page.context["cl"].result_count) == "4+", query
        assert "4+" in page.content.decode()
    page = ana.get(address(Meeting, "changelist"), {"q": "call 3"})
    assert page.context["cl"].result_count == 1
    assert [meeting.slug for meeting in listed(page)] == ["m-3"]


def test_what_has_the_words_is_asked_once_for_a_list(ana, meetings):
    with CaptureQueriesContext(connection) as asked:
        ana.get(address(Meeting, "changelist"), {"q": "call"})
    found = [q["sql"] for q in asked if q["sql"].endswith(f"LIMIT {hits.FEW + 1}")]
    assert len(found) == len(set(found)) == 1


def test_what_is_found_by_two_ways_is_counted_as_it_is_listed(ana, monkeypatch):
    monkeypatch.setattr(hits, "FEW", 1)
    for number in range(3):
        official = make.an_official(f"Ana {number}", slug=f"o-{number}")
        make.an_official_name(official, f"Anna {number}")
    page = ana.get(address(Official, "changelist"), {"q": "an"})
    assert page.context["cl"].result_count == len(listed(page)) == 3


def test_filters_that_meet_a_record_twice_count_it_once(ana):
    one, other = make.an_official(slug="o-1"), make.an_official(slug="o-2")
    meeting = make.a_meeting()
    for official in (one, other):
        make.a_participation(meeting, official=official)
    ids = "&".join(f"participations__official__id__exact={o.pk}" for o in (one, other))
    for query in (ids, f"{ids}&q=call"):
        page = ana.get(f"{address(Meeting, 'changelist')}?{query}")
        assert page.context["cl"].result_count == len(listed(page)) == 1


def test_a_page_of_fifty_is_light(ana):
    for number in range(50):
        make.an_official(f"María de los Ángeles Gutiérrez {number}", slug=f"o-{number}")
        make.an_observation(population="encounters between the ports of entry")
    for model in (Official, Observation):
        page = ana.get(address(model, "changelist"))
        assert len(listed(page)) == 50
        assert len(page.content) < 200_000, model


def test_behind_the_last_page_is_none():
    pages = CountedPages(Meeting.objects.order_by("pk"), 50)
    assert (pages.count, pages.num_pages) == (0, 1)
    with pytest.raises(EmptyPage):
        pages.page(2)

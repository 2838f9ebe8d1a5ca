"""Many lists are counted by one statement, each as far as it is worth counting."""

import pytest
from django.db import connection
from django.db.models import OuterRef
from django.test.utils import CaptureQueriesContext

from entities.models import Agency, Place
from provenance.db.counting import CountUpTo, counted
from provenance.models import Source
from tests import make
from timeline.models import EventTheme

pytestmark = pytest.mark.django_db


def test_of_many_lists_the_numbers_come_by_one_statement():
    make.a_place(), make.a_place(status="draft"), make.an_agency()
    lists = {
        "all": Place.objects.all(),
        "drafts": Place.objects.filter(status="draft").order_by("name"),
        "none": Place.objects.none(),
        "absent": Place.objects.filter(name="100% “such”"),
        "agencies": Agency.objects.filter(status__in=["draft", "published"]),
    }
    with CaptureQueriesContext(
        connection,
    ) as asked:
        numbers = counted(lists, 10)
    assert len(asked) == 1
    assert numbers == {name: rows.count() for name, rows in lists.items()}


def test_more_than_is_worth_counting_is_one_more():
    for _ in range(4):
        make.a_place()
    assert counted({"places": Place.objects.all()}, 2) == {"places": 3}


def test_different_values_are_counted_however_often_each_comes():
    place, (one, other) = make.a_place(), (make.a_source(), make.a_source())
    for number, source in enumerate((one, one, one, other)):
        make.a_citation(place, source, locator=f"p. {number}")
    cited = place.citations.model.objects.filter(record=OuterRef("pk"))
    for most, number in ((2, 2), (1, 2), (0, 1)):
        sources = CountUpTo(cited, most=most, distinct="source")
        assert Place.objects.annotate(sources=sources).get().sources == number


def test_what_comes_very_often_leaves_room_for_what_comes_once():
    often, once = make.a_meeting(), make.a_meeting()
    themes = [make.a_theme() for _number in range(25)]
    for theme in themes:
        EventTheme.objects.create(event=often, theme=theme)
    EventTheme.objects.create(event=once, theme=themes[-1])
    rows = {"events": EventTheme.objects.filter(theme__in=themes)}
    assert counted(rows, 1, "event", again=len(themes)) == {"events": 2}


def test_several_lists_are_counted_as_one_and_no_further_than_it():
    place, agency = make.a_place(), make.an_agency()
    source = make.a_source()
    for number in range(3):
        make.a_citation(place, source, locator=f"p. {number}")
        make.a_citation(agency, source, locator=f"p. {number}")
    cited = [
        kind.citation_model().objects.filter(source=OuterRef("pk"))
        for kind in (Place, Agency)
    ]
    for most, number in ((6, 6), (4, 5), (1, 2)):
        citations = CountUpTo(*cited, most=most)
        assert Source.objects.annotate(citations=citations).get().citations == number


def test_nothing_is_counted_without_a_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert counted({}, 10) == {}
        assert counted({1: Place.objects.none()}, 10) == {1: 0}

"""What supports the record: independent sources, what rests on one, two compared."""

from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from provenance.evidence.independence import TRIED, independent, origins_of
from provenance.evidence.support import Outcome, Rests, compare, reliance_on, support_of
from provenance.models import Source, SourceReport
from provenance.tracking.changes import changing
from tests import make
from tests.depth import cases


def repeats(source, *others):
    """The source, which repeats these others."""
    for other in others:
        SourceReport.objects.create(source=source, reported=other)
    return source


def number_of(*sources, everything=False):
    keys = {source.pk for source in sources}
    return independent(keys, origins_of(keys, everything))


@pytest.mark.django_db
class TestIndependence:
    def test_five_articles_from_one_press_release_are_one(self):
        release = make.a_source()
        articles = [repeats(make.a_source(), release) for _number in range(5)]
        assert number_of(*articles) == 1
        assert number_of(*articles, release) == 1

    def test_sources_that_share_nothing_are_as_many_as_they_are(self):
        assert number_of(make.a_source(), make.a_source(), make.a_source()) == 3
        assert number_of() == 0

    def test_an_origin_is_shared_at_any_depth(self):
        release = make.a_source()
        wire = repeats(make.a_source(), release)
        paper, blog = repeats(make.a_source(), wire), repeats(make.a_source(), release)
        assert number_of(paper, blog) == 1
        assert number_of(paper, release) == 1
        assert number_of(paper, make.a_source()) == 2

    def test_sources_that_repeat_one_another_in_a_circle_are_one(self):
        one, two, three = (make.a_source() for _number in range(3))
        for source, other in [(one, two), (two, three), (three, one)]:
            repeats(source, other)
        assert number_of(one, three) == 1
        assert number_of(one, two, three, make.a_source()) == 2

    def test_a_digest_of_two_releases_adds_nothing_and_takes_nothing(self):
        releases = [make.a_source(), make.a_source()]
        digest = repeats(make.a_source(), *releases)
        assert number_of(*releases) == 2
        assert number_of(*releases, digest) == 2
        assert number_of(digest) == 1

    def test_what_one_source_repeats_besides_joins_no_others(self):
        left, right = make.a_source(), make.a_source()
        first, last = repeats(make.a_source(), left), repeats(make.a_source(), right)
        middle = repeats(make.a_source(), left, right)
        assert number_of(first, middle, last) == 2

    @pytest.mark.parametrize("status", ["draft", "in-review", "withdrawn"])
    def test_the_public_is_not_shown_that_a_draft_is_repeated(self, status):
        release = make.a_source(status=status)
        one, two = (repeats(make.a_source(), release) for _number in range(2))
        assert number_of(one, two) == 2
        assert number_of(one, two, everything=True) == 1

    def test_asks_once_for_each_step_whatever_the_number_of_sources(
        self, django_assert_num_queries
    ):
        release = make.a_source()
        articles = [repeats(make.a_source(), release).pk for _number in range(20)]
        for asked in (articles[:1], articles):
            with django_assert_num_queries(2):
                origins_of(asked)


def most(origins):
    """By trying all: the most sources of which no two share an origin."""
    return max(
        size
        for size in range(len(origins) + 1)
        for chosen in combinations(origins, size)
        if all(origins[a].isdisjoint(origins[b]) for a, b in combinations(chosen, 2))
    )


SHARING = st.lists(st.frozensets(st.integers(100, 107), max_size=3), max_size=8).map(
    lambda shared: {key: {key, *others} for key, others in enumerate(shared)}
)


@given(SHARING)
def test_the_independent_are_the_most_of_which_no_two_share_an_origin(origins):
    assert independent(origins, origins) == most(origins)


@given(SHARING)
def test_one_more_source_never_makes_fewer_of_them(origins):
    for key in origins:
        fewer = {k: shared for k, shared in origins.items() if k != key}
        assert independent(fewer, origins) in (
            independent(origins, origins) - 1,
            independent(origins, origins),
        )


def test_very_many_that_repeat_one_another_crosswise_are_counted_at_once():
    """Every article quotes another two of twenty releases: at most ten share none."""
    pairs = list(combinations(range(20), 2))
    assert len(pairs) > TRIED
    origins = {100 + key: {100 + key, *pair} for key, pair in enumerate(pairs)}
    assert independent(origins, origins) == 10


@pytest.mark.django_db
class TestSupportOfARecord:
    def test_tells_what_agrees_from_what_may_be_and_from_what_contradicts(self):
        meeting = make.a_meeting(start="2025-02-05")
        silent = make.a_citation(meeting, field="start")
        same = make.a_citation(meeting, field="start", stated="2025-02-05")
        vague = make.a_citation(meeting, field="start", stated="2025-02")
        other = make.a_citation(meeting, field="start", stated="2025-03")
        whole = make.a_citation(meeting)
        found = support_of(meeting)
        assert found.keys() == {"", "start"}
        assert set(found["start"].supporting) == {silent, same}
        assert found["start"].consistent == (vague,)
        assert found["start"].contradicting == (other,)
        assert found["start"].independent == 2
        assert found[""].supporting == (whole,)

    def test_counts_only_what_supports(self):
        meeting = make.a_meeting(start="2025-02-05")
        make.a_citation(meeting, field="start", stated="2025-03")
        assert support_of(meeting)["start"].independent == 0

    def test_a_citation_for_a_value_of_before_supports_no_other(self):
        meeting = make.a_meeting(title="Call")
        citation = make.a_citation(meeting, field="title")
        assert support_of(meeting)["title"].supporting == (citation,)
        meeting.title = "Visit"
        meeting.save()
        found = support_of(meeting)["title"]
        assert (found.supporting, found.consistent) == ((), (citation,))

    def test_the_public_does_not_learn_that_a_hidden_record_came_in(self):
        meeting = make.a_meeting(place=make.a_place())
        make.a_citation(meeting, field="place")
        meeting.place = make.a_place(status="draft")
        meeting.save()
        assert support_of(meeting)["place"].independent == 1
        assert support_of(meeting, everything=True)["place"].independent == 0

    def test_one_source_in_two_places_is_one(self):
        meeting, source = make.a_meeting(), make.a_source()
        make.a_citation(meeting, source, locator="para. 1")
        make.a_citation(meeting, source, locator="para. 2")
        found = support_of(meeting)[""]
        assert (len(found.supporting), found.independent) == (2, 1)
        assert found.sources == [source]

    def test_of_a_list_a_part_is_consistent_and_the_whole_supports(self):
        meeting = make.a_meeting()
        for slug in ("ana", "bea"):
            make.a_participation(meeting, official=make.an_official(slug=slug))
        make.an_official(slug="cal")
        for stated in ("ana", "bea|ana", "ana|cal"):
            make.a_citation(meeting, field="participations", stated=stated)
        found = support_of(meeting)["participations"]
        assert [c.stated for c in found.supporting] == ["bea|ana"]
        assert [c.stated for c in found.consistent] == ["ana"]
        assert [c.stated for c in found.contradicting] == ["ana|cal"]

    def test_is_the_same_for_an_event_and_for_the_kind_that_it_is(self):
        deployment = make.a_deployment(personnel="10000")
        citation = make.a_citation(deployment, field="personnel", stated="10000")
        event = deployment.event_ptr
        assert support_of(event) == support_of(deployment)
        assert support_of(event)["personnel"].supporting == (citation,)

    def test_knows_of_drafts_only_for_whoever_may_see_them(self):
        meeting, draft = make.a_meeting(), make.a_source(status="draft")
        make.a_citation(meeting, draft)
        assert support_of(meeting) == {}
        assert support_of(meeting, everything=True)[""].independent == 1
        hidden = make.a_meeting(status="draft")
        make.a_citation(hidden)
        assert support_of(hidden) == {}

    def test_compares_with_what_the_public_sees_and_leaves_the_record_as_it_is(self):
        place = make.a_place(status="draft")
        meeting = make.a_meeting(place=place)
        make.a_citation(meeting, field="place", stated=make.a_place().slug)
        assert support_of(meeting)["place"].consistent
        assert support_of(meeting, everything=True)["place"].contradicting
        assert meeting.place == place

    @pytest.mark.parametrize("everything", [False, True])
    def test_asks_as_often_for_twenty_citations_as_for_one(self, everything):
        asked = []
        for number in (1, 20):
            meeting = make.a_meeting(place=make.a_place())
            with changing("other"):  # as one change, which is faster
                for _number in range(number):
                    make.a_participation(meeting)
                    make.a_citation(meeting, field="place")
                    make.a_citation(meeting, field="participations")
            asked.append(queries_of(lambda m=meeting: support_of(m, everything)))
        assert asked[0] == asked[1] <= 6


def queries_of(call):
    with CaptureQueriesContext(connection) as asked:
        call()
    return len(asked)


def places(reliances):
    return {(reliance.record.slug, reliance.field) for reliance in reliances}


@pytest.mark.django_db
class TestWhatRestsOnASource:
    def test_is_told_apart_by_what_would_be_left(self):
        release = make.a_source(slug="release")
        article = repeats(make.a_source(slug="article"), release)
        other = make.a_source(slug="other")
        alone, joined, firm = (make.a_meeting(slug=s) for s in ("a", "b", "c"))
        for meeting in (alone, joined, firm):
            make.a_citation(meeting, release)
        make.a_citation(joined, article)
        make.a_citation(firm, article)
        make.a_citation(firm, other)
        found = reliance_on(release)
        assert places(found[Rests.ALONE]) == {("a", "")}
        assert places(found[Rests.GROUP]) == {("b", "")}
        assert places(found[Rests.INDEPENDENT]) == {("c", "")}
        (left,) = (reliance.left for reliance in found[Rests.GROUP])
        assert (left.sources, left.independent) == ([article], 1)
        (left,) = (reliance.left for reliance in found[Rests.INDEPENDENT])
        assert ({s.slug for s in left.sources}, left.independent) == (
            {"article", "other"},
            2,
        )

    def test_is_each_field_once_with_all_its_places_in_the_source(self):
        source, agency = make.a_source(), make.an_agency()
        first = make.a_citation(agency, source, field="name", locator="para. 1")
        second = make.a_citation(agency, source, field="name", locator="para. 2")
        (reliance,) = reliance_on(source)[Rests.ALONE]
        assert reliance.citations == (first, second)
        assert reliance.left.supporting == ()

    def test_is_nothing_that_it_only_contradicts_or_may_mean(self):
        source, meeting = make.a_source(), make.a_meeting(start="2025-02-05")
        make.a_citation(meeting, source, field="start", stated="2025-03")
        make.a_citation(meeting, source, field="start", stated="2025-02", locator="2")
        assert not any(reliance_on(source).values())

    def test_what_contradicts_leaves_nothing(self):
        source, meeting = make.a_source(), make.a_meeting(start="2025-02-05")
        make.a_citation(meeting, source, field="start")
        denied = make.a_citation(meeting, field="start", stated="2025-03")
        (reliance,) = reliance_on(source)[Rests.ALONE]
        assert reliance.left.contradicting == (denied,)

    def test_is_found_in_every_kind_of_record(self):
        source = make.a_source()
        cited = {k: maker() for k, maker in make.RECORDS.items() if k is not Source}
        for record in cited.values():
            make.a_citation(record, source)
        found = reliance_on(source)[Rests.ALONE]
        assert {type(reliance.record) for reliance in found} == set(cited)

    def test_shows_the_public_nothing_of_what_is_hidden(self):
        source, meeting = make.a_source(), make.a_meeting()
        make.a_citation(meeting, source)
        make.a_citation(meeting, make.a_source(status="draft"))
        make.a_citation(make.a_meeting(status="draft"), source)
        found = reliance_on(source)
        assert [len(found[rests]) for rests in Rests] == [1, 0, 0]
        found = reliance_on(source, everything=True)
        assert [len(found[rests]) for rests in Rests] == [1, 0, 1]

    @pytest.mark.parametrize("everything", [False, True])
    def test_asks_as_often_for_twenty_records_as_for_one(self, everything):
        asked = []
        for number in (1, cases(5, 20)):
            source = make.a_source()
            with changing("other"):
                for _number in range(number):
                    meeting = make.a_meeting(place=make.a_place())
                    make.a_participation(meeting)
                    for field in ("", "place", "participations"):
                        make.a_citation(meeting, source, field=field)
                        make.a_citation(meeting, field=field)
                    make.a_citation(make.an_appointment(), source, field="official")
            asked.append(queries_of(lambda s=source: reliance_on(s, everything)))
        assert asked[0] == asked[1] <= 20


@pytest.mark.django_db
class TestTwoSourcesSideBySide:
    def outcomes(self, one, other, **options):
        return {
            (row.record.slug, row.field): row.outcome
            for row in compare(one, other, **options)
        }

    def test_agree_differ_or_may_both_be_right(self):
        one, other = make.a_source(), make.a_source()
        meeting = make.a_meeting(
            slug="call", start="2025-02-05", title="Call", summary="They spoke."
        )
        for field, first, second in [
            ("", "", ""),
            ("start", "2025-03", "2025-02-05"),
            ("end", "2025-04", "2025-04-01"),
            ("title", "", "Video call"),
            ("summary", "They met.", "they met."),
        ]:
            make.a_citation(meeting, one, field=field, stated=first)
            make.a_citation(meeting, other, field=field, stated=second)
        assert self.outcomes(one, other) == {
            ("call", ""): Outcome.AGREE,
            ("call", "start"): Outcome.DIFFER,
            ("call", "end"): Outcome.COMPATIBLE,
            ("call", "title"): Outcome.DIFFER,  # the first says what is recorded
            ("call", "summary"): Outcome.AGREE,  # with each other, not with the record
        }
        assert self.outcomes(one, other) == self.outcomes(other, one)

    def test_speak_each_of_what_the_other_leaves_out(self):
        one, other = make.a_source(), make.a_source()
        meeting = make.a_meeting(slug="call")
        make.a_citation(meeting, one, field="title")
        make.a_citation(meeting, other, field="summary")
        make.a_citation(meeting, field="start")
        assert self.outcomes(one, other) == {
            ("call", "title"): Outcome.ONLY_ONE,
            ("call", "summary"): Outcome.ONLY_OTHER,
        }

    def test_parts_of_a_list_do_not_contradict_each_other(self):
        one, other = make.a_source(), make.a_source()
        meeting = make.a_meeting(slug="call")
        for slug in ("ana", "bea"):
            make.a_participation(meeting, official=make.an_official(slug=slug))
        make.an_official(slug="cal")
        make.a_citation(meeting, one, field="participations", stated="ana|cal")
        make.a_citation(meeting, other, field="participations", stated="bea")
        (outcome,) = self.outcomes(one, other).values()
        assert outcome == Outcome.COMPATIBLE
        make.a_citation(meeting, other, field="participations", locator="all of it")
        (outcome,) = self.outcomes(one, other).values()
        assert outcome == Outcome.DIFFER

    def test_of_several_places_one_that_contradicts_makes_them_differ(self):
        one, other = make.a_source(), make.a_source()
        seen = make.an_observation(slug="troops", value="10000")
        make.a_citation(seen, one, field="value")
        make.a_citation(seen, other, field="value", locator="headline")
        make.a_citation(seen, other, field="value", stated="15000", locator="table")
        assert self.outcomes(one, other) == {("troops", "value"): Outcome.DIFFER}

    def test_show_the_public_nothing_of_what_is_hidden(self):
        one, other = make.a_source(), make.a_source()
        draft = make.a_meeting(slug="draft", status="draft")
        make.a_citation(draft, one)
        make.a_citation(draft, other)
        assert self.outcomes(one, other) == {}
        assert self.outcomes(one, other, everything=True) == {
            ("draft", ""): Outcome.AGREE
        }

    def test_ask_as_often_for_twenty_records_as_for_one(self):
        asked = []
        for number in (1, 20):
            one, other = make.a_source(), make.a_source()
            with changing("other"):
                for _number in range(number):
                    meeting = make.a_meeting()
                    make.a_citation(meeting, one, field="start")
                    make.a_citation(meeting, other, field="start", stated="2025")
                    make.a_citation(make.an_agency(), one, field="country")
            asked.append(queries_of(lambda a=one, b=other: compare(a, b)))
        assert asked[0] == asked[1] <= 24

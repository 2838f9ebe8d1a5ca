"""What is done to many records at once is shown first, confirmed, and one change."""

import re

import pytest

from entities.models import Place
from provenance.history.undo import undo
from provenance.models import Record
from provenance.tracking.changes import ChangeSet
from tests import make
from tests.curating import choose, confirm_plan, said, somebody_of_staff, superuser

pytestmark = pytest.mark.django_db
DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN = Record.Status
PLACES = "/admin/entities/place/"


@pytest.fixture
def ana(client):
    return superuser(client)


def plan_of(response):
    """What a plan says: how many records, why not, and what sends it off."""
    context = response.context
    return context["number"], context["refusals"], dict(context["pairs"])


def across(client, action, page=PLACES):
    """Does something with all that the filters of a list leave.

    A browser sends what is ticked on the page as well.
    """
    ticked = Place.objects.values_list("pk", flat=True)[:1]
    return client.post(
        page,
        {
            "action": action,
            "select_across": "1",
            "index": "0",
            "_selected_action": ticked,
        },
        follow=True,
    )


def cited_places(number, status=PUBLISHED):
    source = make.a_source()
    places = [make.a_place(status=status) for _ in range(number)]
    for place in places:
        make.a_citation(place, source)
    return places


class TestWithdrawing:
    def test_asks_for_a_reason_before_anything_goes(self, ana):
        places = cited_places(3)
        last = ChangeSet.objects.count()
        plan = choose(ana, "withdraw", *places)
        assert plan_of(plan)[:2] == (3, [])
        assert Place.objects.filter(status=PUBLISHED).count() == 3
        assert ChangeSet.objects.count() == last
        again = confirm_plan(ana, plan, reason=" ")
        assert said(again) == ["Give a reason. Nothing was done yet."]
        assert Place.objects.filter(status=PUBLISHED).count() == 3
        done = confirm_plan(ana, again, reason="retracted")
        assert said(done) == ["3 records are now withdrawn."]
        assert set(Place.objects.values_list("status", flat=True)) == {WITHDRAWN}
        change = ChangeSet.objects.first()
        assert (change.path, change.reason) == ("action", "retracted")
        assert change.number == last + 1

    def test_makes_another_plan_if_one_of_them_was_saved_meanwhile(self, ana):
        places = cited_places(2)
        plan = across(ana, "withdraw")
        places[0].public_note = "saved meanwhile"
        places[0].save()
        again = confirm_plan(ana, plan)
        assert "check the new one" in said(again)[0]
        assert Place.objects.filter(status=PUBLISHED).count() == 2


class TestAllThatTheFiltersLeave:
    def test_are_published_over_all_pages_as_one_change(self, ana):
        cited_places(120, IN_REVIEW)
        make.a_place(status=DRAFT)
        page = f"{PLACES}?status__exact={IN_REVIEW}"
        assert "Select all 120" in ana.get(page).content.decode()
        plan = across(ana, "publish", page)
        assert plan_of(plan)[:2] == (120, [])
        assert len(plan.context["records"]) == 100
        assert plan.context["more"] == 20
        last = ChangeSet.objects.count()
        assert said(confirm_plan(ana, plan)) == ["120 records are now published."]
        assert Place.objects.filter(status=PUBLISHED).count() == 120
        assert ChangeSet.objects.count() == last + 1

    def test_that_cannot_all_be_moved_are_named_and_none_is_moved(self, ana):
        cited_places(2, IN_REVIEW)
        make.a_place("Uncited", status=IN_REVIEW)
        plan = across(ana, "publish")
        _number, refusals, _pairs = plan_of(plan)
        assert refusals == ["“Uncited”: it has no citation; name a source for it."]
        assert "Confirm" not in re.sub(r"\s+", " ", plan.content.decode())
        confirm_plan(ana, plan)
        assert Place.objects.filter(status=IN_REVIEW).count() == 3

    def test_are_more_than_can_be_done_at_once(self, ana, monkeypatch):
        monkeypatch.setattr("provenance.admin.bulk_actions.MOST", 2)
        cited_places(3, IN_REVIEW)
        assert said(across(ana, "publish")) == [
            "More than 2 records are selected. Narrow the list down by its filters."
        ]

    def test_are_not_deleted_unseen(self, ana):
        make.a_place(status=DRAFT)
        assert said(across(ana, "delete_selected")) == [
            "Only records shown on this page can be selected; go page by page."
        ]

    def test_are_moved_by_who_may_alone(self, client):
        cited_places(2)
        view = ("entities.view_place", "entities.change_place")
        client.force_login(somebody_of_staff("bea", *view))
        across(client, "withdraw")
        assert Place.objects.filter(status=PUBLISHED).count() == 2

    def test_are_moved_at_a_cost_that_does_not_grow_with_each(
        self, ana, django_assert_max_num_queries
    ):
        cited_places(60, IN_REVIEW)
        plan = across(ana, "publish")
        with django_assert_max_num_queries(120):
            confirm_plan(ana, plan)


def test_what_is_withdrawn_at_once_can_be_taken_back_at_once(ana):
    cited_places(3)
    confirm_plan(ana, across(ana, "withdraw"))
    undo(ChangeSet.objects.first())
    assert Place.objects.filter(status=PUBLISHED).count() == 3

"""Duplicates in the admin: side by side, told apart, or merged after a preview."""

import pytest

from entities.models import Agency, Appointment, Official
from provenance.models import Distinction
from provenance.tracking.changes import ChangeSet
from tests import make
from tests.curating import address, said, somebody_of_staff, superuser, telling_kinds

pytestmark = pytest.mark.django_db

RIGHTS = (
    "provenance.merge_records",
    "entities.view_agency",
    "entities.change_agency",
    "entities.delete_agency",
)


@pytest.fixture
def twins():
    """Two agencies of one name: the first is to stay."""
    return make.an_agency("SEDENA", slug="a"), make.an_agency("Sedena", slug="b")


def merge_page(winner, loser):
    return address(type(winner), "merge", winner.pk, loser.pk)


def confirmed(client, winner, loser, **changed):
    """What follows on the button of a preview."""
    page = merge_page(winner, loser)
    form = client.get(page).context["form"]
    return client.post(
        page, {"reason": "one ministry", **form.initial, **changed}, follow=True
    )


def test_possible_duplicates_are_listed_with_the_reason(curator, twins):
    page = curator.get(address(Agency, "duplicates"))
    (row,) = page.context["pairs"]
    assert [record["slug"] for record in row["records"]] == ["a", "b"]
    html = page.content.decode()
    assert "the same but for accents or case" in html
    assert merge_page(*twins) in html
    assert (
        address(Agency, "duplicates")
        in curator.get(address(Agency, "changelist")).content.decode()
    )


@telling_kinds
def test_every_kind_has_a_page_of_them_and_a_preview(curator, model):
    two = make.two_to_merge(model)
    assert curator.get(address(model, "duplicates")).status_code == 200
    assert curator.get(merge_page(*two)).status_code == 200


def test_two_judged_not_the_same_are_listed_no_more(curator, twins):
    answer = curator.post(
        address(Agency, "distinguish", *(one.pk for one in twins)),
        {"note": "Of two states."},
        follow=True,
    )
    assert said(answer) == ["“SEDENA” and “Sedena” are marked as not duplicates."]
    assert answer.context["pairs"] == []
    assert "Of two states." in answer.content.decode()
    row = Distinction.objects.get()
    assert (row.one, row.other, row.note) == ("a", "b", "Of two states.")


def test_a_preview_shows_what_moves_and_what_differs_and_writes_nothing(curator, twins):
    winner, loser = twins
    make.a_post("Secretary", loser)
    make.an_agency_name(winner, "DEFENSA")
    make.an_agency_name(loser, "DEFENSA")
    make.a_citation(loser, field="name")
    before = ChangeSet.objects.count()
    html = curator.get(merge_page(winner, loser)).content.decode()
    for text in ("posts (agency): Secretary", "one more name", "DEFENSA", "“Sedena”"):
        assert text in html, text
    assert merge_page(loser, winner) in html  # the other one may stay
    assert ChangeSet.objects.count() == before


def test_a_confirmed_merge_is_done_and_shows_the_record(curator, twins):
    winner, loser = twins
    answer = confirmed(curator, winner, loser)
    assert answer.redirect_chain == [(address(Agency, "change", winner.pk), 302)]
    assert "“Sedena” is merged into" in said(answer)[0]
    assert Agency.objects.get() == winner
    change = ChangeSet.objects.first()
    assert (change.path, change.reason, change.user.username) == (
        "merge",
        "one ministry",
        "ana",
    )


def test_a_merge_needs_a_reason(curator, twins):
    answer = confirmed(curator, *twins, reason=" ")
    assert answer.context["form"].errors == {"reason": ["This field is required."]}
    assert Agency.objects.count() == 2


@pytest.mark.parametrize("changed", [0, 1])
def test_what_was_written_since_the_preview_is_previewed_again(curator, twins, changed):
    form = curator.get(merge_page(*twins)).context["form"].initial
    make.an_agency_name(twins[changed], "Defensa")
    answer = confirmed(curator, *twins, **form)
    assert said(answer) == [
        f"agency “{twins[changed]}” has been changed since it was read. Nothing "
        "was merged; check the preview again."
    ]
    assert Agency.objects.count() == 2
    again = answer.context["form"].initial
    assert confirmed(curator, *twins, **again).redirect_chain


def test_what_stands_in_the_way_leaves_nothing_to_confirm(curator):
    winner, loser = make.an_agency(status="draft", slug="a"), make.an_agency(slug="b")
    page = curator.get(merge_page(winner, loser))
    assert "“b” is published and “a” is not" in page.content.decode()
    assert "Merge them" not in page.content.decode()
    assert confirmed(curator, winner, loser).redirect_chain == []
    assert Agency.objects.count() == 2


def test_offices_that_fall_together_are_previewed_within(curator):
    winner, loser = make.an_official("Ana"), make.an_official("Ana N.")
    post = make.a_post()
    make.an_appointment(winner, post, slug="kept")
    make.an_appointment(loser, post, slug="gone", rank="General")
    html = curator.get(merge_page(winner, loser)).content.decode()
    assert "The appointment “Ana N., Secretary”" in html
    assert "“Ana, Secretary”" in html
    assert '<th scope="row">Rank</th>' in html
    assert "General" in html
    confirmed(curator, winner, loser)
    assert Official.objects.count() == Appointment.objects.count() == 1


def test_a_preview_is_in_labels_and_says_once_what_is_the_same(curator):
    mexico = make.a_country("Mexico", slug="mx")
    winner = make.an_agency("Navy", slug="a", founded="1821", kind="ministry")
    loser = make.an_agency("Marina", slug="b", founded="1940~", country=mexico)
    source = make.a_source()
    for agency in (winner, loser):
        for number in range(3):
            make.a_citation(agency, source, locator=f"p. {number}")
    html = curator.get(merge_page(winner, loser)).content.decode()
    for told in ("Founded", "Country", "about 1940", "Mexico", "Navy (stays)"):
        assert told in html
    assert "1940~" not in html.split("Where they differ")[1].split("</table>")[0]
    assert ">founded<" not in html


@pytest.mark.parametrize(
    ("name", "is_warned"),
    [("Ana Núñez", False), ("A. Nunez", False), ("Eva Paz", True)],
)
def test_people_who_share_no_name_are_merged_with_caution(curator, name, is_warned):
    winner, loser = make.an_official("Ana Núñez"), make.an_official(name)
    html = curator.get(merge_page(winner, loser)).content.decode()
    assert ("Caution: no word of any name is the same." in html) == is_warned


def test_two_selected_in_the_list_lead_to_their_preview(curator, twins):
    def chosen(*records):
        return curator.post(
            address(Agency, "changelist"),
            {
                "action": "merge_selected",
                "_selected_action": [record.pk for record in records],
                **{f"seen_version-{record.pk}": record.version for record in records},
            },
            follow=True,
        )

    winner, loser = twins
    assert chosen(winner, loser).redirect_chain == [(merge_page(winner, loser), 302)]
    assert said(chosen(winner)) == ["Select two records to merge, and no more."]


@pytest.mark.parametrize("lacking", RIGHTS)
def test_who_lacks_one_of_the_rights_merges_nothing(client, twins, lacking):
    rights = [right for right in RIGHTS if right != lacking]
    client.force_login(somebody_of_staff("eva", *rights))
    winner, loser = twins
    answer = client.post(merge_page(winner, loser), {"reason": "one ministry"})
    if lacking == "entities.view_agency":  # who may change may look
        assert answer.status_code == 200
        return
    assert answer.status_code == 403
    assert Agency.objects.count() == 2


def test_only_a_post_of_the_site_itself_decides(client, twins):
    strict = type(client)(enforce_csrf_checks=True)
    superuser(strict)
    winner, loser = twins
    assert strict.post(merge_page(winner, loser), {"reason": "x"}).status_code == 403
    page = address(Agency, "distinguish", winner.pk, loser.pk)
    assert strict.post(page, {"note": "x"}).status_code == 403
    assert strict.get(page).status_code == 302
    assert (Agency.objects.count(), Distinction.objects.count()) == (2, 0)


def test_records_that_are_not_there_are_no_page(curator, twins):
    winner, _loser = twins
    assert curator.get(address(Agency, "merge", winner.pk, 999)).status_code == 404
    assert (
        curator.get(address(Agency, "merge", winner.pk, winner.pk)).status_code == 404
    )


@pytest.mark.parametrize("page", ["merge", "distinguish"])
@pytest.mark.parametrize("key", [0, 2**63, 10**30])
def test_a_number_that_no_record_has_leads_nowhere(curator, twins, page, key):
    for two in ((key, twins[0].pk), (twins[0].pk, key), (twins[0].pk, twins[0].pk)):
        assert curator.post(address(Agency, page, *two)).status_code == 404

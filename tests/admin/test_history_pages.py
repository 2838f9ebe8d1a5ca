"""The history in the admin: what each change did, the way back, and for whom."""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from entities.models import Agency, Place
from provenance.tracking.changes import ChangeSet, changing
from tests import make
from tests.curating import (
    MAKERS,
    address,
    save,
    somebody_of_staff,
    telling_kinds,
)
from tests.importing import imported
from timeline.models import Meeting

pytestmark = pytest.mark.django_db


def text_of(response):
    """What a reader of the page reads in its main part."""
    assert response.status_code == 200
    page = response.content.decode()
    body = page.split('id="main"')[-1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def last_change():
    return ChangeSet.objects.first()


def confirm(client, page, **values):
    """Asks what a page would do, and confirms just that."""
    asked = client.post(page)
    assert asked.status_code == 200
    assert not asked.context["obstacles"], asked.context["obstacles"]
    return client.post(page, {"seal": asked.context["seal"], **values})


def place_page(page, place, *keys):
    return address(Place, page, place.pk, *keys)


class TestTheHistoryOfARecord:
    @telling_kinds
    def test_opens_for_every_kind_of_record(self, curator, model):
        record = MAKERS[model]()
        assert "Created" in text_of(curator.get(address(model, "history", record.pk)))

    def test_says_who_did_what_how_and_why(self, curator):
        agency = make.an_agency(name="SEMAR")
        save(
            curator,
            agency,
            name="MARINA",
            change_reason="The sign at the gate says so.",
        )
        make.a_citation(agency, make.a_source(slug="a-law"), field="name")
        page = text_of(curator.get(address(Agency, "history", agency.pk)))
        assert "form · ana" in page
        assert "Name: SEMAR → MARINA" in page
        assert "The sign at the gate says so." in page
        assert "Citation “a-law, name” added" in page
        assert "search_text" not in page
        assert agency.history.first().change_set == last_change()

    def test_is_asked_in_as_many_queries_for_any_number_of_changes(
        self, curator, django_assert_max_num_queries
    ):
        meeting = make.a_meeting()
        for number in range(25):
            meeting.title = f"Call {number}"
            meeting.save()
            make.a_participation(meeting)
        page = address(Meeting, "history", meeting.pk)
        with django_assert_max_num_queries(40):
            first = curator.get(page)
        assert len(first.context["entries"]) == 20
        older = curator.get(page, {"before": first.context["older"]})
        assert "Older changes" in text_of(first)
        assert len(older.context["entries"]) == 20

    @pytest.mark.parametrize("key", ["abc", "9" * 30, "999999"])
    def test_of_nothing_is_not_there(self, curator, key):
        assert curator.get(address(Place, "history", key)).status_code == 404

    def test_takes_back_one_change_once_it_is_confirmed(self, curator):
        place = make.a_place("Nogales")
        place.name = "Agua Prieta"
        place.save()
        change = last_change()
        page = place_page("take_back", place, change.pk)
        asked = curator.post(page)
        assert "Name: Agua Prieta → Nogales" in text_of(asked)
        assert Place.objects.get().name == "Agua Prieta"
        assert last_change() == change
        confirm(curator, page, change_reason="It is not.")
        assert Place.objects.get().name == "Nogales"
        undone = last_change()
        assert (undone.path, undone.undoes, undone.reason, undone.user.username) == (
            *("undo", change, "It is not."),
            "ana",
        )
        assert f"takes back change {change.pk}" in text_of(
            curator.get(place_page("history", place))
        )

    def test_does_only_what_was_shown(self, curator):
        place = make.a_place("Nogales")
        place.name, place.kind = "Agua Prieta", "site"
        place.save()
        page = place_page("take_back", place, last_change().pk)
        seal = curator.post(page).context["seal"]
        place.kind = "city"
        place.save()
        again = curator.post(page, {"seal": seal})
        assert "changed after the preview was made" in again.content.decode()
        assert Place.objects.get().name == "Agua Prieta"
        curator.post(page, {"seal": again.context["seal"]})
        assert Place.objects.get().name == "Nogales"

    def test_says_all_that_is_in_the_way(self, curator):
        place = make.a_place("Nogales")
        place.name = "Agua Prieta"
        place.save()
        change = last_change()
        place.name = "Naco"
        place.save()
        asked = curator.post(place_page("take_back", place, change.pk))
        assert "Resolve these conflicts first:" in text_of(asked)
        assert "is “Naco” now; take back change 3 first." in text_of(asked)

    def test_restores_a_version(self, curator):
        agency = make.an_agency(name="SEMAR")
        make.a_citation(agency)
        name = make.an_agency_name(agency)
        version = agency.history.first().pk
        name.delete()
        agency.refresh_from_db()
        agency.status = "withdrawn"
        agency.save()
        confirm(curator, address(Agency, "restore", agency.pk, version))
        agency = Agency.objects.get()
        assert (agency.status, agency.names.count()) == ("published", 1)


class TestDeletedRecords:
    def test_are_listed_and_restored_with_all_that_went_with_them(self, curator):
        meeting = make.a_meeting("Call", status="draft")
        make.a_participation(meeting)
        make.a_citation(meeting)
        curator.post(
            address(Meeting, "delete", meeting.pk),
            {
                "post": "yes",
                "change_reason": "Recorded twice.",
                f"seen_version-{meeting.pk}": Meeting.objects.get().version,
            },
        )
        assert not Meeting.objects.exists()
        page = curator.get(address(Meeting, "deleted"))
        assert "Recorded twice." in text_of(page)
        (row,) = page.context["rows"]
        assert "has been deleted" in curator.get(row["history"]).content.decode()
        confirm(curator, row["restore"])
        meeting = Meeting.objects.get()
        assert meeting.participations.count() == meeting.citations.count() == 1
        assert "No records have been deleted." in text_of(
            curator.get(address(Meeting, "deleted"))
        )

    def test_are_reached_from_the_list(self, curator):
        page = curator.get(address(Place, "changelist")).content.decode()
        assert address(Place, "deleted") in page


class TestChanges:
    def test_are_listed_by_path_and_by_person(self, curator):
        with changing("import", reason="border.csv"):
            make.a_place(status="draft")
        with changing("form", user=User.objects.get()):
            make.a_place(status="draft")
        changes = reverse("admin:changes")
        assert len(curator.get(changes).context["changes"]) == 2
        for query, path in (({"path": "import"}, "import"), ({"user": "ana"}, "form")):
            ((found, *_record),) = curator.get(changes, query).context["changes"]
            assert found.path == path
        assert not curator.get(changes, {"before": "1"}).context["changes"]
        assert changes in curator.get(reverse("admin:index")).content.decode()

    def test_name_the_one_record_that_they_wrote_or_say_how_many(self, curator):
        with changing("import"):
            place, source = make.a_place(status="draft"), make.a_source()
        with changing("form"):
            make.a_citation(place, source=source)
        page = text_of(curator.get(reverse("admin:changes")))
        assert f"place {place} ({place.slug})" in page
        assert "2 records" in page
        with changing("form"):
            place.delete()
        page = text_of(curator.get(reverse("admin:changes")))
        assert page.count(f"({place.slug})") == 2

    def test_name_no_record_that_somebody_may_not_look_at(self, client):
        client.force_login(somebody_of_staff("ben", "provenance.view_changeset"))
        place = make.a_place("Nogales")
        ((_change, *record),) = client.get(reverse("admin:changes")).context["changes"]
        assert record == [None, "", 0]
        assert place.name not in text_of(client.get(reverse("admin:changes")))

    def test_of_an_import_are_taken_back_whole(self, curator):
        rows = "slug,status,name,kind\r\na,draft,A,city\r\nb,draft,B,city\r\n"
        imported(curator, rows, name="border.csv", reason="The new sheet.")
        change = last_change()
        assert change.path == "import"
        assert change.reason == "import of border.csv: The new sheet."
        shown = text_of(curator.get(reverse("admin:change_set", args=[change.pk])))
        assert "A (a)" in shown
        assert "Kind: city" in shown or "kind: city" in shown
        confirm(curator, reverse("admin:take_back", args=[change.pk]))
        assert not Place.objects.exists()

    def test_of_no_such_number_are_not_there(self, curator):
        for number in (7, 10**30):
            page = reverse("admin:change_set", args=[number])
            assert curator.get(page).status_code == 404


class TestWhoMay:
    def test_take_nothing_back_without_the_permission(self, client):
        place = make.a_place(status="draft")
        place.name = "X"
        place.save()
        client.force_login(
            somebody_of_staff(
                "eva",
                *("entities.view_place", "entities.change_place"),
                "provenance.view_changeset",
            )
        )
        page = place_page("take_back", place, 2)
        assert client.post(page).status_code == 403
        assert client.post(reverse("admin:take_back", args=[2])).status_code == 403
        assert "Take back…" not in text_of(client.get(place_page("history", place)))

    def test_take_nothing_back_of_a_kind_that_they_may_not_change(self, client):
        with changing("form"):
            make.a_place(status="draft")
            make.an_official(status="draft")
        client.force_login(
            somebody_of_staff(
                "eva",
                *("entities.view_place", "entities.change_place"),
                *("provenance.view_changeset", "provenance.take_back_changes"),
            )
        )
        answer = client.post(reverse("admin:take_back", args=[1]))
        assert "You may not change officials" in text_of(answer)
        shown = text_of(client.get(reverse("admin:change_set", args=[1])))
        assert "Nogales" in shown
        assert "Núñez" not in shown
        assert "records that you have no permission to view" in shown

    def test_take_nothing_from_the_public_that_they_may_not_publish(self, client):
        make.a_place("Nogales", slug="nogales")
        client.force_login(
            somebody_of_staff(
                "eva",
                *("entities.view_place", "entities.change_place"),
                *("provenance.view_changeset", "provenance.take_back_changes"),
            )
        )
        answer = client.post(reverse("admin:take_back", args=[1]))
        assert "“Nogales (nogales)” is or would be published" in text_of(answer)
        assert Place.objects.exists()

    def test_are_not_told_the_names_of_what_they_may_not_look_at(self, client):
        make.an_official("Ana Núñez", slug="ana-1")
        official = make.an_official("Ana Núñez", slug="ana-2")
        official.name = "Eva Núñez"
        official.save()
        client.force_login(
            somebody_of_staff(
                "eva",
                *("entities.view_place", "entities.change_place"),
                *("provenance.view_changeset", "provenance.take_back_changes"),
            )
        )
        for number, said in (
            (1, "may not change officials"),
            (2, "cannot be taken back"),
        ):
            page = client.post(reverse("admin:take_back", args=[number]))
            assert said in text_of(page)
            assert "Núñez" not in page.content.decode()

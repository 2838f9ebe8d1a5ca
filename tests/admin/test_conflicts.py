"""Two people, or two windows, at one record: nothing saved is undone unseen."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entities.models import Place
from provenance.admin import CuratedAdmin, conflicts
from provenance.tracking.changes import ChangeSet, changing
from tests import make
from tests.curating import (
    MAKERS,
    address,
    choose,
    delete,
    errors_of,
    filled,
    row,
    said,
    save,
    superuser,
    telling_kinds,
    versions_shown,
)
from timeline.models import Agreement, Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    """A browser in which a superuser is signed in."""
    return superuser(client)


@pytest.fixture
def bea(db):
    """Another person's browser."""
    return superuser(Client(), "bea")


def page_of(record):
    return address(type(record), "change", record.pk)


def rows_of(response, prefix):
    """What the rows of a form hold, by the name of each input."""
    (rows,) = (
        rows.formset
        for rows in response.context["inline_admin_formsets"]
        if rows.formset.prefix == prefix
    )
    return [{field.name: field.value() for field in form} for form in rows.forms]


class TestAForm:
    def test_is_shown_again_with_what_was_saved_and_what_was_typed(self, ana, bea):
        place = make.a_place("Nogales", public_note="Old.")
        mine = filled(ana.get(page_of(place)), name="Mine", private_note="Check.")
        save(bea, place, name="Theirs", public_note="New.", kind="site")
        response = ana.post(page_of(place), mine)
        (error,) = errors_of(response)["__all__"]
        assert re.search(r"was saved by bea at .* UTC, .* after you opened it", error)
        conflict = response.context["conflict"]
        (step,) = conflict.steps
        assert (step.version, step.by, conflict.mine) == (2, "bea", False)
        assert [vars(field) for field in conflict.fields] == [
            {
                "label": "Public note",
                "seen": "Old.",
                "recorded": "New.",
                "typed": None,
            },
            {
                "label": "Name",
                "seen": "Nogales",
                "recorded": "Theirs",
                "typed": "Mine",
            },
            {"label": "Kind", "seen": "city", "recorded": "site", "typed": None},
        ]
        text = response.content.decode()
        assert "by bea" in text
        assert "What is recorded now" in text
        form = response.context["adminform"].form
        shown = {name: form[name].value() for name in mine if name in form.fields}
        assert shown["name"] == "Mine"
        assert shown["public_note"] == "New."
        assert shown["private_note"] == "Check."
        assert Place.objects.get().name == "Theirs"
        # Saving what that page shows is a decision.
        assert ana.post(page_of(place), filled(response)).status_code == 302
        place = Place.objects.get()
        assert (place.name, place.public_note) == ("Mine", "New.")
        assert (place.kind, place.private_note) == ("site", "Check.")

    def test_is_shown_again_as_often_as_somebody_saves(self, ana, bea):
        place = make.a_place("Nogales")
        response = ana.get(page_of(place))
        for name in ("One", "Two"):
            save(bea, place, name=name)
            response = ana.post(page_of(place), filled(response, name="Mine"))
            (field,) = response.context["conflict"].fields
            assert (field.recorded, field.typed) == (name, "Mine")
        assert ana.post(page_of(place), filled(response)).status_code == 302

    def test_meets_ones_own_other_window_too(self, ana):
        place = make.a_place("Nogales")
        one, other = (filled(ana.get(page_of(place)), name=name) for name in "AB")
        assert ana.post(page_of(place), one).status_code == 302
        response = ana.post(page_of(place), other)
        assert response.context["conflict"].mine
        assert "You saved this in another window" in response.content.decode()
        assert Place.objects.get().name == "A"

    def test_meets_what_another_way_wrote(self, ana):
        place = make.a_place("Nogales")
        mine = filled(ana.get(page_of(place)), name="Mine")
        with changing(ChangeSet.Path.IMPORT, reason="table of 2024"):
            place.name = "Theirs"
            place.save()
        response = ana.post(page_of(place), mine)
        text = response.content.decode()
        assert "by a program" in text
        assert "table of 2024" in text

    def test_shows_markup_as_text(self, ana, bea):
        place = make.a_place("Nogales")
        mine = filled(ana.get(page_of(place)), name="<i>mine</i>")
        save(bea, place, name="<b>theirs</b>")
        text = ana.post(page_of(place), mine).content.decode()
        assert "<b>theirs" not in text
        assert "<i>mine" not in text
        assert "&lt;b&gt;theirs" in text

    def test_names_related_records_by_their_slugs(self, ana, bea):
        mexico, peru = make.a_country(slug="mexico"), make.a_country(slug="peru")
        agency = make.an_agency(country=None)
        mine = filled(ana.get(page_of(agency)), country=peru.pk)
        save(bea, agency, country=mexico.pk)
        (field,) = ana.post(page_of(agency), mine).context["conflict"].fields
        assert (field.seen, field.recorded, field.typed) == ("", "mexico", "peru")

    @telling_kinds
    def test_of_every_kind_keeps_what_was_typed(self, ana, bea, model):
        record = MAKERS[model]()
        mine = filled(ana.get(page_of(record)), private_note="Mine.")
        response = save(bea, record, public_note="Theirs.")
        assert response.status_code == 302, errors_of(response)
        response = ana.post(page_of(record), mine)
        assert response.status_code == 200
        assert ana.post(page_of(record), filled(response)).status_code == 302
        record.refresh_from_db()
        assert (record.private_note, record.public_note) == ("Mine.", "Theirs.")
        assert record.version == 3

    @pytest.mark.parametrize("version", ["", "0", "99", "abc", "9" * 30, "-1", "1²"])
    def test_needs_the_version_that_was_seen(self, ana, version):
        place = make.a_place()
        response = save(ana, place, name="X", seen_version=version)
        assert errors_of(response)
        assert response.context["conflict"] is None
        assert Place.objects.get().name == place.name

    def test_that_nobody_overtook_has_no_conflict(self, ana):
        place = make.a_place()
        response = save(ana, place, name="")
        assert list(errors_of(response)) == ["name"]
        assert response.context["conflict"] is None


class TestRows:
    def test_that_somebody_added_stand_in_the_form_and_stay(self, ana, bea):
        agency = make.an_agency()
        mine = filled(ana.get(page_of(agency)), **row("names", text="A", kind="short"))
        save(bea, agency, **row("names", text="B", kind="acronym"))
        response = ana.post(page_of(agency), mine)
        assert response.context["conflict"].rows == ["Agency name, added: B, acronym"]
        assert [name["text"] for name in rows_of(response, "names")] == ["B", "A"]
        assert [name.text for name in agency.names.all()] == ["B"]
        assert ana.post(page_of(agency), filled(response)).status_code == 302
        assert {name.text for name in agency.names.all()} == {"A", "B"}

    def test_that_somebody_changed_are_not_changed_back(self, ana, bea):
        agency = make.an_agency()
        for text in ("One", "Two"):
            make.an_agency_name(agency, text, "short")
        mine = filled(ana.get(page_of(agency)), **{"names-0-end": "2020"})
        save(bea, agency, **{"names-0-language": "es", "names-1-text": "Zwei"})
        response = ana.post(page_of(agency), mine)
        assert response.context["conflict"].rows == [
            "Agency name, changed: One, short; language: – → es",
            "Agency name, changed: short; text: Two → Zwei",
        ]
        assert ana.post(page_of(agency), filled(response)).status_code == 302
        kept = [(name.text, name.language, name.end) for name in agency.names.all()]
        assert sorted(kept) == [("One", "es", "2020"), ("Zwei", "", "")]

    def test_that_somebody_removed_stay_removed_unless_they_were_typed_in(
        self, ana, bea
    ):
        agency = make.an_agency()
        for text in ("One", "Two"):
            make.an_agency_name(agency, text, "short")
        mine = filled(ana.get(page_of(agency)), **{"names-1-end": "2020"})
        both = {"names-0-DELETE": "on", "names-1-DELETE": "on"}
        assert save(bea, agency, **both).status_code == 302
        response = ana.post(page_of(agency), mine)
        assert response.context["conflict"].rows == [
            "Agency name, removed: One, short",
            "Agency name, removed: Two, short",
        ]
        (again,) = rows_of(response, "names")
        assert (again["text"], again["end"]) == ("Two", "2020")
        assert ana.post(page_of(agency), filled(response)).status_code == 302
        assert [(name.text, name.end) for name in agency.names.all()] == [
            ("Two", "2020")
        ]

    def test_marked_for_removal_stay_marked(self, ana, bea):
        agency = make.an_agency()
        make.an_agency_name(agency, "One", "short")
        mine = filled(ana.get(page_of(agency)), **{"names-0-DELETE": "on"})
        save(bea, agency, **{"names-0-language": "es"})
        response = ana.post(page_of(agency), mine)
        assert agency.names.exists()
        again = filled(response, **{"names-0-DELETE": "on"})
        assert rows_of(response, "names")[0]["DELETE"]
        assert ana.post(page_of(agency), again).status_code == 302
        assert not agency.names.exists()

    def test_that_are_citations_and_shared_by_all_kinds_of_event(self, ana, bea):
        meeting, source = make.a_meeting(), make.a_source(slug="article")
        make.a_citation(meeting, source, locator="para. 1")
        make.a_participation(meeting, official=make.an_official(slug="ana"))
        mine = filled(ana.get(page_of(meeting)), **{"citations-0-note": "Mine."})
        assert save(
            bea,
            meeting,
            **{"citations-0-locator": "para. 2", "participations-0-role": "host"},
        )
        response = ana.post(page_of(meeting), mine)
        assert response.context["conflict"].rows == [
            "Citation, changed: article; locator: para. 1 → para. 2",
            "Participation, changed: ana; role: participant → host",
        ]
        assert ana.post(page_of(meeting), filled(response)).status_code == 302
        citation = meeting.citations.get()
        assert (citation.locator, citation.note) == ("para. 2", "Mine.")
        assert meeting.participations.get().role == "host"

    def test_are_read_at_the_same_cost_be_they_few_or_many(self, ana, monkeypatch):
        """What is said above the form; the form itself asks for each of its rows."""
        read, asked = conflicts.conflict_of, []

        def counted(*args):
            with CaptureQueriesContext(connection) as queries:
                conflict = read(*args)
            asked.append(len(queries))
            return conflict

        monkeypatch.setattr(conflicts, "conflict_of", counted)
        monkeypatch.setattr(conflicts, "_merged", lambda _, request, *__: request.POST)
        for number in (5, 25):
            meeting = make.a_meeting()
            mine = filled(ana.get(page_of(meeting)), title="Mine")
            for _row in range(number):
                make.a_participation(Meeting.objects.get(pk=meeting.pk))
            response = ana.post(page_of(meeting), mine)
            assert len(response.context["conflict"].rows) == number
        few, many = asked
        assert few == many

    def test_written_over_the_api_are_met_as_well(self, ana):
        agreement = make.an_agreement()
        mine = filled(ana.get(page_of(agreement)), title="Mine")
        make.a_provision(Agreement.objects.get(), 1, "They share.")
        response = ana.post(page_of(agreement), mine)
        assert response.context["conflict"].rows == ["Provision, added: 1, They share."]
        assert ana.post(page_of(agreement), filled(response)).status_code == 302
        assert agreement.provisions.get().text == "They share."
        assert Agreement.objects.get().title == "Mine"

    def test_of_a_source_are_met_as_well(self, ana, bea):
        article = make.a_source(slug="article")
        release, other = make.a_source(slug="release"), make.a_source(slug="other")
        mine = filled(
            ana.get(page_of(article)), **row("report_rows", reported=release.pk)
        )
        save(bea, article, **row("report_rows", reported=other.pk))
        response = ana.post(page_of(article), mine)
        assert ana.post(page_of(article), filled(response)).status_code == 302
        assert set(article.reports.all()) == {release, other}


class TestTheWriteItself:
    @pytest.mark.parametrize("typed", [{"name": "Mine"}, {}])
    def test_meets_what_was_saved_after_the_look(self, ana, bea, monkeypatch, typed):
        """As if the lock were not there: the form is shown again all the same."""
        place = make.a_place("Nogales")
        make.a_citation(place)
        place = Place.objects.get()
        typed = {"citations-0-locator": "p. 1", **typed}
        mine = filled(ana.get(page_of(place)), **typed)
        save(bea, place, name="Theirs")
        model_admin = admin.site.get_model_admin(Place)
        read, early = model_admin.get_object, iter([place] * 3)
        monkeypatch.setattr(
            model_admin, "get_object", lambda *args: next(early, None) or read(*args)
        )
        response = ana.post(page_of(place), mine)
        assert response.status_code == 200
        (field,) = response.context["conflict"].fields
        assert (field.recorded, field.typed) == ("Theirs", typed.get("name"))
        place = Place.objects.get()
        assert (place.name, place.version) == ("Theirs", 3)
        assert place.citations.get().locator == ""
        assert ana.post(page_of(place), filled(response)).status_code == 302
        place = Place.objects.get()
        assert place.name == typed.get("name", "Theirs")
        assert place.citations.get().locator == "p. 1"


class TestDeleting:
    def test_deletes_the_version_that_was_shown(self, ana, bea):
        place = make.a_place("Nogales", status="draft")
        page = address(Place, "delete", place.pk)
        shown = {"post": "yes", **versions_shown(ana.get(page))}
        save(bea, place, name="Agua Prieta")
        response = ana.post(page, shown, follow=True)
        (message,) = said(response)
        assert message.startswith("“Agua Prieta” was saved by bea on 20")
        assert Place.objects.exists()
        assert delete(ana, place).status_code == 302
        assert not Place.objects.exists()

    @pytest.mark.parametrize("version", [None, "", "0", "99", "abc"])
    def test_needs_the_version_that_was_shown(self, ana, version):
        place = make.a_place(status="draft")
        data = {} if version is None else {f"seen_version-{place.pk}": version}
        ana.post(address(Place, "delete", place.pk), {"post": "yes", **data})
        choose(ana, "delete_selected", place, shown=data, post="yes")
        assert Place.objects.exists()


class TestActions:
    def test_do_nothing_if_one_of_the_chosen_was_saved_since(self, ana, bea):
        places = [make.a_place(name, status="draft") for name in ("One", "Two")]
        shown = versions_shown(ana.get(address(Place, "changelist")))
        assert len(shown) == 2
        save(bea, places[0], name="Uno")
        for data in ({}, {"post": "yes"}):
            response = choose(ana, "delete_selected", *places, shown=shown, **data)
            (message,) = said(response)
            assert message.startswith("“Uno” was saved by bea")
        assert Place.objects.count() == 2

    def test_are_confirmed_for_the_versions_that_the_question_showed(self, ana, bea):
        places = [make.a_place(name, status="draft") for name in ("One", "Two")]
        question = choose(ana, "delete_selected", *places)
        shown = versions_shown(question)
        assert len(shown) == 2
        save(bea, places[1], public_note="New.")
        confirmed = {"shown": shown, "post": "yes"}
        response = choose(ana, "delete_selected", *places, **confirmed)
        assert said(response)[0].startswith("“Two” was saved by bea")
        assert Place.objects.count() == 2
        response = choose(ana, "delete_selected", places[0], **confirmed)
        assert Place.objects.get() == places[1]

    def test_reach_only_what_the_page_shows(self, ana):
        places = [make.a_place(status="draft") for _number in range(60)]
        page = ana.get(address(Place, "changelist"))
        assert len(versions_shown(page)) == 50
        response = choose(
            ana, "delete_selected", *places[:50], select_across="1", post="yes"
        )
        assert said(response) == [
            "Only records shown on this page can be selected; go page by page."
        ]
        assert Place.objects.count() == 60

    @pytest.mark.parametrize(
        ("key", "status"),
        [("abc", 400), ("9" * 30, 400), ("-1", 400), ("1 OR 1=1", 400), ("0", 302)],
    )
    def test_on_nothing_do_nothing(self, ana, key, status):
        place = make.a_place(status="draft")
        data = {"action": "delete_selected", "_selected_action": key, "post": "yes"}
        answer = ana.post(address(Place, "changelist"), data)
        assert answer.status_code == status
        assert Place.objects.get() == place


def test_no_list_is_a_form():
    """A list that is edited in place would write what it has not shown."""
    for model, model_admin in admin.site._registry.items():
        assert not model_admin.list_editable, model


def test_every_record_is_curated_with_its_version():
    for model in MAKERS:
        model_admin = admin.site.get_model_admin(model)
        assert isinstance(model_admin, CuratedAdmin)
        assert "seen_version" in model_admin.form.base_fields

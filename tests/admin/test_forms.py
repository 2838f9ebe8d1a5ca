"""Curating: the forms of the admin, their rows, and what they leave behind."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entities.models import Agency, Official, Place, Post
from provenance.models import Source
from tests import make
from tests.curating import (
    MAKERS,
    address,
    choose,
    delete,
    errors_of,
    row,
    said,
    save,
    telling_kinds,
)
from timeline.models import Agreement, Deployment, Meeting

pytestmark = pytest.mark.django_db


class TestForms:
    def test_propose_a_slug_and_keep_it(self, curator):
        response = save(curator, model=Place, name="Ciudad Juárez", kind="city")
        assert response.status_code == 302, errors_of(response)
        place = Place.objects.get()
        assert place.slug == "ciudad-juarez"
        save(curator, place, name="Juárez", slug="juarez")
        place.refresh_from_db()
        assert (place.name, place.slug) == ("Juárez", "ciudad-juarez")

    def test_say_what_is_missing_where_a_relation_is_empty(self, curator):
        answer = save(curator, model=Post, title="Chief", agency="")
        assert errors_of(answer)["agency"] == [
            "“Agency” may not be empty; choose the agency."
        ]

    def test_ask_when_somebody_acted_on_an_agreement_and_of_no_meeting(self, curator):
        def dates_asked(event):
            body = curator.get(address(type(event), "change", event.pk)).content
            names = "date", "effective"
            return [b"participations-0-%s" % n.encode() in body for n in names]

        meeting, pact = make.a_meeting(), make.an_agreement()
        took_part = [make.a_participation(event) for event in (meeting, pact)]
        assert dates_asked(meeting) == [False, False]
        assert dates_asked(pact) == [True, True]
        took_part[0].date = "2025-02"
        took_part[0].save()
        assert dates_asked(meeting) == [True, True]

    def test_take_a_slug_that_was_thought_of(self, curator):
        save(curator, model=Place, name="Ciudad Juárez", kind="city", slug="juarez")
        assert Place.objects.get().slug == "juarez"
        response = save(curator, model=Place, name="X", kind="city", slug="juarez")
        assert list(errors_of(response)) == ["slug"]

    def test_propose_a_slug_that_no_event_of_another_kind_has(self, curator):
        make.a_milestone("Two presidents speak", slug="two-presidents-speak")
        response = save(curator, model=Meeting, title="Two presidents speak")
        assert response.status_code == 302, errors_of(response)
        assert Meeting.objects.get().slug == "two-presidents-speak-2"

    def test_stand_in_a_frame_of_this_site_only_to_add_what_is_related(self, curator):
        page = address(Place, "add")
        for query, framed in ({}, False), ({"_popup": "1"}, True):
            headers = curator.get(page, query).headers
            policy = headers["Content-Security-Policy"]
            assert ("frame-ancestors 'self'" in policy) == framed
            assert ("frame-ancestors 'none'" in policy) != framed
            assert headers["X-Frame-Options"] == ("SAMEORIGIN" if framed else "DENY")
            assert "script-src 'self' 'unsafe-eval'" in policy

    @telling_kinds
    def test_ask_for_what_is_missing_instead_of_failing(self, curator, model):
        response = save(curator, model=model)
        assert response.status_code == 200
        assert errors_of(response)
        assert not model.objects.exists()

    def test_show_what_a_date_and_a_number_mean(self, curator):
        deployment = make.a_deployment(start="2025-02", personnel="~10000")
        page = curator.get(
            address(Deployment, "change", deployment.pk)
        ).content.decode()
        assert "some day from 1 to 28 February 2025" in page
        assert "about 10,000: from 9,000 to 11,000" in page

    def test_say_that_a_meeting_without_an_end_ended_on_its_day(self, curator):
        meeting = make.a_meeting(start="2025-02-05")
        page = curator.get(address(Meeting, "change", meeting.pk)).content.decode()
        assert "the day it started" in page
        deployment = make.a_deployment(start="2025-02-05")
        page = curator.get(
            address(Deployment, "change", deployment.pk)
        ).content.decode()
        assert "the day it started" not in page

    @pytest.mark.parametrize(
        ("field", "text", "part"),
        [
            ("start", "03/04/2024", "is not a date"),
            ("start", "2025-02-30", "not a day in the calendar"),
            ("start", "..", "only an end can say so"),
            ("end", "2024/2025", "is an interval"),
            ("personnel", "1,234", "is not a quantity"),
            ("personnel", "20..10", "ends below its beginning"),
        ],
    )
    def test_say_once_what_would_be_right(self, curator, field, text, part):
        deployment = make.a_deployment()
        errors = errors_of(save(curator, deployment, **{field: text}))
        assert list(errors) == [field]
        (message,) = errors[field]
        assert part in message

    def test_refuse_an_end_before_the_start(self, curator):
        for record in (make.a_meeting(), make.an_appointment(), make.an_observation()):
            errors = errors_of(save(curator, record, start="2025-02", end="2025-01"))
            assert errors == {"__all__": ["It cannot end before it starts."]}

    def test_refuse_what_breaks_a_rule_of_the_table(self, curator):
        place = make.a_place()
        errors = errors_of(save(curator, place, latitude="31.3"))
        assert "both a latitude" in errors["__all__"][0]
        assert "parent" in errors_of(save(curator, place, parent=place.pk))
        observation = make.an_observation()
        errors = errors_of(save(curator, observation, value=""))
        assert "the reason why there is none" in errors["__all__"][0]
        held = make.an_appointment(start="2025")
        twin = {"official": held.official_id, "post": held.post_id, "start": "2025"}
        errors = errors_of(save(curator, make.an_appointment(), **twin))
        assert errors == {"__all__": ["This appointment is already on record."]}

    @pytest.mark.parametrize("key", ["abc", "9" * 30, "-1", "0"])
    def test_refuse_a_relation_to_nothing(self, curator, key):
        errors = errors_of(save(curator, make.an_agency(), country=key))
        assert list(errors) == ["country"]

    @pytest.mark.parametrize("key", ["abc", "9" * 30, "-1", "0", "1/x"])
    def test_of_what_is_not_there_are_not_there(self, curator, key):
        for page in ("change", "delete"):
            assert curator.get(address(Place, page, key)).status_code == 302
        assert curator.get(address(Place, "history", key)).status_code == 404

    def test_leave_a_row_of_history_with_who_did_it(self, curator):
        place = make.a_place()
        save(curator, place, name="Agua Prieta")
        last = place.history.latest()
        assert (last.name, last.history_user.username) == ("Agua Prieta", "ana")
        assert Place.objects.get().version == place.version + 1


class TestRows:
    def test_of_an_agency_are_its_names(self, curator):
        agency = make.an_agency()
        new = row("names", text="SEMAR", kind="acronym", language="es", start="1940")
        assert save(curator, agency, **new).status_code == 302
        (name,) = agency.names.all()
        assert (name.text, name.start) == ("SEMAR", "1940")
        assert name.history.get().history_user.username == "ana"

    def test_say_what_is_wrong_with_a_date_in_them(self, curator):
        new = row("names", text="SEMAR", kind="acronym", start="soon")
        errors = errors_of(save(curator, make.an_agency(), **new))
        assert list(errors) == ["names.start"]
        assert len(errors["names.start"]) == 1

    def test_may_name_several_offices_of_the_person_who_took_part(self, curator):
        meeting, first = make.a_meeting(), make.an_appointment()
        held = [first, make.an_appointment(first.official)]
        values = {"official": first.official_id, "role": "host"}
        strange = [first.pk, make.an_appointment(slug="other").pk]
        errors = errors_of(
            save(
                curator, meeting, **row("participations", 0, **values, offices=strange)
            )
        )
        assert errors["participations.offices"] == [
            "“other” is an appointment of Ana Núñez."
        ]
        both = [office.pk for office in held]
        save(curator, meeting, **row("participations", 0, **values, offices=both))
        (part,) = meeting.participations.all()
        assert set(part.appointments.all()) == set(held)
        page = curator.get(address(Meeting, "change", meeting.pk)).content.decode()
        for office in held:
            assert f'<option value="{office.pk}" selected' in page

    def test_are_not_there_twice(self, curator):
        meeting, official = make.a_meeting(), make.an_official()
        twice = row("participations", 0, official=official.pk, role="host") | row(
            "participations", 1, official=official.pk, role="host"
        )
        for response in (
            save(curator, meeting, **twice),
            save(curator, model=Meeting, title="Another", **twice),
        ):
            errors = errors_of(response)
            assert errors["participations.__all__"] == [
                "This official already has this role in it at this date."
            ]
        agency = make.an_agency()
        names = row("names", 0, text="A", kind="short") | row(
            "names", 1, text="A", kind="short"
        )
        assert "names" in errors_of(save(curator, agency, **names))

    def test_name_an_official_or_an_agency(self, curator):
        both = row(
            "participations",
            official=make.an_official().pk,
            agency=make.an_agency().pk,
            role="host",
        )
        errors = errors_of(save(curator, make.a_meeting(), **both))
        assert errors["participations.__all__"] == [
            "Name an official or an agency, and not both."
        ]

    def test_of_an_agreement_are_its_provisions(self, curator):
        new = row("provisions", position="1", text="They share.", theme="")
        response = save(
            curator,
            model=Agreement,
            title="Statement",
            kind="memorandum",
            state="signed",
            **new,
        )
        assert response.status_code == 302, errors_of(response)
        assert Agreement.objects.get().provisions.get().text == "They share."

    def test_of_an_event_are_its_themes_and_its_links(self, curator):
        meeting, theme, result = make.a_meeting(), make.a_theme(), make.a_milestone()
        new = row("theme_rows", theme=theme.pk) | row(
            "links", kind="resulted-in", target=result.pk
        )
        response = save(curator, meeting, **new)
        assert response.status_code == 302, errors_of(response)
        assert list(meeting.themes.all()) == [theme]
        assert meeting.links.get().target_id == result.pk
        itself = row("links", 1, kind="follows", target=meeting.pk)
        errors = errors_of(save(curator, meeting, **itself))
        assert errors["links.__all__"] == ["An event is not linked to itself."]

    def test_of_a_source_are_the_sources_that_it_repeats(self, curator):
        article, release = make.a_source(), make.a_source("A release")
        response = save(curator, article, **row("report_rows", reported=release.pk))
        assert response.status_code == 302, errors_of(response)
        assert list(article.reports.all()) == [release]

    def test_go_with_a_form_in_few_queries(self, curator):
        meeting = make.a_meeting()
        page = address(Meeting, "change", meeting.pk)

        def queries():
            with CaptureQueriesContext(connection) as caught:
                curator.get(page)
            return len(caught)

        def some_rows():
            held = make.an_appointment()
            make.a_participation(meeting, official=held.official, appointment=held)
            make.a_participation(meeting, agency=make.an_agency())
            make.a_link(meeting)
            make.a_citation(meeting)
            make.a_citation(meeting, field="participations", stated="nobody")

        some_rows()
        queries()
        with_some = queries()
        for _number in range(5):
            some_rows()
        assert queries() == with_some


class TestCitations:
    @telling_kinds
    def test_are_given_on_the_page_of_the_record(self, curator, model):
        if model is Source:
            return
        record, source = MAKERS[model](), make.a_source()
        new = row(
            "citations", source=source.pk, field=model.citable[0], locator="para. 1"
        )
        response = save(curator, record, **new)
        assert response.status_code == 302, errors_of(response)
        citation = record.citations.get()
        assert (citation.source, citation.field) == (source, model.citable[0])

    @telling_kinds
    def test_offer_the_fields_of_their_kind_of_record(self, curator, model):
        if model is Source:
            return
        response = curator.get(address(model, "add"))
        (inline,) = (
            rows
            for rows in response.context["inline_admin_formsets"]
            if rows.formset.prefix == "citations"
        )
        choices = dict(inline.formset.empty_form.fields["field"].choices)
        assert set(choices) == {"", *model.citable}

    def test_state_what_the_field_can_hold(self, curator):
        meeting, source = make.a_meeting(), make.a_source()
        for field, stated in {
            "start": "soon",
            "format": "a walk",
            "place": "nowhere",
            "nonsense": "",
        }.items():
            new = row("citations", source=source.pk, field=field, stated=stated)
            for response in (
                save(curator, meeting, **new),
                save(curator, model=Meeting, title="Another", **new),
            ):
                errors = errors_of(response)
                wrong = "field" if field == "nonsense" else "stated"
                assert list(errors) == [f"citations.{wrong}"], (field, errors)
                assert len(errors[f"citations.{wrong}"]) == 1

    def test_need_a_reason_for_an_assessment(self, curator):
        new = row(
            "citations",
            source=make.a_source().pk,
            field="start",
            stated="2025-01",
            assessment="mistaken",
        )
        meeting = make.a_meeting(start="2025-02")
        errors = errors_of(save(curator, meeting, **new))
        assert errors["citations.__all__"] == [
            "An assessment needs a note that gives the reason."
        ]
        assert (
            save(curator, meeting, **new, **{"citations-0-note": "A slip."}).status_code
            == 302
        )

    def test_are_called_by_what_they_say(self, curator):
        meeting = make.a_meeting(start="2025-02")
        source = make.a_source("A fact sheet")
        make.a_citation(
            meeting, source, locator="para. 4", field="start", stated="2024"
        )
        page = curator.get(address(Meeting, "change", meeting.pk)).content.decode()
        assert "start · A fact sheet, para. 4 · “2024” · open dispute" in page


class TestMeaning:
    def asked(self, client, kind, text):
        return client.get(reverse("admin:meaning"), {"kind": kind, "text": text})

    @pytest.mark.parametrize(
        ("kind", "text", "meaning"),
        [
            ("date", "2025-02", "some day from 1 to 28 February 2025"),
            ("date", " 2025 ", "some day from 1 January to 31 December 2025"),
            ("date", "", "not known"),
            ("end", "..", "still going on"),
            ("point-end", "", "the day it started"),
            ("limit", "", ""),
            ("quantity", ">30000", "more than 30,000"),
        ],
    )
    def test_is_said_in_words(self, curator, kind, text, meaning):
        assert self.asked(curator, kind, text).json() == {"meaning": meaning}

    @pytest.mark.parametrize(
        ("kind", "text", "part"),
        [
            ("date", "..", "only an end"),
            ("date", "soon", "is not a date"),
            ("quantity", "1,234", "is not a quantity"),
            ("date", "<b>" * 1000, "at most 24 characters"),
            ("date", "\x00", "is not a date"),
        ],
    )
    def test_is_an_error_that_says_what_would_be_right(self, curator, kind, text, part):
        answer = self.asked(curator, kind, text)
        assert answer.status_code == 200
        assert part in answer.json()["error"]
        assert answer.headers["Content-Type"] == "application/json"

    def test_has_a_kind(self, curator):
        for kind in ("", "colour", "<script>"):
            answer = self.asked(curator, kind, "2025")
            assert answer.status_code == 400
            assert "<script>" not in answer.content.decode()


class TestDeletion:
    def test_is_not_for_what_is_published(self, curator):
        place = make.a_place()
        assert curator.get(address(Place, "delete", place.pk)).status_code == 403
        response = curator.post(address(Place, "delete", place.pk), {"post": "yes"})
        assert response.status_code == 403
        assert Place.objects.exists()

    def test_of_many_is_refused_if_one_of_them_is_published(self, curator):
        published, draft = make.a_place(), make.a_place(status="draft")
        response = choose(curator, "delete_selected", published, draft, post="yes")
        assert said(response) == [
            "1 of these is or was published. Withdraw it instead."
        ]
        assert Place.objects.count() == 2
        choose(curator, "delete_selected", draft, post="yes")
        assert list(Place.objects.all()) == [published]

    def test_says_by_what_a_record_is_protected(self, curator):
        official = make.an_official(status="draft")
        make.an_appointment(official, make.a_post("Admiral of the Fleet"))
        page = curator.get(address(Official, "delete", official.pk))
        assert "Admiral of the Fleet" in page.content.decode()
        curator.post(
            address(Official, "delete", official.pk),
            {"post": "yes", f"seen_version-{official.pk}": official.version},
        )
        assert Official.objects.exists()

    def test_takes_the_rows_along_and_keeps_the_history(self, curator):
        agency = make.an_agency(status="draft")
        make.an_agency_name(agency)
        make.a_citation(agency)
        history = agency.history
        assert delete(curator, agency).status_code == 302
        assert not Agency.objects.exists()
        assert history.model.objects.filter(id=agency.pk, history_type="-").exists()

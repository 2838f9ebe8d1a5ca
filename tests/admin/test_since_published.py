"""A reviewer sees what differs from what was published; a form is saved once."""

import pytest

from entities.models import Agency, Place
from tests import make
from tests.curating import address, errors_of, filled, superuser
from tests.roles import somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    return superuser(client)


def page_of(client, record):
    return client.get(address(type(record), "change", record.pk))


class TestTheDifference:
    def test_of_a_record_in_review_is_shown_field_by_field_and_row_by_row(self, ana):
        agency = make.an_agency("Navy", founded="1821")
        gone = make.an_agency_name(agency, "SEMAR")
        agency.status = "withdrawn"
        agency.save()
        agency.founded, agency.kind, agency.status = "1822~", "army", "in-review"
        agency.save()
        gone.delete()
        make.an_agency_name(agency, "Armada")
        found = page_of(ana, agency).context["since_published"]
        assert [(label, *map(str, pair)) for label, *pair in found.fields] == [
            ("Kind", "ministry", "army"),
            ("Founded", "1821", "1822~"),
        ]
        assert [text.split(":")[0] for text in found.rows] == [
            "Agency name, removed",
            "Agency name, added",
        ]
        body = page_of(ana, agency).content.decode()
        assert "since-published" in body

    def test_is_none_of_what_is_published_or_never_was(self, ana):
        published, draft = make.an_agency(), make.an_agency(status="draft")
        for record in (published, draft):
            assert page_of(ana, record).context["since_published"] is None

    def test_of_an_event_counts_its_participations(self, ana):
        meeting = make.a_meeting()
        meeting.status = "draft"
        meeting.save()
        make.a_participation(meeting, official=make.an_official("Ana Ruiz"))
        found = page_of(ana, meeting).context["since_published"]
        assert found.fields == []
        assert [row.split(":")[0] for row in found.rows] == ["Participation, added"]


class TestAFormThatIsSentTwice:
    def sent(self, client, **values):
        page = client.get(address(Place, "add"))
        return filled(page, name="Villa", kind="city", **values)

    def test_makes_one_record_and_says_which(self, ana):
        form = self.sent(ana)
        assert ana.post(address(Place, "add"), form).status_code == 302
        again = ana.post(address(Place, "add"), {**form, "public_note": "Typed later"})
        (said,) = errors_of(again)["__all__"]
        place = Place.objects.get()
        assert f'as <a href="{address(Place, "change", place.pk)}">Villa' in said
        assert "Typed later" in again.content.decode()

    def test_makes_a_second_one_once_that_is_decided(self, ana):
        form = self.sent(ana)
        ana.post(address(Place, "add"), form)
        again = ana.post(address(Place, "add"), {**form, "slug": "villa-2"})
        decided = filled(again)
        assert decided["form_key"] != form["form_key"]
        assert ana.post(address(Place, "add"), decided).status_code == 302
        assert Place.objects.count() == 2

    def test_is_told_from_a_form_that_was_opened_anew(self, ana):
        for slug in ("one", "two"):
            ana.post(address(Place, "add"), self.sent(ana, slug=slug))
        assert Place.objects.count() == 2

    def test_that_was_refused_is_sent_again_as_it_is(self, ana):
        form = self.sent(ana, iso_code="nonsense")
        assert ana.post(address(Place, "add"), form).status_code == 200
        form["iso_code"] = ""
        assert ana.post(address(Place, "add"), form).status_code == 302

    def test_is_a_matter_of_one_session(self, ana, client):
        form = self.sent(ana)
        ana.post(address(Place, "add"), form)
        client.logout()
        client.force_login(somebody("data manager", "ben"))
        client.post(address(Place, "add"), {**form, "slug": "villa-2"})
        assert Place.objects.count() == 2


def test_a_label_in_what_is_said_is_text(ana):
    page = ana.get(address(Agency, "add"))
    form = filled(page, name="<b>Navy</b>", kind="ministry")
    ana.post(address(Agency, "add"), form)
    said = ana.post(address(Agency, "add"), form).content.decode()
    assert "&lt;b&gt;Navy&lt;/b&gt;</a>" in said

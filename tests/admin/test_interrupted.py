"""What somebody typed comes back into its form, whatever has come between."""

import json
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from entities.models import Official, Place
from provenance.tracking.changes import ChangeSet
from tests import make
from tests.curating import address, errors_of, filled, row, somebody_of_staff

pytestmark = pytest.mark.django_db
PASSWORD = "right-password-1"
HERE = {"origin": "http://testserver"}
ADD = "/admin/entities/place/add/"


@pytest.fixture(autouse=True)
def ana():
    return User.objects.create_superuser("ana", password=PASSWORD)


@pytest.fixture
def browser(ana):
    """A browser in which ana is signed in, and which is asked for tokens (CSRF)."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana)
    return browser


def token_in(response):
    (token,) = set(
        re.findall(
            r'name="csrfmiddlewaretoken" value="(\w+)"', response.content.decode()
        )
    ) or {""}
    return token


def typed_form(browser, page=ADD, **values):
    """What the browser sends of a form that was opened and filled in."""
    opened = browser.get(page)
    sent = filled(opened, **values)
    return {**sent, "csrfmiddlewaretoken": token_in(opened), "_save": "Save"}


def sign_in(browser, page, name="ana"):
    """Fills in the page that asks to sign in, and sends all that stands on it."""
    data = {"username": name, "password": PASSWORD}
    data |= {"csrfmiddlewaretoken": token_in(page), "_typed": page.context["typed"]}
    return browser.post(page.context["app_path"], data, headers=HERE)


def hand_back(browser, page):
    """What the browser does at once on the page that leads back to a form."""
    data = {"csrfmiddlewaretoken": token_in(page), "_typed": page.context["typed"]}
    return browser.post(page.context["address"], data, headers=HERE)


def values_in(page):
    return {
        field.name: field.value()
        for field in page.context["adminform"].form
        if field.value()
    }


def end_session(browser):
    del browser.cookies["sessionid"]


VILLA = {"name": "Villa Sesión", "kind": "city", "public_note": "long\nand longer"}


class TestTheEndOfASession:
    def test_leads_over_signing_in_back_into_the_form(self, browser):
        sent = typed_form(browser, **VILLA)
        end_session(browser)
        asked = browser.post(ADD, sent, headers=HERE)
        assert asked.status_code == 403
        assert "what you typed is kept here" in asked.content.decode()
        back = sign_in(browser, asked)
        assert back.context["address"] == ADD
        form = hand_back(browser, back)
        assert values_in(form).items() >= VILLA.items()
        assert errors_of(form) == {
            "__all__": ["Nothing is saved yet. Check what you typed, and save it."]
        }
        assert not Place.objects.exists()
        assert not ChangeSet.objects.exists()
        again = {**filled(form), "csrfmiddlewaretoken": token_in(form)}
        browser.post(ADD, again, headers=HERE)
        assert Place.objects.get().public_note == VILLA["public_note"]

    def test_keeps_the_rows_of_a_record_and_what_is_marked_for_removal(self, browser):
        official = make.an_official("Ana", slug="ana")
        make.an_official_name(official, "Anita")
        page = address(Official, "change", official.pk)
        sent = typed_form(browser, page)
        sent |= row("names", 1, text="Ana la de Nogales", kind="alias")
        sent |= {"names-0-DELETE": "on"}
        end_session(browser)
        back = sign_in(browser, browser.post(page, sent, headers=HERE))
        (names,) = (
            rows.formset
            for rows in hand_back(browser, back).context["inline_admin_formsets"]
            if rows.formset.prefix == "names"
        )
        assert names.data["names-0-DELETE"] == "on"
        assert names.forms[1]["text"].value() == "Ana la de Nogales"
        assert official.names.get().text == "Anita"

    def test_survives_a_wrong_password(self, browser):
        sent = typed_form(browser, **VILLA)
        end_session(browser)
        asked = browser.post(ADD, sent, headers=HERE)
        data = {
            "username": "ana",
            "password": "wrong",
            "_typed": asked.context["typed"],
        }
        data["csrfmiddlewaretoken"] = token_in(asked)
        again = browser.post(asked.context["app_path"], data, headers=HERE)
        assert again.context["typed"] == asked.context["typed"]
        form = hand_back(browser, sign_in(browser, again))
        assert values_in(form).items() >= VILLA.items()

    def test_meets_what_somebody_else_has_saved_meanwhile(self, browser):
        place = make.a_place("Nogales", slug="nogales")
        page = address(Place, "change", place.pk)
        sent = typed_form(browser, page, name="Heroica Nogales")
        end_session(browser)
        place.public_note = "saved meanwhile"
        place.save()
        back = sign_in(browser, browser.post(page, sent, headers=HERE))
        form = hand_back(browser, back)
        assert form.context["conflict"]
        assert values_in(form)["name"] == "Heroica Nogales"
        assert values_in(form)["public_note"] == "saved meanwhile"

    def test_keeps_no_password(self, browser):
        page = "/admin/auth/user/add/"
        sent = {
            "csrfmiddlewaretoken": token_in(browser.get(page)),
            "username": "bea",
            "password1": "secret-1",
            "password2": "secret-1",
        }
        end_session(browser)
        asked = browser.post(page, sent, headers=HERE)
        assert json.loads(asked.context["typed"]) == [["username", "bea"]]
        assert "secret-1" not in asked.content.decode()

    def test_before_something_else_than_a_form_has_it_confirmed(self, browser):
        """Nothing is done because of what was sent before somebody had signed in."""
        place = make.a_place(status="draft")
        page = address(Place, "delete", place.pk)
        opened = browser.get(page)
        sent = {"post": "yes", f"seen_version-{place.pk}": place.version}
        sent["csrfmiddlewaretoken"] = token_in(opened)
        end_session(browser)
        back = sign_in(browser, browser.post(page, sent, headers=HERE))
        asked = hand_back(browser, back)
        assert "Nothing was done yet" in asked.content.decode()
        assert Place.objects.exists()
        sent = dict(asked.context["pairs"]) | {"csrfmiddlewaretoken": token_in(asked)}
        browser.post(page, sent, headers=HERE)
        assert not Place.objects.exists()


class TestASecondTab:
    """Signing in gives all tabs a new token; that of an older form is none any more."""

    def signed_in_again(self, browser, ana):
        browser.force_login(ana)
        browser.cookies["csrftoken"] = "x" * 32

    def test_in_which_one_has_signed_in_again_costs_nothing_typed(self, browser, ana):
        sent = typed_form(browser, **VILLA)
        self.signed_in_again(browser, ana)
        back = browser.post(ADD, sent, headers=HERE)
        assert back.status_code == 403
        assert "Back to the form" in back.content.decode()
        form = hand_back(browser, back)
        assert values_in(form).items() >= VILLA.items()
        assert not Place.objects.exists()

    def test_in_which_one_has_signed_out_costs_nothing_either(self, browser):
        sent = typed_form(browser, **VILLA)
        end_session(browser)
        browser.cookies["csrftoken"] = "x" * 32
        asked = browser.post(ADD, sent, headers=HERE)
        assert "what you typed is kept here" in asked.content.decode()

    def test_does_not_stop_who_is_about_to_sign_in(self, browser, ana):
        sent = typed_form(browser, **VILLA)
        end_session(browser)
        asked = browser.post(ADD, sent, headers=HERE)
        self.signed_in_again(browser, ana)
        back = sign_in(browser, asked)
        assert values_in(hand_back(browser, back)).items() >= VILLA.items()

    @pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
    def test_is_not_what_another_site_sends(self, browser, ana, origin):
        sent = typed_form(browser, **VILLA)
        self.signed_in_again(browser, ana)
        refused = browser.post(ADD, sent, headers={"origin": origin})
        assert refused.status_code == 403
        assert "Villa" not in refused.content.decode()


class TestALostPermission:
    def test_shows_what_was_sent_and_lets_somebody_else_sign_in(self):
        browser = Client()
        bea = somebody_of_staff("bea", "entities.add_place", "entities.view_place")
        browser.force_login(bea)
        sent = typed_form(browser, **VILLA)
        bea.user_permissions.clear()
        refused = browser.post(ADD, sent, headers=HERE)
        assert refused.status_code == 403
        assert ("Name", "Villa Sesión") in refused.context["sent"]
        asked = browser.post(
            refused.context["sign_in_address"], {"_typed": refused.context["typed"]}
        )
        back = sign_in(browser, asked)
        assert values_in(hand_back(browser, back)).items() >= VILLA.items()


@pytest.mark.parametrize(
    "typed", ["", "x", "{", "[1]", '["name"]', "[[1, 2, 3]]", "null"]
)
def test_what_no_page_has_written_is_refused(browser, typed):
    opened = browser.get(ADD)
    data = {"_typed": typed, "csrfmiddlewaretoken": token_in(opened)}
    assert browser.post(ADD, data, headers=HERE).status_code == 400


def test_nobody_is_led_to_another_site(browser):
    data = {"username": "ana", "password": PASSWORD, "_typed": "[]"}
    end_session(browser)
    asked = browser.get("/admin/login/?next=https://elsewhere.example/")
    data["csrfmiddlewaretoken"] = token_in(asked)
    onward = browser.post(
        "/admin/login/?next=https://elsewhere.example/", data, headers=HERE
    )
    assert "elsewhere" not in onward.content.decode()

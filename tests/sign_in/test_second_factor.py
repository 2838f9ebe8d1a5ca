"""A second factor: set up by each for themselves, asked for, and needed if so set."""

import re
import time

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.curating import somebody_of_staff

pytestmark = pytest.mark.django_db
RIGHT = "right-password-1"
PAGE, DESK = "/admin/second-factor/", "/admin/"


@pytest.fixture
def ana():
    return get_user_model().objects.create_superuser("ana", password=RIGHT)


def code_of(user, step=0):
    """What the app shows; each code is taken once, so a later one may be needed."""
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + step * device.step
    return f"{totp.token():06}"


def sign_in(client, token=""):
    data = {"username": "ana", "password": RIGHT, "token": token}
    return client.post("/admin/login/?next=/admin/", data)


@pytest.fixture
def codes(ana, client):
    """The codes to recover of ana, who has set up a second factor."""
    client.force_login(ana)
    drawn = client.get(PAGE).content.decode()
    assert "<svg" in drawn
    assert "otpauth://totp/bordersec" in drawn
    shown = client.post(PAGE, {"token": code_of(ana)}).content.decode()
    return re.findall(r"<code>(\w+)</code>", shown)


def test_is_asked_for_once_it_is_set_up(ana, codes):
    browser = Client()
    page = browser.get("/admin/login/").content.decode()
    assert "Authentication code" in page
    refused = sign_in(browser)
    assert "with the code of your authenticator" in refused.content.decode()
    assert browser.get(DESK).status_code == 302
    assert sign_in(browser, code_of(ana, 1)).status_code == 302
    assert browser.get(DESK).status_code == 200


def test_is_not_asked_for_where_nobody_has_one(ana):
    browser = Client()
    assert "Authentication code" not in browser.get("/admin/login/").content.decode()
    assert sign_in(browser).status_code == 302


@pytest.mark.parametrize("wrong", ["000000", "x", "1" * 17, "\x00"])
def test_that_is_wrong_lets_nobody_in(ana, codes, wrong):
    browser = Client()
    assert sign_in(browser, wrong).status_code == 200
    assert browser.get(DESK).status_code == 302


def test_code_is_taken_once(ana, codes):
    code = code_of(ana, 1)
    assert sign_in(Client(), code).status_code == 302
    assert sign_in(Client(), code).status_code == 200


def test_that_is_lost_is_replaced_by_codes_of_which_each_is_taken_once(ana, codes):
    assert len(codes) == 8
    assert sign_in(Client(), codes[0]).status_code == 302
    StaticToken.objects.get(token=codes[1])  # those are left
    assert sign_in(Client(), codes[0]).status_code == 200


def test_is_taken_away_by_a_code_alone(ana, codes, client):
    client.post(PAGE, {"token": codes[0]})
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    assert sign_in(Client()).status_code == 302


def test_is_not_taken_away_by_a_wrong_code(ana, codes, client):
    page = client.post(PAGE, {"token": "000000"})
    assert "This code is wrong" in page.content.decode()
    assert TOTPDevice.objects.filter(confirmed=True).exists()


def test_needs_a_code_to_be_set_up(ana, client):
    client.force_login(ana)
    client.get(PAGE)
    assert "This code is wrong" in client.post(PAGE, {"token": "1"}).content.decode()
    assert not TOTPDevice.objects.filter(confirmed=True).exists()


class TestWhereItIsRequired:
    @pytest.fixture(autouse=True)
    def required(self, settings):
        settings.REQUIRE_2FA = True

    def test_nobody_works_before_they_have_set_it_up(self, ana, client):
        client.force_login(ana)
        for answer in (
            client.get(DESK),
            client.get("/admin/entities/place/"),
            client.post("/admin/entities/place/add/", {"name": "x"}),
        ):
            assert (answer.status_code, answer.url) == (302, PAGE)
        client.get(PAGE)
        client.post(PAGE, {"token": code_of(ana)})
        assert client.get(DESK).status_code == 200

    def test_whoever_has_it_signs_in_with_it(self, ana, codes):
        browser = Client()
        sign_in(browser, codes[0])
        assert browser.get(DESK).status_code == 200

    def test_everybody_may_sign_out(self, ana, client):
        client.force_login(ana)
        client.post("/admin/logout/")
        assert (
            "sessionid" not in client.cookies or not client.cookies["sessionid"].value
        )


@pytest.mark.parametrize("signed_in", [False, True])
def test_is_of_staff_alone(client, signed_in):
    if signed_in:
        client.force_login(get_user_model().objects.create_user("visitor"))
    answer = client.get(PAGE)
    assert answer.status_code == 302
    assert answer.url == "/admin/login/?next=/admin/second-factor/"
    assert not TOTPDevice.objects.exists()


def test_is_seen_by_nobody_else(client, ana, codes):
    client.force_login(somebody_of_staff("bea", "auth.view_user"))
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    secret = TOTPDevice.objects.get(user=ana).key
    assert secret not in client.get(PAGE).content.decode()

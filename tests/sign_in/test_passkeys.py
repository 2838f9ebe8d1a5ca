"""A passkey signs in without a password, and is a second factor."""

import pytest
from django.contrib.auth import get_user_model
from django.test import override_settings
from django.urls import reverse
from django_otp_webauthn.models import WebAuthnCredential

from provenance.sign_in.passkeys import name_of_site
from tests.browsing import LAW, NAME, PASSWORD, violations
from tests.curating import superuser
from tests.depth import in_depth


def a_passkey(user):
    return WebAuthnCredential.objects.create(
        user=user,
        name="a phone",
        confirmed=True,
        credential_id=str(user.pk).encode(),
        public_key=b"2",
    )


@pytest.fixture
def chromium(site, browser):
    """A tab with an authenticator, on the site under a name that has passkeys."""
    context = browser.new_context()
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.home = site.replace("127.0.0.1", "localhost") + "/admin/"
    yield page
    context.close()


@in_depth("A browser takes seconds for it.")
def test_is_added_signs_in_and_is_removed(chromium):
    page = chromium
    page.goto(f"{page.home}login/")
    page.fill("[name=username]", NAME)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(page.home)
    page.goto(f"{page.home}second-factor/")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("Registration successful!").wait_for()
    assert violations(page, LAW) == []
    page.context.clear_cookies()
    page.goto(f"{page.home}login/?next=/admin/changes/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{page.home}changes/")
    page.goto(f"{page.home}second-factor/")
    page.locator("[name=passkey]").click()
    page.get_by_text("The passkey is removed.").wait_for()
    page.context.clear_cookies()
    page.goto(f"{page.home}login/")
    assert page.get_by_role("button", name="Sign in with a passkey").count() == 0


@pytest.mark.django_db
class TestWithoutABrowser:
    def sign_in(self, client):
        get_user_model().objects.create_user("ben", password="x" * 12, is_staff=True)
        sent = {"username": "ben", "password": "x" * 12}
        return client.post("/admin/login/", sent)

    def test_a_password_alone_is_not_enough_for_who_has_one(self, client):
        a_passkey(get_user_model().objects.create_user("eva"))
        assert self.sign_in(client).status_code == 302
        client.logout()
        a_passkey(get_user_model().objects.get(username="ben"))
        answer = client.post("/admin/login/", {"username": "ben", "password": "x" * 12})
        assert "Sign in with your passkey." in answer.content.decode()

    def test_is_not_taken_away_by_who_has_not_used_a_second_factor(self, client):
        superuser(client)
        user = get_user_model().objects.get()
        key = a_passkey(user)
        answer = client.post("/admin/second-factor/", {"passkey": key.pk}, follow=True)
        assert "Sign in with your second factor first." in answer.content.decode()
        assert WebAuthnCredential.objects.exists()

    def test_none_is_added_by_who_has_another_factor_and_has_not_used_it(self, client):
        superuser(client)
        a_passkey(get_user_model().objects.get())
        answer = client.post("/admin/passkeys/registration/begin/")
        assert answer.status_code == 403

    def test_no_app_is_added_by_who_has_one_and_has_not_used_it(self, client):
        superuser(client)
        a_passkey(get_user_model().objects.get())
        page = client.get("/admin/second-factor/")
        assert "Sign in with your second factor first." in page.content.decode()
        assert "drawing" not in page.context
        page = client.post("/admin/second-factor/", {"token": "123456"})
        assert page.context["codes"] == []

    def test_nobody_adds_one_without_signing_in(self, client):
        answer = client.post("/admin/passkeys/registration/begin/")
        assert answer.status_code in (401, 403)

    def test_what_is_no_text_is_refused(self, client):
        for step in ("begin", "complete"):
            at = reverse(f"otp_webauthn:credential-authentication-{step}")
            said = client.post(at, b"\xff", content_type="application/json")
            assert (said.status_code, said.json()["code"]) == (400, "malformed_request")

    @override_settings(ALLOWED_HOSTS=["record.example.org"])
    def test_is_of_the_name_of_the_site_without_its_port(self, rf):
        for host, name in (
            ("record.example.org", "record.example.org"),
            ("record.example.org:8443", "record.example.org"),
        ):
            assert name_of_site(rf.get("/", headers={"host": host})) == name

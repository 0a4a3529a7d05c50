"""Passkeys, with an authenticator that Chromium plays."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import PASSWORD


@pytest.fixture
def authenticator(page: Page) -> Callable[..., str]:
    """Plugs an authenticator into the tab; it says yes at once."""
    cdp: CDPSession = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")

    def plugged_in(*, knows_its_owner: bool = True) -> str:
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": knows_its_owner,
            "automaticPresenceSimulation": True,
        }
        return cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    return plugged_in


def test_a_passkey_is_added_and_signs_in_alone(learner_page, learner, authenticator):
    authenticator()
    page = learner_page
    page.goto(reverse("mfa_index"))
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name of this passkey").fill("Laptop")
    page.get_by_label("Let me sign in with this passkey alone").check()
    page.get_by_role("button", name="Create the passkey").click()
    # The first one comes with recovery codes.
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert Authenticator.objects.filter(user=learner, type=Authenticator.Type.WEBAUTHN).count() == 1
    page.goto(reverse("mfa_list_webauthn"))
    expect(page.locator("main")).to_contain_text("Laptop")
    expect(page.locator("main")).to_contain_text("Signs in alone")

    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile(reverse("dashboard") + "$"))
    expect(page.locator("summary", has_text="Account, Ines Okonjo")).to_be_visible()


def test_a_refused_passkey_is_said_in_plain_words(page, authenticator):
    authenticator(knows_its_owner=False)
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was used, and nothing changed.")
    expect(page).to_have_url(re.compile(reverse("account_login") + "$"))

"""What people do on account pages before those look as they are to be seen."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from itertools import count

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import PASSWORD
from tests.browser.site import HOST
from tests.factories import UserFactory

CODE = re.compile(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", re.MULTILINE)
_numbers = count()
SECRET = "JBSWY3DPEHPK3PXP"  # what an authenticator app was given


def code_of_last_mail() -> str:
    found = CODE.search(mail.outbox[-1].body)
    assert found is not None, mail.outbox[-1].body
    return found[1]


def guarded() -> User:
    """Somebody with an authenticator app, recovery codes and two passkeys."""
    user: User = UserFactory(email="guarded@example.org", display_name="Amara Nwosu")
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    for number, name in enumerate(("Laptop", "Blue key")):
        data = {"name": name, "credential": _credential(number, signs_in_alone=name == "Laptop")}
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
    return user


def _credential(number: int, *, signs_in_alone: bool) -> dict[str, object]:
    """What a browser sends when it has made a passkey."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = AttestedCredentialData.create(Aaguid.NONE, bytes([number]) * 16, key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(sha256(HOST.encode()).digest(), flags, 0, made)
    client = {"type": "webauthn.create", "challenge": "", "origin": f"http://{HOST}"}
    return {
        "type": "public-key",
        "id": websafe_encode(made.credential_id),
        "rawId": websafe_encode(made.credential_id),
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(client).encode()),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
        },
        "clientExtensionResults": {"credProps": {"rk": signs_in_alone}},
    }


def with_two_addresses() -> User:
    """Somebody with a second address that is not confirmed yet."""
    user: User = UserFactory(email="two@example.org")
    EmailAddress.objects.create(user=user, email="two@work.example.org")
    return user


def without_password() -> User:
    """Somebody who signs in by another site only."""
    user: User = UserFactory(email="social@example.org")
    user.set_unusable_password()
    user.save()
    return user


def fill_in_nothing(page: Page) -> None:
    page.locator("main form[method=post]").first.locator("button:not([type=button])").first.click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


def give_a_wrong_password(page: Page) -> None:
    page.get_by_label("Email").fill("nobody@example.org")
    page.get_by_label("Password").fill("not the one")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()


def sign_up(page: Page) -> None:
    page.get_by_label("Email").fill(f"stranger{next(_numbers)}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")


def sign_up_and_mistype_the_code(page: Page) -> None:
    sign_up(page)
    page.get_by_label("Code").fill("ABC123")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


def ask_for_another_password(page: Page) -> None:
    page.get_by_label("Email").fill("ines@example.org")
    page.locator("main form[method=post] button").first.click()
    expect(page.get_by_label("Code")).to_be_visible()


def choose_another_password(page: Page) -> None:
    ask_for_another_password(page)
    page.get_by_label("Code").fill(code_of_last_mail())
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_label("New password").first).to_be_visible()


def give_only_the_password(page: Page) -> None:
    page.get_by_label("Email").fill("guarded@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Code")).to_be_visible()


def give_the_password_and_a_wrong_code(page: Page) -> None:
    give_only_the_password(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_label("Code").press("Enter")
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


def add_no_address(page: Page) -> None:
    page.get_by_label("Another email").press("Enter")
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


def add_an_address(page: Page) -> None:
    page.get_by_label("Another email").fill(f"stranger{next(_numbers)}@example.org")
    page.get_by_label("Another email").press("Enter")
    expect(page.get_by_label("Code")).to_be_visible()


def open_the_menu(page: Page) -> None:
    page.locator("summary", has_text="Account").click()

"""The pages of signing up, signing in and keeping an account, as they stand before and after what people do there."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.browser import account_acts as acts
from tests.browser import people
from tests.browser.cases import SCREENS, Case, faults_at, faults_of

NEW = people.newcomer
GUARDED = acts.guarded

ENTRANCE = [
    Case("account_login"),
    Case("account_login", act=acts.give_a_wrong_password),
    Case("account_login", act=acts.fill_in_nothing),
    Case("account_signup"),
    Case("account_signup", act=acts.fill_in_nothing),
    Case("account_signup", act=acts.sign_up),
    Case("account_signup", act=acts.sign_up_and_mistype_the_code),
    Case("account_reset_password"),
    Case("account_reset_password", act=acts.fill_in_nothing),
    Case("account_password_reset_completed"),
    Case("account_inactive"),
    Case("socialaccount_login_cancelled"),
    Case("socialaccount_login_error"),
]
SIGNED_IN = [
    Case("accounts:profile", (), NEW),
    Case("account_email", (), NEW),
    Case("account_email", (), acts.with_two_addresses),
    Case("account_email", (), NEW, acts.add_no_address),
    Case("account_email", (), NEW, acts.add_an_address),
    Case("account_change_password", (), NEW),
    Case("account_change_password", (), NEW, acts.fill_in_nothing),
    Case("account_set_password", (), acts.without_password, trusted=False),
    Case("account_logout", (), NEW),
    Case("account_reauthenticate", (), NEW, trusted=False),
    Case("usersessions_list", (), NEW),
    Case("socialaccount_connections", (), NEW),
    Case("mfa_index", (), NEW),
    Case("mfa_index", (), GUARDED),
    Case("mfa_list_webauthn", (), NEW),
    Case("mfa_list_webauthn", (), GUARDED),
    Case("mfa_add_webauthn", (), NEW),
    Case("mfa_activate_totp", (), NEW),
    Case("mfa_activate_totp", (), NEW, acts.fill_in_nothing),
    Case("mfa_deactivate_totp", (), GUARDED),
    Case("mfa_view_recovery_codes", (), GUARDED),
    Case("mfa_generate_recovery_codes", (), GUARDED),
    Case("mfa_reauthenticate", (), GUARDED, trusted=False),
    Case("mfa_reauthenticate_webauthn", (), GUARDED, trusted=False),
]


@pytest.mark.parametrize("case", [*ENTRANCE, *SIGNED_IN], ids=str)
def test_page_is_faultless(new_context, sign_in, watch, case):
    assert faults_of(case, new_context=new_context, sign_in=sign_in, watch=watch) == []


@pytest.mark.parametrize("act", [acts.ask_for_another_password, acts.choose_another_password])
def test_resetting_a_password_is_faultless(new_context, sign_in, watch, learner, act):
    case = Case("account_reset_password", act=act)
    assert faults_of(case, new_context=new_context, sign_in=sign_in, watch=watch) == []


@pytest.mark.parametrize("act", [acts.give_only_the_password, acts.give_the_password_and_a_wrong_code])
def test_the_second_step_of_signing_in_is_faultless(new_context, sign_in, watch, transactional_db, act):
    acts.guarded()
    case = Case("account_login", act=act)
    assert faults_of(case, new_context=new_context, sign_in=sign_in, watch=watch) == []


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_pages_of_one_passkey_are_faultless(new_context, sign_in, transactional_db, name):
    user = acts.guarded()
    key = user.authenticator_set.filter(type="webauthn").first()
    page = new_context().new_page()
    sign_in(page.context, user, trusted=True)
    for screen in SCREENS:
        screen.put_before(page)
        page.goto(reverse(name, args=[key.pk]))
        assert faults_at(page, screen) == []

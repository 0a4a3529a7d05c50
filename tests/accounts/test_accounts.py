import re

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.demo import may_exist
from accounts.models import User
from accounts.visits import note_visit
from tests.factories import UserFactory
from tests.roadmaps.times import LATER, NOW

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


def sign_up(client, email="new@example.org", password=PASSWORD, **extra):
    return client.post(reverse("account_signup"), {"email": email, "password1": password, **extra})


def test_sign_up_sends_a_code_that_opens_the_account(client):
    response = sign_up(client, timezone="Europe/Berlin")
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[0].body, re.MULTILINE).group(1)
    response = client.post(reverse("account_email_verification_sent"), {"code": code}, follow=True)
    assert response.request["PATH_INFO"] == reverse("dashboard")
    assert User.objects.get(email="new@example.org").timezone == "Europe/Berlin"


def test_an_account_is_closed_until_its_address_is_verified(client):
    sign_up(client)
    assert client.get(reverse("dashboard")).status_code == 302


@pytest.mark.parametrize("timezone", ["", "Mars/Olympus", "x" * 65, "../../etc/passwd"])
def test_a_zone_nobody_knows_is_no_reason_to_refuse_an_account(client, timezone):
    sign_up(client, timezone=timezone)
    found = User.objects.filter(email="new@example.org").values_list("timezone", flat=True)
    assert list(found) in (["UTC"], [])


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("", PASSWORD, "email"),
        ("not an address", PASSWORD, "email"),
        ("x" * 300 + "@example.org", PASSWORD, "email"),
        ("<script>alert(1)</script>@example.org", PASSWORD, "email"),
        ("new@example.org", "", "password1"),
        ("new@example.org", "short", "password1"),
        ("new@example.org", "password12", "password1"),
    ],
)
def test_bad_sign_ups_are_answered_beside_the_field_and_keep_what_was_typed(client, email, password, field):
    response = sign_up(client, email, password)
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert response.context["form"]["email"].value() == email
    assert b'aria-invalid="true"' in response.content
    assert not User.objects.exists()


def test_signing_up_with_a_known_address_does_not_tell_that_it_is_known(client, learner):
    response = sign_up(client, learner.email)
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert "has an account" in mail.outbox[0].body


def test_addresses_differ_by_more_than_their_case(learner):
    with pytest.raises(IntegrityError, match="email_once"), transaction.atomic():
        User.objects.create(email=learner.email.upper())


def test_signing_in_takes_address_and_password(client, learner):
    response = client.post(reverse("account_login"), {"login": learner.email, "password": PASSWORD})
    assert response.headers["Location"] == reverse("dashboard")


def test_wrong_passwords_are_limited(client, learner):
    for _ in range(12):
        response = client.post(reverse("account_login"), {"login": learner.email, "password": "wrong-wrong-wrong"})
    assert b"Too many" in response.content
    response = client.post(reverse("account_login"), {"login": learner.email, "password": PASSWORD})
    assert response.status_code == 200


def test_demo_accounts_cannot_exist_with_debug_off(settings):
    demo = UserFactory(email="learner@rounds.example")
    assert authenticate(email=demo.email, password=PASSWORD) == demo
    settings.TESTING = settings.DEBUG = False
    assert authenticate(email=demo.email, password=PASSWORD) is None


def test_a_session_of_a_demo_account_ends_with_debug_off(client, settings):
    client.force_login(UserFactory(email="staff@rounds.example", is_staff=True))
    assert client.get(reverse("accounts:profile")).status_code == 200
    settings.TESTING = settings.DEBUG = False
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_nobody_signs_up_with_a_demo_address_in_production(client, settings):
    settings.TESTING = settings.DEBUG = False
    response = sign_up(client, "Me@ROUNDS.example")
    assert "reserved" in response.context["form"].errors["email"][0]


@pytest.mark.parametrize("email", ["a@rounds.example", "A@Rounds.Example", "a@rounds.example."])
def test_demo_addresses_are_known_however_they_are_written(settings, email):
    settings.TESTING = settings.DEBUG = False
    assert not may_exist(email)


def test_the_profile_is_saved(as_learner, learner):
    as_learner.post(
        reverse("accounts:profile"), {"display_name": "Dr. Okonjo", "timezone": "Africa/Lagos", "hours_a_week": "12"}
    )
    learner.refresh_from_db()
    assert (learner.display_name, learner.timezone, learner.hours_a_week) == ("Dr. Okonjo", "Africa/Lagos", 12)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", "x" * 81),
        ("display_name", "nul\x00byte"),
        ("timezone", "Mars/Olympus"),
        ("timezone", ""),
        ("hours_a_week", ""),
        ("hours_a_week", "0"),
        ("hours_a_week", "61"),
        ("hours_a_week", "-3"),
        ("hours_a_week", "ten"),
        ("hours_a_week", "9" * 400),
    ],
)
def test_bad_profiles_are_answered_beside_the_field_and_change_nothing(as_learner, learner, field, value):
    data = {"display_name": "Typed name", "timezone": "UTC", "hours_a_week": "8"} | {field: value}
    response = as_learner.post(reverse("accounts:profile"), data)
    assert response.status_code == 422
    assert response.context["form"].errors[field]
    assert response.context["form"]["hours_a_week"].value() == data["hours_a_week"]
    learner.refresh_from_db()
    assert learner.display_name == "Ines Okonjo"


def test_hostile_names_are_shown_as_text(as_learner):
    data = {"display_name": "<script>alert(1)</script>", "timezone": "UTC", "hours_a_week": "8"}
    response = as_learner.post(reverse("accounts:profile"), data, follow=True)
    assert b"<script>alert(1)" not in response.content


def test_times_are_shown_in_the_persons_own_zone(as_learner, learner):
    User.objects.filter(pk=learner.pk).update(timezone="Pacific/Kiritimati")
    response = as_learner.get(reverse("dashboard"))
    assert response.context["today"].utcoffset().total_seconds() == 14 * 3600


def test_the_visit_before_this_one_is_remembered(learner):
    assert note_visit(learner, now=NOW) is None
    assert note_visit(learner, now=LATER) == NOW


def test_pages_opened_shortly_after_each_other_are_one_visit(learner):
    note_visit(learner, now=NOW)
    note_visit(learner, now=LATER)
    assert note_visit(learner, now=LATER.replace(minute=45)) == NOW

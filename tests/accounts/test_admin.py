"""People in the admin."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from accounts.careful import _answer
from accounts.models import User
from config.editors import GROUP, give_editors_their_permissions
from tests.factories import UserFactory
from tests.forms import fields_of
from tests.queries import queries_of

USERS = reverse("admin:accounts_user_changelist")
ADD = reverse("admin:accounts_user_add")
SECRET = "a-long-enough-secret"


@pytest.fixture
def boss(db) -> User:
    return UserFactory(email="priya@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def office(boss) -> Client:
    client = Client()
    client.force_login(boss)
    return client


def page(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def save(client: Client, user: User, **changes: object):
    """Post the person's page with some fields typed over; None unticks a box."""
    data = fields_of(client.get(page(user)), "user_form") | changes
    return client.post(page(user), {name: value for name, value in data.items() if value is not None})


def act(client: Client, action: str, *users: User):
    return client.post(USERS, {"action": action, "_selected_action": [user.pk for user in users], "index": "0"})


# ---------------------------------------------------------------- signing in


def test_the_admin_signs_in_by_the_sites_own_page(db):
    response = Client().get(reverse("admin:login"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))
    assert Client().get(USERS, follow=True).redirect_chain[-1][0].startswith(reverse("account_login"))


def test_whoever_is_signed_in_but_not_staff_is_told(learner, as_learner):
    assert as_learner.get(reverse("admin:index"), follow=True).status_code == 403


# ---------------------------------------------------------------- accounts


def test_lists_and_pages_need_as_many_queries_as_ever(office, boss):
    assert queries_of(office, page(boss)) == 7
    before = queries_of(office, USERS)
    UserFactory.create_batch(10)
    assert queries_of(office, USERS) == before == 5


def test_staff_make_mentors(office, learner, other_learner):
    assert save(office, learner, is_mentor="on").status_code == 302
    act(office, "make_mentors", learner, other_learner)
    assert User.objects.filter(is_mentor=True).count() == 2
    act(office, "unmake_mentors", learner)
    assert list(User.objects.filter(is_mentor=True)) == [other_learner]
    said = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert said == ["Changed Mentor.", "Changed mentor.", "Changed mentor."]


def test_deactivating_ends_what_a_person_can_do_at_once(office, boss, learner, as_learner):
    assert as_learner.get(reverse("dashboard")).status_code == 200
    act(office, "deactivate", learner, boss)
    assert as_learner.get(reverse("dashboard")).status_code == 302
    boss.refresh_from_db()
    assert boss.is_active, "nobody locks themselves out"
    act(office, "activate", learner)
    assert User.objects.get(pk=learner.pk).is_active


def test_an_account_made_by_staff_can_sign_in_once_it_is_confirmed(office):
    new = {"email": "New.Person@Example.org", "display_name": "New", "usable_password": "true"}
    response = office.post(ADD, {**new, "password1": SECRET, "password2": SECRET})
    user = User.objects.get(email="new.person@example.org")
    assert response.url == page(user)
    client = Client()
    signed_in = client.post(reverse("account_login"), {"login": user.email, "password": SECRET})
    assert signed_in.url == reverse("account_email_verification_sent")
    assert mail.outbox[0].to == [user.email]


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"email": ""}, "email", "This field is required."),
        ({"email": "nobody"}, "email", "Enter a valid email address."),
        ({"email": "INES@example.org"}, "email", "This address has an account."),
        ({"email": f"{'x' * 300}@example.org"}, "email", "Ensure this value has at most 254 characters"),
        ({"email": "a\0@example.org"}, "email", "Null characters are not allowed."),
        ({"password2": "another-secret-word"}, "password2", "didn’t match"),
        ({"password1": "short", "password2": "short"}, "password2", "too short"),
        ({"display_name": "x" * 81}, "display_name", "at most 80 characters"),
    ],
)
def test_a_bad_new_account_is_said_beside_the_field(office, learner, typed, field, message):
    fine = {"email": "new@example.org", "usable_password": "true", "password1": SECRET, "password2": SECRET}
    response = office.post(ADD, {**fine, **typed})
    assert response.status_code == 200
    assert message in " ".join(response.context["adminform"].form.errors[field])
    assert User.objects.count() == 2


def test_demo_addresses_cannot_be_made_in_production(office, monkeypatch):
    monkeypatch.setattr("accounts.admin.may_exist", lambda email: False)
    response = office.post(ADD, {"email": "x@rounds.example", "password1": SECRET, "password2": SECRET})
    assert response.context["adminform"].form.errors["email"] == ["This domain is reserved for demo accounts."]


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"hours_a_week": "61"}, "hours_a_week", "Give between 1 and 60 hours a week."),
        ({"hours_a_week": "many"}, "hours_a_week", "Enter a whole number."),
        ({"timezone": "Mars/Olympus"}, "timezone", "Select a valid choice."),
    ],
)
def test_a_bad_edit_is_said_beside_the_field(office, learner, typed, field, message):
    response = save(office, learner, **typed)
    assert message in response.context["adminform"].form.errors[field][0]


def test_an_old_name_of_a_time_zone_stays(office, learner):
    User.objects.filter(pk=learner.pk).update(timezone="US/Pacific")
    assert save(office, learner, display_name="Ines O.").status_code == 302
    assert User.objects.get(pk=learner.pk).timezone == "US/Pacific"


def test_an_address_is_changed_by_its_owner_only(office, learner):
    save(office, learner, email="other@example.org")
    assert User.objects.get(pk=learner.pk).email == "ines@example.org"


def test_a_password_is_set_for_somebody_without_a_user_name(office, learner):
    password = reverse("admin:auth_user_password_change", args=[learner.pk])
    assert "Ines Okonjo" in office.get(password).content.decode()
    wrong = office.post(password, {"usable_password": "true", "password1": SECRET, "password2": "x"})
    assert "didn’t match" in wrong.content.decode()
    done = office.post(
        password, {"usable_password": "true", "password1": SECRET, "password2": SECRET, "set-password": "1"}
    )
    assert done.url == page(learner)
    assert User.objects.get(pk=learner.pk).check_password(SECRET)


def test_a_learner_can_be_deleted_and_staff_cannot(office, boss, learner):
    editor = UserFactory(is_staff=True)
    assert office.post(reverse("admin:accounts_user_delete", args=[editor.pk]), {"post": "yes"}).status_code == 403
    assert office.post(reverse("admin:accounts_user_delete", args=[boss.pk]), {"post": "yes"}).status_code == 403
    office.post(reverse("admin:accounts_user_delete", args=[learner.pk]), {"post": "yes"})
    assert set(User.objects.all()) == {boss, editor}


def test_only_superusers_hand_out_authority(db, learner, boss):
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client = Client()
    client.force_login(clerk)
    save(client, learner, is_superuser="on", is_staff="on", is_mentor="on")
    learner.refresh_from_db()
    assert (learner.is_mentor, learner.is_staff, learner.is_superuser) == (True, False, False)
    assert client.post(page(boss), {"is_active": ""}).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[boss.pk])).status_code == 403
    act(client, "deactivate", boss)
    boss.refresh_from_db()
    assert boss.is_active


# ---------------------------------------------------------------- what belongs to accounts


def test_secrets_are_shown_nowhere(office, learner):
    factor = Authenticator.objects.create(user=learner, type="totp", data={"secret": "hush-hush"})
    listed = reverse("admin:mfa_authenticator_changelist")
    shown = reverse("admin:mfa_authenticator_change", args=[factor.pk])
    assert "hush-hush" not in office.get(shown).content.decode()
    assert "ines@example.org" in office.get(shown).content.decode() or "Ines" in office.get(shown).content.decode()
    assert office.get(listed, {"q": "ines"}).status_code == 200
    office.post(reverse("admin:mfa_authenticator_delete", args=[factor.pk]), {"post": "yes"})
    assert not Authenticator.objects.exists()


def test_deleting_a_session_signs_that_device_out(office, learner):
    device = Client()
    device.post(reverse("account_login"), {"login": learner.email, "password": "correct-horse-battery"})
    assert device.get(reverse("dashboard")).status_code == 200
    session = UserSession.objects.get(user=learner)
    assert office.get(reverse("admin:usersessions_usersession_changelist"), {"q": "ines"}).status_code == 200
    shown = office.get(reverse("admin:usersessions_usersession_change", args=[session.pk])).content.decode()
    assert session.session_key not in shown
    office.post(reverse("admin:usersessions_usersession_delete", args=[session.pk]), {"post": "yes"})
    assert device.get(reverse("dashboard")).status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "account_emailaddress",
        "mfa_authenticator",
        "socialaccount_socialaccount",
        "usersessions_usersession",
        "auth_group",
    ],
)
def test_every_list_about_accounts_opens_and_can_be_searched(office, name):
    listed = reverse(f"admin:{name}_changelist")
    assert office.get(listed, {"q": "x"}).status_code == 200
    assert queries_of(office, listed) <= 6


def test_the_log_is_read_only(office, learner):
    save(office, learner, is_mentor="on")
    entry = LogEntry.objects.get()
    listed = office.get(reverse("admin:admin_logentry_changelist"), {"q": "priya"}).content.decode()
    assert "Changed Mentor." in listed
    assert office.get(reverse("admin:admin_logentry_change", args=[entry.pk])).status_code == 200
    assert office.post(reverse("admin:admin_logentry_delete", args=[entry.pk]), {"post": "yes"}).status_code == 403


# ---------------------------------------------------------------- what the database says


class Said(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


def failing(*states: str):
    """A view whose attempts fail in these ways, one after the other, and which then answers."""
    left = list(states)

    def view() -> str:
        if left:
            raise DatabaseError from Said(left.pop(0))
        return f"answered, {len(left)} failures left"

    return view


@pytest.mark.parametrize("states", [(), ("40P01",), ("40P01", "40P01"), ("23505",), ("P0001",), ("40P01", "23505")])
def test_a_form_is_answered_whatever_others_do_meanwhile(db, rf, states):
    assert _answer(rf.post("/"), failing(*states)) == "answered, 0 failures left"


@pytest.mark.parametrize("state", ["53100", "42P01", ""])
def test_what_is_broken_is_not_hidden(db, rf, state):
    with pytest.raises(DatabaseError):
        _answer(rf.post("/"), failing(state))


# ---------------------------------------------------------------- editors


def editors_may() -> set[str]:
    found = Group.objects.get(name=GROUP).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def test_editors_may_edit_content_and_publish_and_nothing_else(db):
    may = editors_may()
    assert {"roles.change_role", "roles.delete_goal", "interviews.add_question"} <= may
    assert {name for name in may if name.startswith("roadmaps.")} == {
        "roadmaps.view_publication",
        "roadmaps.add_publication",
    }
    assert {name.partition(".")[0] for name in may} == {"roles", "interviews", "roadmaps"}
    assert not any("loadedrow" in name or "catalogversion" in name for name in may)


def test_every_migrate_puts_the_group_right(db):
    before = editors_may()
    group = Group.objects.get(name=GROUP)
    group.permissions.set(Permission.objects.filter(codename="view_user"))
    Permission.objects.filter(content_type__app_label="interviews").delete()
    call_command("migrate", verbosity=0)
    assert editors_may() == before


def test_the_group_waits_for_the_apps_it_is_about(db):
    class NothingYet:
        def get_model(self, *args):
            raise LookupError

    Group.objects.all().delete()
    give_editors_their_permissions(apps=NothingYet())
    assert not Group.objects.exists()


def test_the_index_is_in_the_order_of_the_work(office):
    apps = [app["app_label"] for app in office.get(reverse("admin:index")).context["app_list"]]
    assert apps == ["roles", "roadmaps", "mentoring", "interviews", "badges", "accounts", "admin"]

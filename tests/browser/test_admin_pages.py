"""The admin: Django's own pages with our colors, our fields and our publishing desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from roadmaps.models import Publication
from roles.history.acting import acting
from roles.history.past import past_of
from roles.models import ChangeSet, Goal, Phase, Revert, Role
from tests.browser import people
from tests.browser.cases import Case, faults_of
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.roadmaps.drafts import add_goal


def staff() -> User:
    """A superuser, with a learner on a roadmap whose draft has a change to publish."""
    people.beginner()
    add_goal(Role.objects.get(slug=ANALYTICS))
    return UserFactory(email="staff@example.org", display_name="Priya Raman", is_staff=True, is_superuser=True)


LISTS = [
    "index",
    "roles_role_changelist",
    "roles_role_add",
    "roles_goal_changelist",
    "roles_resource_changelist",
    "accounts_user_changelist",
    "accounts_user_add",
    "roadmaps_enrolment_changelist",
    "roadmaps_publication_changelist",
    "roadmaps_publication_desk",
    "history_list",
    "password_change",
]
ROWS = {
    "roles_role_change": Role,
    "roles_phase_change": Phase,
    "roles_goal_change": Goal,
    "roadmaps_publication_publish": Role,
    "roadmaps_publication_change": Publication,
    "roadmaps_publication_withdraw": Publication,
    "roles_role_history": Role,
    "roles_goal_history": Goal,
}


@pytest.mark.parametrize("name", LISTS)
def test_page_is_faultless(new_context, sign_in, watch, name):
    case = Case(f"admin:{name}", (), staff, stock=True, phone=name.startswith("history"))
    assert faults_of(case, new_context=new_context, sign_in=sign_in, watch=watch) == []


@pytest.mark.parametrize("name", ROWS)
def test_page_of_a_row_is_faultless(new_context, sign_in, watch, analytics, name):
    row = analytics if ROWS[name] is Role else ROWS[name].objects.first()
    case = Case(f"admin:{name}", (row.pk,), staff, stock=True)
    assert faults_of(case, new_context=new_context, sign_in=sign_in, watch=watch) == []


def edited() -> User:
    """Staff, with an edit of a goal that can be looked at, compared and taken back."""
    person = staff()
    goal = Goal.objects.order_by("pk").first()
    with acting(by=person, page=f"/admin/roles/goal/{goal.pk}/change/", session="a" * 16):
        goal.text = f"{goal.text} Twice."
        goal.save()
        goal.skills.clear()
        goal.phase.role.fits.last().delete()
    return person


@pytest.mark.parametrize("name", ["detail", "revert", "sitting"])
def test_pages_of_a_save_are_faultless(new_context, sign_in, watch, db, name):
    person = edited()
    changeset = ChangeSet.objects.get(by=person)
    case = Case(f"admin:history_{name}", (changeset.pk,), lambda: person, stock=True, phone=True)
    assert faults_of(case, new_context=new_context, sign_in=sign_in, watch=watch) == []


@pytest.mark.parametrize("name", ["history_row", "history_row_revert"])
def test_versions_of_a_row_are_faultless(new_context, sign_in, watch, db, name):
    person = edited()
    goal = Goal.objects.order_by("pk").first()
    newest, older = past_of(Goal, goal.pk).versions[:2]
    args = ("roles.goal", goal.pk, older.change)[: 2 if name == "history_row" else 3]
    query = f"?old={older.change}&new={newest.change}" if name == "history_row" else ""
    case = Case(f"admin:{name}", args, lambda: person, stock=True, phone=True, query=query)
    assert faults_of(case, new_context=new_context, sign_in=sign_in, watch=watch) == []


LONG_REVERTS = {
    "waiting": {},
    "moving": {"total": 20_000, "done": 7_000},
    "silent": {"total": 20_000, "done": 7_000, "alive_at": timezone.now() - timedelta(hours=1)},
    "stopped": {
        "state": "stopped",
        "why": "It cannot be reverted as a whole.",
        "faults": [["What is HL7 FHIR?", "“Model answer” was changed since, by Jonas Weber."]] * 30,
        "ended_at": timezone.now(),
    },
}


@pytest.mark.parametrize("told", LONG_REVERTS.values(), ids=LONG_REVERTS)
def test_a_revert_of_many_rows_is_told_without_fault(new_context, sign_in, watch, db, told):
    person = edited()
    facts = {"changesets": [ChangeSet.objects.get(by=person).pk], "doing": "Reverted everything of one save"}
    now = timezone.now()
    row = Revert.objects.create(**{**facts, "seen": "x", "by": person, "at": now, "alive_at": now, **told})
    case = Case("admin:revert_detail", (row.pk,), lambda: person, stock=True, phone=True)
    assert faults_of(case, new_context=new_context, sign_in=sign_in, watch=watch) == []


def test_an_editor_takes_a_change_back_by_keyboard(new_context, sign_in, db):
    person = edited()
    goal = Goal.objects.order_by("pk").first()
    context = new_context()
    sign_in(context, person)
    page = context.new_page()
    page.goto(reverse("admin:roles_goal_history", args=[goal.pk]))
    compare = page.get_by_role("button", name="Compare")
    compare.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-field=text] del, [data-field=text] ins").first).to_contain_text("Twice")
    page.get_by_role("link", name="Revert to version 1").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Revert").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("It is a new version")
    assert not Goal.objects.get(pk=goal.pk).text.endswith("Twice.")
    assert Goal.objects.get(pk=goal.pk).skills.exists()


def test_an_editor_publishes_a_change_and_the_learner_is_asked(new_context, sign_in, analytics):
    desk = new_context()
    sign_in(desk, staff())
    page = desk.new_page()
    page.goto(reverse("admin:roadmaps_publication_desk"))
    page.get_by_role("link", name=f"Compare the draft of {analytics.name}").click()
    expect(page.locator("#content")).to_contain_text("A new thing to learn")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert Publication.objects.latest_of(analytics).edition == 2

    learning = new_context()
    sign_in(learning, User.objects.get(email="ines@example.org"))
    page = learning.new_page()
    page.goto(reverse("dashboard"))
    page.get_by_role("link", name="See what changes").click()
    expect(page.locator("[data-change=new]")).to_contain_text("A new thing to learn")

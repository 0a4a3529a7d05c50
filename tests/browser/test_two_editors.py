"""Two editors with the same page in two browsers: both versions side by side, a choice, and then the save."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from config.editors import GROUP
from roles.history.acting import acting
from roles.models import Goal, Phase
from tests.browser.cases import SCREENS, faults_at
from tests.browser.looking import finish_transitions
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.roadmaps.drafts import add_goal


@pytest.fixture
def phase(site) -> Phase:
    return Phase.objects.get(role__slug=ANALYTICS, order=1)


def editor(name: str) -> User:
    person = UserFactory(is_staff=True, display_name=name)
    person.groups.add(Group.objects.get(name=GROUP))
    return person


def met(page: Page, phase: Phase) -> None:
    """Type into the phase and its first goal, while somebody else saves both."""
    page.goto(reverse("admin:roles_phase_change", args=[phase.pk]))
    page.get_by_label("Summary").fill("Where health data comes from, in my words.")
    page.locator("[name=goals-0-text]").fill("A goal in my words.")
    goal = phase.goals.order_by("order").first()
    with acting(by=editor("Jonas Weber"), page=reverse("admin:roles_goal_change", args=[goal.pk])):
        Phase.objects.filter(pk=phase.pk).update(summary="Where health data comes from, in their words.", weeks=9)
        Goal.objects.filter(pk=goal.pk).update(text="A goal in their words.")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("heading", name="Somebody saved while you were editing")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_both_versions_stand_side_by_side_and_the_second_save_does_as_was_chosen(new_context, sign_in, phase, scripts):
    context = new_context(java_script_enabled=scripts)
    sign_in(context, editor("Mei-Ling Zhao"))
    page = context.new_page()
    met(page, phase)
    expect(page.locator("[data-conflict=summary] del")).to_have_text("their")
    expect(page.locator("[data-conflict=summary] ins")).to_have_text("my")
    expect(page.locator("[name=goals-0-text]")).to_have_value("A goal in my words.")
    page.locator("[data-conflict=summary]").get_by_label("Save mine").check()
    page.locator("[data-conflict=goals-0-text]").get_by_label("Keep theirs").check()
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist")).to_contain_text("Jonas Weber changed “Weeks” meanwhile: that stays.")
    phase.refresh_from_db()
    assert (phase.summary, phase.weeks) == ("Where health data comes from, in my words.", 9)
    assert phase.goals.order_by("order").first().text == "A goal in their words."


def test_one_chooses_by_keyboard(new_context, sign_in, phase):
    context = new_context()
    sign_in(context, editor("Mei-Ling Zhao"))
    page = context.new_page()
    met(page, phase)
    page.locator("[data-conflict=summary]").get_by_label("Keep theirs").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")  # mine
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # theirs, of the goal
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    phase.refresh_from_db()
    assert phase.summary == "Where health data comes from, in my words."


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: f"{screen.width}")
def test_the_choice_is_faultless(new_context, sign_in, phase, screen):
    context = new_context()
    sign_in(context, editor("Mei-Ling Zhao"))
    page = context.new_page()
    met(page, phase)
    screen.put_before(page)
    # The stock page below has rows of its own width on a phone; what is ours must not stick out.
    found = faults_at(page, screen)
    assert [fault for fault in found if screen.width > 600 or "met" in fault] == []


def test_a_page_whose_row_is_gone_keeps_what_was_typed(new_context, sign_in, phase):
    goal = add_goal(phase.role)
    number = goal.pk
    context = new_context()
    sign_in(context, editor("Mei-Ling Zhao"))
    page = context.new_page()
    page.goto(reverse("admin:roles_goal_change", args=[number]))
    page.get_by_label("Text").fill("Typed at length")
    with acting(by=editor("Jonas Weber")):
        goal.delete()
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("heading", name="was deleted by Jonas Weber")).to_be_visible()
    expect(page.locator(".typed")).to_contain_text("Typed at length")
    for screen in SCREENS:
        screen.put_before(page)
        finish_transitions(page)
        assert faults_at(page, screen) == []
    page.get_by_role("button", name="Put it back and save mine").click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    assert Goal.objects.get(pk=number).text == "Typed at length"

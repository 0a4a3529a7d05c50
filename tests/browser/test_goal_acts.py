"""Editors retire, replace, split and merge goals: on desktop and phone, by keyboard alone, and without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from roadmaps.models import State
from roles.models import Goal
from tests.browser.cases import SCREENS, faults_at
from tests.browser.keyboard import Keyboard
from tests.browser.people import follow
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.roadmaps.drafts import goals_of


def editor() -> User:
    return UserFactory(email="staff@example.org", display_name="Priya Raman", is_staff=True, is_superuser=True)


def act(name: str, *goals: Goal) -> str:
    if name == "merge":
        return reverse("admin:roadmaps_goal_merge", query={"goal": [goal.pk for goal in goals]})
    return reverse(f"admin:roadmaps_goal_{name}", args=[goals[0].pk])


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: str(screen.width))
@pytest.mark.parametrize("name", ["retire", "replace", "split", "merge", "choose", "wrong", "gone"])
def test_pages_are_faultless(new_context, sign_in, watch, analytics, screen, name):
    one, _, _, other = goals_of(analytics)[:4]
    addresses = {
        "merge": act("merge", one, other),
        "choose": act("merge", one),
        "wrong": act("split", one),
        "gone": act("retire", one),
    }
    if name == "gone":
        Goal.objects.filter(pk=one.pk).update(retired=True)
    page = new_context().new_page()
    sign_in(page.context, editor())
    screen.put_before(page)
    page.goto(addresses.get(name) or act(name, one))
    if name == "wrong":
        watch.expect_status(422)
        page.get_by_role("button", name="Split it").click()
        expect(page.get_by_text("Say what there is to learn.")).to_have_count(2)
    if name == "choose":
        page.get_by_role("checkbox").first.focus()
    assert faults_at(page, screen) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_goal_is_split_by_keyboard_and_taken_back(new_context, sign_in, analytics, learner, scripts):
    follow(learner, ANALYTICS, [State.DONE] * 3)
    goal = goals_of(analytics)[1]
    page = new_context(java_script_enabled=scripts).new_page()
    sign_in(page.context, editor())
    page.goto(reverse("admin:roles_goal_change", args=[goal.pk]))
    go(page, page.get_by_role("link", name="Split", exact=True))
    expect(page.locator("#content")).to_contain_text("Done by 1, in progress for 0, skipped by 0")
    boxes = page.get_by_role("textbox", name="What there is to learn")
    write(page, 0, "Write a query of one table")
    go(page, page.get_by_role("button", name="Another part"))
    expect(boxes).to_have_count(3)
    expect(boxes.nth(0)).to_have_value("Write a query of one table")
    write(page, 2, "Write a query of two")
    go(page, page.get_by_role("button", name="Split it"))
    expect(page.locator(".messagelist")).to_contain_text("into 2. Readers see it once the roadmap is published.")
    assert Goal.objects.filter(replaces=goal).count() == 2

    go(page, page.get_by_role("link", name="Take it back"))
    go(page, page.get_by_role("button", name="Revert"))
    expect(page.locator(".messagelist")).to_be_visible()
    assert not Goal.objects.get(pk=goal.pk).retired
    assert not Goal.objects.filter(replaces=goal).exists()


def go(page: Page, control: Locator) -> None:
    """To a link or button, and through it."""
    control.focus()
    page.keyboard.press("Enter")


def write(page: Page, number: int, text: str) -> None:
    page.get_by_role("textbox", name="What there is to learn").nth(number).focus()
    page.keyboard.type(text)


def test_every_stop_of_the_focus_is_seen(new_context, sign_in, analytics):
    page = new_context().new_page()
    sign_in(page.context, editor())
    for name in ("split", "merge"):
        page.goto(act(name, *goals_of(analytics)[:2]))
        # The boxes that look something up show the ring around themselves, not around the text in them.
        stops = [stop for stop in Keyboard(page).stops() if "“Search: " not in stop.name]
        assert [stop.name for stop in stops if not (stop.ringed and stop.seen)] == []

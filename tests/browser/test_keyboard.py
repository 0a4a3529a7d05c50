"""The whole product by keyboard, with the focus always in sight."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import cohorts, people
from tests.browser.conftest import DESKTOP, PASSWORD, PHONE
from tests.browser.keyboard import Keyboard
from tests.browser.roadmap_page import RoadmapPage
from tests.conftest import ANALYTICS
from tests.roadmaps.drafts import first_goal, goals_of

WALKED = [
    (DESKTOP, "home", (), None),
    (DESKTOP, "roles:role_list", (), None),
    (DESKTOP, "role_detail", (ANALYTICS,), None),
    (DESKTOP, "roles:resource_list", (), None),
    (DESKTOP, "roles:role_compare", (), None),
    (DESKTOP, "roles:role_find", (), None),
    (DESKTOP, "skill_map", (), None),
    (DESKTOP, "account_signup", (), None),
    (DESKTOP, "roadmaps:roadmap_detail", (ANALYTICS,), people.veteran),
    (DESKTOP, "roadmaps:offer_detail", (ANALYTICS,), people.veteran),
    (DESKTOP, "dashboard", (), people.veteran),
    (DESKTOP, "accounts:profile", (), people.beginner),
    (DESKTOP, "mfa_index", (), people.beginner),
    (DESKTOP, "mentoring:handover", (cohorts.SLUG, cohorts.LEARNER), cohorts.cohort_mentor),
    (DESKTOP, "cohort_detail", (cohorts.SLUG,), cohorts.cohort_mentor),
    (DESKTOP, "interviews:mock_detail", (people.MOCK,), people.interviewee),
    (DESKTOP, "interviews:mock_grade", (people.MOCK,), people.mock_grader),
    # With the bar of a phone fixed at the bottom, which must cover no stop.
    (PHONE, "role_detail", (ANALYTICS,), people.newcomer),
    (PHONE, "roadmaps:roadmap_detail", (ANALYTICS,), people.veteran),
    (PHONE, "dashboard", (), people.veteran),
    (PHONE, "learner_card", (cohorts.LEARNER,), cohorts.cohort_mentor),
    (PHONE, "interviews:mock_detail", (people.MOCK,), people.interviewee),
]


@pytest.mark.parametrize(
    ("screen", "name", "args", "person"),
    WALKED,
    ids=[f"{row[1]}-{row[0]['viewport']['width']}" for row in WALKED],
)
def test_every_tab_stop_can_be_seen(new_context, sign_in, screen, name, args, person):
    context = new_context(**screen)
    if person:
        sign_in(context, person())
    page = context.new_page()
    page.goto(reverse(name, args=args))
    stops = Keyboard(page).stops()
    assert len(stops) > 5
    assert [stop.name for stop in stops if not stop.ringed] == []
    assert [stop.name for stop in stops if not stop.seen] == []


def test_the_first_stop_skips_to_the_content(page):
    page.goto("/")
    keyboard = Keyboard(page)
    keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    keyboard.expect_visible()
    keyboard.press("Enter", "Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_signing_in_takes_a_keyboard(page, learner):
    page.goto(reverse("account_login"))
    keyboard = Keyboard(page)
    keyboard.tab_to(page.get_by_label("Email"))
    keyboard.type(learner.email)
    keyboard.tab_to(page.get_by_label("Password"))
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome, Ines")


def test_after_a_bad_form_the_focus_is_on_what_is_wrong(page, site):
    page.goto(reverse("account_signup"))
    keyboard = Keyboard(page)
    keyboard.tab_to(page.get_by_label("Email"))
    keyboard.type("not an address")
    keyboard.press("Enter")
    expect(page.locator("[data-error-summary], [aria-invalid=true]").first).to_be_focused()
    keyboard.expect_visible()


def test_a_goal_is_ticked_by_keyboard_and_the_focus_stays(page, sign_in, analytics):
    sign_in(page.context, people.beginner())
    roadmap, keyboard = RoadmapPage(page).open(), Keyboard(page)
    goal = goals_of(analytics)[2]
    keyboard.tab_to(roadmap.choice(goal, "Done"))
    keyboard.press("Enter")
    roadmap.expect_state(goal, "done", "Done")
    expect(roadmap.choice(goal, "Done")).to_be_focused()
    keyboard.expect_visible()
    keyboard.press("Shift+Tab")
    expect(roadmap.choice(goal, "In progress")).to_be_focused()
    keyboard.press("Space")
    roadmap.expect_state(goal, "doing", "In progress")
    expect(roadmap.choice(goal, "In progress")).to_be_focused()
    keyboard.press("Tab", "Tab")
    expect(roadmap.choice(goal, "Skipped")).to_be_focused()


def test_undo_by_keyboard_leaves_the_focus_on_the_way_back(page, sign_in, analytics):
    sign_in(page.context, people.beginner())
    roadmap, keyboard = RoadmapPage(page).open(), Keyboard(page)
    goal = first_goal(analytics)
    keyboard.tab_to(roadmap.choice(goal, "Skipped"))
    keyboard.press("Enter")
    undo = roadmap.toast("Skipped").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    keyboard.tab_to(undo, key="Shift+Tab")
    keyboard.press("Enter")
    roadmap.expect_state(goal, "done", "Done")
    expect(roadmap.toast("Done").get_by_role("button", name="Undo")).to_be_focused()


def test_phases_fold_by_keyboard(page, sign_in):
    sign_in(page.context, people.beginner())
    RoadmapPage(page).open()
    keyboard, second = Keyboard(page), page.locator("#phase-2")
    keyboard.tab_to(second.locator("summary"))
    keyboard.press("Enter")
    expect(second.get_by_role("heading", name="Goals")).to_be_visible()
    keyboard.press("Space")
    expect(second.get_by_role("heading", name="Goals")).to_be_hidden()


def test_the_account_menu_opens_by_enter_and_closes_by_escape(page, sign_in, learner):
    sign_in(page.context, learner)
    page.goto(reverse("dashboard"))
    keyboard, menu = Keyboard(page), page.locator("details.menu")
    summary = menu.locator("summary")
    keyboard.tab_to(summary)
    keyboard.press("Enter", "Tab")
    expect(menu.get_by_role("link", name="Profile and settings")).to_be_focused()
    keyboard.expect_visible()
    keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Profile and settings")).to_be_hidden()
    expect(summary).to_be_focused()


def test_roles_are_filtered_by_keyboard_and_the_focus_stays_in_the_form(page, site):
    page.goto(reverse("roles:role_list"))
    keyboard, search = Keyboard(page), page.get_by_role("searchbox", name="Search", exact=True)
    keyboard.tab_to(search)
    keyboard.type("chronic")
    expect(page.locator("#results article")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=chronic$"))
    expect(search).to_be_focused()
    expect(search).to_have_value("chronic")
    keyboard.expect_visible()
    keyboard.press("Control+a", "Delete")
    expect(page.locator("#results article")).to_have_count(3)
    keyboard.tab_to(page.get_by_label("Difficulty"))
    keyboard.type("Inter")
    expect(page.locator("#results article")).to_have_count(1)
    expect(page.get_by_label("Difficulty")).to_be_focused()
    page.go_back()
    expect(page.locator("#results article")).to_have_count(3)


def test_the_search_is_reached_by_its_key_and_a_suggestion_chosen_by_arrow(page, site):
    page.goto(reverse("roles:role_list"))
    keyboard, field = Keyboard(page), page.get_by_role("combobox", name="Search")
    keyboard.press("/")
    expect(field).to_be_focused()
    keyboard.type("survi")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.first).to_contain_text("Survival analysis")
    expect(field).to_have_attribute("aria-expanded", "true")
    keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "find-list-0")
    keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(field).to_have_value("survi")
    keyboard.press("ArrowDown", "ArrowDown", "ArrowUp", "Enter")
    expect(page).to_have_url(re.compile(r"/skills/survival-analysis/$"))


def test_enter_without_a_choice_searches_for_what_was_typed(page, site):
    page.goto("/")
    keyboard = Keyboard(page)
    keyboard.press("/")
    keyboard.type("survial analysis")
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=survial\+analysis$"))
    expect(page.get_by_text("Showing results for")).to_contain_text("survival analysis")
    expect(page.locator("ol.rows a").first).to_have_text("Survival analysis")


def test_a_slash_is_a_letter_where_one_types_and_the_key_can_be_switched_off(page, site):
    page.goto(reverse("search"))
    keyboard, field = Keyboard(page), page.get_by_role("combobox", name="Search Rounds")
    keyboard.press("/")
    expect(field).to_be_focused()
    keyboard.type("CI/CD")
    expect(field).to_have_value("CI/CD")
    page.get_by_label("leads to the search field").uncheck()
    page.goto(reverse("roles:role_list"))
    keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search")).not_to_be_focused()

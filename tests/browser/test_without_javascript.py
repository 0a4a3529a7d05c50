"""Everything works by links and form posts alone."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from roadmaps.models import Enrolment, GoalState
from tests.browser.conftest import PASSWORD, PHONE
from tests.browser.people import beginner, publish_major_change
from tests.browser.roadmap_page import RoadmapPage
from tests.conftest import ANALYTICS
from tests.roadmaps.drafts import first_goal, goals_of


@pytest.fixture
def plain(new_context) -> Page:
    """A tab in which no script runs."""
    return new_context(java_script_enabled=False).new_page()


def test_a_learner_signs_in_enrols_and_ticks_by_plain_forms(plain, learner, analytics):
    plain.goto(reverse("account_login"))
    expect(plain.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    plain.get_by_label("Email").fill(learner.email)
    plain.get_by_label("Password").fill(PASSWORD)
    plain.get_by_role("button", name="Sign in", exact=True).click()
    plain.get_by_role("link", name="Find a role").click()
    plain.get_by_role("link", name=analytics.name, exact=True).click()
    plain.get_by_role("button", name="Start this roadmap").click()

    roadmap, goal = RoadmapPage(plain), first_goal(analytics)
    roadmap.tick(goal, "Done")
    expect(plain).to_have_url(re.compile(f"#goal-{goal.key}$"))
    roadmap.expect_state(goal, "done", "Done")
    expect(roadmap.toast(f"Done: {goal.text}")).to_be_visible()
    expect(roadmap.fact("Goals done")).to_have_text("1 of 18")
    plain.reload()
    roadmap.expect_state(goal, "done", "Done")
    assert GoalState.objects.of(learner).get().goal_id == goal.key


def test_roles_are_filtered_by_a_plain_form_and_by_its_address(plain):
    plain.goto(reverse("roles:role_list"))
    plain.get_by_label("Difficulty").select_option("intermediate")
    plain.get_by_role("button", name="Apply").click()
    expect(plain).to_have_url(re.compile("difficulty=intermediate"))
    expect(plain.get_by_role("heading", level=2).first).to_have_text("1 of 11 roles fits")
    expect(plain.locator("#results article")).to_have_count(1)
    plain.reload()
    expect(plain.get_by_label("Difficulty")).to_have_value("intermediate")
    plain.get_by_role("link", name="Clear all").click()
    expect(plain.locator("#results article")).to_have_count(3)


def test_filters_open_on_a_phone(new_context):
    plain = new_context(java_script_enabled=False, **PHONE).new_page()
    plain.goto(reverse("roles:role_list"))
    expect(plain.get_by_label("Difficulty")).to_be_hidden()
    plain.locator("summary", has_text="Filters").tap()
    expect(plain.get_by_label("Difficulty")).to_be_visible()


def test_an_offered_edition_is_accepted_by_a_plain_form(plain, sign_in, analytics):
    learner = beginner()
    publish_major_change()
    sign_in(plain.context, learner)
    roadmap = RoadmapPage(plain).open()
    plain.get_by_role("link", name="See what changes").click()
    plain.get_by_role("button", name="Move to edition 2").click()
    expect(roadmap.toast("Every finished goal still counts")).to_be_visible()
    assert Enrolment.objects.of(learner).get().publication.edition == 2
    for goal in goals_of(analytics)[:2]:
        roadmap.expect_state(goal, "done", "Done")


def test_an_offered_edition_can_wait(plain, sign_in):
    learner = beginner()
    publish_major_change()
    sign_in(plain.context, learner)
    plain.goto(reverse("roadmaps:offer_detail", args=[ANALYTICS]))
    plain.get_by_role("button", name="Stay on edition 1").click()
    expect(plain.get_by_text("You stay on edition 1.")).to_be_visible()
    assert Enrolment.objects.of(learner).get().publication.edition == 1


def test_menu_theme_and_sign_out_need_no_script(plain, learner, sign_in):
    sign_in(plain.context, learner)
    plain.goto(reverse("dashboard"))
    plain.locator("summary", has_text="Account").click()
    plain.get_by_role("button", name="Dark").click()
    expect(plain.locator("html")).to_have_attribute("data-theme", "dark")
    plain.locator("summary", has_text="Account").click()
    plain.get_by_role("button", name="Sign out").click()
    expect(plain.get_by_role("link", name="Sign in")).to_be_visible()

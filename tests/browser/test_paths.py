"""From a stranger to a learner who comes back."""

from __future__ import annotations

import re
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.conftest import PASSWORD
from tests.browser.people import beginner
from tests.browser.roadmap_page import RoadmapPage
from tests.roadmaps.drafts import first_goal, goals_of

CODE = re.compile(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", re.MULTILINE)


def test_a_stranger_signs_up_by_code_enrols_ticks_and_finds_it_the_next_day(new_context, analytics, monkeypatch):
    page = new_context(reduced_motion="no-preference").new_page()

    # Sign up: the browser fills in the time zone.
    page.goto("/")
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("Email").fill("new@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    page.get_by_label("Code").fill(CODE.search(mail.outbox[0].body).group(1))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")
    assert User.objects.get().timezone == "Europe/Lisbon"

    # Choose a role.
    page.get_by_role("link", name="Find a role").click()
    page.get_by_role("link", name=analytics.name, exact=True).click()
    page.locator("[data-action=enrol]").get_by_role("button").click()
    roadmap = RoadmapPage(page)
    expect(roadmap.toast("You are on the")).to_be_visible()
    expect(roadmap.fact("Goals done")).to_have_text("0 of 18")

    # Tick: row, counts, ring and outline follow without a new page.
    page.evaluate("window.sameDocument = true")
    ring = page.locator("#ring svg").inner_html()
    first, second = goals_of(analytics)[:2]
    roadmap.tick(first, "Done")
    roadmap.expect_state(first, "done", "Done")
    expect(roadmap.fact("Goals done")).to_have_text("1 of 18")
    expect(roadmap.fact("Progress")).to_have_text("5%")
    expect(page.locator("#outline li").first).to_contain_text("1 of 3")
    expect(page.locator("#phase-1-tally")).to_contain_text("1 of 3")
    assert page.locator("#ring svg").inner_html() != ring
    assert page.evaluate("window.sameDocument")

    # Come back the next day.
    page.reload()
    roadmap.expect_state(first, "done", "Done")
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    page.goto(reverse("dashboard"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Three goals come next")
    page.get_by_role("link", name=f"Open goal: {second.text}").click()
    expect(roadmap.row(second)).to_be_in_viewport()


def test_the_dashboard_of_a_later_day_tells_what_was_finished_since(learner_page, analytics, monkeypatch):
    learner_page.goto(reverse("dashboard"))
    learner_page.goto(reverse("role_detail", args=[analytics.slug]))
    learner_page.get_by_role("button", name="Start this roadmap").click()
    roadmap = RoadmapPage(learner_page)
    roadmap.tick(first_goal(analytics), "Done")
    expect(roadmap.fact("Goals done")).to_have_text("1 of 18")
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    learner_page.goto(reverse("dashboard"))
    expect(learner_page.locator("main")).to_contain_text("You finished 1 goal.")


def test_undo_takes_a_tick_back(page, sign_in, analytics):
    sign_in(page.context, beginner())
    roadmap = RoadmapPage(page).open()
    third = goals_of(analytics)[2]
    roadmap.tick(third, "Done")
    expect(roadmap.fact("Goals done")).to_have_text("3 of 18")
    roadmap.toast(f"Done: {third.text}").get_by_role("button", name="Undo").click()
    roadmap.expect_state(third, "doing", "In progress")
    expect(roadmap.fact("Goals done")).to_have_text("2 of 18")


def test_many_ticks_leave_one_toast_which_covers_no_control(page, sign_in, analytics):
    sign_in(page.context, beginner())
    roadmap = RoadmapPage(page).open()
    goals = goals_of(analytics)[:3]
    for goal in goals:
        roadmap.tick(goal, "Skipped")
        roadmap.expect_state(goal, "skipped", "Skipped")
    expect(page.locator("#toasts .toast")).to_have_count(1)
    toast = roadmap.toast(f"Skipped: {goals[-1].text}")
    expect(toast).to_be_visible()
    box, controls = toast.bounding_box(), roadmap.choice(goals[0], "To do").bounding_box()
    assert box["x"] + box["width"] <= controls["x"], "The toast covers the controls of goals."


def test_a_skipped_goal_is_shown_and_not_counted(page, sign_in, analytics):
    sign_in(page.context, beginner())
    roadmap = RoadmapPage(page).open()
    roadmap.tick(goals_of(analytics)[2], "Skipped")
    expect(roadmap.fact("Goals done")).to_have_text("2 of 17")
    expect(roadmap.fact("Skipped")).to_have_text("1, not counted")


def test_signing_in_leads_to_the_page_that_was_asked_for_and_signing_out_ends_it(page, learner):
    page.goto(reverse("accounts:profile"))
    page.get_by_label("Email").fill(learner.email)
    page.get_by_label("Password").fill("not the one")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Profile")

    page.locator("summary", has_text="Account, Ines Okonjo").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.goto(reverse("dashboard"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")


def test_a_learner_signs_the_other_devices_out(new_context, sign_in, learner):
    here, there = new_context(), new_context()
    for context in (here, there):
        sign_in(context, learner)
    other = there.new_page()
    other.goto(reverse("dashboard"))
    page = here.new_page()
    page.goto(reverse("usersessions_list"))
    expect(page.locator("main li").filter(has_text="Linux")).to_have_count(2)
    page.get_by_role("button", name="Sign out everywhere else").click()
    expect(page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    assert UserSession.objects.count() == 1
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("Welcome back")


def test_the_chosen_theme_stays_and_is_the_one_the_system_would_give(new_context):
    page = new_context().new_page()
    page.goto("/")
    page.get_by_role("button", name="Dark").click()
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    page.goto(reverse("sources"))
    chosen = colors(page)
    assert page.locator("html").get_attribute("data-theme") == "dark"

    dark = new_context(color_scheme="dark").new_page()
    dark.goto(reverse("sources"))
    assert colors(dark) == chosen
    dark.get_by_role("button", name="Light").click()
    expect(dark.locator("html")).to_have_attribute("data-theme", "light")
    assert colors(dark) != chosen


def colors(page) -> list[str]:
    return page.evaluate(
        """() => ["html", "h1", "main a", "main p"].map((selector) => {
            const style = getComputedStyle(document.querySelector(selector));
            return style.color + style.backgroundColor;
        })"""
    )

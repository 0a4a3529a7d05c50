"""What goes wrong between a browser and the site is said, and nothing that was done is lost."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from roadmaps import ticking
from roadmaps.models import Enrolment, GoalState, State
from tests.browser.people import beginner
from tests.browser.roadmap_page import RoadmapPage
from tests.roadmaps.drafts import goals_of


@pytest.fixture
def roadmap(page: Page, sign_in) -> RoadmapPage:
    """The roadmap of a learner who has done two goals and begun a third."""
    sign_in(page.context, beginner())
    return RoadmapPage(page).open()


def test_a_tick_that_breaks_on_the_server_is_said_and_leaves_the_page_as_it_was(roadmap, watch, analytics, monkeypatch):
    third = goals_of(analytics)[2]

    def broken(**kwargs: object) -> None:
        raise RuntimeError("Broken on purpose.")

    with monkeypatch.context() as patch:
        patch.setattr(ticking, "set_state", broken)
        roadmap.tick(third, "Done")
        expect(roadmap.page.get_by_role("alert")).to_contain_text("That did not work on our side.")
    watch.expect_status(500)
    watch.expect("Response Status Error Code 500")
    roadmap.expect_state(third, "doing", "In progress")
    expect(roadmap.fact("Goals done")).to_have_text("2 of 18")

    # The same page goes on once the server is well again, and the complaint leaves.
    roadmap.tick(third, "Done")
    roadmap.expect_state(third, "done", "Done")
    expect(roadmap.page.get_by_role("alert")).to_have_count(0)


def test_a_tick_without_a_connection_is_said_and_can_be_tried_again(roadmap, watch, analytics):
    third = goals_of(analytics)[2]
    roadmap.page.context.set_offline(True)
    roadmap.tick(third, "Done")
    expect(roadmap.page.get_by_role("alert")).to_contain_text("No connection.")
    roadmap.expect_state(third, "doing", "In progress")
    watch.expect("net::ERR_INTERNET_DISCONNECTED")
    watch.expect("htmx:sendError")
    watch.expect("htmx:afterRequest")
    roadmap.page.context.set_offline(False)
    roadmap.tick(third, "Done")
    roadmap.expect_state(third, "done", "Done")


def test_whoever_was_signed_out_meanwhile_is_told_and_goes_on_after_signing_in(roadmap, sign_in, analytics):
    third = goals_of(analytics)[2]
    Session.objects.all().delete()
    roadmap.tick(third, "Done")
    alert = roadmap.page.get_by_role("alert")
    expect(alert).to_contain_text("You are signed out.")
    expect(alert.get_by_role("link", name="Sign in")).to_have_attribute("href", reverse("account_login"))
    roadmap.expect_state(third, "doing", "In progress")
    expect(roadmap.page.get_by_role("heading", name="Welcome back")).to_have_count(0)

    with roadmap.page.context.expect_page() as opened:
        alert.get_by_role("link", name="Sign in").click()
    tab = opened.value
    tab.get_by_label("Email").fill("ines@example.org")
    tab.get_by_label("Password").fill("correct-horse-battery")
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("come next")
    tab.close()
    roadmap.tick(third, "Done")
    roadmap.expect_state(third, "done", "Done")


def test_a_tick_on_a_roadmap_that_was_left_in_another_tab_is_said(roadmap, watch, analytics):
    third = goals_of(analytics)[2]
    Enrolment.objects.update(left_at=timezone.now())
    roadmap.tick(third, "Done")
    expect(roadmap.page.get_by_role("alert")).to_contain_text("That is not there any more.")
    roadmap.expect_state(third, "doing", "In progress")
    watch.expect_status(404)
    watch.expect("Response Status Error Code 404")


def test_two_tabs_tick_different_goals_and_both_are_kept(roadmap, analytics):
    here, there = roadmap, RoadmapPage(roadmap.page.context.new_page()).open()
    third, fourth, fifth = goals_of(analytics)[2:5]
    there.page.locator("#phase-2 summary").click()
    here.tick(third, "Done")
    there.tick(fourth, "Done")
    here.expect_state(third, "done", "Done")
    there.expect_state(fourth, "done", "Done")
    # The second answer knows of the first tab's tick.
    expect(there.fact("Goals done")).to_have_text("4 of 18")
    there.tick(fifth, "In progress")
    there.expect_state(fifth, "doing", "In progress")
    here.page.reload()
    for goal in (third, fourth):
        here.expect_state(goal, "done", "Done")
    here.expect_state(fifth, "doing", "In progress")
    assert GoalState.objects.filter(state=State.DONE).count() == 4


def test_two_tabs_that_tick_the_same_goal_agree(roadmap, analytics):
    here, there = roadmap, RoadmapPage(roadmap.page.context.new_page()).open()
    third = goals_of(analytics)[2]
    for tab in (here, there):
        tab.tick(third, "Done")
        tab.expect_state(third, "done", "Done")
    expect(there.fact("Goals done")).to_have_text("3 of 18")


def test_an_impatient_double_click_is_one_tick(roadmap, analytics):
    third = goals_of(analytics)[2]
    roadmap.page.evaluate("window.sameDocument = true")
    roadmap.choice(third, "Done").dblclick()
    roadmap.expect_state(third, "done", "Done")
    expect(roadmap.fact("Goals done")).to_have_text("3 of 18")
    assert roadmap.page.evaluate("window.sameDocument")

"""Pages on paper."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.people import beginner
from tests.browser.roadmap_page import RoadmapPage
from tests.conftest import ANALYTICS
from tests.roadmaps.drafts import goals_of


def test_a_printed_roadmap_shows_every_phase_and_none_of_the_controls(page, sign_in, analytics):
    sign_in(page.context, beginner())
    roadmap = RoadmapPage(page).open()
    last = goals_of(analytics)[-1]
    expect(roadmap.row(last)).to_be_hidden()
    page.emulate_media(media="print")
    for goal in goals_of(analytics):
        expect(roadmap.row(goal)).to_be_visible()
    for gone in (page.locator("header nav"), page.locator("footer"), page.get_by_role("button", name="Done").first):
        expect(gone).to_be_hidden()


def test_a_printed_public_roadmap_shows_every_goal(page, analytics):
    page.goto(reverse("roadmaps:roadmap_detail", args=[ANALYTICS]))
    page.emulate_media(media="print")
    for goal in goals_of(analytics):
        expect(page.get_by_text(goal.text)).to_be_visible()


def test_paper_is_white_in_the_dark_theme_too(new_context):
    page = new_context(color_scheme="dark").new_page()
    page.goto(reverse("role_detail", args=[ANALYTICS]))
    page.emulate_media(media="print", color_scheme="dark")
    grounds = page.evaluate(
        """() => ["html", ".theatre", ".card", "main"].map(
            (selector) => getComputedStyle(document.querySelector(selector)).backgroundColor)"""
    )
    assert set(grounds) <= {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    ink = page.evaluate("() => getComputedStyle(document.querySelector('h1')).color")
    page.emulate_media(media="print", color_scheme="light")
    assert page.evaluate("() => getComputedStyle(document.querySelector('h1')).color") == ink

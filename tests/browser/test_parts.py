"""Parts of pages that htmx swaps: the page stays, the focus is where one works on, the address leads back."""

from __future__ import annotations

import re

from django.urls import reverse
from playwright.sync_api import expect

from mentoring.models import Comment
from tests.browser.cohorts import SLUG, cohort_mentor
from tests.browser.keyboard import Keyboard
from tests.browser.milestone_page import MilestonePage
from tests.mentoring.people import make_mentor
from tests.roadmaps.following_people import follow
from tests.roadmaps.handing import later, returned


def test_the_map_of_a_cohort_is_sorted_in_its_place(page, sign_in, site):
    sign_in(page.context, cohort_mentor())
    page.goto(reverse("cohort_detail", args=[SLUG]))
    keyboard, first = Keyboard(page), page.locator("#map tbody th a").first
    expect(first).to_have_text("Ana 0")
    order = page.get_by_role("link", name="Who needs a call first")
    keyboard.tab_to(order)
    page.wait_for_function("() => window.htmx")
    keyboard.press("Enter")
    expect(first).not_to_have_text("Ana 0")
    expect(order).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?sort=call$"))
    expect(page.locator("#map [role=status]")).to_have_text("Who needs a call comes first.")
    page.go_back()
    expect(first).to_have_text("Ana 0")


def test_a_learner_answers_a_remark_by_keyboard_and_stays_there(page, sign_in, learner, analytics, site, watch):
    watch.expect_status(422)
    follow(learner, analytics, [], since=later(-24))
    returned(learner, analytics, make_mentor(analytics, name="Ruth Adeyemi"))
    sign_in(page.context, learner)
    MilestonePage(page).open()
    keyboard, talk = Keyboard(page), page.locator("#criteria .talk").first
    keyboard.tab_to(talk.locator("summary"))
    keyboard.press("Enter")
    keyboard.tab_to(talk.get_by_role("button", name="Send"))
    keyboard.press("Enter")
    field = talk.get_by_role("textbox", name="Comment")
    expect(field).to_be_focused()
    expect(talk.locator(".error")).to_have_text("Write something.")
    keyboard.type("Which scale do you mean?")
    keyboard.tab_to(talk.get_by_role("button", name="Send"))
    keyboard.press("Enter")
    said = page.locator("#criteria .talk").first.locator("li.note")
    expect(said).to_contain_text("Which scale do you mean?")
    expect(said).to_be_focused()
    assert Comment.objects.get().author == learner

"""The daily path: by keyboard alone, on a phone, and without JavaScript."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from interviews.models import Attempt, Review
from interviews.rubric import NAMES
from tests.browser.conftest import PHONE
from tests.browser.keyboard import Keyboard
from tests.interviews.practicing import aim_at

ANSWER = "I would first ask who acts on it."


@pytest.fixture
def aimed(site, learner, analytics):
    aim_at(learner, analytics)
    return analytics


def opened(context, sign_in, learner) -> Page:
    sign_in(context, learner)
    page = context.new_page()
    page.goto(reverse("interviews:practice"))
    return page


def score_by_keyboard(page: Page, keyboard: Keyboard) -> None:
    """Good on every criterion: an arrow moves within the four anchors."""
    for name in NAMES:
        keyboard.tab_to(page.locator(f"#{name}-1"))
        keyboard.press("ArrowRight", "ArrowRight")
        expect(page.locator(f"#{name}-3")).to_be_checked()


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_a_question_is_answered_graded_and_taken_back_by_keyboard(new_context, sign_in, learner, aimed, screen):
    page = opened(new_context(**screen), sign_in, learner)
    keyboard = Keyboard(page)
    keyboard.tab_to(page.get_by_label("Your answer"))
    keyboard.type(ANSWER)
    keyboard.tab_to(page.get_by_role("button", name="Lock it and show the answer"))
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="One good answer")).to_be_visible()
    expect(page.get_by_text(ANSWER)).to_be_visible()

    keyboard.tab_to(page.locator("[name=points]").first)
    keyboard.press("Space")
    score_by_keyboard(page, keyboard)
    expect(page.locator("#grades")).to_contain_text("12 of 16. The rubric proposes Good")
    keyboard.press("3")
    expect(page.locator("#toasts")).to_contain_text("Good. Back on")
    assert Review.objects.get().rating == 3

    keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("Taken back")
    assert Review.objects.get().voided_at is not None


def test_keys_do_nothing_while_one_types(new_context, sign_in, learner, aimed):
    page = opened(new_context(), sign_in, learner)
    page.get_by_label("Your answer").focus()
    Keyboard(page).type("1 2 - @ u ")
    expect(page.get_by_label("Your answer")).to_have_value("1 2 - @ u ")
    assert not Attempt.objects.exists()


def test_space_shows_the_answer_where_nothing_is_typed(new_context, sign_in, learner, aimed):
    page = opened(new_context(), sign_in, learner)
    Keyboard(page).press(" ")
    expect(page.get_by_role("heading", name="One good answer")).to_be_visible()
    assert Attempt.objects.get().text == ""


def test_what_is_typed_survives_closing_the_tab(new_context, sign_in, learner, aimed):
    context = new_context()
    page = opened(context, sign_in, learner)
    page.get_by_label("Your answer").fill(ANSWER)
    expect(page.locator("#kept")).to_contain_text("Kept at")
    page.close()
    again = opened(context, sign_in, learner)
    expect(again.get_by_label("Your answer")).to_have_value(ANSWER)


def test_the_whole_path_works_without_javascript(new_context, sign_in, learner, aimed):
    page = opened(new_context(java_script_enabled=False), sign_in, learner)
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_role("button", name="Lock it and show the answer").click()
    for name in NAMES:
        page.locator(f"#{name}-2").check()
    page.get_by_role("button", name="What does the rubric propose?").click()
    expect(page.locator("#grades")).to_contain_text("8 of 16. The rubric proposes Again")
    expect(page.locator("#substance-2")).to_be_checked()
    page.get_by_role("button", name="Hard").click()
    expect(page.locator("#toasts")).to_contain_text("Hard. Back on")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back")

"""A mock interview as one types: saved by itself, on two devices at once, and without a script."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from interviews.models import Aside, Mock, MockState
from roles.models import Role
from tests.browser import people
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.interviews.mocked import OTHER, answer_at, begun, saved

SAVE = re.compile("Save and")
URL = reverse("interviews:mock_detail", args=[people.MOCK])


@pytest.fixture
def mock(db) -> Mock:
    learner = UserFactory(email="ines@example.org", display_name="Ines Okonjo")
    return begun(learner, Role.objects.get(slug=ANALYTICS), now=timezone.now(), key=people.MOCK)


@pytest.fixture
def page(new_context, sign_in, mock) -> Page:
    context = new_context()
    sign_in(context, mock.learner)
    page = context.new_page()
    page.goto(URL)
    return page


def test_what_is_typed_saves_itself_and_stands_there_again(page, mock):
    page.get_by_label("Your answer").fill("Half")
    expect(page.locator("#kept")).to_contain_text("Saved at")
    expect(page.locator("#revision")).to_have_value("1")
    page.get_by_label("Your answer").press_sequentially(" an answer")
    expect(page.locator("#revision")).to_have_value("2")
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("Half an answer")
    assert answer_at(mock).sequence == 2
    assert not Aside.objects.exists()


def test_a_text_from_another_device_is_shown_beside_and_one_chooses(page, mock, watch):
    watch.expect_status(409)
    saved(mock, "Of the phone.", editor=OTHER, now=timezone.now())
    page.get_by_label("Your answer").fill("Of the desk.")
    expect(page.get_by_role("alert")).to_contain_text("Of the phone.")
    expect(page.get_by_label("Your answer")).to_have_value("Of the desk.")
    page.get_by_role("button", name="Keep what stands above").click()
    expect(page.get_by_text("Also written, but not the answer")).to_be_visible()
    assert answer_at(mock).text == "Of the desk."


def test_going_back_in_the_browser_and_typing_on_is_no_conflict_with_oneself(page, mock):
    page.get_by_label("Your answer").fill("One")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 2 of 3")
    page.go_back()
    page.get_by_label("Your answer").fill("One and two")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 2 of 3")
    assert answer_at(mock).text == "One and two"


def test_a_lost_connection_loses_nothing(page, mock, watch):
    for complaint in ("net::ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest"):
        watch.expect(complaint)
    page.context.set_offline(True)
    page.get_by_label("Your answer").fill("Written in a tunnel.")
    expect(page.locator("#toasts")).to_contain_text("No connection")
    page.context.set_offline(False)
    expect(page.locator("#kept")).to_contain_text("Saved at")
    assert answer_at(mock).text == "Written in a tunnel."


def test_the_whole_way_without_a_script(new_context, sign_in, mock):
    context = new_context(java_script_enabled=False)
    sign_in(context, mock.learner)
    page = context.new_page()
    page.goto(URL)
    expect(page.locator("#clock")).to_contain_text("Ends at")
    for number in (1, 2, 3):
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Question {number} of 3")
        page.get_by_label("Your answer").fill(f"Answer {number}")
        page.get_by_role("button", name=SAVE).click()
    page.get_by_role("button", name="Finish and grade").click()
    for radio in page.locator("input[type=radio][value='3']").all():
        radio.check()
    page.get_by_role("button", name="Finish grading").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Even on all four criteria, 3.0 of 4")
    mock.refresh_from_db()
    assert mock.state == MockState.GRADED

"""An answer goes to a mentor and comes back: the learner and the mentor side by side, each by keyboard alone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from interviews.models import Score, Scorer
from interviews.rubric import Scores
from tests.browser.cases import SCREENS, faults_at
from tests.browser.keyboard import Keyboard
from tests.interviews.practicing import aim_at, questions
from tests.interviews.sending_people import own_answer
from tests.mentoring.people import make_mentor

NEXT_STEP = "Name the patient whom it reaches."


@pytest.fixture
def ruth(site, analytics) -> User:
    return make_mentor(analytics, name="Ruth Adeyemi")


@pytest.fixture
def matter(site, learner, analytics):
    aim_at(learner, analytics)
    return own_answer(learner, questions(analytics, 1)[0], now=timezone.now())


def opened(context, sign_in, person: User, url: str) -> Page:
    sign_in(context, person)
    page = context.new_page()
    page.goto(url)
    return page


def follow(page: Page, name: str, *, role: str = "button") -> None:
    keys = Keyboard(page)
    keys.tab_to(page.get_by_role(role, name=name))
    keys.press("Enter")


def send(page: Page) -> None:
    follow(page, "Ask a mentor", role="link")
    keys = Keyboard(page)
    keys.tab_to(page.get_by_label("Message to the mentor").first)
    keys.type("Is the second reason enough?")
    follow(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Waiting for a mentor")


def score(desk: Page, digits: str) -> None:
    """A digit for each criterion, as its score."""
    desk.wait_for_load_state()  # until then no key does anything
    keys = Keyboard(desk)
    for digit in digits:
        keys.press("j", digit)
    for place, digit in enumerate(digits, 1):
        expect(desk.locator(f"#met-{place}-{digit}")).to_be_checked()


def faults_of(page: Page) -> list[str]:
    """On a large screen and on a phone; afterwards it is as large as it was."""
    found = []
    for screen in SCREENS:
        screen.put_before(page)
        found += faults_at(page, screen)
    SCREENS[0].put_before(page)
    return found


def test_an_answer_is_sent_scored_and_returned_by_keyboard_alone(new_context, sign_in, learner, ruth, matter):
    page = opened(new_context(), sign_in, learner, matter.back_url)
    send(page)

    desk = opened(new_context(), sign_in, ruth, reverse("mentoring:queue"))
    follow(desk, "Review the next one")
    expect(desk.get_by_text("In your hands", exact=True)).to_be_visible()
    score(desk, "3214")
    keys = Keyboard(desk)
    keys.tab_to(desk.locator("#id_next_step"))
    keys.type(NEXT_STEP)
    assert faults_of(desk) == []
    follow(desk, "Return with the next step")
    expect(desk.get_by_text("Nothing else waits for you.")).to_be_visible()
    assert Score.objects.get(by=Scorer.MENTOR).scores == Scores(3, 2, 1, 4)

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ruth Adeyemi names what to work on")
    expect(page.get_by_text(NEXT_STEP).first).to_be_visible()
    assert faults_of(page) == []


def test_an_answer_is_sent_and_taken_back_without_javascript(new_context, sign_in, learner, ruth, matter):
    page = opened(new_context(java_script_enabled=False), sign_in, learner, matter.url)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Waiting for a mentor")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("taken back")

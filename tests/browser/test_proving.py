"""A milestone from evidence to badge: the learner and the mentor side by side, each by keyboard alone."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from badges.models import Credential
from mentoring.models import Event, What
from roadmaps.enrolling import enrol
from tests.browser.cases import SCREENS, faults_at
from tests.browser.keyboard import Keyboard
from tests.browser.milestone_page import MilestonePage
from tests.mentoring.people import make_mentor

NEXT_STEP = "Show the count before and after the join."


@pytest.fixture
def ruth(site, learner, analytics) -> User:
    enrol(learner=learner, role=analytics)
    return make_mentor(analytics, name="Ruth Adeyemi")


@pytest.fixture
def milestone(new_context, sign_in, learner, ruth) -> MilestonePage:
    """The learner's profile, on the first milestone."""
    context = new_context()
    sign_in(context, learner)
    return MilestonePage(context.new_page()).open()


@pytest.fixture
def desk(new_context, sign_in, ruth) -> Page:
    """The mentor's profile, at the queue."""
    context = new_context()
    sign_in(context, ruth)
    page = context.new_page()
    page.goto(reverse("mentoring:queue"))
    return page


def add_link(milestone: MilestonePage, title: str) -> None:
    keys = Keyboard(milestone.page)
    keys.tab_to(milestone.opener("link"))
    keys.press("Enter")
    keys.tab_to(milestone.field("link", "title"))
    keys.type(title)
    keys.tab_to(milestone.field("link", "url"))
    keys.type("https://example.org/queries")
    keys.tab_to(milestone.sender("link"))
    keys.press("Enter")
    expect(milestone.piece(title)).to_be_visible()


def hand_in(milestone: MilestonePage) -> None:
    keys = Keyboard(milestone.page)
    keys.tab_to(milestone.hand_in)
    keys.press("Enter")
    milestone.expect_turn("^Waiting for")


def take_the_next(desk: Page) -> None:
    keys = Keyboard(desk)
    desk.reload()
    keys.tab_to(desk.get_by_role("button", name="Review the next one"))
    keys.press("Enter")
    expect(desk.get_by_text("In your hands", exact=True)).to_be_visible()
    desk.wait_for_load_state()  # until then no key does anything


def judge(desk: Page, verdicts: str) -> None:
    """A digit for each criterion: 1 met, 2 partly, 3 not yet."""
    keys = Keyboard(desk)
    for digit in verdicts:
        keys.press("j", digit)
    for place, digit in enumerate(verdicts, 1):
        expect(desk.locator(f"#criterion-{place} input[type=radio]").nth(int(digit) - 1)).to_be_checked()


def write(desk: Page, field: str, text: str) -> None:
    keys = Keyboard(desk)
    keys.tab_to(desk.locator(field))
    keys.type(text)


def test_a_milestone_is_returned_handed_in_again_and_approved_by_keyboard_alone(milestone, desk, learner):
    add_link(milestone, "Queries")
    hand_in(milestone)
    assert faults_at(milestone.page, SCREENS[0]) == []
    SCREENS[0].put_before(milestone.page)

    take_the_next(desk)
    judge(desk, "12111")
    write(desk, "#id_next_step", NEXT_STEP)
    assert faults_at(desk, SCREENS[0]) == []
    SCREENS[0].put_before(desk)
    keys = Keyboard(desk)
    keys.tab_to(desk.get_by_role("button", name="Return with the next step"))
    keys.press("Enter")
    expect(desk.get_by_text("Returned", exact=False).first).to_be_visible()

    milestone.open()
    milestone.expect_turn("returned with one change")
    expect(milestone.page.get_by_text(NEXT_STEP).first).to_be_visible()
    add_link(milestone, "Counts")
    hand_in(milestone)

    desk.goto(reverse("mentoring:queue"))
    expect(desk.get_by_text("Yours first").first).to_be_visible()
    take_the_next(desk)
    expect(desk.get_by_text("Counts").first).to_be_visible()
    judge(desk, "11111")
    write(desk, "#id_text", "Clear and honest.")
    keys.tab_to(desk.get_by_role("button", name="Approve"))
    keys.press("Enter")
    expect(desk.get_by_text("Approved", exact=False).first).to_be_visible()

    milestone.open()
    milestone.expect_turn("^Approved by Ruth Adeyemi")
    assert faults_at(milestone.page, SCREENS[0]) == []
    happened = Event.objects.filter(thread__learner=learner).order_by("pk").values_list("what", flat=True)
    assert list(happened) == [
        What.SUBMITTED,
        What.CLAIMED,
        What.RETURNED,
        What.RESUBMITTED,
        What.CLAIMED,
        What.APPROVED,
    ]


def test_the_badge_of_an_approval_can_be_checked_by_anybody(milestone, desk, learner, new_context):
    add_link(milestone, "Queries")
    hand_in(milestone)
    take_the_next(desk)
    judge(desk, "11111")
    keys = Keyboard(desk)
    keys.tab_to(desk.get_by_role("button", name="Approve"))
    keys.press("Enter")
    expect(desk.get_by_text("Approved", exact=False).first).to_be_visible()

    milestone.open()
    milestone.page.get_by_role("link", name=re.compile("badge", re.IGNORECASE)).first.click()
    badge = Credential.objects.get(learner=learner)
    visitor = new_context().new_page()
    visitor.goto(reverse("badges:badge_detail", args=[badge.uuid]))
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    expect(visitor.locator("main")).not_to_contain_text(learner.name)
    expect(visitor.locator("main")).to_contain_text("Ruth Adeyemi")


def test_two_mentors_reach_for_one_submission_and_the_second_reads_who_has_it(
    milestone, desk, analytics, new_context, sign_in, watch
):
    watch.expect_status(409)
    add_link(milestone, "Queries")
    hand_in(milestone)
    jonas = make_mentor(analytics, name="Jonas Lindqvist")
    context = new_context()
    sign_in(context, jonas)
    other = context.new_page()
    other.goto(reverse("mentoring:queue"))
    other.get_by_role("link", name=re.compile("^Review")).click()
    claim = other.locator("form[data-action=claim] button")
    expect(claim).to_be_visible()
    take_the_next(desk)
    claim.click()
    expect(other.locator("main")).to_contain_text("Ruth Adeyemi")
    assert Event.objects.filter(what=What.CLAIMED).count() == 1

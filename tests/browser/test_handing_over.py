"""Handing a learner over: by keyboard alone, without JavaScript, and in the admin by staff."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from mentoring.models import Cohort, Handover, Membership
from tests.browser.cohorts import LEARNER, SLUG, mentor_of_one
from tests.browser.keyboard import Keyboard
from tests.factories import UserFactory
from tests.mentoring.people import make_mentor

NOTE = "She works nights; mornings are best."


@pytest.fixture
def ruth(site, analytics):
    """Leads a cohort of one with two others who could take over."""
    ruth = mentor_of_one()
    cohort = Cohort.objects.get(slug=SLUG)
    cohort.mentors.add(*(make_mentor(analytics, name=name) for name in ("Mei Tan", "Kofi Boateng")))
    return ruth


def opened(context, sign_in, person, url: str) -> Page:
    sign_in(context, person)
    page = context.new_page()
    page.goto(url)
    return page


def test_a_learner_is_handed_over_by_keyboard_from_the_card_on(new_context, sign_in, ruth, watch):
    watch.expect_status(422)
    page = opened(new_context(), sign_in, ruth, reverse("learner_card", args=[LEARNER]))
    keyboard = Keyboard(page)
    keyboard.tab_to(page.get_by_role("link", name="Hand over to another mentor"))
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand Ines Okonjo over")

    # Without a choice: what is wrong has the focus and leads to the field, and the note is kept.
    note, send = page.get_by_label("What the new mentor should know"), page.get_by_role("button", name="Hand over")
    keyboard.tab_to(note)
    keyboard.type(NOTE)
    keyboard.tab_to(send)
    keyboard.press("Enter")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Choose a mentor.")
    expect(note).to_have_value(NOTE)

    keyboard.press("Tab", "Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    keyboard.expect_visible()
    chosen = page.get_by_role("radio", name="Mei Tan")
    keyboard.press("ArrowDown", "ArrowDown")
    expect(chosen).to_be_checked()
    keyboard.tab_to(send)
    keyboard.press("Enter")
    expect(page.get_by_text("Mei Tan looks after Ines Okonjo now. Both were told.")).to_be_visible()
    assert Handover.objects.get().note == NOTE


def test_a_learner_is_handed_over_without_javascript(new_context, sign_in, ruth):
    url = reverse("mentoring:handover", args=[SLUG, LEARNER])
    page = opened(new_context(java_script_enabled=False), sign_in, ruth, url)
    page.get_by_role("radio", name="Kofi Boateng").check()
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Kofi Boateng looks after Ines Okonjo now.")).to_be_visible()
    assert Membership.objects.get(learner=LEARNER).mentor.name == "Kofi Boateng"


def test_notes_and_agreements_are_written_and_taken_away_without_javascript(new_context, sign_in, ruth):
    page = opened(new_context(java_script_enabled=False), sign_in, ruth, reverse("learner_card", args=[LEARNER]))
    page.get_by_role("textbox", name="Private note").fill(NOTE)
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("#notes")).to_contain_text(NOTE)
    page.get_by_role("button", name=re.compile("^Take away")).click()
    expect(page.locator("#notes")).not_to_contain_text(NOTE)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#notes")).to_contain_text(NOTE)
    page.get_by_label("What you agreed on").fill("A smaller step")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("heading", name="One agreement stands")).to_be_visible()


def test_a_note_taken_away_by_keyboard_leaves_the_focus_at_the_notes(new_context, sign_in, ruth):
    page = opened(new_context(), sign_in, ruth, reverse("learner_card", args=[LEARNER]))
    keyboard, notes = Keyboard(page), page.locator("#notes")
    keyboard.tab_to(page.get_by_role("textbox", name="Private note"))
    keyboard.type(NOTE)
    keyboard.tab_to(page.get_by_role("button", name="Keep the note"))
    keyboard.press("Enter")
    expect(notes).to_contain_text(NOTE)
    expect(page.get_by_role("heading", name="Private notes")).to_be_focused()
    keyboard.tab_to(page.get_by_role("button", name=re.compile("^Take away")))
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Private notes")).to_be_focused()
    expect(notes).not_to_contain_text(NOTE)
    keyboard.tab_to(page.get_by_role("button", name="Undo"), key="Shift+Tab")
    keyboard.press("Enter")
    expect(notes).to_contain_text(NOTE)
    expect(page.get_by_role("heading", name="Private notes")).to_be_focused()


def test_staff_hand_over_by_keyboard_in_the_admin(new_context, sign_in, ruth, watch):
    watch.expect_status(422)
    staff = UserFactory(email="staff@example.org", is_staff=True, is_superuser=True)
    membership = Membership.objects.get(learner=LEARNER)
    url = reverse("admin:mentoring_membership_handover", args=[membership.pk])
    page = opened(new_context(), sign_in, staff, url)
    keyboard, giver = Keyboard(page), page.locator("#id_giver")
    send = page.get_by_role("button", name="Hand over")
    keyboard.tab_to(send)
    keyboard.press("Enter")
    expect(giver).to_be_focused()
    expect(page.locator("#id_giver_error")).to_have_text("Choose a mentor.")
    keyboard.type("Ruth")
    keyboard.tab_to(page.locator("#id_taker"))
    keyboard.type("Mei")
    keyboard.tab_to(send)
    keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("was handed over from Ruth Adeyemi to Mei Tan")

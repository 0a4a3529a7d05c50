"""The parts of guides that answer: the calculator, the choosers, the checklist of programs."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from roles.models import Program
from tests.browser.cases import SCREENS, faults_at
from tests.browser.conftest import PHONE
from tests.browser.people import chooser

DEGREE = ("masters-degree",)
ENOUGH = {"Tuition and fees, $": "48k", "Months of study": "42", "Pay now, a year, $": "82,000"}
AFTER = "Pay expected afterwards, a year, $"
PAID_OFF = "It has paid off 5 years and 3 months after you begin"


def guide(page: Page, slug: str = "masters-degree", query: str = "") -> Page:
    page.goto(reverse("guide_detail", args=[slug]) + query)
    return page


def fill(page: Page) -> None:
    for label, text in ENOUGH.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label(AFTER, exact=True).fill("110000")


def test_the_result_follows_while_one_types_and_the_address_keeps_it(page):
    guide(page)
    # htmx comes when somebody reaches for the form; the first letters must not be lost on it.
    page.get_by_label("Tuition and fees, $", exact=True).click()
    page.wait_for_function("() => window.htmx")
    fill(page)
    expect(page.get_by_text(PAID_OFF)).to_be_visible()
    expect(page.get_by_label(AFTER, exact=True)).to_be_focused()
    expect(page).to_have_url(re.compile("tuition=48k.*after=110000"))
    page.reload()
    expect(page.get_by_text(PAID_OFF)).to_be_visible()


def test_what_cannot_be_read_is_said_beside_its_field_while_one_types(page):
    guide(page)
    field = page.get_by_label("Tuition and fees, $", exact=True)
    field.click()
    page.wait_for_function("() => window.htmx")
    field.fill("a lot")
    note = page.locator("#return-tuition-notes")
    expect(note).to_contain_text("such as 35000, 35,000 or 35k")
    assert field.get_attribute("aria-describedby") == "return-tuition-notes"
    expect(field).to_have_value("a lot")
    field.fill("35k")
    expect(note).to_contain_text("For the whole program.")


def test_without_a_script_the_calculator_works_by_its_button(new_context):
    plain = guide(new_context(java_script_enabled=False).new_page())
    fill(plain)
    plain.get_by_role("button", name="Calculate").click()
    expect(plain.get_by_text(PAID_OFF)).to_be_visible()
    expect(plain.get_by_label("Months of study", exact=True)).to_have_value("42")


def test_a_figure_of_a_source_is_taken_over_by_choice_only(page):
    guide(page, query="?now=82000")
    page.locator("summary", has_text="Figures of sources").click()
    page.get_by_role("link", name="Online, lower end: $35,000").click()
    expect(page.get_by_label("Tuition and fees, $", exact=True)).to_have_value("35000")
    expect(page.get_by_label("Pay now, a year, $", exact=True)).to_have_value("82000")
    page.locator("summary", has_text="Figures of sources").click()
    page.get_by_role("link", name="In-state", exact=False).click()
    expect(page.get_by_label("Tuition and fees, $", exact=True)).to_have_value("")
    expect(page.get_by_label("Or total cost of attendance, $", exact=True)).to_have_value("40000")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_aim_is_chosen_by_keyboard_and_taken_back(new_context, scripts):
    page = guide(new_context(java_script_enabled=scripts).new_page())
    page.get_by_role("link", name="Policy, ethics and governance").focus()
    if scripts:
        page.wait_for_function("() => window.htmx")
    page.keyboard.press("Enter")
    expect(page.locator("#certification-iapp-aigp")).to_be_visible()
    expect(page.locator("#certification-health-cloud")).to_have_count(0)
    expect(page).to_have_url(re.compile("aim=policy"))
    expect(page.get_by_role("link", name="Policy, ethics and governance")).to_have_attribute("aria-current", "true")
    if scripts:
        expect(page.get_by_role("link", name="Policy, ethics and governance")).to_be_focused()
    page.locator("#aim-all").click()
    expect(page.locator("#certification-health-cloud")).to_be_visible()


def test_contents_stay_beside_the_text_on_a_wide_screen(page):
    guide(page)
    page.get_by_role("navigation", name="In this guide").get_by_role("link", name="Coursework").click()
    expect(page.locator("#coursework-title")).to_be_in_viewport()
    expect(page.get_by_role("navigation", name="In this guide")).to_be_in_viewport()


def test_contents_unfold_on_a_phone(new_context):
    page = guide(new_context(**PHONE).new_page())
    contents = page.get_by_role("navigation", name="In this guide")
    expect(contents.get_by_role("link", name="Coursework")).to_be_hidden()
    contents.locator("summary").tap()
    contents.get_by_role("link", name="Coursework").tap()
    expect(page.locator("#coursework-title")).to_be_in_viewport()


def test_on_paper_every_answer_is_open_and_boxes_wait_for_a_pen(page):
    guide(page)
    page.emulate_media(media="print")
    expect(page.locator("#answers details p").first).to_be_visible()
    for gone in (page.get_by_role("button", name="Calculate"), page.locator("#aim-policy"), page.locator("header nav")):
        expect(gone.first).to_be_hidden()
    box = page.evaluate("() => getComputedStyle(document.querySelector('.to-tick > li'), '::before').borderTopWidth")
    assert float(box.removesuffix("px")) > 0


def test_a_missing_name_is_said_and_every_tick_stays(page, sign_in, watch):
    watch.expect_status(422)
    sign_in(page.context, chooser())
    page.goto(reverse("program_list"))
    page.locator("[name=c4]").first.check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("textbox", name="Program 4")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=c4]").first).to_be_checked()
    expect(page.locator("[name=n1]")).to_have_value("Ask in May.")
    assert faults_at(page, SCREENS[0]) == []


def test_a_program_is_removed_and_brought_back(page, sign_in):
    learner = chooser()
    sign_in(page.context, learner)
    page.goto(reverse("program_list"))
    page.get_by_role("button", name="Remove State University").click()
    expect(page.get_by_text("Removed: State University.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("textbox", name="Program 1")).to_have_value("State University")
    assert len(Program.objects.of(learner).get(place=1).checked) == 5


def test_a_visitors_ticks_are_counted_without_a_script(new_context):
    plain = new_context(java_script_enabled=False, **PHONE).new_page()
    plain.goto(reverse("program_list"))
    plain.get_by_role("textbox", name="Program 1").fill("State University")
    plain.locator("[name=c1]").first.check()
    plain.get_by_role("button", name="Count the checks").tap()
    expect(plain.locator("dl.facts").first).to_contain_text(re.compile(r"State University\s*1 of \d+ checks"))
    expect(plain).to_have_url(re.compile("p1=State"))

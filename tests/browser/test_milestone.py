"""A learner proves a milestone: gathers evidence, hands it in, sees the wait, takes it back, hands it in again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mentoring.models import Event, Evidence, What
from roadmaps.enrolling import enrol
from tests.browser.cases import SCREENS, faults_at
from tests.browser.keyboard import Keyboard
from tests.browser.milestone_page import MilestonePage

FILE = {"name": "cohort.csv", "mimeType": "text/csv", "buffer": b"age,stays\n61,2\n74,5\n"}


@pytest.fixture(autouse=True)
def enrolled(site, learner, analytics):
    return enrol(learner=learner, role=analytics)


@pytest.fixture
def plain(new_context, sign_in, learner) -> Page:
    """The learner's tab, in which no script runs."""
    context = new_context(java_script_enabled=False)
    sign_in(context, learner)
    return context.new_page()


def gather(milestone: MilestonePage) -> None:
    """Add a link, a note and a file with the mouse."""
    for kind, name, text in (("link", "url", "https://example.org/queries"), ("note", "text", "Nobody counts twice.")):
        milestone.opener(kind).click()
        milestone.field(kind, "title").fill(f"A {kind}")
        milestone.field(kind, name).fill(text)
        milestone.sender(kind).click()
        expect(milestone.piece(f"A {kind}")).to_be_visible()
    milestone.opener("file").click()
    milestone.field("file", "file").set_input_files(FILE)
    milestone.sender("file").click()
    expect(milestone.piece("cohort.csv").first).to_be_visible()


def whats(learner) -> list[str]:
    return list(Event.objects.filter(thread__learner=learner).values_list("what", flat=True))


def test_the_whole_way_by_keyboard(learner_page, learner):
    milestone, keys = MilestonePage(learner_page).open(), Keyboard(learner_page)
    milestone.expect_turn("With you: gather your first evidence")

    keys.tab_to(milestone.opener("link"))
    keys.press("Enter")
    keys.tab_to(milestone.field("link", "title"))
    keys.type("Queries on Synthea")
    keys.tab_to(milestone.field("link", "url"))
    keys.type("https://example.org/queries")
    keys.tab_to(milestone.field("link", "criteria_0"))
    keys.press("Space")
    keys.tab_to(milestone.sender("link"))
    keys.press("Enter")
    expect(milestone.piece("Queries on Synthea")).to_contain_text("answers 1")
    expect(milestone.opener("link")).to_be_focused()
    keys.expect_visible()
    milestone.expect_turn("With you: not handed in yet")

    keys.tab_to(milestone.opener("note"))
    keys.press("Enter")
    keys.tab_to(milestone.field("note", "title"))
    keys.type("What I found")
    keys.tab_to(milestone.field("note", "text"))
    keys.type("Nobody is counted twice.")
    keys.tab_to(milestone.sender("note"))
    keys.press("Enter")
    expect(milestone.piece("What I found")).to_be_visible()

    keys.tab_to(milestone.opener("file"))
    keys.press("Enter")
    keys.tab_to(milestone.field("file", "file"))
    milestone.field("file", "file").set_input_files(FILE)
    keys.tab_to(milestone.sender("file"))
    keys.press("Enter")
    expect(milestone.piece("cohort.csv")).to_contain_text("about the whole")

    keys.tab_to(milestone.hand_in)
    keys.press("Enter")
    milestone.expect_turn("^Waiting for a mentor since")
    expect(milestone.turn).to_be_focused()
    expect(learner_page.locator("#turn")).to_contain_text("Nobody can say yet how long it takes")

    keys.tab_to(milestone.take_back)
    keys.press("Enter")
    milestone.expect_turn("With you: not handed in yet")
    keys.tab_to(milestone.hand_in)
    keys.press("Enter")
    milestone.expect_turn("^Waiting for a mentor since")
    assert whats(learner) == [What.SUBMITTED, What.WITHDRAWN, What.SUBMITTED]


def test_the_whole_way_without_javascript(plain, learner):
    milestone = MilestonePage(plain).open()
    gather(milestone)
    milestone.hand_in.click()
    milestone.expect_turn("^Waiting for a mentor since")
    milestone.take_back.click()
    milestone.expect_turn("With you: not handed in yet")
    milestone.hand_in.click()
    milestone.expect_turn("^Waiting for a mentor since")
    assert whats(learner) == [What.SUBMITTED, What.WITHDRAWN, What.SUBMITTED]
    assert Evidence.objects.of(learner).count() == 3


def test_a_half_written_note_survives_adding_a_link(learner_page):
    milestone = MilestonePage(learner_page).open()
    milestone.opener("note").click()
    milestone.field("note", "text").fill("Half a thought")
    learner_page.locator("#hand-in-message").fill("A question")
    milestone.opener("link").click()
    milestone.field("link", "title").fill("Repository")
    milestone.field("link", "url").fill("https://example.org/")
    milestone.sender("link").click()
    expect(milestone.piece("Repository")).to_be_visible()
    expect(milestone.field("note", "text")).to_have_value("Half a thought")
    expect(learner_page.locator("#hand-in-message")).to_have_value("A question")


def test_a_refused_file_is_said_beside_the_field_and_the_title_stays(learner_page, watch):
    watch.expect_status(422)
    milestone = MilestonePage(learner_page).open()
    milestone.opener("file").click()
    milestone.field("file", "title").fill("My chart")
    milestone.field("file", "file").set_input_files({**FILE, "name": "chart.png", "buffer": b"<html>no chart</html>"})
    milestone.sender("file").click()
    expect(learner_page.locator("#file-file_error")).to_contain_text("Choose the file again")
    expect(learner_page.locator("#add-file [data-error-summary]")).to_be_focused()
    expect(milestone.field("file", "title")).to_have_value("My chart")
    assert faults_at(learner_page, SCREENS[0]) == []


def test_a_piece_is_changed_in_its_place_and_taken_away_with_undo(learner_page, learner):
    milestone = MilestonePage(learner_page).open()
    gather(milestone)
    milestone.piece("A note").get_by_role("link", name="Change").click()
    form = learner_page.locator("form[data-action=evidence-change]")
    form.get_by_label("Title").fill("A better note")
    form.get_by_role("button", name="Save").click()
    expect(milestone.piece("A better note")).to_be_visible()
    expect(learner_page.locator("#pieces > li")).to_have_count(3)
    milestone.piece("A better note").get_by_role("button", name="Take away").click()
    expect(learner_page.locator("#tally")).to_contain_text("Two pieces")
    milestone.piece("A better note").get_by_role("button", name="Undo").click()
    expect(learner_page.locator("#tally")).to_contain_text("Three pieces")
    assert Evidence.objects.of(learner).at_hand().count() == 3

"""An editor’s whole way with one milestone: changed, looked at, planned, out, read by a learner, and taken back. By
keyboard alone, with every page on it looked at."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.editors import GROUP
from roadmaps.models import PlanState, Publication
from roadmaps.planning import carry_out_due
from roles.models import Criterion, Milestone
from tests.browser import people
from tests.browser.cases import SCREENS, faults_at
from tests.browser.keyboard import Keyboard
from tests.conftest import ANALYTICS
from tests.factories import UserFactory

TWICE = " Shown to two people who did not build it"
NEW = "Says which records were left out, and why"
WHY = "Two reviewers asked for it."


@pytest.fixture
def milestone(analytics) -> Milestone:
    return Milestone.objects.get(phase__role=analytics, phase__order=1)


def looked_at(page: Page) -> None:
    assert faults_at(page, SCREENS[0]) == [], page.url
    SCREENS[0].put_before(page)


def fields(page: Page, name: str):
    return page.locator(f"[name$={name}]:not([name*=__prefix__])")


def test_an_editor_takes_a_milestone_from_the_draft_to_a_learner_and_back(
    new_context, sign_in, watch, analytics, milestone
):
    learner = people.beginner()
    editor = UserFactory(is_staff=True, display_name="Mei-Ling Zhao", timezone="UTC")
    editor.groups.add(Group.objects.get(name=GROUP))
    text = milestone.text
    desk = new_context().new_page()
    sign_in(desk.context, editor)
    keyboard = Keyboard(desk)

    # From the start page in two steps.
    desk.goto(reverse("admin:index"))
    looked_at(desk)
    shelf = desk.locator(".shelf").filter(has=desk.get_by_role("heading", name=analytics.name, exact=True))
    keyboard.tab_to(shelf.get_by_role("link", name="Milestones"))
    keyboard.press("Enter")
    keyboard.tab_to(desk.get_by_role("link", name=milestone.text))
    keyboard.press("Enter")

    # Change the milestone: what it says, and one thing more that it asks for.
    keyboard.tab_to(desk.locator("#id_text"))
    keyboard.press("Control+End")
    keyboard.type(TWICE)
    rows = fields(desk, "-text").count()
    keyboard.tab_to(desk.locator("#criteria-group .add-row a"))
    keyboard.press("Enter")
    expect(fields(desk, "-text")).to_have_count(rows + 1)
    keyboard.tab_to(fields(desk, "-text").last, key="Shift+Tab")
    keyboard.type(NEW)
    looked_at(desk)
    keyboard.tab_to(desk.locator("[name=_continue]").last)
    keyboard.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("changed successfully")
    assert Criterion.objects.filter(milestone=milestone, text=NEW).exists()

    # See the draft as readers would, and who is reached.
    keyboard.tab_to(desk.get_by_role("link", name="Publish roadmap"))
    keyboard.press("Enter")
    expect(desk.locator("table.changes")).to_contain_text(NEW)
    expect(desk.locator("#content")).to_contain_text("1 learner is asked")
    looked_at(desk)
    keyboard.tab_to(desk.get_by_role("link", name="See the draft"))
    keyboard.press("Enter")
    expect(desk.locator("main")).to_contain_text(text + TWICE)
    looked_at(desk)
    desk.go_back()

    # Plan it for tomorrow.
    keyboard.tab_to(desk.locator("#id_note"))
    keyboard.type(WHY)
    tomorrow = datetime.now() + timedelta(days=1)
    keyboard.tab_to(desk.locator("#id_at"))
    keyboard.type(tomorrow.strftime("%m%d%Y"))
    keyboard.press("Tab")
    keyboard.type("0930AM")
    keyboard.tab_to(desk.get_by_role("button", name="Publish then"))
    keyboard.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("Planned to publish the roadmap")
    looked_at(desk)
    assert Publication.objects.latest_of(analytics).edition == 1

    # The moment comes, and the learner is asked.
    (done,) = carry_out_due(now=timezone.now() + timedelta(days=2))
    assert (done.state, done.publication.edition) == (PlanState.DONE, 2)
    learning = new_context().new_page()
    sign_in(learning.context, learner)
    keys = Keyboard(learning)
    learning.goto(reverse("dashboard"))
    keys.tab_to(learning.get_by_role("link", name="See what changes"))
    keys.press("Enter")
    expect(learning.locator("[data-change=new]")).to_contain_text(NEW)
    expect(learning.locator("[data-change=reworded]")).to_contain_text(TWICE.strip())
    expect(learning.locator("main")).to_contain_text(WHY)
    looked_at(learning)

    # Take the save back: what is out already is retired, the rest as it was. It is published, and the learner reads so.
    desk.goto(reverse("admin:history_list"))
    keyboard.tab_to(desk.locator("#content-main a").first)
    keyboard.press("Enter")
    expect(desk.locator(".told").first).to_contain_text(TWICE.strip())
    looked_at(desk)
    keyboard.tab_to(desk.get_by_role("link", name="Revert all of it"))
    keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Is retired, since it is published")).to_contain_text(NEW)
    looked_at(desk)
    keyboard.tab_to(desk.get_by_role("button", name="Revert"))
    keyboard.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("It is a new version")
    milestone.refresh_from_db()
    assert milestone.text == text
    desk.goto(reverse("admin:roadmaps_publication_publish", args=[analytics.pk]))
    keyboard.tab_to(desk.get_by_role("button", name="Publish now"))
    keyboard.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("Published")
    learning.goto(reverse("roadmaps:offer_detail", args=[ANALYTICS]))
    expect(learning.locator("main")).not_to_contain_text(NEW)

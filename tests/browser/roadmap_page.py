"""The learner's roadmap as somebody in front of it sees it."""

from __future__ import annotations

import re

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from roles.models import Goal
from tests.conftest import ANALYTICS


class RoadmapPage:
    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, role: str = ANALYTICS) -> RoadmapPage:
        self.page.goto(reverse("roadmaps:roadmap_detail", args=[role]))
        return self

    def row(self, goal: Goal) -> Locator:
        return self.page.locator(f"#goal-{goal.key}")

    def choice(self, goal: Goal, state: str) -> Locator:
        """One of the buttons that say the state of a goal."""
        return self.row(goal).get_by_role("button", name=state, exact=True)

    def tick(self, goal: Goal, state: str) -> None:
        self.choice(goal, state).click()

    def fact(self, name: str) -> Locator:
        """What stands beside a name in the head."""
        named = self.page.locator("dt", has_text=re.compile(f"^{name}$"))
        return self.page.locator("#tally div").filter(has=named).locator("dd")

    def toast(self, text: str) -> Locator:
        """The toast that begins with the text; long ones are cut."""
        return self.page.locator("#toasts .toast").filter(has_text=text[:40])

    def expect_state(self, goal: Goal, state: str, label: str) -> None:
        """The row says the state to those who see it and to those who hear it."""
        expect(self.row(goal)).to_have_attribute("data-state", state)
        expect(self.row(goal).locator("[aria-pressed=true]")).to_have_text(label)

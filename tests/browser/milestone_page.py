"""A milestone's page as its learner in front of it sees it."""

from __future__ import annotations

import re

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from tests.conftest import ANALYTICS


class MilestonePage:
    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, number: int = 1, role: str = ANALYTICS) -> MilestonePage:
        self.page.goto(reverse("roadmaps:milestone_detail", args=[role, number]))
        return self

    @property
    def turn(self) -> Locator:
        """The heading that says whose turn it is."""
        return self.page.get_by_role("heading", level=1)

    def expect_turn(self, words: str) -> None:
        expect(self.turn).to_have_text(re.compile(words))

    def opener(self, kind: str) -> Locator:
        """What opens the form of a kind of evidence."""
        return self.page.locator(f"#add-{kind} > summary")

    def field(self, kind: str, name: str) -> Locator:
        return self.page.locator(f"#{kind}-{name}")

    def sender(self, kind: str) -> Locator:
        return self.page.locator(f"#send-{kind}")

    def piece(self, title: str) -> Locator:
        return self.page.locator("#pieces > li").filter(has_text=title)

    @property
    def hand_in(self) -> Locator:
        return self.page.locator("#hand-in-send")

    @property
    def take_back(self) -> Locator:
        return self.page.get_by_role("button", name="Take it back")

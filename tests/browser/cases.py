"""A page as one kind of person reaches it, and everything that can be found wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import caches
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.browser.looking import (
    COLOR_RULES,
    Transfer,
    axe_findings,
    finish_transitions,
    layout_shift,
    sticking_out,
    watch_layout,
)
from tests.browser.watching import Watch

MOST_LAYOUT_SHIFT = 0.02
# Over the wire, all assets included, static files as production serves them (see site.py).
MOST_BYTES = 60_000
# The screens that pages are made for, and a width near each that must not break them.
SCREENS = ((DESKTOP, 1440), (PHONE, 360))


@dataclass(frozen=True)
class Case:
    """A page, who looks at it, what they did on it before, and what it answers."""

    name: str
    args: tuple[object, ...] = ()
    person: Callable[[], User] | None = None
    act: Callable[[Page], None] | None = None
    query: str = ""
    status: int = 200
    trusted: bool = True
    stock: bool = False
    """A page of Django's own admin: on a desktop only, and with no limit for what its scripts weigh and move."""

    def __str__(self) -> str:
        who = self.person.__name__ if self.person else "visitor"
        what = "-".join([self.name.replace(":", "."), *(str(arg)[:24] for arg in self.args)])
        return f"{who}-{what}{'-filtered' if self.query else ''}{f'-{self.act.__name__}' if self.act else ''}"

    def reach(self, page: Page) -> None:
        response = page.goto(reverse(self.name, args=self.args) + self.query)
        assert response is not None
        assert response.status == self.status, f"{response.url} answered {response.status}"
        if self.act:
            self.act(page)


def faults_of(case: Case, *, new_context: Opener, sign_in: Callable[..., None], watch: Watch) -> list[str]:
    """Whatever is wrong with the page on one of the screens, in one of the themes; each fault says where."""
    person = case.person() if case.person else None
    if case.status != 200:
        watch.expect_status(case.status)
    found = []
    for screen, other_width in SCREENS[:1] if case.stock else SCREENS:
        caches["default"].clear()  # the same act from another browser is no attack here
        context = new_context(**screen)
        if person:
            sign_in(context, person, trusted=case.trusted)
        page = context.new_page()
        watch_layout(page)
        transfer = Transfer(page)
        case.reach(page)
        faults = faults_at(page, other_width)
        if not case.stock:
            faults += _faults_of_opening(page, transfer, alone=case.act is None)
        found += [f"{fault} [{screen['viewport']['width']} px]" for fault in faults]
        context.close()
    return found


def faults_at(page: Page, other_width: int) -> list[str]:
    """Whatever is wrong with the page as it stands, in both themes, and a little wider or narrower."""
    assert page.viewport_size is not None
    found = [*sticking_out(page), *axe_findings(page)]
    page.emulate_media(color_scheme="dark")
    finish_transitions(page)
    found += [f"{finding} (dark)" for finding in axe_findings(page, COLOR_RULES)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": other_width, "height": page.viewport_size["height"]})
    return found + sticking_out(page)


def _faults_of_opening(page: Page, transfer: Transfer, *, alone: bool) -> list[str]:
    """What was wrong while the page was opened. `alone`: no other page was on the way to it, so its weight counts."""
    faults = []
    if (shift := layout_shift(page)) > MOST_LAYOUT_SHIFT:
        faults.append(f"the layout shifts by {shift:.3f}")
    transfer.ask_for_icons()
    sizes = transfer.sizes() if alone else {}
    if sum(sizes.values()) > MOST_BYTES:
        heaviest = sorted(sizes.items(), key=lambda each: -each[1])
        faults.append(f"a first visit takes {sum(sizes.values())} bytes: {heaviest}")
    return faults

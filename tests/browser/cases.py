"""A page as one kind of person reaches it, and everything that can be found wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import caches
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from tests.browser.conftest import Opener
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


@dataclass(frozen=True)
class Screen:
    """What a page is looked at on. Changed under its feet: another profile for each would take a third more time."""

    width: int
    height: int
    phone: bool
    near: int
    """Another width that must not break the page."""

    def put_before(self, page: Page, *, width: int | None = None) -> None:
        cdp = page.context.new_cdp_session(page)
        size = {"width": width or self.width, "height": self.height, "deviceScaleFactor": 0, "mobile": self.phone}
        cdp.send("Emulation.setDeviceMetricsOverride", size)
        cdp.send("Emulation.setTouchEmulationEnabled", {"enabled": self.phone})


SCREENS = (Screen(1280, 800, phone=False, near=1440), Screen(390, 844, phone=True, near=360))


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
    phone: bool = False
    """Of the admin, but ours: on a phone too."""

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
    page = new_context().new_page()
    watch_layout(page)
    found = []
    for screen in SCREENS[:1] if case.stock and not case.phone else SCREENS:
        caches["default"].clear()  # the same act once more is no attack here
        page.context.clear_cookies()
        if person:
            sign_in(page.context, person, trusted=case.trusted)
        screen.put_before(page)
        transfer = Transfer(page)
        case.reach(page)
        if not case.stock:
            found += _faults_of_opening(page, screen)
        if not case.stock and not case.act and screen is SCREENS[0]:  # later ones find a full cache
            found += _faults_of_weight(transfer)
        found += faults_at(page, screen)
    return found


def faults_at(page: Page, screen: Screen) -> list[str]:
    """Whatever is wrong with the page as it stands, in both themes, and a little wider or narrower."""
    found = [*sticking_out(page, screen.width), *axe_findings(page)]
    page.emulate_media(color_scheme="dark")
    finish_transitions(page)
    found += [f"{finding} (dark)" for finding in axe_findings(page, COLOR_RULES)]
    page.emulate_media(color_scheme="light")
    screen.put_before(page, width=screen.near)
    found += sticking_out(page, screen.near)
    return [f"{fault} [{screen.width} px]" for fault in found]


def _faults_of_opening(page: Page, screen: Screen) -> list[str]:
    shift, moved = layout_shift(page)
    if shift <= MOST_LAYOUT_SHIFT:
        return []
    return [f"the layout shifts by {shift:.3f} [{screen.width} px]: {'; '.join(moved)}"]


def _faults_of_weight(transfer: Transfer) -> list[str]:
    transfer.ask_for_icons()
    sizes = transfer.sizes()
    if sum(sizes.values()) <= MOST_BYTES:
        return []
    return [f"a first visit takes {sum(sizes.values())} bytes: {sorted(sizes.items(), key=lambda each: -each[1])}"]

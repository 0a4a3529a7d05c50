"""Every page, for everybody who sees it differently, in both themes, on a desktop and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response

from accounts.models import User
from tests.browser import people
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.looking import COLOR_RULES, axe_findings, layout_shift, sticking_out, watch_layout
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION

MOST_LAYOUT_SHIFT = 0.02
ROLE = (ANALYTICS,)


@dataclass(frozen=True)
class Case:
    """A page, who looks at it, and what it answers."""

    name: str
    args: tuple[object, ...] = ()
    person: Callable[[], User] | None = None
    query: str = ""
    status: int = 200
    act: Callable[[Page], None] | None = None
    """What to do on the page before it is looked at."""

    def __str__(self) -> str:
        who = self.person.__name__ if self.person else "visitor"
        what = "-".join([self.name.replace(":", "."), *(str(arg)[:24] for arg in self.args)])
        return f"{who}-{what}{'-filtered' if self.query else ''}{f'-{self.act.__name__}' if self.act else ''}"

    def reach(self, page: Page) -> Response:
        response = page.goto(reverse(self.name, args=self.args) + self.query)
        assert response is not None
        if self.act:
            self.act(page)
        return response


VISITOR = [
    Case("home"),
    Case("roles:role_list"),
    Case("roles:role_list", query="?difficulty=advanced&coding=yes&q=data"),
    Case("roles:role_list", query="?q=nothing+is+called+so&pay=lots"),
    *(Case("role_detail", (role,)) for role in (ANALYTICS, COORDINATION, CHRONIC)),
    Case("roles:skill_list"),
    Case("roles:skill_detail", ("hipaa",)),
    Case("roles:tool_list"),
    Case("roles:tool_detail", ("pandas",)),
    Case("roles:resource_list"),
    Case("roles:resource_list", query="?q=statistics"),
    Case("roles:resource_detail", ("synthea",)),
    Case("roadmaps:enrolment_list"),
    Case("roadmaps:roadmap_detail", ROLE),
    Case("roadmaps:publication_list", ROLE),
    Case("roadmaps:milestone_detail", (*ROLE, 1)),
    Case("sources"),
    Case("accessibility"),
    Case("privacy"),
    Case("devmail_list"),
]
LEARNER = [
    *(Case("dashboard", person=person) for person in (people.newcomer, people.beginner, people.veteran)),
    *(Case("roadmaps:enrolment_list", person=person) for person in (people.newcomer, people.leaver, people.veteran)),
    *(
        Case("roadmaps:roadmap_detail", ROLE, person)
        for person in (people.newcomer, people.leaver, people.beginner, people.veteran)
    ),
    Case("roadmaps:roadmap_detail", (COORDINATION,), people.veteran),
    Case("role_detail", ROLE, people.newcomer),
    Case("role_detail", ROLE, people.veteran),
    Case("home", person=people.beginner),
    Case("roles:role_list", person=people.beginner),
    Case("roadmaps:milestone_detail", (*ROLE, 6), people.beginner),
    Case("roadmaps:publication_list", ROLE, people.veteran),
    Case("roadmaps:offer_detail", ROLE, people.veteran),
    Case("roadmaps:roadmap_leave", ROLE, people.beginner),
    Case("accounts:profile", person=people.veteran),
]
BROKEN = [
    *(Case("broken", (status,), status=int(status)) for status in ("400", "403", "429", "500", "503")),
    Case("broken", ("csrf",), status=403),
    Case("role_detail", ("no-such-role",), status=404),
    Case("broken", ("403",), people.beginner, status=403),
    Case("role_detail", ("no-such-role",), people.beginner, status=404),
]


@pytest.mark.parametrize("case", [*VISITOR, *LEARNER, *BROKEN], ids=str)
def test_page_is_faultless(new_context, sign_in, watch, case):
    person = case.person() if case.person else None
    if case.status != 200:
        watch.expect_status(case.status)
    found = []
    for screen, other_width in ((DESKTOP, 1440), (PHONE, 360)):
        context = new_context(**screen)
        if person:
            sign_in(context, person, trusted=True)
        page = context.new_page()
        watch_layout(page)
        assert case.reach(page).status == case.status
        found += [f"{finding} [{screen['viewport']['width']} px]" for finding in faults_of(page, other_width)]
        context.close()
    assert found == []


def faults_of(page: Page, other_width: int) -> list[str]:
    """All that can be found wrong with the page on its screen, in both themes, and a little wider or narrower."""
    found = []
    if (shift := layout_shift(page)) > MOST_LAYOUT_SHIFT:
        found.append(f"the layout shifts by {shift:.3f}")
    found += sticking_out(page)
    found += axe_findings(page)
    page.emulate_media(color_scheme="dark")
    found += [f"{finding} (dark)" for finding in axe_findings(page, COLOR_RULES)]
    assert page.viewport_size is not None
    page.set_viewport_size({"width": other_width, "height": page.viewport_size["height"]})
    return found + sticking_out(page)

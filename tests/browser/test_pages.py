"""Every page, for everybody who sees it differently, in both themes, on a desktop and on a phone."""

from __future__ import annotations

import pytest

from tests.browser import people
from tests.browser.account_acts import open_the_menu
from tests.browser.cases import Case, faults_of
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION

ROLE = (ANALYTICS,)

VISITOR = [
    Case("home"),
    Case("roles:role_list"),
    Case("roles:role_list", query="?difficulty=advanced&coding=yes&q=data"),
    Case("roles:role_list", query="?q=nothing+is+called+so&pay=lots&months=-1"),
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
]
LEARNER = [
    *(Case("dashboard", (), person) for person in (people.newcomer, people.beginner, people.veteran)),
    Case("dashboard", (), people.veteran, open_the_menu),
    *(Case("roadmaps:enrolment_list", (), person) for person in (people.newcomer, people.leaver, people.veteran)),
    *(
        Case("roadmaps:roadmap_detail", ROLE, person)
        for person in (people.newcomer, people.leaver, people.beginner, people.veteran)
    ),
    Case("roadmaps:roadmap_detail", (COORDINATION,), people.veteran),
    Case("role_detail", ROLE, people.newcomer),
    Case("home", (), people.beginner),
    Case("roadmaps:milestone_detail", (*ROLE, 6), people.beginner),
    Case("roadmaps:publication_list", ROLE, people.veteran),
    Case("roadmaps:offer_detail", ROLE, people.veteran),
    Case("roadmaps:roadmap_leave", ROLE, people.beginner),
    Case("accounts:profile", (), people.veteran),
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
    assert faults_of(case, new_context=new_context, sign_in=sign_in, watch=watch) == []

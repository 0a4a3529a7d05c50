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
    Case("roles:role_find"),
    Case("roles:role_find", query="?background=care&coding=rather-not&months=9&hours=6&remote=yes&like=text&like=x"),
    Case("roles:role_compare"),
    Case("roles:role_compare", query=f"?role={ANALYTICS}&role={COORDINATION}&role={CHRONIC}"),
    Case("roles:role_compare", query=f"?role={ANALYTICS}&role=nobody&role={ANALYTICS}"),
    *(Case("role_detail", (role,)) for role in (ANALYTICS, COORDINATION, CHRONIC)),
    Case("roles:skill_list"),
    Case("skill_map"),
    Case("skill_map", query="?have=python&have=hipaa&have=hl7-fhir&have=juggling"),
    *(Case("role_detail", (role,)) for role in ("ai-product-manager-healthcare", "healthcare-ai-specialist")),
    *(Case("skill_detail", (skill,)) for skill in ("hipaa", "sql-for-health-data", "medical-imaging")),
    Case("roles:company_list"),
    Case("roles:company_list", query="?q=nothing+is+called+so&status=lost"),
    *(Case("roles:company_detail", (company,)) for company in ("tempus", "olive")),
    Case("roles:use_case_list"),
    Case("roles:use_case_detail", ("diagnostic-support",)),
    Case("roles:figure_list"),
    Case("roles:figure_list", query="?topic=job_growth"),
    Case("search"),
    *(Case("search", query=query) for query in ("?q=survial+analysis", "?q=data&kind=skill&page=9", "?q=qqqqqqq")),
    Case("method"),
    Case("corrections"),
    Case("guide_list"),
    *(Case("guide_detail", (guide,)) for guide in ("healthcare-ai-market", "ways-in", "masters-degree")),
    Case("guide_detail", ("ways-in",), query="?background=clinical&background=alchemy"),
    Case("guide_detail", ("masters-degree",), query="?tuition=48k&months=2+years&now=82000&after=110000&aim=policy"),
    Case("guide_detail", ("masters-degree",), query="?tuition=a+lot&total=5&rate=-1&aim=fame"),
    Case("program_list"),
    Case("program_list", query="?p1=State&c1=ethics-for-health&p2=A+name+of+many+words&c3=interdisciplinary&c4=x"),
    Case("roles:tool_list"),
    Case("roles:tool_detail", ("pandas",)),
    Case("roles:resource_list"),
    Case("roles:resource_list", query="?q=statistics"),
    Case("roles:resource_detail", ("synthea",)),
    Case("roadmaps:enrolment_list"),
    Case("roadmaps:roadmap_detail", ROLE),
    Case("roadmaps:publication_list", ROLE),
    Case("roadmaps:milestone_detail", (*ROLE, 1)),
    Case("interviews:question_detail", ("omop-common-data-model",)),
    Case("sources"),
    Case("accessibility"),
    Case("privacy"),
]
LEARNER = [
    Case("program_list", (), people.chooser),
    Case("program_list", (), people.chooser, query="?p1=Hopkins&c1=ethics-for-health"),
    Case("guide_detail", ("masters-degree",), people.beginner),
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
    Case("skill_map", (), people.beginner),
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

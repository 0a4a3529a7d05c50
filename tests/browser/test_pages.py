"""Every page, for everybody who sees it differently, in both themes, on a desktop and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from accounts.kinds import Rhythm
from accounts.models import User
from accounts.unsubscribing import Subject, token_for
from tests.browser import cohorts, desks, inviting, people, rehearsing
from tests.browser.account_acts import open_the_menu
from tests.browser.cases import Case, faults_of
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION

ROLE = (ANALYTICS,)
DIGEST_LINK = token_for(User(pk=people.MAILED), Subject(rhythm=Rhythm.DAILY))


def stop_it(page: Page) -> None:
    """Offers the way back; on the next screen it has stopped before, which the page says as well."""
    if page.get_by_role("button", name="Stop it").count():
        page.get_by_role("button", name="Stop it").click()
        page.get_by_role("button", name="Undo").wait_for()


def open_everything(page: Page) -> None:
    page.locator("main details").evaluate_all("folds => folds.forEach((fold) => { fold.open = true; })")


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
    Case("interviews:question_list", query="?category=scenario&level=3&role=x"),
    Case("interviews:question_detail", ("omop-common-data-model",)),
    Case("interviews:question_list"),
    Case("interviews:role_questions", ROLE),
    Case("badges:badge_verify"),
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
    *(
        Case("roadmaps:milestone_detail", (*ROLE, 1), person)
        for person in (people.gatherer, people.waiter, people.reviser, people.prover)
    ),
    Case("roadmaps:roadmap_detail", ROLE, people.reviser),
    Case("dashboard", (), people.reviser),
    *(
        Case("interviews:mock_list", (), person)
        for person in (people.newcomer, people.interviewee, people.mock_veteran)
    ),
    *(Case(f"interviews:mock_{page}", (people.MOCK,), people.interviewee) for page in ("finish", "leave")),
    Case("interviews:mock_detail", (people.MOCK,), people.interviewee, query="?question=1"),
    Case("interviews:mock_grade", (people.MOCK,), people.mock_grader),
    Case("interviews:mock_result", (people.MOCK,), people.mock_veteran),
    Case("interviews:mock_result", (people.MOCK,), people.mock_veteran, open_everything),
    *(Case("interviews:review_list", (), person) for person in (people.newcomer, rehearsing.asker)),
    *(
        Case("interviews:mentor_review", ("mock", people.MOCK), person)
        for person in (people.mock_veteran, rehearsing.asker)
    ),
    Case("interviews:mentor_review", ("mock", people.MOCK), rehearsing.asker, open_everything),
    Case("roadmaps:publication_list", ROLE, people.veteran),
    Case("roadmaps:offer_detail", ROLE, people.veteran),
    Case("roadmaps:roadmap_leave", ROLE, people.beginner),
    Case("accounts:profile", (), people.veteran),
    Case("accounts:channels", (), people.mailed),
    Case("notifications:notification_list", (), people.newcomer),
    Case("notifications:notification_list", (), people.mailed, query="?page=2"),
    Case("notifications:unsubscribe", (DIGEST_LINK,), people.mailed),
    Case("notifications:unsubscribe", ("broken",), people.newcomer, status=404),
    Case("notifications:unsubscribe", (DIGEST_LINK,), people.mailed, stop_it),
    Case("interviews:question_list", (), people.practitioner, query="?state=learning"),
    Case("interviews:question_detail", ("omop-common-data-model",), rehearsing.rehearser),
    *(
        Case("interviews:role_questions", ROLE, person)
        for person in (people.newcomer, people.aspirant, people.practitioner)
    ),
    *(Case("interviews:practice_numbers", (), person) for person in (people.newcomer, people.practitioner)),
    *(Case("interviews:practice", (), person) for person in (people.newcomer, people.practitioner)),
    *(Case("interviews:practice_settings", (), person) for person in (people.newcomer, people.practitioner)),
    Case("interviews:attempt_detail", (people.ANSWER,), people.practitioner),
    Case("dashboard", (), people.practitioner),
    *(Case("badges:badge_list", (), person) for person in (people.newcomer, people.achiever)),
    *(Case("badges:badge_detail", (uuid,), people.achiever) for uuid in (people.BADGE, people.REVOKED)),
]
REHEARSER = [
    *(
        Case(f"interviews:{name}", (), person)
        for name in ("practice_export", "calibration")
        for person in (people.newcomer, rehearsing.rehearser)
    ),
    Case("interviews:practice_settings", (), rehearsing.rehearser),
    Case("interviews:practice", (), rehearsing.rehearser),
    *(Case("interviews:sample_detail", (rehearsing.QUESTION, number), rehearsing.rehearser) for number in (1, 2)),
    *(
        Case("interviews:attempt_detail", (key,), rehearsing.rehearser)
        for key in (rehearsing.RECORDED, rehearsing.DELETED)
    ),
    Case("interviews:recording_delete", (rehearsing.RECORDED,), rehearsing.rehearser),
]
COHORT = (cohorts.SLUG,)
MENTOR = [
    *(
        Case("cohort_detail", COHORT, person)
        for person in (cohorts.cohort_mentor, cohorts.mentor_of_one, cohorts.mentor_of_nobody)
    ),
    Case("cohort_detail", COHORT, cohorts.cohort_mentor, query="?sort=call"),
    *(Case("learner_card", (cohorts.LEARNER,), person) for person in (cohorts.cohort_mentor, cohorts.mentor_of_one)),
    Case("note_change", (cohorts.NOTE,), cohorts.cohort_mentor),
    *(
        Case("mentoring:queue", (), person)
        for person in (desks.busy_mentor, desks.idle_mentor, desks.mentor_of_nothing)
    ),
    *(
        Case("mentoring:queue", (), desks.busy_mentor, query=f"?{query}")
        for query in ("again=yes&role=x", "tab=answered")
    ),
    *(
        Case("mentoring:submission_detail", (number,), desks.busy_mentor, status=status)
        for number, status in (
            (desks.HELD, 200),
            (desks.WAITING, 200),
            (desks.RETURNED, 200),
            (desks.APPROVED, 200),
            (desks.TAKEN, 409),
        )
    ),
    Case("mentoring:evidence_changes", (desks.NEW_NOTE, desks.OLD_NOTE), desks.busy_mentor),
    Case("mentoring:evidence_detail", (desks.TABLE,), desks.busy_mentor),
    *(Case("mentoring:reply_list", (), person) for person in (desks.busy_mentor, desks.idle_mentor)),
    Case("mentoring:reply_change", (desks.REPLY,), desks.busy_mentor),
    *(Case("mentoring:cohort_list", (), person) for person in (cohorts.cohort_mentor, inviting.inviter)),
    *(Case("mentoring:invite_list", COHORT, person) for person in (cohorts.mentor_of_one, inviting.inviter)),
    *(
        Case("mentoring:away", (), person)
        for person in (cohorts.mentor_of_one, inviting.inviter, inviting.away_mentor, inviting.leaving_soon)
    ),
    Case("mentoring:handover", (*COHORT, cohorts.LEARNER), inviting.inviter),
    *(Case("cohort_join", (token,), inviting.invited) for token in (inviting.TOKEN, inviting.REVOKED)),
    *(Case("membership_list", (), person) for person in (people.newcomer, inviting.member)),
    Case("mentoring:cohort_leave", COHORT, inviting.member),
    *(
        Case(name, (), person)
        for name in ("look_list", "agreement_list")
        for person in (people.newcomer, cohorts.looked_at)
    ),
]
BROKEN = [
    *(Case("broken", (status,), status=int(status)) for status in ("400", "403", "429", "500", "503")),
    Case("broken", ("csrf",), status=403),
    Case("role_detail", ("no-such-role",), status=404),
    Case("broken", ("403",), people.beginner, status=403),
    Case("role_detail", ("no-such-role",), people.beginner, status=404),
]


@pytest.mark.parametrize("case", [*VISITOR, *LEARNER, *REHEARSER, *MENTOR, *BROKEN], ids=str)
def test_page_is_faultless(new_context, sign_in, watch, case):
    assert faults_of(case, new_context=new_context, sign_in=sign_in, watch=watch) == []

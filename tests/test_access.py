"""Who gets what: every URL crossed with every kind of person."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse
from django.utils import timezone

from accounts import access
from accounts.checks import every_view_states_a_policy, our_views
from accounts.models import Notification, User
from config.editors import GROUP
from interviews.models import Question
from interviews.practice import lock_answer
from roadmaps.enrolling import enrol
from roadmaps.models import GoalState, State
from roadmaps.publishing import publish
from roadmaps.ticking import set_state
from roles.models import Goal, Program, Resource, Role, Skill, Tool
from tests.badges.achieved import MILESTONE, ROADMAP, issued_as
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.interviews.mocked import begun
from tests.interviews.practicing import aim_at
from tests.roadmaps.drafts import add_goal, first_goal
from tests.sampling import sampled

PEOPLE = ("visitor", "learner", "other", "mentor", "editor", "staff")
SIGNED_IN = PEOPLE[1:]

# What a person meets: the page, a redirect to sign in, or nothing that they can find.
OPEN = dict.fromkeys(PEOPLE, 200)
PERSONAL = {"visitor": 302} | dict.fromkeys(SIGNED_IN, 200)
MOVES = {"visitor": 302} | dict.fromkeys(SIGNED_IN, 302)
# Only whoever is on the roadmap; for others there is no such row.
OWN_PAGE = {"visitor": 302, "learner": 200} | dict.fromkeys(SIGNED_IN[1:], 404)
OWN_MOVE = {"visitor": 302, "learner": 302} | dict.fromkeys(SIGNED_IN[1:], 404)
# The same, but what the table posts says too little.
OWN_REFUSED = {"visitor": 302, "learner": 422} | dict.fromkeys(SIGNED_IN[1:], 404)
# Mentors come in, but there is no such row for this one; others are told who can help.
MENTORS_PAGE = {"visitor": 302, "mentor": 200} | dict.fromkeys(("learner", "other", "editor", "staff"), 403)
MENTORS_ROW = {"visitor": 302, "mentor": 404} | dict.fromkeys(("learner", "other", "editor", "staff"), 403)
NOBODYS_MOVE = {"visitor": 302} | dict.fromkeys(SIGNED_IN, 404)
# Anybody's, but what the table posts says too little.
REFUSED = {"visitor": 302} | dict.fromkeys(SIGNED_IN, 422)

ROLE = (ANALYTICS,)
BADGE = ("7f0c1ad0-51ce-4d0e-9d55-0c6a7f1f7a01",)
QUESTION, HIDDEN = ("omop-common-data-model",), ("join-that-lengthened-every-stay",)
ATTEMPT = ("5f0c1ad0-51ce-4d0e-9d55-0c6a7f1f7a03",)
CERTIFICATE = ("7f0c1ad0-51ce-4d0e-9d55-0c6a7f1f7a02",)
MOCK = (UUID("7f0c1ad0-51ce-4d0e-9d55-0c6a7f1f7a04"),)
TABLE = [
    ("get", "home", (), OPEN),
    ("get", "roles:role_list", (), OPEN),
    ("get", "roles:role_compare", (), OPEN),
    ("get", "roles:role_find", (), OPEN),
    ("get", "role_detail", ROLE, OPEN),
    ("get", "roles:skill_list", (), OPEN),
    ("get", "skill_map", (), OPEN),
    ("get", "skill_detail", ("hipaa",), OPEN),
    ("get", "roles:tool_list", (), OPEN),
    ("get", "roles:tool_detail", ("pandas",), OPEN),
    ("get", "roles:company_list", (), OPEN),
    ("get", "roles:company_detail", ("abridge",), OPEN),
    ("get", "roles:use_case_list", (), OPEN),
    ("get", "roles:use_case_detail", ("drug-discovery",), OPEN),
    ("get", "roles:figure_list", (), OPEN),
    ("get", "method", (), OPEN),
    ("get", "corrections", (), OPEN),
    ("get", "guide_list", (), OPEN),
    ("get", "guide_detail", ("masters-degree",), OPEN),
    ("get", "program_list", (), OPEN),
    ("post", "program_save", (), MOVES),
    ("post", "program_keep", (), MOVES),
    ("post", "program_remove", (1,), OWN_MOVE),
    ("get", "roles:resource_list", (), OPEN),
    ("get", "roles:resource_detail", ("synthea",), OPEN),
    ("get", "roadmaps:enrolment_list", (), OPEN),
    ("get", "roadmaps:roadmap_detail", ROLE, OPEN),
    ("get", "roadmaps:publication_list", ROLE, OPEN),
    ("get", "roadmaps:milestone_detail", (*ROLE, 1), OPEN),
    # Whoever has the link; this one was made by nobody.
    ("get", "roadmaps:draft_detail", ("none",), dict.fromkeys(PEOPLE, 410)),
    ("get", "roadmaps:draft_milestone", ("none", 1), dict.fromkeys(PEOPLE, 410)),
    ("get", "interviews:question_list", (), OPEN),
    ("get", "interviews:question_detail", QUESTION, OPEN),
    ("get", "interviews:question_detail", HIDDEN, {"visitor": 404} | dict.fromkeys(SIGNED_IN, 200)),
    ("get", "interviews:role_questions", ROLE, OPEN),
    ("get", "interviews:practice", (), PERSONAL),
    ("get", "interviews:practice_numbers", (), PERSONAL),
    ("get", "interviews:practice_settings", (), PERSONAL),
    ("post", "interviews:habits_save", (), REFUSED),
    ("post", "interviews:aim_add", (), REFUSED),
    ("post", "interviews:aim_change", ROLE, OWN_REFUSED),
    ("post", "interviews:aim_drop", ROLE, OWN_MOVE),
    ("post", "interviews:answer_lock", QUESTION, REFUSED),
    ("post", "interviews:answer_keep", QUESTION, REFUSED),
    *(("post", f"interviews:card_{verb}", QUESTION, MOVES) for verb in ("bury", "suspend", "resume")),
    ("post", "interviews:practice_undo", (), MOVES),
    ("get", "interviews:attempt_detail", ATTEMPT, OWN_PAGE),
    ("post", "interviews:attempt_grade", ATTEMPT, OWN_REFUSED),
    ("get", "interviews:mock_list", (), PERSONAL),
    *(("get", f"interviews:mock_{page}", MOCK, OWN_PAGE) for page in ("finish", "leave")),
    ("post", "interviews:mock_save", MOCK, OWN_REFUSED),
    # It runs: the first leads to the question that is open, the others, which have answers on them, lead back to it.
    *(("get", f"interviews:mock_{page}", MOCK, OWN_MOVE) for page in ("detail", "grade", "result")),
    ("post", "roadmaps:roadmap_enrol", ROLE, MOVES),
    ("get", "roadmaps:roadmap_leave", ROLE, OWN_PAGE),
    ("get", "roadmaps:offer_detail", ROLE, OWN_PAGE),
    ("post", "roadmaps:offer_decide", ROLE, OWN_MOVE),
    ("post", "roadmaps:goal_state", (*ROLE, "GOAL"), OWN_MOVE),
    ("post", "roadmaps:goal_credit", (*ROLE, "GOAL"), OWN_MOVE),
    ("post", "roadmaps:milestone_submit", (*ROLE, 1), OWN_REFUSED),
    ("post", "roadmaps:milestone_resubmit", (*ROLE, 1), OWN_REFUSED),
    ("post", "roadmaps:milestone_second_opinion", (*ROLE, 1), OWN_REFUSED),
    ("post", "roadmaps:milestone_withdraw", (*ROLE, 1), NOBODYS_MOVE),
    ("post", "roadmaps:milestone_comment", (*ROLE, 1), NOBODYS_MOVE),
    ("post", "roadmaps:evidence_add", (*ROLE, 1), OWN_REFUSED | {"learner": 400}),
    ("post", "roadmaps:evidence_change", (*ROLE, 1, 1), NOBODYS_MOVE),
    ("post", "roadmaps:evidence_remove", (*ROLE, 1, 1), NOBODYS_MOVE),
    ("post", "roadmaps:evidence_restore", (*ROLE, 1, 1), NOBODYS_MOVE),
    ("post", "roadmaps:blocker_state", ROLE, OWN_REFUSED),
    ("post", "roadmaps:blocker_clear", ROLE, OWN_MOVE),
    ("get", "badges:badge_list", (), PERSONAL),
    ("get", "badges:badge_verify", (), OPEN),
    ("get", "badges:badge_detail", BADGE, OPEN),
    ("post", "badges:badge_allow", BADGE, OWN_MOVE),
    ("get", "badges:badge_copy", BADGE, OWN_PAGE),
    ("get", "badges:certificate", CERTIFICATE, OWN_PAGE),
    *(("get", f"badges:badge_{ending}", BADGE, OPEN) for ending in ("jwt", "json", "svg", "png")),
    ("get", "badges:achievement_detail", (MILESTONE.key,), OPEN),
    ("get", "badges:achievement_svg", (MILESTONE.key,), OPEN),
    ("get", "badges:issuer_detail", (), OPEN),
    ("get", "badges:key_list", (), OPEN),
    ("get", "badges:key_detail", ("no-such-key",), dict.fromkeys(PEOPLE, 404)),
    ("get", "badges:status_list", (0,), OPEN),
    ("get", "jwks", (), OPEN),
    ("get", "learner_card", (1,), MENTORS_ROW),
    ("post", "note_add", (1,), MENTORS_ROW),
    ("post", "agreement_add", (1,), MENTORS_ROW),
    ("get", "note_change", (1,), MENTORS_ROW),
    ("post", "note_remove", (1,), MENTORS_ROW),
    ("post", "note_restore", (1,), MENTORS_ROW),
    ("get", "cohort_detail", ("winter",), MENTORS_ROW),
    ("post", "cohort_export", ("winter",), MENTORS_ROW),
    ("get", "mentoring:queue", (), MENTORS_PAGE),
    ("post", "mentoring:claim_next", (), MENTORS_PAGE | {"mentor": 422}),
    ("get", "mentoring:submission_detail", (1,), MENTORS_ROW),
    *(
        ("post", f"mentoring:submission_{verb}", (1,), MENTORS_ROW)
        for verb in ("claim", "release", "extend", "draft", "return", "approve", "comment")
    ),
    ("get", "mentoring:evidence_file", (1,), NOBODYS_MOVE),
    ("get", "mentoring:evidence_picture", (1,), NOBODYS_MOVE),
    ("get", "mentoring:evidence_sound", (1,), NOBODYS_MOVE),
    ("get", "mentoring:evidence_detail", (1,), NOBODYS_MOVE),
    ("get", "mentoring:evidence_changes", (2, 1), NOBODYS_MOVE),
    ("get", "mentoring:reply_list", (), MENTORS_PAGE),
    ("get", "mentoring:reply_change", (1,), MENTORS_ROW),
    ("post", "mentoring:reply_delete", (1,), MENTORS_ROW),
    ("get", "mentoring:cohort_list", (), MENTORS_PAGE),
    ("get", "mentoring:invite_list", ("winter",), MENTORS_ROW),
    ("post", "mentoring:invite_revoke", (1,), MENTORS_ROW),
    ("post", "mentoring:invite_restore", (1,), MENTORS_ROW),
    ("get", "mentoring:handover", ("winter", 1), MENTORS_ROW),
    ("get", "mentoring:away", (), MENTORS_ROW),
    ("post", "mentoring:back", (), MENTORS_ROW),
    ("get", "cohort_join", ("none",), NOBODYS_MOVE),
    ("get", "mentoring:cohort_leave", ("winter",), NOBODYS_MOVE),
    ("get", "membership_list", (), PERSONAL),
    ("get", "look_list", (), PERSONAL),
    ("get", "agreement_list", (), PERSONAL),
    ("post", "agreement_settle", (1,), NOBODYS_MOVE),
    ("post", "agreement_resume", (1,), NOBODYS_MOVE),
    ("get", "dashboard", (), PERSONAL),
    ("get", "accounts:profile", (), PERSONAL),
    ("get", "accounts:channels", (), PERSONAL),
    ("get", "notifications:notification_list", (), PERSONAL),
    ("post", "notifications:notification_read", (1,), OWN_MOVE),
    ("post", "notifications:notification_read_all", (), MOVES),
    ("get", "notifications:unsubscribe", ("none",), dict.fromkeys(PEOPLE, 404)),
    ("get", "usersessions_list", (), PERSONAL),
    ("post", "theme_set", (), dict.fromkeys(PEOPLE, 302)),
    ("post", "interviews:answer_record", QUESTION, REFUSED),
    ("get", "interviews:recording_play", BADGE, NOBODYS_MOVE),
    ("get", "interviews:recording_delete", BADGE, NOBODYS_MOVE),
    ("get", "interviews:review_list", (), PERSONAL),
    ("get", "interviews:mentor_review", ("answer", *ATTEMPT), OWN_PAGE),
    ("post", "interviews:review_send", ("answer", *ATTEMPT), OWN_REFUSED),
    ("post", "interviews:review_send_again", ("answer", *ATTEMPT), OWN_REFUSED),
    ("post", "interviews:review_ask_another", ("answer", *ATTEMPT), OWN_REFUSED),
    ("post", "interviews:review_withdraw", ("answer", *ATTEMPT), NOBODYS_MOVE),
    ("post", "interviews:review_comment", ("answer", *ATTEMPT), NOBODYS_MOVE),
    ("get", "interviews:calibration", (), PERSONAL),
    ("get", "interviews:sample_detail", (*QUESTION, 9), NOBODYS_MOVE),
    ("post", "interviews:sample_score", (*QUESTION, 9), NOBODYS_MOVE),
    ("get", "interviews:practice_export", (), PERSONAL),
    ("post", "interviews:export_tables", (), PERSONAL),
    ("post", "interviews:export_deck", (), REFUSED),
    ("get", "search", (), OPEN),
    ("get", "search_suggest", (), OPEN),
    ("get", "search_description", (), OPEN),
    ("get", "sources", (), OPEN),
    ("get", "accessibility", (), OPEN),
    ("get", "privacy", (), OPEN),
    ("get", "robots", (), OPEN),
    ("get", "sitemap", (), OPEN),
    ("get", "healthz", (), OPEN),
    ("get", "readyz", (), OPEN),
    ("get", "devmail_list", (), OPEN),
    ("get", "devmail_detail", ("none",), dict.fromkeys(PEOPLE, 404)),
    ("get", "admin:index", (), {person: 200 if person in ("editor", "staff") else 302 for person in PEOPLE}),
]
POSTED = {"state": "done", "decision": "stay", "publication": "2", "theme": "dark", "shows_evidence": "titles"}
POSTED |= {"place": "1"}


@pytest.fixture(scope="module")
def sessions(module_rows) -> dict[str, str]:
    """The session of each kind of person. The learner is on the roadmap, has an offer to decide on and a program."""
    with module_rows():
        analytics = Role.objects.get(slug=ANALYTICS)
        learner = UserFactory(email="ines@example.org", display_name="Ines Okonjo")
        enrol(learner=learner, role=analytics)
        Program.objects.create(pk=1, learner=learner, place=1, name="State University")
        facts = {"kind": "returned", "title": "Returned", "url": "/", "key": "1", "mail": "none"}
        Notification.objects.create(pk=1, person=learner, created_at=timezone.now(), **facts)
        issued_as(*BADGE, learner)
        issued_as(*CERTIFICATE, learner, ROADMAP, source="roadmap:1")
        aim_at(learner, analytics)
        lock_answer(
            learner=learner,
            question=Question.objects.get(slug=QUESTION[0]),
            attempt=UUID(ATTEMPT[0]),
            text="",
            seconds=9,
            now=timezone.now(),
        )
        begun(learner, analytics, now=timezone.now(), key=MOCK[0])
        add_goal(analytics)
        publish(analytics, by=None)
        users = {
            "learner": learner,
            "other": UserFactory(email="tom@example.org", display_name="Tom Berger"),
            "mentor": UserFactory(is_mentor=True),
            "editor": UserFactory(is_staff=True),
            "staff": UserFactory(is_staff=True, is_superuser=True),
        }
        users["editor"].groups.add(Group.objects.get(name=GROUP))
        return {name: _session_of(user) for name, user in users.items()}


def _session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def people(sessions: dict[str, str], db: None) -> dict[str, Client]:
    """A browser for each kind of person."""
    clients = {"visitor": Client(), **{name: Client() for name in sessions}}
    for name, key in sessions.items():
        clients[name].cookies[settings.SESSION_COOKIE_NAME] = key
    return clients


def test_every_url_of_ours_is_in_the_table():
    stated = {name for _, name, _, _ in TABLE}
    missing = []
    for route, _ in our_views():
        if route.startswith("/admin/"):
            continue
        if not any(_leads_to(name, route) for name in stated):
            missing.append(route)
    assert missing == []


def _leads_to(name: str, route: str) -> bool:
    args = next(args for _, stated, args, _ in TABLE if stated == name)
    args = tuple("00000000-0000-0000-0000-000000000000" if arg == "GOAL" else arg for arg in args)
    url = reverse(name, args=args)
    pattern = route
    for part in (
        "<slug:slug>",
        "<slug:name>",
        "<slug:thumbprint>",
        "<uuid:key>",
        "<uuid:attempt>",
        "<uuid:uuid>",
        "<uuid:mock>",
        "<int:number>",
        "<int:piece>",
        "<int:before>",
        "<str:token>",
        "<slug:token>",
        "<slug:kind>",
    ):
        pattern = pattern.replace(part, "\0")
    return len(pattern.split("/")) == len(url.split("/")) and all(
        want in ("\0", got) for want, got in zip(pattern.split("/"), url.split("/"), strict=True)
    )


@pytest.mark.parametrize(("method", "name", "args", "expected"), sampled(TABLE, every=3), ids=[row[1] for row in TABLE])
def test_each_person_gets_what_the_table_says(people, analytics, method, name, args, expected):
    args = tuple(first_goal(analytics).key if arg == "GOAL" else arg for arg in args)
    url = reverse(name, args=args)
    met = {person: _status_of(getattr(client, method)(url, POSTED)) for person, client in people.items()}
    assert met == expected


def _status_of(response: HttpResponse) -> int:
    if response.streaming:
        b"".join(response)  # which closes its file
    return response.status_code


def test_slugs_of_the_table_exist(db):
    assert Skill.objects.filter(slug="hipaa").exists()
    assert Tool.objects.filter(slug="pandas").exists()
    assert Resource.objects.filter(slug="synthea").exists()


def test_a_learners_rows_are_nowhere_on_another_learners_pages(people, analytics):
    learner = User.objects.get(email="ines@example.org")
    goal = Goal.objects.filter(phase__role=analytics).first()
    set_state(learner=learner, role=ANALYTICS, goal=goal.key, state=State.DONE, now=timezone.now())
    enrol(learner=User.objects.get(email="tom@example.org"), role=analytics)
    pages = [("dashboard", ()), ("roadmaps:enrolment_list", ()), ("roadmaps:roadmap_detail", ROLE)]
    for url in (reverse(name, args=args) for name, args in pages):
        page = people["other"].get(url).content.decode()
        assert "Ines" not in page
        assert "1 of 18" not in page
    assert GoalState.objects.of(User.objects.get(email="tom@example.org")).count() == 0


def test_a_view_without_a_policy_fails_the_check(settings):
    def bare(request):
        return HttpResponse()

    settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": [path("bare/", bare)]})
    (error,) = every_view_states_a_policy(None)
    assert (error.id, error.msg) == ("accounts.E001", "The view of /bare/ states no policy.")


def test_the_check_is_content_with_every_view_of_ours():
    assert every_view_states_a_policy(None) == []


@pytest.mark.parametrize(
    ("policy", "user", "let_in"),
    [
        (access.mentor, User(is_mentor=True), True),
        (access.mentor, User(), False),
        (access.mentor, User(is_staff=True), False),
        (access.staff, User(is_staff=True), True),
        (access.staff, User(is_mentor=True), False),
    ],
)
def test_policies_for_some_turn_the_others_away(policy, user, let_in):
    request = RequestFactory().get("/")
    request.user = user
    view = policy(lambda request: HttpResponse())
    if let_in:
        assert view(request).status_code == 200
    else:
        with pytest.raises(PermissionDenied):
            view(request)


def test_only_the_visitors_policy_opens_a_view_to_everybody():
    def view(request):
        return HttpResponse()

    assert access.visitor(view).login_required is False
    assert AnonymousUser().is_authenticated is False
    for policy in (access.learner, access.mentor, access.staff):
        assert getattr(policy(lambda request: HttpResponse()), "login_required", True)

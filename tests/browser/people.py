"""Learners at different points of their way, for whom pages look different."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.kinds import Kind
from accounts.models import Notification, User
from accounts.notifying import notify
from badges.issuing import allow, revoke
from badges.models import Shown
from interviews import mocking
from interviews.aiming import add_aim
from interviews.mocking import OlderError
from interviews.models import Mock, Score
from interviews.practice import lock_answer
from interviews.rubric import Grade
from mentoring import blocking, gathering
from mentoring.gathering import Piece, StoredFile
from roadmaps.enrolling import enrol
from roadmaps.models import Enrolment, GoalState, Publication, State
from roadmaps.publishing import publish
from roles.models import Goal, Phase, Program, ProgramCheck, Role
from tests.badges.achieved import ROADMAP, issued, issued_as
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION
from tests.factories import UserFactory
from tests.interviews import mocked, practicing
from tests.mentoring.people import make_mentor
from tests.roadmaps import handing
from tests.roadmaps.drafts import add_criterion, add_goal, replace, retire, reword

LAST_VISIT = timedelta(days=3)


def newcomer() -> User:
    """An account, and nothing else."""
    return UserFactory(email="new@example.org")


def beginner() -> User:
    """A few days in on one roadmap: two goals done, one begun."""
    learner = UserFactory(email="ines@example.org", display_name="Ines Okonjo", visited_at=timezone.now() - LAST_VISIT)
    follow(learner, ANALYTICS, [State.DONE] * 2 + [State.DOING])
    return learner


def veteran() -> User:
    """On all three roadmaps, one of them finished, with skipped goals, credit from one to another, a roadmap that was
    reworded since the last visit and one of which a new edition waits.
    """
    learner = UserFactory(
        email="maximiliana.konstantinopoulou@hospital.example.org",
        display_name="Maximiliana Konstantinopoulou-Featherstonehaugh",
        timezone="America/Argentina/ComodRivadavia",
        visited_at=timezone.now() - LAST_VISIT,
    )
    follow(learner, ANALYTICS, [State.DONE, State.SKIPPED, State.DOING, State.DONE] * 3)
    follow(learner, COORDINATION, [State.DONE] * 99)
    follow(learner, CHRONIC, [State.DONE])
    reword(Goal.objects.filter(phase__role__slug=CHRONIC).first(), "Say it in other words than before")
    publish(Role.objects.get(slug=CHRONIC), by=None, note="Clearer words.")
    publish_major_change()
    return learner


def leaver() -> User:
    """Left a roadmap after a first goal."""
    learner = beginner()
    Enrolment.objects.of(learner).update(left_at=timezone.now())
    return learner


# Known beforehand, so that the link of a mail to them can be.
MAILED = 990_001


def mailed() -> User:
    """Has so many notifications that they take several pages, of every kind, some of them read."""
    learner = UserFactory(pk=MAILED, email="ines@example.org", display_name="Ines Okonjo", is_mentor=True)
    now = timezone.now()
    for number, kind in enumerate([*Kind] * 9):
        title = f"{kind.label}: a model of readmissions within thirty days, with a plot of how sure it is"
        text = "Two criteria are met, one is not." * (number % 3)
        at = now - timedelta(hours=9 * number)
        notify(person=learner, kind=kind, title=title, text=text, url="/roles/", key=f"{number}", now=at)
    Notification.objects.of(learner).filter(created_at__lt=now - timedelta(days=2)).update(read_at=now)
    return learner


def chooser() -> User:
    """Weighs two degree programs against each other."""
    learner = UserFactory(email="ines@example.org", display_name="Ines Okonjo")
    checked = list(ProgramCheck.objects.values_list("slug", flat=True)[:5])
    Program.objects.create(learner=learner, place=1, name="State University", checked=checked, note="Ask in May.")
    Program.objects.create(learner=learner, place=2, name="Medizinisch-Naturwissenschaftliche Universität", checked=[])
    return learner


BADGE = "7f0c1ad0-51ce-4d0e-9d55-0c6a7f1f7a01"
REVOKED = "7f0c1ad0-51ce-4d0e-9d55-0c6a7f1f7a03"


def achiever() -> User:
    """Has a badge that shows all, a certificate that shows nothing, and a badge that was revoked."""
    learner = UserFactory(email="ines@example.org", display_name="Ines Okonjo")
    badge = issued_as(BADGE, learner)
    allow(badge, by=learner, shows_name=True, shows_evidence=Shown.LINKS)
    issued(learner, ROADMAP, source="roadmap:1")
    issued_as(REVOKED, learner, source="decision:18")
    revoke(source="decision:18", by=None, reason="The repository turned out to be somebody else's.", now=timezone.now())
    return learner


MOCK = UUID("7f0c1ad0-51ce-4d0e-9d55-0c6a7f1f7a04")


def interviewee() -> User:
    """In the middle of a mock interview, with a text that was written on another device set aside."""
    learner = UserFactory(email="ines@example.org", display_name="Ines Okonjo")
    mock = mocked.begun(learner, Role.objects.get(slug=ANALYTICS), now=timezone.now(), key=MOCK)
    mocked.saved(mock, "First I would ask what the table is for.", editor=mocked.OTHER, now=timezone.now())
    with suppress(OlderError):
        mocked.saved(mock, "On the phone I had begun otherwise.", now=timezone.now())
    return learner


def mock_grader() -> User:
    """Has finished a mock interview in time, with a question left empty, and has scored a part of it."""
    learner = interviewee()
    mock, now = Mock.objects.get(), timezone.now()
    mocked.saved(mock, "Claims say what was paid, not what was done.", place=2, now=now)
    mocking.finish(mock=mock, by=learner, now=now)
    mocking.keep_marks(mock=mock, marks={1: mocked.marks(3, 2)}, by=learner, now=now)
    return learner


def mock_veteran() -> User:
    """Has graded four mock interviews, and left one."""
    learner, role = mock_grader(), Role.objects.get(slug=ANALYTICS)
    mocked.scored(Mock.objects.get(), {1: mocked.marks(1, 2, 2, 2)}, now=timezone.now())
    for days in (1, 2, 3):
        now = timezone.now() - timedelta(days=9 * days)
        mock = mocked.ended(learner, role, now=now)
        mocked.scored(mock, {1: mocked.marks(*[4 - days] * 4)}, now=now)
    left = mocked.begun(learner, role, now=timezone.now())
    mocking.leave(mock=left, by=learner, now=timezone.now())
    return learner


def gatherer() -> User:
    """Gathered a link, notes and a file for the first milestone; nothing is handed in."""
    learner = beginner()
    role = Role.objects.get(slug=ANALYTICS)
    thread = handing.gathered(learner, role, pieces=6, now=timezone.now())
    criteria = [UUID(each.key) for each in handing.asked(role).criteria]
    link = Piece("Queries on synthetic patients, with a README", criteria, url=f"https://example.org/{'omop' * 30}")
    file = StoredFile("pdf", "00/00/none", f"what-governs-{'such-' * 16}data.pdf", 2_400_000, "0" * 64)
    for piece in (link, Piece("What governs such data, in plain words", criteria[3:], file=file)):
        gathering.add(thread=thread, piece=piece, by=learner, key=uuid4(), now=timezone.now())
    gathering.take_away(evidence=handing.pieces(thread)[0], by=learner, now=timezone.now())
    return learner


def waiter() -> User:
    """Handed in the first milestone, and waits for a mentor."""
    learner = beginner()
    role = Role.objects.get(slug=ANALYTICS)
    handing.handed_in(learner, role, message="Is my join right?", now=timezone.now() - timedelta(hours=30))
    return learner


def reviser() -> User:
    """One milestone came back three times, one waits, one is approved; and something is in the way."""
    learner = beginner()
    role, now = Role.objects.get(slug=ANALYTICS), timezone.now()
    ruth = make_mentor(role, name="Ruth Adeyemi")
    thread = handing.returned(learner, role, ruth, now=now - timedelta(days=20))
    for days in (12, 2):
        thread = handing.again(thread, role, ruth, now=now - timedelta(days=days))
    handing.handed_in(learner, role, number=2, now=now)
    handing.approved(learner, role, ruth, number=3, now=now)
    blocking.state(learner=learner, role=role, text="Nobody answers my request for access to the data.", now=now)
    return learner


def aspirant() -> User:
    """Aims at an interview, and has answered nothing yet."""
    learner = UserFactory(email="new@example.org")
    add_aim(learner=learner, role=Role.objects.get(slug=ANALYTICS), level=5, interview_on=None, now=timezone.now())
    return learner


# An answer that was locked, and waits for its grade.
ANSWER = "7f0c1ad0-51ce-4d0e-9d55-0c6a7f1f7a05"


def practitioner() -> User:
    """Has practiced for months, a mentor scored an answer, one is not graded yet; the interview is in forty days."""
    learner = UserFactory(email="ines@example.org", display_name="Ines Okonjo")
    role, now = Role.objects.get(slug=ANALYTICS), timezone.now()
    add_aim(learner=learner, role=role, level=5, interview_on=now.date() + timedelta(days=40), now=now)
    grades = ((150, Grade.GOOD), (148, Grade.GOOD), (130, Grade.AGAIN), (60, Grade.HARD), (20, Grade.GOOD))
    for question in practicing.questions(role, 2):
        for days, rating in grades:
            review = practicing.graded(learner, question, now=now - timedelta(days=days), rating=rating)
    text = "It gives every hospital the same tables, so that one query runs on all of them."
    lock_answer(learner=learner, question=question, attempt=UUID(ANSWER), text=text, seconds=90, now=now)
    facts = {"substance": 2, "reasoning": 3, "grounding": 2, "delivery": 3, "rubric_version": 1, "scored_at": now}
    Score.objects.create(attempt=review.attempt, by="mentor", scorer=make_mentor(role, name="Ruth Adeyemi"), **facts)
    return learner


def prover() -> User:
    """Every milestone is approved."""
    learner = beginner()
    role, now = Role.objects.get(slug=ANALYTICS), timezone.now()
    ruth = make_mentor(role, name="Ruth Adeyemi")
    for phase in role.roadmap.phases:
        handing.approved(learner, role, ruth, number=phase.number, now=now)
    return learner


def follow(learner: User, role: str, states: list[State]) -> Enrolment:
    """Put the learner on a roadmap, its first goals in these states since a day ago."""
    enrolment = enrol(learner=learner, role=Role.objects.get(slug=role))
    at = timezone.now() - timedelta(days=1)
    GoalState.objects.bulk_create(
        GoalState(
            enrolment=enrolment,
            goal_id=UUID(key),
            state=state,
            changed_at=at,
            done_at=at if state == State.DONE else None,
        )
        for key, state in zip(enrolment.publication.roadmap.live_goals, states, strict=False)
    )
    return enrolment


def publish_major_change() -> Publication:
    """An edition of the analytics roadmap with a change of every sort that a diff can show."""
    role = Role.objects.get(slug=ANALYTICS)
    goals = list(Goal.objects.filter(phase__role=role).order_by("phase__order", "order"))
    reword(goals[0], "Explain, in your own words, where a number on a dashboard of a hospital comes from")
    replace(goals[3], "Draw a table from two sources that do not agree")
    replace(goals[7], "Say what a model is for", "Say what a model is not for")
    retire(goals[8])
    add_goal(role, phase=2, text="Read one chart aloud to somebody who has never seen it")
    add_criterion(role, phase=1)
    Phase.objects.filter(role=role, order=3).update(title="Models that people can question")
    publication = publish(role, by=None, note="The field moved on: two goals were too broad, one was out of date.")
    assert publication is not None
    assert publication.kind == "major"
    return publication

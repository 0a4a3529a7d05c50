"""Learners at different points of their way, for whom pages look different."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from roadmaps.enrolling import enrol
from roadmaps.models import Enrolment, GoalState, Publication, State
from roadmaps.publishing import publish
from roles.models import Goal, Phase, Program, ProgramCheck, Role
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION
from tests.factories import UserFactory
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


def chooser() -> User:
    """Weighs two degree programs against each other."""
    learner = UserFactory(email="ines@example.org", display_name="Ines Okonjo")
    checked = list(ProgramCheck.objects.values_list("slug", flat=True)[:5])
    Program.objects.create(learner=learner, place=1, name="State University", checked=checked, note="Ask in May.")
    Program.objects.create(learner=learner, place=2, name="Medizinisch-Naturwissenschaftliche Universität", checked=[])
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

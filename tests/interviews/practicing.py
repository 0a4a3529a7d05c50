"""Learners who practice, made by the real actions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from accounts.models import User
from interviews import aiming, practice, rubric
from interviews.models import Attempt, Question, Review, SampleAnswer
from interviews.rubric import Grade, Scores
from roles.models import Role

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FAIR = Scores(3, 3, 3, 3)


def on_day(days: float) -> datetime:
    """That many days after `NOW`."""
    return NOW + timedelta(days=days)


def questions(role: Role, count: int) -> list[Question]:
    return list(Question.objects.open().of(role).order_by("slug")[:count])


def aim_at(learner: User, role: Role, *, level: int = 5) -> None:
    aiming.add_aim(learner=learner, role=role, level=level, interview_on=None, now=NOW)


def answered(learner: User, question: Question, *, now: datetime = NOW, text: str = "My answer.") -> Attempt:
    return practice.lock_answer(learner=learner, question=question, attempt=uuid4(), text=text, seconds=90, now=now)


def graded(
    learner: User, question: Question, *, now: datetime = NOW, rating: Grade = Grade.GOOD, scores: Scores = FAIR
) -> Review:
    attempt = answered(learner, question, now=now)
    return practice.grade(attempt=attempt, rating=rating, scores=scores, points=[1], by=learner, now=now)


WHY = "Substance 2: half of it. Reasoning 3: two ways. Grounding 1: nobody is named. Delivery 4: short."


def sample_of(
    question: Question, number: int = 1, *, scores: tuple[int, int, int, int] = (2, 3, 1, 4), why: str = WHY
) -> SampleAnswer:
    """A sample answer with what our editors gave it, by default what `WHY` says."""
    given = dict(zip(rubric.NAMES, scores, strict=True))
    return SampleAnswer.objects.create(question=question, number=number, text="I would look into it.", why=why, **given)

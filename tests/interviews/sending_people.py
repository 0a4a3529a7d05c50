"""Answers and mock interviews with mentors, in whatever state a test needs, made by the real actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from accounts.models import User
from interviews import sending
from interviews.asking import KEYS
from interviews.matters import Matter, answer_matter, mock_matter
from interviews.models import Attempt, Mock, MockQuestion, Question
from interviews.rubric import Grade, Scores
from interviews.sending import Sent
from mentoring import review
from mentoring.deciding import Judgment
from mentoring.models import Thread
from tests.interviews.practicing import FAIR, NOW, answered, graded

STRONG, WEAK = Scores(3, 4, 3, 3), Scores(2, 3, 1, 2)


def judgment(scores: Scores, *, next_step: str = "", remarks: Mapping[str, str] | None = None) -> Judgment:
    by_key = {KEYS[name]: score for name, score in scores.by_name.items()}
    return Judgment(scores=by_key, next_step=next_step, remarks=remarks or {})


def matter_of(attempt: Attempt) -> Matter:
    return answer_matter(Attempt.objects.for_page().get(pk=attempt.pk))


def mock_of(mock: Mock) -> Matter:
    row = Mock.objects.with_role().get(pk=mock.pk)
    return mock_matter(row, list(MockQuestion.objects.on(row).for_grading()))


def own_answer(
    learner: User, question: Question, *, now: datetime = NOW, rating: Grade = Grade.GOOD, scores: Scores = FAIR
) -> Matter:
    """Answered and graded by its learner."""
    return matter_of(graded(learner, question, now=now, rating=rating, scores=scores).attempt)


def ungraded(learner: User, question: Question, *, now: datetime = NOW) -> Matter:
    return matter_of(answered(learner, question, now=now))


def form(matter: Matter, *, key: UUID | None = None, message: str = "", with_recording: bool = False) -> Sent:
    return Sent(matter.roles[0], message, with_recording, key or uuid4())


def sent(matter: Matter, *, now: datetime = NOW, key: UUID | None = None, **more: object) -> Thread:
    return sending.send(matter=matter, sent=form(matter, key=key, **more), by=matter.learner, now=now)


def claimed(thread: Thread, mentor: User, *, now: datetime = NOW) -> Thread:
    return review.claim(thread=thread, by=mentor, key=uuid4(), now=now)


def approved(thread: Thread, mentor: User, scores: Scores = STRONG, *, now: datetime = NOW) -> Thread:
    claimed(thread, mentor, now=now)
    return review.approve(thread=thread, judgment=judgment(scores), by=mentor, key=uuid4(), now=now)


def returned(thread: Thread, mentor: User, scores: Scores = WEAK, *, now: datetime = NOW) -> Thread:
    claimed(thread, mentor, now=now)
    said = judgment(scores, next_step="Name the patient whom it reaches.")
    return review.return_(thread=thread, judgment=said, by=mentor, key=uuid4(), now=now)

"""Interview practice of the demo learner: four weeks of it, two mock interviews, and a dozen questions due today."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from accounts.models import User
from config.demo.asked import asked
from config.demo.people import ANALYTICS
from interviews import aiming, mocking, practice
from interviews.days import study_day
from interviews.mocking import Marks, Sent
from interviews.models import Aim, Card, MockQuestion, Question
from interviews.queue import queue_of
from interviews.rubric import NAMES, Grade, Scores
from roles.models import Role

WEEKS, DUE = 4, 12
# Keys of the forms that nobody sent: the same on every machine.
_FORMS = UUID("3c2e9f0a-52d1-4bb5-8a53-6d9d7d0c8e47")
# What a learner gives themselves, by how well it went.
_SCORES = {
    Grade.AGAIN: (Scores(1, 2, 2, 2), Scores(2, 2, 1, 2)),
    Grade.HARD: (Scores(2, 3, 2, 3), Scores(3, 2, 2, 3)),
    Grade.GOOD: (Scores(3, 3, 3, 3), Scores(3, 3, 3, 4)),
    Grade.EASY: (Scores(4, 4, 4, 3), Scores(4, 4, 3, 4)),
}
_CHANCES = {Grade.AGAIN: 2, Grade.HARD: 4, Grade.GOOD: 11, Grade.EASY: 3}


def practiced(learner: User, mentors: Sequence[User], *, now: datetime) -> None:
    """Four weeks of practice for analytics, with days off, until so many questions are due. Once."""
    if Aim.objects.of(learner).exists():
        return
    began = now - timedelta(weeks=WEEKS)
    role = Role.objects.get(slug=ANALYTICS)
    interview = (now + timedelta(weeks=15)).date()
    aiming.add_aim(learner=learner, role=role, level=3, interview_on=interview, now=began)
    aiming.set_habits(learner=learner, reviews_a_day=DUE, new_a_day=3, keys=True, recording=False)
    chance = random.Random("practice")  # noqa: S311  (seeded on purpose)
    for day in range(WEEKS * 7):
        at = began + timedelta(days=day, hours=-1)
        if day % 7 != 6:  # a day of rest a week
            _one_day(learner, at, chance)
        if _due(learner, now) >= DUE and day > 18:
            break
    for days in (9, 3):
        _mock(learner, role, now - timedelta(days=days), chance)
    asked(learner, mentors, now=now)
    _leave_due(learner, now)


def _mock(learner: User, role: Role, at: datetime, chance: random.Random) -> None:
    """A short one, answered in time."""
    mock = mocking.start(
        learner=learner, role=role, level=2, count=3, minutes=15, key=uuid5(_FORMS, f"mock {at}"), seed=at.day, now=at
    )
    questions = list(MockQuestion.objects.on(mock).for_grading())
    for slot in questions:
        text = _said(slot.question, chance)
        done = at + timedelta(minutes=4 * slot.place)
        opened = done - timedelta(minutes=4)
        sent = Sent(place=slot.place, text=text, revision=0, editor=_FORMS, opened_at=opened)
        mocking.save(mock=mock, sent=sent, by=learner, now=done)
    ended = at + timedelta(minutes=14)
    mocking.finish(mock=mock, by=learner, now=ended)
    marks = {slot.place: _marks(slot.question, chance) for slot in questions}
    mocking.keep_marks(mock=mock, marks=marks, by=learner, now=ended)
    mocking.grade(mock=mock, by=learner, now=ended + timedelta(minutes=6))


def _marks(question: Question, chance: random.Random) -> Marks:
    scores = chance.choice(_SCORES[chance.choice((Grade.HARD, Grade.GOOD))])
    points = [place for place in range(1, len(question.key_points) + 1) if chance.random() < 0.6]
    return Marks({name: getattr(scores, name) for name in NAMES}, points)


def _one_day(learner: User, at: datetime, chance: random.Random) -> None:
    today = study_day(at, learner.zone)
    for place in range(8):
        queue = queue_of(learner, today=today)
        number = queue.next()
        if number is None:
            return
        question = Question.objects.get(pk=number)
        moment = at + timedelta(minutes=4 * place)
        attempt = practice.lock_answer(
            learner=learner,
            question=question,
            attempt=uuid5(_FORMS, f"{today} {question.slug}"),
            text=_said(question, chance),
            seconds=chance.randint(70, 330),
            now=moment,
        )
        rating = chance.choices(list(_CHANCES), weights=list(_CHANCES.values()))[0]
        points = [place for place in range(1, len(question.key_points) + 1) if chance.random() < 0.3 + rating * 0.15]
        practice.grade(
            attempt=attempt,
            rating=rating,
            scores=chance.choice(_SCORES[rating]),
            points=points,
            by=learner,
            now=moment + timedelta(minutes=2),
        )


def _said(question: Question, chance: random.Random) -> str:
    """An answer in note form: some of the key points, as one says them after a week."""
    made = [point for point in question.key_points if chance.random() < 0.6] or question.key_points[:1]
    return "I would begin with this. " + ". ".join(point[0].upper() + point[1:] for point in made) + "."


def _due(learner: User, now: datetime) -> int:
    return queue_of(learner, today=study_day(now, learner.zone)).due


def _leave_due(learner: User, now: datetime) -> None:
    """Put off what is beyond a dozen, the strongest first, so that today is a good day's work."""
    today = study_day(now, learner.zone)
    due = Card.objects.due_for(learner, today).select_related("question").order_by("stability", "pk")
    for card in list(due[DUE:]):
        practice.bury(learner=learner, question=card.question, until=today + timedelta(days=1))

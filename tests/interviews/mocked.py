"""Mock interviews, made by the real actions, from a bank that is large enough."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from accounts.models import User
from interviews import mocking
from interviews.mocking import Marks, Sent
from interviews.models import Mock, MockAnswer, MockQuestion, Question
from roles.models import Role
from tests.interviews.practicing import NOW

EDITOR = UUID(int=1)
OTHER = UUID(int=2)


def bank(role: Role, *, each: int = 4, level: int = 3) -> list[Question]:
    """Questions of every category around a level, instead of those that the role has."""
    role.questions.clear()
    made = [
        Question(
            slug=f"{category}-{number}",
            category=category,
            level=level + number % 2,
            prompt=f"What about {category} {number}?",
            model_answer=f"The secret answer to {category} {number}.",
            key_points=[f"Secret point {category} {number} {point}" for point in (1, 2, 3)],
            follow_up="A secret follow-up.",
            family=f"{category}-{number}",
        )
        for category in Question.Category.values
        for number in range(each)
    ]
    role.questions.set(Question.objects.bulk_create(made))
    return made


def begun(
    learner: User, role: Role, *, count: int = 3, minutes: int = 15, now: datetime = NOW, key: UUID | None = None
) -> Mock:
    return mocking.start(
        learner=learner, role=role, level=3, count=count, minutes=minutes, key=key or uuid4(), seed=7, now=now
    )


def sent(text: str, *, place: int = 1, revision: int = 0, editor: UUID = EDITOR, **more: object) -> Sent:
    return Sent(place=place, text=text, revision=revision, editor=editor, **more)


def saved(mock: Mock, text: str, *, now: datetime = NOW, **fields: object) -> MockAnswer:
    return mocking.save(mock=mock, sent=sent(text, **fields), by=mock.learner, now=now)


def ended(learner: User, role: Role, *, count: int = 3, now: datetime = NOW) -> Mock:
    """All answered and finished."""
    mock = begun(learner, role, count=count, now=now)
    for place in range(1, count + 1):
        saved(mock, f"My answer to {place}.", place=place, now=now)
    return mocking.finish(mock=mock, by=learner, now=now)


def marks(*values: int, points: tuple[int, ...] = (1,)) -> Marks:
    names = ("substance", "reasoning", "grounding", "delivery")
    return Marks(dict(zip(names, values, strict=False)), list(points))


def scored(mock: Mock, by_place: dict[int, Marks], *, now: datetime = NOW) -> Mock:
    """Scored as said, and all others 3 on each criterion; graded."""
    places = MockQuestion.objects.on(mock).values_list("place", flat=True)
    given = {place: by_place.get(place, marks(3, 3, 3, 3)) for place in places}
    mocking.keep_marks(mock=mock, marks=given, by=mock.learner, now=now)
    mocking.grade(mock=mock, by=mock.learner, now=now)
    mock.refresh_from_db()
    return mock


def answer_at(mock: Mock, place: int = 1) -> MockAnswer:
    return MockAnswer.objects.get(slot__mock=mock, slot__place=place)

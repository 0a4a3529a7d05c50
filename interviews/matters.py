"""What a learner can send to a mentor: one of their answers, or a whole mock interview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.urls import reverse

from accounts.models import User
from interviews import asking, rubric
from interviews.models import Attempt, Mock, MockQuestion, MockState, Question, Recording, Scorer
from interviews.results import result_of
from mentoring.asked import Asked
from mentoring.models import Kind
from roles.models import Role

# The subject of an answer's review is made from this, the question and its version: the next answer to the same
# question belongs to the same review.
_QUESTIONS = UUID("0d1f7a3e-6a0e-4c43-9c37-5a4e1c0b8f16")
_LONGEST_TITLE = 150
_UNGRADED = "Grade it yourself first, so that the two scores can be compared."


@dataclass(frozen=True, slots=True)
class Said:
    """One text that the mentor reads."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What can be sent. Its review is that of `kind` and `subject`."""

    kind: Kind
    key: UUID  # in addresses
    subject: UUID
    learner: User
    title: str
    back_url: str
    obstacle: str  # why it cannot be sent, in one sentence; empty where it can
    asked: Asked
    said: Sequence[Said]
    own: Mapping[str, float]  # what the learner gave themselves, 1 to 4, by the names of criteria; or nothing
    roles: Sequence[Role]  # whose mentors may review it
    attempt: Attempt | None = None
    recording: Recording | None = None

    @property
    def url(self) -> str:
        """The learner's page of its review."""
        return review_url(self.kind, self.key)


def review_url(kind: Kind, key: UUID) -> str:
    """The learner's page of the review of an answer or a mock interview."""
    return reverse("interviews:mentor_review", args=[kind.value, key])


def answer_subject(question: Question, version: int) -> UUID:
    """What the review of all answers to this version of a question is about."""
    return uuid5(_QUESTIONS, f"{question.pk}:{version}")


def answer_matter(attempt: Attempt) -> Matter:
    """Of an answer that was read with `for_page()`: two queries."""
    question, on = attempt.question, attempt.revealed_at
    recording = getattr(attempt, "recording", None)
    heard = recording if recording is not None and recording.deleted_at is None else None
    own = attempt.scores.filter(by=Scorer.SELF).first()
    return Matter(
        kind=Kind.ANSWER,
        key=attempt.pk,
        subject=answer_subject(question, attempt.question_version),
        learner=attempt.learner,
        title=question.prompt,
        back_url=reverse("interviews:attempt_detail", args=[attempt.pk]),
        obstacle=_obstacle_of_answer(attempt, heard),
        asked=asking.asked_of_answer(question),
        said=[Said(f"Answer of {on:%B} {on.day}, {on.year}", attempt.text or "Spoken: listen to the recording.")],
        own=own.scores.by_name if own else {},
        roles=_roles_asking(question, attempt.learner),
        attempt=attempt,
        recording=heard,
    )


def mock_matter(mock: Mock, slots: Sequence[MockQuestion]) -> Matter:
    """Of a mock interview with its role, and its questions as `for_grading()` reads them."""
    on = mock.started_at
    is_graded = mock.state == MockState.GRADED
    means = result_of(slots).by_criterion if is_graded else []
    return Matter(
        kind=Kind.MOCK,
        key=mock.pk,
        subject=mock.pk,
        learner=mock.learner,
        title=f"Mock interview of {on:%B} {on.day}, {on.year}",
        back_url=reverse("interviews:mock_result", args=[mock.pk]),
        obstacle=_obstacle_of_mock(slots) if is_graded else _UNGRADED,
        asked=asking.asked_of_mock(mock, slots),
        said=[_said(slot) for slot in slots],
        own={each.name: mean.mean for each, mean in zip(rubric.CRITERIA, means, strict=False)},
        roles=[mock.role],
    )


def _obstacle_of_answer(attempt: Attempt, heard: Recording | None) -> str:
    review = getattr(attempt, "review", None)
    if attempt.question_version != attempt.question.version:
        return "The question means something else since you answered it. Answer it anew, and send that."
    if review is None or review.voided_at is not None:
        return _UNGRADED
    if not attempt.text and heard is None:
        return "There is nothing to read or to hear of it. Write your next answer, or record it."
    return ""


def _obstacle_of_mock(slots: Sequence[MockQuestion]) -> str:
    if all(slot.answer.is_empty for slot in slots):
        return "There is nothing to read in it: every answer was left empty."
    return ""


def _said(slot: MockQuestion) -> Said:
    title = f"{slot.place}. {slot.question.prompt}"
    short = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"
    return Said(short, slot.answer.text.strip() or "Left empty.")


def _roles_asking(question: Question, learner: User) -> list[Role]:
    """Those that ask the question and that the learner practices for; else all that ask it."""
    asks = list(Role.objects.filter(questions=question).defer("blueprint").order_by("order"))
    aimed = set(learner.aims.values_list("role", flat=True))
    return [role for role in asks if role.pk in aimed] or asks

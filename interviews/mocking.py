"""Mock interviews, from drawing to grading. The only writer of `Mock` and of all that hangs on it.

The mock's row is the lock: lock, read, decide, save. Whether its time is up is judged when it is read. What comes in
too late, or from a page that has not seen the newest text, is refused and set aside: nothing that somebody wrote is
lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet

from accounts.models import User
from interviews import drawing, practice, rubric
from interviews.drawing import Candidate, TooFewQuestionsError
from interviews.models import Aside, Attempt, Mock, MockAnswer, MockQuestion, MockScore, MockState, Question
from interviews.models.mocks import AsideReason
from interviews.rubric import Grade
from roles.models import Role

__all__ = ["TooFewQuestionsError"]

# What an answer that was left empty gets on each criterion.
EMPTY = 1
_SAVED = ("text", "revision", "editor", "sequence", "saved_at", "is_late")


class RunsAlreadyError(Exception):
    """Another mock interview of the learner is running."""

    def __init__(self, mock: Mock) -> None:
        super().__init__("another one is running")
        self.mock = mock


class NotRunningError(Exception):
    """It has ended. What was sent with the request, if anything, is set aside."""

    def __init__(self, mock: Mock) -> None:
        super().__init__("not running")
        self.mock = mock


class OlderError(Exception):
    """The text was changed elsewhere since the page that sends this one saw it. What it sends is set aside."""

    def __init__(self, answer: MockAnswer) -> None:
        super().__init__("older than what is saved")
        self.answer = answer


class NotGradableError(Exception):
    """It runs, was left early, or is graded already."""

    def __init__(self, mock: Mock) -> None:
        super().__init__("not to be graded")
        self.mock = mock


class IncompleteError(Exception):
    """`missing`: by place, the criteria without a score."""

    def __init__(self, missing: Mapping[int, list[str]]) -> None:
        super().__init__("not scored")
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page sends to be saved, with what it knows of what is saved already."""

    place: int
    text: str
    revision: int  # of the text that the page was made with
    editor: UUID  # the page
    sequence: int = 0  # counted by the page's script; 0 where none runs
    opened_at: datetime | None = None
    over: int | None = None  # the revision that the learner decided to replace, having seen it


@dataclass(frozen=True, slots=True)
class Marks:
    """Scores of one answer as far as they are given, and the key points made."""

    scores: Mapping[str, int]
    points: list[int]


# ---------------------------------------------------------------- beginning and ending


@transaction.atomic
def start(
    *, learner: User, role: Role, level: int, count: int, minutes: int, key: UUID, seed: int, now: datetime
) -> Mock:
    """Draw the questions and let the time run. A repeated post returns what the first one made.

    Raises RunsAlreadyError, TooFewQuestionsError; Mock.DoesNotExist where the key is somebody else's.
    """
    User.objects.select_for_update(no_key=True).get(pk=learner.pk)
    done = Mock.objects.filter(pk=key).first()
    if done is not None:
        if done.learner_id != learner.pk:
            raise Mock.DoesNotExist
        return done
    running = Mock.objects.of(learner).running().first()
    if running is not None and not _end_if_over(_locked(running, learner), now):
        raise RunsAlreadyError(running)
    drawn = drawing.draw(candidates=candidates(learner, role, now=now), count=count, level=level, seed=seed)
    mock = Mock.objects.create(
        pk=key,
        learner=learner,
        role=role,
        level=level,
        count=count,
        minutes=minutes,
        seed=seed,
        drawn_by=drawing.VERSION,
        started_at=now,
        ends_at=now + timedelta(minutes=minutes),
    )
    _lay_out(mock, [each.slug for each in drawn])
    return mock


def candidates(learner: User, role: Role, *, now: datetime) -> list[Candidate]:
    """The role's open questions, with how long ago the learner met each, in practice or in a mock: three queries."""
    rows = Question.objects.open().of(role)
    answered = dict(_last(Attempt.objects.of(learner).filter(question__in=rows), "revealed_at"))
    asked = dict(_last(MockQuestion.objects.filter(mock__learner=learner, question__in=rows), "mock__started_at"))
    found = []
    for each in rows.only("slug", "category", "level", "family"):
        moments = [met[each.pk] for met in (answered, asked) if each.pk in met]
        days = max(0, (now - max(moments)).days) if moments else None
        found.append(Candidate(each.slug, each.category, each.level, each.family, days))
    return found


def _last(rows: QuerySet[Any], moment: str) -> list[tuple[int, datetime]]:
    return list(rows.order_by().values_list("question").annotate(Max(moment)))


@transaction.atomic
def finish(*, mock: Mock, by: User, now: datetime) -> Mock:
    """End it. One that has ended stays as it is."""
    row = _locked(mock, by)
    if row.state == MockState.RUNNING:
        _end(row, MockState.ENDED, now)
    return row


@transaction.atomic
def leave(*, mock: Mock, by: User, now: datetime) -> Mock:
    """Leave early: it is not graded, and what was answered stays. Raises NotRunningError where it has ended."""
    row = _locked(mock, by)
    if row.state == MockState.LEFT:
        return row
    if row.is_over_at(now):
        raise NotRunningError(row)
    _end(row, MockState.LEFT, now)
    return row


# ---------------------------------------------------------------- answering


def save(*, mock: Mock, sent: Sent, by: User, now: datetime) -> MockAnswer:
    """Save what stands at one place. The same text again changes nothing but the time that is counted.

    Raises OlderError, NotRunningError: the text is set aside then, in this very call. MockQuestion.DoesNotExist where
    there is no such place, Mock.DoesNotExist for somebody else's.
    """
    refused, answer = _save(mock, sent, by, now)
    # Outside of the transaction: raised inside, what was set aside would be taken back.
    if refused is not None:
        raise refused
    return answer


@transaction.atomic
def _save(mock: Mock, sent: Sent, by: User, now: datetime) -> tuple[NotRunningError | OlderError | None, MockAnswer]:
    row = _locked(mock, by)
    slots = {each.place: each for each in MockQuestion.objects.on(row).for_running()}
    if sent.place not in slots:
        raise MockQuestion.DoesNotExist
    answer = slots[sent.place].answer
    is_new = sent.text != answer.text
    if row.is_over_at(now):
        if is_new:
            _set_aside(answer, sent, AsideReason.TOO_LATE, now)
        _end_if_over(row, now)
        return NotRunningError(row), answer
    if is_new and not _is_newer(sent, answer):
        _set_aside(answer, sent, AsideReason.OLDER, now)
        return OlderError(answer), answer
    counted = [each.answer.counted_at for each in slots.values() if each.answer.counted_at is not None]
    _count_time(row, answer, sent, max(counted, default=row.started_at), now)
    if is_new:
        if _replaces(sent, answer):
            _keep_replaced(answer, sent, now)
        answer.text, answer.saved_at = sent.text, now
        answer.revision += 1
        answer.is_late = row.is_late_at(now)
    if is_new or sent.editor == answer.editor:
        answer.sequence = max(sent.sequence, answer.sequence) if sent.editor == answer.editor else sent.sequence
        answer.editor = sent.editor
    answer.save(update_fields=[*_SAVED, "seconds", "counted_at"])
    return None, answer


def _is_newer(sent: Sent, answer: MockAnswer) -> bool:
    """Whether a page may replace what is saved: it has seen it, or it wrote it itself and has gone on since.

    The latter where the answer to a save was lost on the way, so that the page does not know its revision.
    """
    if sent.editor == answer.editor and sent.sequence and answer.sequence:
        return sent.sequence > answer.sequence
    return answer.revision in (sent.revision, sent.over)


def _replaces(sent: Sent, answer: MockAnswer) -> bool:
    return sent.over == answer.revision and sent.revision != answer.revision and bool(answer.text.strip())


def _count_time(row: Mock, answer: MockAnswer, sent: Sent, counted_until: datetime, now: datetime) -> None:
    """From opening the question, but no moment twice, on whichever question or page, and none after the deadline."""
    until = min(now, row.ends_at)
    begun = max(sent.opened_at or until, counted_until, row.started_at)
    answer.seconds += max(0, int((until - begun).total_seconds()))
    answer.counted_at = max(until, counted_until)


def _set_aside(answer: MockAnswer, sent: Sent, reason: AsideReason, now: datetime) -> None:
    if not sent.text.strip():
        return
    row, is_new = Aside.objects.get_or_create(
        slot_id=answer.slot_id,
        editor=sent.editor,
        reason=reason,
        defaults={"text": sent.text, "sequence": sent.sequence, "came_at": now},
    )
    if not is_new and sent.sequence >= row.sequence:
        row.text, row.sequence, row.came_at = sent.text, sent.sequence, now
        row.save(update_fields=["text", "sequence", "came_at"])


def _keep_replaced(answer: MockAnswer, sent: Sent, now: datetime) -> None:
    """What the learner decided against stays readable."""
    assert answer.editor is not None, "what was written has a page"
    Aside.objects.update_or_create(
        slot_id=answer.slot_id,
        editor=answer.editor,
        reason=AsideReason.REPLACED,
        defaults={"text": answer.text, "sequence": answer.sequence, "came_at": now},
    )


# ---------------------------------------------------------------- grading


@transaction.atomic
def keep_marks(*, mock: Mock, marks: Mapping[int, Marks], by: User, now: datetime) -> Mock:
    """Keep scores as they are given, by place; what is not given leaves what was. Raises NotGradableError."""
    row = _gradable(mock, by, now)
    for slot in MockQuestion.objects.on(row).filter(place__in=marks).select_related("answer"):
        if slot.answer.is_empty:
            continue
        given = {**marks[slot.place].scores, "points": sorted(marks[slot.place].points)}
        given |= {"rubric_version": rubric.VERSION, "scored_at": now}
        MockScore.objects.update_or_create(slot=slot, defaults=given)
    return row


@transaction.atomic
def grade(*, mock: Mock, by: User, now: datetime) -> int:
    """Close the grading: how many questions come back in practice sooner. A repeated post changes nothing.

    An answer that was left empty gets the lowest score. Weak questions that the learner practices fall due today.
    Raises NotGradableError, IncompleteError.
    """
    row = _locked(mock, by)
    if row.state == MockState.GRADED:
        return 0
    row = _gradable(row, by, now)
    slots = list(MockQuestion.objects.on(row).for_grading())
    for slot in slots:
        if slot.answer.is_empty:
            _score_empty(slot, now)
    missing = {slot.place: names for slot in slots if (names := _missing(slot))}
    if missing:
        raise IncompleteError(missing)
    row.state, row.graded_at = MockState.GRADED, now
    row.save(update_fields=["state", "graded_at"])
    weak = [slot.question_id for slot in slots if is_weak(slot)]
    return practice.bring_forward(learner=by, questions=weak, now=now)


def is_weak(slot: MockQuestion) -> bool:
    """Whether the rubric would have it come back at once."""
    scores = slot.score.scores
    return scores is not None and rubric.proposed(scores, in_time=True) == Grade.AGAIN


def _score_empty(slot: MockQuestion, now: datetime) -> None:
    lowest = dict.fromkeys(rubric.NAMES, EMPTY) | {"points": [], "rubric_version": rubric.VERSION, "scored_at": now}
    slot.score, _ = MockScore.objects.update_or_create(slot=slot, defaults=lowest)


def _missing(slot: MockQuestion) -> list[str]:
    score = getattr(slot, "score", None)
    return [name for name in rubric.NAMES if getattr(score, name, None) is None]


# ---------------------------------------------------------------- how


def _locked(mock: Mock, by: User) -> Mock:
    return Mock.objects.of(by).select_for_update(no_key=True).get(pk=mock.pk)


def _end(row: Mock, state: MockState, now: datetime) -> None:
    row.state = state
    row.ended_at = max(row.started_at, min(now, row.ends_at))
    row.save(update_fields=["state", "ended_at"])


def _end_if_over(row: Mock, now: datetime) -> bool:
    """Whether it is over. What the clock has ended is written down now."""
    if row.state == MockState.RUNNING and row.is_over_at(now):
        _end(row, MockState.ENDED, now)
    return row.state != MockState.RUNNING


def _gradable(mock: Mock, by: User, now: datetime) -> Mock:
    row = _locked(mock, by)
    _end_if_over(row, now)
    if row.state != MockState.ENDED:
        raise NotGradableError(row)
    return row


def _lay_out(mock: Mock, slugs: list[str]) -> None:
    rows = Question.objects.filter(slug__in=slugs).only("slug", "version", "category", "level")
    drawn = {each.slug: each for each in rows}
    slots = MockQuestion.objects.bulk_create(
        MockQuestion(
            mock=mock,
            place=place,
            question=drawn[slug],
            question_version=drawn[slug].version,
            category=drawn[slug].category,
            level=drawn[slug].level,
        )
        for place, slug in enumerate(slugs, 1)
    )
    MockAnswer.objects.bulk_create(MockAnswer(slot=slot) for slot in slots)

"""Answering and grading. The only writer of `Card`, `Attempt`, `Score` of oneself and `Review`.

The card's row is the lock: lock, read, decide, save. A grade decides first and is written only while the card still has
the version that was read, in one statement, which takes the lock. An answer is locked before the model answer opens. A
grade counts once for each card and study day; a second grader of the same card, and a second post of the same form,
change nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from interviews import rubric, scheduling
from interviews.days import study_day
from interviews.drafting import drop_draft
from interviews.models import Attempt, Card, Question, Review, Score, Scorer
from interviews.models.answers import LONGEST_SECONDS
from interviews.rubric import Grade, Scores
from interviews.writing import record

# An answer that took no longer than this is in time.
IN_TIME = 300


class AlreadyGradedError(Exception):
    """Somebody, in another tab or on another device, graded this question meanwhile; or this form was sent before."""

    def __init__(self, review: Review | None) -> None:
        super().__init__("already graded")
        self.review = review


class NothingToUndoError(Exception):
    """Nothing was graded today, or what was graded last was changed by something else since."""


@dataclass(frozen=True, slots=True)
class Option:
    """A grade with what it leads to."""

    grade: Grade
    due_day: date
    is_proposed: bool


@transaction.atomic
def lock_answer(*, learner: User, question: Question, attempt: UUID, text: str, seconds: int, now: datetime) -> Attempt:
    """Lock the answer, which opens the model answer. A repeated post returns what was locked first.

    Raises Attempt.DoesNotExist where the key is somebody else's.
    """
    card, _ = Card.objects.get_or_create(
        learner=learner, question=question, defaults={"question_version": question.version}
    )
    locked, _ = Attempt.objects.get_or_create(
        pk=attempt,
        defaults={
            "learner": learner,
            "question": question,
            "question_version": question.version,
            "card": card,
            "card_version": card.version,
            "text": text,
            "seconds": max(0, min(seconds, LONGEST_SECONDS)),
            "revealed_at": now,
        },
    )
    if locked.learner_id != learner.pk:
        raise Attempt.DoesNotExist
    drop_draft(learner=learner, question=question)
    return locked


def grade(
    *, attempt: Attempt, rating: Grade, scores: Scores, points: Collection[int], by: User, now: datetime
) -> Review:
    """Grade an answer, which says when the question comes back. One query where the answer comes with its card.

    Raises Attempt.DoesNotExist for somebody else's, AlreadyGradedError where the card was graded since the answer was
    locked, or the answer itself before.
    """
    if attempt.learner_id != by.pk:
        raise Attempt.DoesNotExist
    # As it was when the answer was locked, or nothing is written: all that is decided here holds for this version.
    card = copy(attempt.card)
    if card.version == attempt.card_version:
        today = _today(card, by, now)
        review = _reviewed(attempt, card, rating, scores, by=by, today=today, now=now)
        score = _scored(attempt, scores, points, by=by, now=now)
        if review.counted:
            _move(card, rating, today, attempt.question_version)
        if record(review, score, version=attempt.card_version, moved=card if review.counted else None):
            return review
    raise AlreadyGradedError(Review.objects.filter(attempt=attempt).first())


def options(card: Card, *, by: User, scores: Scores | None, in_time: bool, now: datetime) -> list[Option]:
    """The four grades with the day on which each brings the question back."""
    today = _today(card, by, now)
    wanted = rubric.proposed(scores, in_time=in_time) if scores else None
    return [Option(each, _after(card, each, today), each == wanted) for each in Grade]


@transaction.atomic
def undo(*, by: User, now: datetime) -> Review:
    """Take back the last grade of today: the card is as it was before, and the log says so.

    Raises NothingToUndoError.
    """
    today = study_day(now, by.zone)
    last = Review.objects.of(by).standing().filter(study_day__gte=today).order_by("-pk").first()
    if last is None:
        raise NothingToUndoError
    card = _locked(last.card_id)
    # Behind the lock: of two tabs that undo, the second finds it undone.
    row = Review.objects.select_for_update(no_key=True).get(pk=last.pk)
    newer = Review.objects.standing().filter(card=card, pk__gt=row.pk).exists()
    if row.voided_at is not None or newer:
        raise NothingToUndoError
    row.voided_at = now
    row.save(update_fields=["voided_at"])
    if row.counted:
        card.memory = row.before
        card.reps -= 1
        card.lapses -= _is_lapse(row.before, row.rating)
        card.question_version = row.before_version
        card.version += 1
        card.save()
    return row


@transaction.atomic
def bring_forward(*, learner: User, questions: Collection[int], now: datetime) -> int:
    """Let what is remembered of these questions fall due today: how many come back sooner than they would have.

    Never later, and nothing of what was not practiced yet: new questions come in their own order. The version stays, so
    that an answer which is being graded meanwhile is graded.
    """
    today = study_day(now, learner.zone)
    waiting = Card.objects.of(learner).filter(question__in=questions, due_day__gt=today)
    cards = list(waiting.order_by("pk").select_for_update(no_key=True))
    for card in cards:
        card.due_day = today
        card.save(update_fields=["due_day"])
    return len(cards)


@transaction.atomic
def heed(*, attempt: Attempt, scores: Scores, now: datetime) -> bool:
    """Let a mentor's scores bring the question back sooner, where they propose a lower grade than the learner took:
    to the day on which that grade would have brought it. Never later, and not where it was graded again since.

    Says whether it comes sooner. The version stays, as in `bring_forward`.
    """
    review = Review.objects.standing().filter(attempt=attempt, counted=True).first()
    given = rubric.proposed(scores, in_time=attempt.seconds <= IN_TIME)
    if review is None or given >= review.rating:
        return False
    card = _locked(review.card_id)
    again = Review.objects.standing().filter(card=card, counted=True, pk__gt=review.pk).exists()
    if again or card.due_day is None:
        return False
    memory = scheduling.schedule(memory=review.before, rating=given, study_day=review.study_day)
    sooner = scheduling.spread(memory, card=card.pk, reps=card.reps - 1).due_day
    due = max(sooner, study_day(now, card.learner.zone))
    if due >= card.due_day:
        return False
    card.due_day = due
    card.save(update_fields=["due_day"])
    return True


@transaction.atomic
def bury(*, learner: User, question: Question, until: date) -> None:
    """Not today: it comes back on that study day."""
    card = _card_of(learner, question)
    card.buried_until = until
    card.save(update_fields=["buried_until"])


@transaction.atomic
def suspend(*, learner: User, question: Question, now: datetime) -> None:
    """Not at all, until the learner takes it up again."""
    card = _card_of(learner, question)
    card.suspended_at = card.suspended_at or now
    card.save(update_fields=["suspended_at"])


@transaction.atomic
def resume(*, learner: User, question: Question) -> None:
    """Take up again what was put off or suspended."""
    card = _card_of(learner, question)
    card.suspended_at = card.buried_until = None
    card.save(update_fields=["suspended_at", "buried_until"])


def _card_of(learner: User, question: Question) -> Card:
    card, _ = Card.objects.get_or_create(
        learner=learner, question=question, defaults={"question_version": question.version}
    )
    return _locked(card.pk)


def _locked(card: int) -> Card:
    return Card.objects.select_for_update(no_key=True).get(pk=card)


def _today(card: Card, by: User, now: datetime) -> date:
    """The study day, and never one before the last: clocks go back, and people travel west."""
    today = study_day(now, by.zone)
    return max(today, card.last_day) if card.last_day is not None else today


def _after(card: Card, rating: Grade, today: date) -> date:
    if card.was_studied_on(today):
        assert card.due_day is not None, "a card that was studied has a due day"
        return card.due_day
    return _next_memory(card, rating, today).due_day


def _next_memory(card: Card, rating: Grade, today: date) -> scheduling.Memory:
    memory = scheduling.schedule(memory=card.memory, rating=rating, study_day=today)
    return scheduling.spread(memory, card=card.pk, reps=card.reps)


def _reviewed(
    attempt: Attempt, card: Card, rating: Grade, scores: Scores, *, by: User, today: date, now: datetime
) -> Review:
    memory = card.memory
    return Review(
        attempt=attempt,
        learner=by,
        card=card,
        question_version=attempt.question_version,
        rubric_version=rubric.VERSION,
        rating=rating,
        proposed=rubric.proposed(scores, in_time=attempt.seconds <= IN_TIME),
        counted=not card.was_studied_on(today),
        reviewed_at=now,
        study_day=today,
        timezone=by.timezone,
        seconds=attempt.seconds,
        scheduler=scheduling.SCHEDULER,
        recall=scheduling.recall(memory=memory, on=today) if memory else None,
        before_stability=card.stability,
        before_difficulty=card.difficulty,
        before_due_day=card.due_day,
        before_last_day=card.last_day,
        before_version=card.question_version,
    )


def _scored(attempt: Attempt, scores: Scores, points: Collection[int], *, by: User, now: datetime) -> Score:
    return Score(
        attempt=attempt,
        by=Scorer.SELF,
        scorer=by,
        rubric_version=rubric.VERSION,
        points=sorted(points),
        scored_at=now,
        **{name: getattr(scores, name) for name in rubric.NAMES},
    )


def _move(card: Card, rating: Grade, today: date, question_version: int) -> None:
    before = card.memory
    card.memory = _next_memory(card, rating, today)
    card.reps += 1
    card.lapses += _is_lapse(before, rating)
    card.question_version = question_version
    card.version += 1
    card.buried_until = None


def _is_lapse(before: scheduling.Memory | None, rating: int) -> bool:
    """Whether something was forgotten that had been remembered."""
    return before is not None and rating == Grade.AGAIN

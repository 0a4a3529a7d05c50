"""The daily queue: what comes next, and how much of it there is today. Read-only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.models import User
from interviews.models.cards import NEW_A_DAY, REVIEWS_A_DAY


@dataclass(frozen=True, slots=True)
class Queue:
    """A learner's practice on one study day."""

    due: int  # questions whose day has come
    fresh: int  # questions that the learner never answered, up to the level that they aim at
    reviewed: int  # old questions that were graded today
    begun: int  # new questions that were graded today
    weakest: int | None  # the due question with the weakest recall, by id
    newest: int | None  # the next new question, by id
    reviews_a_day: int
    new_a_day: int
    keys: bool
    recording: bool  # the learner wants to record answers
    aims: int
    to_calibrate: bool  # sample answers should be scored first

    @property
    def is_backlog(self) -> bool:
        """More is due than fits into a day, as after an absence: then nothing new begins."""
        return self.due > self.reviews_a_day

    @property
    def reviews_left(self) -> int:
        """Of what is due, how much is for today."""
        return min(self.due, max(0, self.reviews_a_day - self.reviewed))

    @property
    def new_left(self) -> int:
        return 0 if self.is_backlog else min(self.fresh, max(0, self.new_a_day - self.begun))

    @property
    def left(self) -> int:
        return self.reviews_left + self.new_left

    @property
    def done(self) -> int:
        return self.reviewed + self.begun

    @property
    def whole(self) -> int:
        """Today's share: what was answered and what is left of it."""
        return self.done + self.left

    def next(self, *, more: bool = False) -> int | None:
        """The question that comes next, by id; None where today is done. `more`: beyond what a day holds."""
        if self.reviews_left or (more and self.due):
            return self.weakest
        if self.new_left or (more and self.fresh):
            return self.newest
        return None


_TODAY = """
    SELECT interviews_queue_of(%s, %s), interviews_pace_of(%s), (
        SELECT count(*) FROM mentoring_thread t
        WHERE t.learner_id = %s AND t.kind IN ('answer', 'mock') AND t.state = 'returned'
    )
"""


def queue_of(learner: User, *, today: date) -> Queue:
    """The learner's queue on a study day: one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT interviews_queue_of(%s, %s)", [learner.pk, today])
        (found,) = cursor.fetchone()
    return _queue(found)


@dataclass(frozen=True, slots=True)
class Today:
    """A learner's practice on a study day, and how long it takes them."""

    queue: Queue
    seconds_each: float | None  # the median of their last answers; None where there is none
    returned: int  # answers and mock interviews that mentors gave back, and that wait for the learner

    @property
    def seconds(self) -> float | None:
        """For what is due of today's share; where nothing is, for its new questions."""
        if self.seconds_each is None:
            return None
        return (self.queue.reviews_left or self.queue.new_left) * self.seconds_each


def today_of(learner: User, *, today: date) -> Today:
    """The queue with the time that it takes, and what mentors gave back: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_TODAY, [learner.pk, today, learner.pk, learner.pk])
        queue, seconds, returned = cursor.fetchone()
    return Today(_queue(queue), seconds, returned)


def _queue(found: Sequence[Any]) -> Queue:
    due, fresh, reviewed, begun, weakest, newest, habits, aims, to_calibrate = found
    reviews, news, keys, recording = habits or (REVIEWS_A_DAY, NEW_A_DAY, True, False)
    return Queue(
        due, fresh, reviewed, begun, weakest, newest, reviews, news, keys, recording, aims, to_calibrate=to_calibrate
    )

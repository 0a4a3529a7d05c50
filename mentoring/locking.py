"""The locks of a review, and what stands behind them. Read-only but for the locks; `mentoring.review` writes.

A thread's row is the lock of everything that happens to it; a mentor's row is the lock of how much they hold, and comes
first where both are taken, so that two never wait for each other.

What is behind a lock is read in the same call as taking it: see sql/locked.sql. Of people, the role and the submission
it holds what actions need; anything else of theirs is loaded when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from accounts.models import User
from mentoring.models import Mentor, Submission, Thread, What
from roles.models import Role

_TO_ACT_ON = """
    SELECT s.id, s.thread_id, s.number, s.outcome FROM mentoring_submission s
    CROSS JOIN (SELECT %s::bigint AS id, %s::bigint AS mentor) sought
    WHERE s.id = sought.id AND (sought.mentor IS NULL OR EXISTS (
        SELECT FROM mentoring_event e
        WHERE e.thread_id = s.thread_id AND e.submission_id = s.id AND e.actor_id = sought.mentor AND e.what = 'claimed'
    ))
"""
_MENTOR = "SELECT (f.mentor).*, f.may_review, f.held FROM mentoring_mentor_locked(%s, %s) f"
_THREAD = """
    SELECT (f.thread).*, f.people, f.of_role, f.submission, f.done, f.leads, f.covers
    FROM mentoring_thread_locked(%s, %s, %s) f
"""


@dataclass(frozen=True, slots=True)
class Holding:
    """A mentor whose row is locked: nobody else changes what they hold until the transaction ends."""

    mentor: Mentor
    may_review: bool  # staff can take the right back at any moment
    held: int  # submissions in hand, with a lease that runs


@dataclass(frozen=True, slots=True)
class Locked:
    """A thread whose row is locked, with what an action by one person asks of it."""

    thread: Thread
    open_submission: Submission | None
    done: tuple[int, What] | None  # what a form with the same key did before: the thread, and what happened to it
    leads: bool  # the person looks after the thread's cohort
    covers: bool  # the person reviews the pool of the thread's role

    def is_claimable_in_principle(self, by: User, now: datetime) -> bool:
        """What `ThreadQuerySet.claimable_in_principle` asks, of one: whether it is the mentor's business at all."""
        row = self.thread
        pooled = row.pooled_from is None or row.pooled_from <= now
        theirs = self.leads or (self.covers and pooled) or by.pk in (row.reserved_for_id, row.holder_id)
        return theirs and row.number >= 1 and row.learner_id != by.pk and by.pk not in row.excluded


def to_act_on(number: int, *, begun_by: User | None = None) -> Submission:
    """A submission with its thread, as far as an action needs them to begin: one query, and no lock yet.

    `begun_by`: only where that mentor has, or had, it in hand. Raises Submission.DoesNotExist.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TO_ACT_ON, [number, begun_by.pk if begun_by else None])
        row = cursor.fetchone()
    if row is None:
        raise Submission.DoesNotExist
    pk, thread, place, outcome = row
    submission = _partly(Submission, id=pk, thread_id=thread, number=place, outcome=outcome)
    submission.thread = _partly(Thread, id=thread)
    return submission


def lock_mentor(by: User, *, now: datetime) -> Holding | None:
    """None where staff never made the person a mentor. One query."""
    row = next(iter(Mentor.objects.raw(_MENTOR, [by.pk, now])), None)
    if row is None:
        return None
    row.user = by
    return Holding(row, row.may_review, row.held)  # type: ignore[attr-defined]


def lock_thread(number: int, *, by: User, key: UUID | None = None) -> Locked:
    """The thread as it is once nobody else is changing it. One query. Raises Thread.DoesNotExist."""
    row: Any = next(iter(Thread.objects.raw(_THREAD, [number, by.pk, key])), None)
    if row is None:
        raise Thread.DoesNotExist
    _with_people(row, row.people)
    slug, name, short_name = row.of_role
    row.role = _partly(Role, id=row.role_id, slug=slug, name=name, short_name=short_name)
    return Locked(
        thread=row,
        open_submission=_submission_of(row, row.submission),
        done=(row.done[0], What(row.done[1])) if row.done else None,
        leads=row.leads,
        covers=row.covers,
    )


def _with_people(row: Thread, people: Mapping[str, list[str]]) -> None:
    known = {int(pk): _partly(User, id=int(pk), email=email, display_name=name) for pk, (email, name) in people.items()}
    row.learner = known[row.learner_id]
    row.holder = known.get(row.holder_id or 0)
    row.reserved_for = known.get(row.reserved_for_id or 0)


def _submission_of(row: Thread, found: list[Any] | None) -> Submission | None:
    if found is None:
        return None
    pk, number, asked = found
    submission = _partly(Submission, id=pk, thread_id=row.pk, number=number, asked=asked)
    submission.thread = row
    return submission


def _partly[M: Model](model: type[M], **columns: Any) -> M:
    """A row of which some columns are known; the others are loaded when they are asked for."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    return model.from_db(connection.alias, names, [columns[name] for name in names])

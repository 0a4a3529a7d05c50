"""The part of the state machine for people who come and go: it moves several threads at once.

With `mentoring.review` the only writer of `Thread`. Whoever calls holds the mentor's row, as a claim does, and tells
people afterwards. Threads are locked in order of id, so that two that move the same ones never wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from mentoring.models import Cohort, Event, Mentor, Outcome, State, Submission, Thread, What
from mentoring.models.threads import ThreadQuerySet
from mentoring.pooling import leading, pooled_from
from mentoring.taking import FIRST_REFUSAL
from roles.models import Role


@transaction.atomic
def put_back(
    *,
    mentor: User,
    by: User | None,
    now: datetime,
    reason: str,
    of: User | None = None,
    role: Role | None = None,
    first_refusal: Mentor | None = None,
) -> list[Thread]:
    """What the mentor holds goes back to the queue with its age: all of it, or of one learner on one role.

    `first_refusal`: for whom it waits then. `by` is None where the system itself acts.
    """
    held = Thread.objects.filter(state=State.CLAIMED, holder=mentor)
    held = held if of is None else held.filter(learner=of)
    rows = _locked(held if role is None else held.filter(role=role))
    submissions = {each.thread_id: each for each in Submission.objects.filter(thread__in=rows, outcome=Outcome.OPEN)}
    for row in rows:
        row.state = State.SUBMITTED
        row.holder = row.claimed_at = row.lease_until = None
        if first_refusal is not None:
            _reserve(row, first_refusal, now)
        _save(row, "state", "holder", "claimed_at", "lease_until", "reserved_for", "reserved_until", now=now)
        Event.objects.create(
            thread=row,
            submission=submissions[row.pk],
            what=What.RELEASED if by == mentor else What.FORCE_RELEASED,
            actor=by,
            at=now,
            key=uuid4(),
            reason=reason,
        )
    return rows


@transaction.atomic
def let_first_refusals_go(*, mentor: User, now: datetime) -> list[Thread]:
    """What waits for the mentor waits for whoever comes first."""
    rows = [row for row in _locked(_with_or_back_to(mentor)) if row.reserved_for_id == mentor.pk]
    for row in rows:
        row.reserved_for = row.reserved_until = None
        _save(row, "reserved_for", "reserved_until", now=now)
    return rows


@transaction.atomic
def pass_first_refusals(*, mentor: User, to: Mentor, of: User, role: Role, now: datetime) -> list[Thread]:
    """What waits for the mentor, of one learner on one role, waits for another one now."""
    rows = _locked(Thread.objects.filter(state=State.SUBMITTED, reserved_for=mentor, learner=of, role=role))
    for row in rows:
        row.reserved_for = row.reserved_until = None
        _reserve(row, to, now)
        _save(row, "reserved_for", "reserved_until", now=now)
    return rows


@transaction.atomic
def end_with_presence(*, mentor: Mentor, now: datetime) -> None:
    """No lease and no first refusal of the mentor lasts beyond the beginning of their planned absence."""
    held = Thread.objects.filter(state=State.CLAIMED, holder=mentor.user)
    for row in _locked(held | _with_or_back_to(mentor.user)):
        if row.lease_until is not None:
            row.lease_until = mentor.here_until(row.lease_until, now)
            _save(row, "lease_until", now=now)
        elif row.reserved_until is not None:
            row.reserved_until = mentor.here_until(row.reserved_until, now)
            _save(row, "reserved_until", now=now)


@transaction.atomic
def move_to_cohort(*, learner: User, role: Role, cohort: Cohort | None, now: datetime) -> list[Thread]:
    """The learner's threads of a role are a cohort's now, or no cohort's. Claims and first refusals stay as they are.

    Out of a cohort, what waits is everybody's at once.
    """
    rows = _locked(Thread.objects.of(learner).filter(role=role))
    for row in rows:
        row.cohort = cohort
        if cohort is None and row.pooled_from is not None:
            row.pooled_from = min(row.pooled_from, now)
        _save(row, "cohort", "pooled_from", now=now)
    return rows


@transaction.atomic
def settle_pool(*, cohorts: Iterable[int], now: datetime) -> list[Thread]:
    """Open work of these cohorts goes to everybody of the role where, and from when on, no mentor of theirs is there.

    Returns what went at once. What is everybody's already stays so.
    """
    rows = _locked(Thread.objects.open().filter(cohort__in=list(cohorts), pooled_from__gt=now))
    own = leading({row.cohort_id for row in rows if row.cohort_id is not None})
    open_ones = Submission.objects.filter(thread__in=rows, outcome=Outcome.OPEN)
    handed_in = dict(open_ones.values_list("thread", "submitted_at"))
    for row in rows:
        moment = pooled_from(row, own.get(row.cohort_id or 0, ()), handed_in=handed_in[row.pk], now=now)
        if moment != row.pooled_from:
            row.pooled_from = moment
            _save(row, "pooled_from", now=now)
    return [row for row in rows if row.pooled_from == now]


def _with_or_back_to(mentor: User) -> ThreadQuerySet:
    """What waits for the mentor; and what they returned, because its learner may hand that in again at this moment,
    which would reserve it for them: then one of the two has to wait for the other.
    """
    returned = Q(state=State.RETURNED, pk__in=Submission.objects.filter(decision__mentor=mentor).values("thread"))
    return Thread.objects.filter(Q(state=State.SUBMITTED, reserved_for=mentor) | returned)


def _locked(threads: ThreadQuerySet) -> list[Thread]:
    # Lock first, read then: what was locked can have become something else before.
    locked = Thread.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=threads.values("pk"))
    pks = list(locked.order_by("pk").values_list("pk", flat=True))
    return list(threads.filter(pk__in=pks).select_related("learner", "role", "reserved_for").order_by("pk"))


def _reserve(row: Thread, mentor: Mentor, now: datetime) -> None:
    if mentor.user_id != row.learner_id and mentor.user_id not in row.excluded and not mentor.is_away(now):
        row.reserved_for = mentor.user
        row.reserved_until = mentor.here_until(now + FIRST_REFUSAL, now)


def _save(row: Thread, *fields: str, now: datetime) -> None:
    row.changed_at = now
    row.save(update_fields=[*fields, "changed_at"])


def waiting_for_cohorts(now: datetime) -> Sequence[int]:
    """The cohorts that something waits for alone."""
    waiting = Thread.objects.open().filter(cohort__isnull=False, pooled_from__gt=now)
    return list(waiting.order_by().values_list("cohort_id", flat=True).distinct())

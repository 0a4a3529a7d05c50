"""The state machine of a review. The only writer of `Thread`, `Submission`, `Decision` and `Event`.

Each action locks the thread's row, reads, decides, saves, writes one event and tells people on commit. Whether a lease
has expired is judged when it is read. A post that comes twice brings the same key and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import User
from mentoring import demanding, taking, telling
from mentoring.asked import Asked
from mentoring.deciding import Judgment
from mentoring.demanding import NotPossibleError as NotPossibleError
from mentoring.locking import Holding, Locked, lock_mentor, lock_thread
from mentoring.models import (
    Decision,
    Draft,
    Event,
    Evidence,
    Exhibit,
    Kind,
    Membership,
    Outcome,
    Ruling,
    State,
    Submission,
    Thread,
    Verdict,
    What,
)
from mentoring.subjects import subject_of
from roles.models import Role

LEASE = timedelta(minutes=60)


# ---------------------------------------------------------------- the learner
# Somebody else's thread raises Thread.DoesNotExist.


@transaction.atomic
def open_thread(*, learner: User, role: Role, kind: Kind, subject: UUID, now: datetime) -> Thread:
    """The learner's thread on a subject, made if there is none yet."""
    thread, _ = Thread.objects.get_or_create(
        learner=learner,
        kind=kind,
        subject=subject,
        defaults={"role": role, "created_at": now, "changed_at": now},
    )
    return thread


@transaction.atomic
def submit(*, thread: Thread, asked: Asked, message: str, by: User, key: UUID, now: datetime) -> Thread:
    """Hand in what is at hand: draft → submitted, at least one piece of evidence."""
    locked = _locked_of(by, thread, key)
    row = locked.thread
    if _is_repeat(locked, What.SUBMITTED):
        return row
    demanding.state(row, State.DRAFT, "This was handed in already.")
    return _hand_in(row, What.SUBMITTED, asked=asked, message=message, by=by, key=key, now=now)


@transaction.atomic
def resubmit(*, thread: Thread, asked: Asked, message: str, by: User, key: UUID, now: datetime) -> Thread:
    """Hand in again: returned → submitted. The mentor who returned it has first refusal for 48 hours."""
    locked = _locked_of(by, thread, key)
    row = locked.thread
    if _is_repeat(locked, What.RESUBMITTED):
        return row
    demanding.state(row, State.RETURNED, "This is not with you at the moment.")
    return _hand_in(row, What.RESUBMITTED, asked=asked, message=message, by=by, key=key, now=now)


@transaction.atomic
def ask_second_opinion(*, thread: Thread, asked: Asked, message: str, by: User, key: UUID, now: datetime) -> Thread:
    """Hand in again, for another mentor: returned → submitted, whoever returned it is left out."""
    locked = _locked_of(by, thread, key)
    row = locked.thread
    if _is_repeat(locked, What.SECOND_OPINION):
        return row
    demanding.state(row, State.RETURNED, "This is not with you at the moment.")
    last = taking.last_decision(row)
    if last is not None and last.mentor_id is not None and last.mentor_id not in row.excluded:
        row.excluded = [*row.excluded, last.mentor_id]
    return _hand_in(row, What.SECOND_OPINION, asked=asked, message=message, by=by, key=key, now=now)


@transaction.atomic
def withdraw(*, thread: Thread, by: User, key: UUID, now: datetime) -> Thread:
    """Take back what no mentor has begun: submitted → draft."""
    locked = _locked_of(by, thread, key)
    row = locked.thread
    if _is_repeat(locked, What.WITHDRAWN):
        return row
    if row.state == State.CLAIMED:
        raise NotPossibleError("A mentor has begun to review this.", holder=row.holder)
    demanding.state(row, State.SUBMITTED, "This is not waiting for a mentor.")
    submission = _open_submission(locked)
    _close(submission, Outcome.WITHDRAWN, now)
    _stop_clock(row, now)
    row.state = State.DRAFT
    row.reserved_for = row.reserved_until = None
    _write(row, submission, What.WITHDRAWN, by=by, key=key, now=now)
    return row


# ---------------------------------------------------------------- the mentor


@transaction.atomic
def claim(*, thread: Thread, by: User, key: UUID, now: datetime) -> Thread:
    """Take a submission in hand, for 60 minutes from the last work on it.

    Raises Thread.DoesNotExist for what the mentor may not see.
    """
    holding = lock_mentor(by, now=now)
    locked = lock_thread(thread.pk, by=by, key=key)
    row = locked.thread
    if _is_repeat(locked, What.CLAIMED):
        return row
    if not locked.is_claimable_in_principle(by, now):
        raise Thread.DoesNotExist
    demanding.none(taking.obstacle_of_thread(row, by, now) or taking.obstacle_of_mentor(holding, now))
    return _take(locked, holding, by=by, key=key, now=now)


@transaction.atomic
def claim_next(*, by: User, key: UUID, now: datetime, among: Iterable[int]) -> Thread | None:
    """Take the first of these threads that nobody else is taking at this moment, or None if none of them is left.

    `among` has ids in the order of the queue. Raises NotPossibleError where the mentor can take nothing.
    """
    holding = lock_mentor(by, now=now)
    # Locked by the mentor's row, so that a second post of the form finds what the first one took.
    done = Event.objects.filter(actor=by, key=key).first()
    if done is not None:
        locked = lock_thread(done.thread_id, by=by, key=key)
        return locked.thread if _is_repeat(locked, What.CLAIMED) else None
    demanding.none(taking.obstacle_of_mentor(holding, now))
    first = taking.first_of(among, by=by, now=now)
    if first is None:
        return None
    return _take(lock_thread(first, by=by, key=key), holding, by=by, key=key, now=now)


@transaction.atomic
def extend(*, thread: Thread, by: User, now: datetime) -> Thread:
    """Work on it keeps the lease running, and begins it anew where it is over and nobody else took the submission.

    Raises NotPossibleError where the mentor does not hold it any more, or has enough else to do.
    """
    holding = lock_mentor(by, now=now)
    row = lock_thread(thread.pk, by=by).thread
    demanding.holder(row, by)
    if not row.has_running_lease(now):
        demanding.none(taking.obstacle_of_mentor(holding, now))
    assert row.lease_until is not None, "a constraint holds it"
    if row.lease_until < now + LEASE - timedelta(minutes=5):
        row.lease_until, row.changed_at = _lease_of(holding, now), now
        row.save(update_fields=["lease_until", "changed_at"])
    return row


@transaction.atomic
def release(*, thread: Thread, by: User, key: UUID, now: datetime, reason: str = "") -> Thread:
    """Give it back to the queue: claimed → submitted, with its age kept."""
    locked = lock_thread(thread.pk, by=by, key=key)
    row = locked.thread
    if _is_repeat(locked, What.RELEASED):
        return row
    demanding.holder(row, by)
    return _put_back(locked, What.RELEASED, by=by, key=key, now=now, reason=reason)


@transaction.atomic
def return_(*, thread: Thread, judgment: Judgment, by: User, key: UUID, now: datetime) -> Thread:
    """claimed → returned: at least one criterion that is not met, and a next step.

    Raises IncompleteError where the judgment lacks something, as `approve` does.
    """
    locked = lock_thread(thread.pk, by=by, key=key)
    row = locked.thread
    if _is_repeat(locked, What.RETURNED):
        return row
    demanding.holder(row, by)
    submission = _open_submission(locked)
    judgment.demand_return(Asked.from_json(submission.asked))
    decision = _decide(submission, judgment, Ruling.RETURNED, by=by, now=now)
    row.state = State.RETURNED
    _free(row, now)
    _write(row, submission, What.RETURNED, by=by, key=key, now=now)
    subject_of(row).returned(thread=row, decision=decision, now=now)
    telling.decided(row, decision, now=now)
    return row


@transaction.atomic
def approve(*, thread: Thread, judgment: Judgment, by: User, key: UUID, now: datetime) -> Thread:
    """claimed → approved: every required criterion met. Freezes the wording, the criteria and the evidence."""
    locked = lock_thread(thread.pk, by=by, key=key)
    row = locked.thread
    if _is_repeat(locked, What.APPROVED):
        return row
    demanding.holder(row, by)
    submission = _open_submission(locked)
    judgment.demand_approval(Asked.from_json(submission.asked))
    decision = _decide(submission, judgment, Ruling.APPROVED, by=by, now=now)
    row.state = State.APPROVED
    row.approval = decision
    _free(row, now)
    _write(row, submission, What.APPROVED, by=by, key=key, now=now)
    subject_of(row).approved(thread=row, decision=decision, now=now)
    telling.decided(row, decision, now=now)
    return row


# ---------------------------------------------------------------- staff


@transaction.atomic
def force_release(*, thread: Thread, by: User, key: UUID, now: datetime, reason: str) -> Thread:
    """Staff put it back into the queue, and say why."""
    locked = lock_thread(thread.pk, by=by, key=key)
    row = locked.thread
    if _is_repeat(locked, What.FORCE_RELEASED):
        return row
    demanding.staff(by, reason)
    demanding.state(row, State.CLAIMED, "Nobody holds this.")
    return _put_back(locked, What.FORCE_RELEASED, by=by, key=key, now=now, reason=reason)


@transaction.atomic
def reopen(*, thread: Thread, by: User, key: UUID, now: datetime, reason: str) -> Thread:
    """Staff take an approval back, and say why: approved → returned."""
    locked = lock_thread(thread.pk, by=by, key=key)
    row = locked.thread
    if _is_repeat(locked, What.REOPENED):
        return row
    demanding.staff(by, reason)
    demanding.state(row, State.APPROVED, "This is not approved.")
    decision = row.approval
    assert decision is not None, "a constraint holds it"
    row.state = State.RETURNED
    row.approval = None
    _write(row, decision.submission, What.REOPENED, by=by, key=key, now=now, reason=reason)
    subject_of(row).reopened(thread=row, decision=decision, by=by, reason=reason, now=now)
    telling.reopened(row, decision, reason=reason, now=now)
    return row


# ---------------------------------------------------------------- how


def _locked_of(learner: User, thread: Thread, key: UUID) -> Locked:
    locked = lock_thread(thread.pk, by=learner, key=key)
    if locked.thread.learner_id != learner.pk:
        raise Thread.DoesNotExist
    return locked


def _is_repeat(locked: Locked, what: What) -> bool:
    """Whether this very form was answered before. Under the thread's lock, so two at once come one after the other."""
    if locked.done is not None and locked.done != (locked.thread.pk, what):
        holder = locked.thread.holder
        raise NotPossibleError("This form was sent for something else. Load the page again.", holder=holder)
    return locked.done is not None


def _hand_in(row: Thread, what: What, *, asked: Asked, message: str, by: User, key: UUID, now: datetime) -> Thread:
    pieces = list(Evidence.objects.filter(thread=row).at_hand())
    if not pieces:
        raise NotPossibleError("Add at least one piece of evidence first.")
    cohorts = Membership.objects.current().of(by).filter(role=row.role_id)
    row.cohort_id = cohorts.values_list("cohort", flat=True).first()
    row.number += 1
    row.state = State.SUBMITTED
    row.queued_from = now - row.waited
    if what == What.SECOND_OPINION:
        if not taking.has_another_mentor(row):
            raise NotPossibleError("There is no other mentor for this role yet. Hand it in again to the same one.")
        row.pooled_from = now  # everybody's at once
    else:
        row.reserved_for, row.reserved_until = taking.first_refusal(row, now) or (None, None)
        row.pooled_from = taking.pooled_from(row, now)
    submission = Submission.objects.create(
        thread=row,
        number=row.number,
        role_id=row.role_id,
        submitted_at=now,
        message=message,
        asked=asked.to_json(),
        second_opinion=what == What.SECOND_OPINION,
    )
    Exhibit.objects.bulk_create(
        Exhibit(submission=submission, evidence=piece, place=place) for place, piece in enumerate(pieces, 1)
    )
    _write(row, submission, what, by=by, key=key, now=now)
    telling.handed_in(row, submission, what, now=now)
    return row


def _lease_of(holding: Holding | None, now: datetime) -> datetime:
    """60 minutes, or less where the mentor's planned absence begins before."""
    return holding.mentor.here_until(now + LEASE, now) if holding is not None else now + LEASE


def _take(locked: Locked, holding: Holding | None, *, by: User, key: UUID, now: datetime) -> Thread:
    row = locked.thread
    row.state = State.CLAIMED
    row.holder = by
    row.claimed_at = now
    row.lease_until = _lease_of(holding, now)
    row.reserved_for = row.reserved_until = None
    submission = _open_submission(locked)
    _write(row, submission, What.CLAIMED, by=by, key=key, now=now)
    telling.claimed(row, submission, now=now)
    return row


def _open_submission(locked: Locked) -> Submission:
    assert locked.open_submission is not None, "what waits or is claimed has one"
    return locked.open_submission


def _close(submission: Submission, outcome: Outcome, now: datetime) -> None:
    submission.outcome = outcome
    submission.closed_at = now
    submission.save(update_fields=["outcome", "closed_at"])


def _stop_clock(row: Thread, now: datetime) -> None:
    """From here on the learner's side of the clock runs."""
    assert row.queued_from is not None, "a constraint holds it"
    row.waited = max(now - row.queued_from, row.waited)  # clocks of two servers differ a little
    row.queued_from = row.pooled_from = None


def _free(row: Thread, now: datetime) -> None:
    """Nobody holds it any more, and it waits for no mentor."""
    _stop_clock(row, now)
    row.holder = row.claimed_at = row.lease_until = None


def _put_back(locked: Locked, what: What, *, by: User, key: UUID, now: datetime, reason: str) -> Thread:
    row = locked.thread
    # Tells nobody: whoever puts several back in one transaction would otherwise hold people's rows between two threads.
    row.state = State.SUBMITTED
    row.holder = row.claimed_at = row.lease_until = None
    _write(row, _open_submission(locked), what, by=by, key=key, now=now, reason=reason)
    return row


def _decide(submission: Submission, judgment: Judgment, ruling: Ruling, *, by: User, now: datetime) -> Decision:
    decision = judgment.decision_on(submission, ruling, by=by, now=now)
    decision.save(force_insert=True)
    Verdict.objects.bulk_create(judgment.verdicts_of(decision))
    _close(submission, Outcome(ruling.value), now)
    Draft.objects.filter(submission=submission, mentor=by).delete()
    return decision


def _write(
    row: Thread,
    submission: Submission,
    what: What,
    *,
    by: User,
    key: UUID,
    now: datetime,
    reason: str = "",
) -> None:
    row.changed_at = now
    Event.record(what, thread=row, submission=submission, by=by, key=key, now=now, reason=reason)

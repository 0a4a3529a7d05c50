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
from mentoring.models import (
    Decision,
    Draft,
    Event,
    Evidence,
    Exhibit,
    Kind,
    Membership,
    Mentor,
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
    row = _locked_of(by, thread)
    if _is_repeat(row, What.SUBMITTED, by, key):
        return row
    demanding.state(row, State.DRAFT, "This was handed in already.")
    return _hand_in(row, What.SUBMITTED, asked=asked, message=message, by=by, key=key, now=now)


@transaction.atomic
def resubmit(*, thread: Thread, asked: Asked, message: str, by: User, key: UUID, now: datetime) -> Thread:
    """Hand in again: returned → submitted. The mentor who returned it has first refusal for 48 hours."""
    row = _locked_of(by, thread)
    if _is_repeat(row, What.RESUBMITTED, by, key):
        return row
    demanding.state(row, State.RETURNED, "This is not with you at the moment.")
    return _hand_in(row, What.RESUBMITTED, asked=asked, message=message, by=by, key=key, now=now)


@transaction.atomic
def ask_second_opinion(*, thread: Thread, asked: Asked, message: str, by: User, key: UUID, now: datetime) -> Thread:
    """Hand in again, for another mentor: returned → submitted, whoever returned it is left out."""
    row = _locked_of(by, thread)
    if _is_repeat(row, What.SECOND_OPINION, by, key):
        return row
    demanding.state(row, State.RETURNED, "This is not with you at the moment.")
    last = taking.last_decision(row)
    if last is not None and last.mentor_id is not None and last.mentor_id not in row.excluded:
        row.excluded = [*row.excluded, last.mentor_id]
    return _hand_in(row, What.SECOND_OPINION, asked=asked, message=message, by=by, key=key, now=now)


@transaction.atomic
def withdraw(*, thread: Thread, by: User, key: UUID, now: datetime) -> Thread:
    """Take back what no mentor has begun: submitted → draft."""
    row = _locked_of(by, thread)
    if _is_repeat(row, What.WITHDRAWN, by, key):
        return row
    if row.state == State.CLAIMED:
        raise NotPossibleError("A mentor has begun to review this.", holder=row.holder)
    demanding.state(row, State.SUBMITTED, "This is not waiting for a mentor.")
    submission = _open_submission(row)
    _close(submission, Outcome.WITHDRAWN, now)
    _stop_clock(row, now)
    row.state = State.DRAFT
    row.reserved_for = row.reserved_until = None
    _save(row, now)
    _write(row, submission, What.WITHDRAWN, by=by, key=key, now=now)
    return row


# ---------------------------------------------------------------- the mentor


@transaction.atomic
def claim(*, thread: Thread, by: User, key: UUID, now: datetime) -> Thread:
    """Take a submission in hand, for 60 minutes from the last work on it.

    Raises Thread.DoesNotExist for what the mentor may not see.
    """
    mentor = taking.locked_mentor(by)
    row = _locked(thread)
    if _is_repeat(row, What.CLAIMED, by, key):
        return row
    if not Thread.objects.claimable_in_principle(by, now).filter(pk=row.pk).exists():
        raise Thread.DoesNotExist
    demanding.none(taking.obstacle_of_thread(row, by, now) or taking.obstacle_of_mentor(mentor, by, now))
    return _take(row, mentor, by=by, key=key, now=now)


@transaction.atomic
def claim_next(*, by: User, key: UUID, now: datetime, among: Iterable[int]) -> Thread | None:
    """Take the first of these threads that nobody else is taking at this moment, or None if none of them is left.

    `among` has ids in the order of the queue. Raises NotPossibleError where the mentor can take nothing.
    """
    mentor = taking.locked_mentor(by)
    # Locked by the mentor's row, so that a second post of the form finds what the first one took.
    done = Event.objects.filter(actor=by, key=key).select_related("thread__learner").first()
    if done is not None and _is_repeat(done.thread, What.CLAIMED, by, key):
        return done.thread
    demanding.none(taking.obstacle_of_mentor(mentor, by, now))
    row = taking.first_of(among, by=by, now=now)
    return _take(row, mentor, by=by, key=key, now=now) if row is not None else None


@transaction.atomic
def extend(*, thread: Thread, by: User, now: datetime) -> Thread:
    """Work on it keeps the lease running, and begins it anew where it is over and nobody else took the submission.

    Raises NotPossibleError where the mentor does not hold it any more, or has enough else to do.
    """
    mentor = taking.locked_mentor(by)
    row = _locked(thread)
    demanding.holder(row, by)
    if not row.has_running_lease(now):
        demanding.none(taking.obstacle_of_mentor(mentor, by, now))
    assert row.lease_until is not None, "a constraint holds it"
    if row.lease_until < now + LEASE - timedelta(minutes=5):
        row.lease_until = _lease_of(mentor, now)
        _save(row, now)
    return row


@transaction.atomic
def release(*, thread: Thread, by: User, key: UUID, now: datetime, reason: str = "") -> Thread:
    """Give it back to the queue: claimed → submitted, with its age kept."""
    row = _locked(thread)
    if _is_repeat(row, What.RELEASED, by, key):
        return row
    demanding.holder(row, by)
    return _put_back(row, What.RELEASED, by=by, key=key, now=now, reason=reason)


@transaction.atomic
def return_(*, thread: Thread, judgment: Judgment, by: User, key: UUID, now: datetime) -> Thread:
    """claimed → returned: at least one criterion that is not met, and a next step.

    Raises IncompleteError where the judgment lacks something, as `approve` does.
    """
    row = _locked(thread)
    if _is_repeat(row, What.RETURNED, by, key):
        return row
    demanding.holder(row, by)
    submission = _open_submission(row)
    judgment.demand_return(Asked.from_json(submission.asked))
    decision = _decide(submission, judgment, Ruling.RETURNED, by=by, now=now)
    row.state = State.RETURNED
    _free(row, now)
    _write(row, submission, What.RETURNED, by=by, key=key, now=now)
    telling.decided(row, decision, now=now)
    return row


@transaction.atomic
def approve(*, thread: Thread, judgment: Judgment, by: User, key: UUID, now: datetime) -> Thread:
    """claimed → approved: every required criterion met. Freezes the wording, the criteria and the evidence."""
    row = _locked(thread)
    if _is_repeat(row, What.APPROVED, by, key):
        return row
    demanding.holder(row, by)
    submission = _open_submission(row)
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
    row = _locked(thread)
    if _is_repeat(row, What.FORCE_RELEASED, by, key):
        return row
    demanding.staff(by, reason)
    demanding.state(row, State.CLAIMED, "Nobody holds this.")
    return _put_back(row, What.FORCE_RELEASED, by=by, key=key, now=now, reason=reason)


@transaction.atomic
def reopen(*, thread: Thread, by: User, key: UUID, now: datetime, reason: str) -> Thread:
    """Staff take an approval back, and say why: approved → returned."""
    row = _locked(thread)
    if _is_repeat(row, What.REOPENED, by, key):
        return row
    demanding.staff(by, reason)
    demanding.state(row, State.APPROVED, "This is not approved.")
    decision = row.approval
    assert decision is not None, "a constraint holds it"
    row.state = State.RETURNED
    row.approval = None
    _save(row, now)
    _write(row, decision.submission, What.REOPENED, by=by, key=key, now=now, reason=reason)
    subject_of(row).reopened(thread=row, decision=decision, by=by, reason=reason, now=now)
    telling.reopened(row, decision, reason=reason, now=now)
    return row


# ---------------------------------------------------------------- how


def _locked(thread: Thread) -> Thread:
    """The row as it is once nobody else is changing it.

    Nothing that can change is joined: after a wait for the lock the row itself is read anew, but what was joined to it
    is what stood there before the wait.
    """
    locked = Thread.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("learner", "role").defer("role__blueprint").get(pk=thread.pk)


def _locked_of(learner: User, thread: Thread) -> Thread:
    row = _locked(thread)
    if row.learner_id != learner.pk:
        raise Thread.DoesNotExist
    return row


def _is_repeat(row: Thread, what: What, by: User, key: UUID) -> bool:
    """Whether this very form was answered before. Under the thread's lock, so two at once come one after the other."""
    found = Event.objects.filter(actor=by, key=key).values_list("thread", "what").first()
    if found is not None and found != (row.pk, what):
        raise NotPossibleError("This form was sent for something else. Load the page again.", holder=row.holder)
    return found is not None


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
    _save(row, now)
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


def _lease_of(mentor: Mentor | None, now: datetime) -> datetime:
    """60 minutes, or less where the mentor's planned absence begins before."""
    return mentor.here_until(now + LEASE, now) if mentor is not None else now + LEASE


def _take(row: Thread, mentor: Mentor | None, *, by: User, key: UUID, now: datetime) -> Thread:
    row.state = State.CLAIMED
    row.holder = by
    row.claimed_at = now
    row.lease_until = _lease_of(mentor, now)
    row.reserved_for = row.reserved_until = None
    _save(row, now)
    submission = _open_submission(row)
    _write(row, submission, What.CLAIMED, by=by, key=key, now=now)
    telling.claimed(row, submission, now=now)
    return row


def _open_submission(row: Thread) -> Submission:
    return Submission.objects.get(thread=row, outcome=Outcome.OPEN)


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
    _stop_clock(row, now)
    row.holder = row.claimed_at = row.lease_until = None
    _save(row, now)


def _put_back(row: Thread, what: What, *, by: User, key: UUID, now: datetime, reason: str) -> Thread:
    # Tells nobody: whoever puts several back in one transaction would otherwise hold people's rows between two threads.
    row.state = State.SUBMITTED
    row.holder = row.claimed_at = row.lease_until = None
    _save(row, now)
    _write(row, _open_submission(row), what, by=by, key=key, now=now, reason=reason)
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
    Event.objects.create(thread=row, submission=submission, what=what, actor=by, at=now, key=key, reason=reason)


_FIXED = ("id", "learner", "role", "kind", "subject", "created_at")
_WRITTEN = [field.name for field in Thread._meta.concrete_fields if field.name not in _FIXED]


def _save(row: Thread, now: datetime) -> None:
    row.changed_at = now
    row.save(update_fields=_WRITTEN)

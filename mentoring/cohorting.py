"""Into a cohort by its invite, and out of it. The only writer of `Membership`, but for who looks after whom."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from mentoring import announcing, regrouping
from mentoring.models import Cohort, Invite, Membership, Thread


class NotJoinedError(Exception):
    """`reason` is one sentence for the person who wants to join."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def join(*, invite: Invite, by: User, now: datetime) -> Membership:
    """Come into the invite's cohort; what waits for a review is the cohort's from then on.

    Whoever is in it already stays, whatever became of the invite. A person takes one place, however often they come
    back by the same invite.
    """
    # Lock first, read then: the last place is taken once.
    row = Invite.objects.select_for_update(no_key=True).get(pk=invite.pk)
    row.cohort = Cohort.objects.select_related("role").get(pk=row.cohort_id)
    here = _current(row.cohort, by)
    if here is not None:
        return here
    reason = obstacle(invite=row, learner=by, now=now)
    if reason:
        raise NotJoinedError(reason)
    if not _has_a_place(row, by):
        row.used += 1
        row.save(update_fields=["used"])
    return _come_in(row, by, now)


def obstacle(*, invite: Invite, learner: User, now: datetime) -> str:
    """Why the person cannot join by this invite, in one sentence; "" where they can."""
    cohort = invite.cohort
    if cohort.mentors.filter(pk=learner.pk).exists():
        return "You are a mentor of this cohort, so you cannot be one of its learners."
    other = Membership.objects.current().of(learner).filter(role=cohort.role_id).select_related("cohort").first()
    if other is not None:
        return f"You are in {other.cohort.name}, for the same role. Leave it first, then come back to this link."
    if cohort.closed_at is not None:
        return "This cohort is closed to new people. Ask whoever sent you the link about the next one."
    if invite.revoked_at is not None:
        return "This invite was taken back. Ask whoever sent it to you for a new one."
    if invite.expires_at <= now:
        return "This invite has expired. Ask whoever sent it to you for a new one."
    if invite.used >= invite.limit and not _has_a_place(invite, learner):
        return "Everybody whom this invite admits has joined. Ask whoever sent it to you for a new one."
    return ""


def waiting_of(membership: Membership) -> list[Thread]:
    """What the learner has handed in for the cohort's role and nobody has decided on."""
    return list(Thread.objects.of(membership.learner).open().filter(role=membership.role_id))


@transaction.atomic
def leave(*, cohort: Cohort, by: User, now: datetime) -> Membership | None:
    """Go out of the cohort, at any time. History stays; what waits for a review is everybody's of the role at once.

    None, and nothing is changed, for whoever is not in it.
    """
    found = Membership.objects.current().of(by).select_for_update(no_key=True, of=("self",))
    membership = found.select_related("cohort__role", "learner").filter(cohort=cohort).first()
    if membership is None:
        return None
    membership.left_at = max(now, membership.joined_at)
    membership.save(update_fields=["left_at"])
    regrouping.move_to_cohort(learner=by, role=membership.cohort.role, cohort=None, now=now)
    announcing.left(membership, now=now)
    return membership


@transaction.atomic
def mentors_changed(*, cohort: Cohort, now: datetime) -> list[str]:
    """Staff chose other mentors. Learners of those who are gone are everybody's, and told; work goes to the pool where
    nobody is left. Returns what happened, in sentences.
    """
    found = Membership.objects.current().filter(cohort=cohort, mentor__isnull=False)
    orphans = found.exclude(mentor__in=cohort.mentors.all()).select_for_update(no_key=True, of=("self",))
    said = []
    for membership in orphans.select_related("mentor", "learner", "cohort").order_by("pk"):
        mentor = membership.mentor
        assert mentor is not None, "that is what was asked for"
        membership.mentor = None
        membership.save(update_fields=["mentor"])
        announcing.without_their_mentor(membership, mentor, now=now)
        said.append(f"{membership.learner.name} was told that {mentor.name} is no mentor of the cohort any more.")
    pooled = regrouping.settle_pool(cohorts=[cohort.pk], now=now)
    if pooled:
        said.append(f"Open to everybody who covers the role, since no mentor of the cohort is there: {len(pooled)}.")
    return said


@transaction.atomic
def close(*, cohort: Cohort, now: datetime) -> bool:
    """Nobody can join any more; whoever is in it stays. False where it is closed already."""
    return bool(Cohort.objects.open().filter(pk=cohort.pk).update(closed_at=now))


@transaction.atomic
def open_again(*, cohort: Cohort) -> bool:
    """Invites work again. False where it is open already."""
    return bool(Cohort.objects.filter(pk=cohort.pk, closed_at__isnull=False).update(closed_at=None))


def _come_in(invite: Invite, learner: User, now: datetime) -> Membership:
    cohort = invite.cohort
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                cohort=cohort, learner=learner, role_id=cohort.role_id, invite=invite, joined_at=now
            )
    except IntegrityError as error:
        # By another invite, or made its mentor, at the same moment: the database holds one of it.
        reason = obstacle(invite=invite, learner=learner, now=now)
        raise NotJoinedError(reason or "Something changed at the same moment. Load the page again.") from error
    regrouping.move_to_cohort(learner=learner, role=cohort.role, cohort=cohort, now=now)
    announcing.joined(membership, now=now)
    return membership


def _current(cohort: Cohort, learner: User) -> Membership | None:
    return Membership.objects.current().of(learner).filter(cohort=cohort).select_related("cohort", "learner").first()


def _has_a_place(invite: Invite, learner: User) -> bool:
    return Membership.objects.of(learner).filter(invite=invite).exists()

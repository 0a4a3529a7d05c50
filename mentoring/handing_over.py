"""Passing a learner from one mentor to another, so that somebody is there for them at every moment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from mentoring import announcing, regrouping
from mentoring.models import Cohort, Handover, Membership, Mentor


class NotHandedOverError(Exception):
    """`reason` is one sentence for whoever hands over."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def hand_over(
    *, learner: User, cohort: Cohort, giver: User, taker: User, note: str, by: User, key: UUID, now: datetime
) -> Handover:
    """From now on `taker` looks after the learner. What `giver` holds of theirs goes back to the queue with its age,
    and the taker has first refusal on it for 48 hours. All three hear of it.

    Staff may choose any mentor, who then is one of the cohort's. A second post with the same key changes nothing.
    """
    # Before its memberships, as everything that changes a cohort's mentors does.
    Cohort.objects.locked(cohort)
    found = Membership.objects.current().of(learner).select_for_update(no_key=True, of=("self",))
    membership = found.select_related("cohort__role", "learner").filter(cohort=cohort).first()
    if membership is None:
        raise NotHandedOverError(f"{learner.name} has left the cohort.")
    done = Handover.objects.filter(giver=giver, key=key).first()
    if done is not None:
        return done
    to = _taker(membership, giver=giver, taker=taker, by=by, now=now)
    membership.mentor = taker
    membership.save(update_fields=["mentor"])
    cohort.mentors.add(taker)
    role = membership.cohort.role
    regrouping.pass_first_refusals(mentor=giver, to=to, of=learner, role=role, now=now)
    regrouping.put_back(
        mentor=giver, by=by, now=now, reason=f"Handed over to {taker.name}", of=learner, role=role, first_refusal=to
    )
    handover = Handover.objects.create(
        learner=learner, cohort=cohort, giver=giver, taker=taker, note=note, key=key, at=now
    )
    announcing.handed_over(handover, by=by, now=now)
    return handover


def takers(membership: Membership, *, giver: User | None, by: User) -> list[Mentor]:
    """Who can take the learner over: the cohort's other mentors; for staff every mentor."""
    found = Mentor.objects.active().select_related("user").exclude(user=membership.learner_id)
    if giver is not None:
        found = found.exclude(user=giver)
    if not by.is_superuser:
        found = found.filter(user__cohorts_led=membership.cohort_id)
    return list(found.order_by("user__display_name", "user__email"))


def _taker(membership: Membership, *, giver: User, taker: User, by: User, now: datetime) -> Mentor:
    """The taker's row, locked together with the giver's: neither takes anything in hand or goes away meanwhile."""
    rows = Mentor.objects.select_for_update(no_key=True, of=("self",)).filter(user__in=[giver, taker])
    mentors = {row.user_id: row for row in rows.select_related("user").order_by("pk")}
    leads = set(membership.cohort.mentors.values_list("pk", flat=True))
    if giver.pk not in leads and not by.is_superuser:
        raise NotHandedOverError("You are not a mentor of this cohort any more.")
    if not by.is_superuser and membership.mentor_id not in (None, giver.pk):
        assert membership.mentor is not None, "that is what is asked"
        raise NotHandedOverError(f"{membership.mentor.name} looks after this learner. Ask them, or staff.")
    to = mentors.get(taker.pk)
    if to is None or not to.user.is_mentor or not to.user.is_active:
        raise NotHandedOverError(f"{taker.name} is no mentor.")
    if Membership.objects.current().of(taker).filter(cohort=membership.cohort_id).exists():
        raise NotHandedOverError(f"{taker.name} is a learner in this cohort.")
    if taker == giver or taker == membership.learner:
        raise NotHandedOverError("Choose another mentor.")
    if taker.pk not in leads and not by.is_superuser:
        raise NotHandedOverError(f"{taker.name} is not a mentor of this cohort.")
    if to.is_away(now):
        raise NotHandedOverError(f"{taker.name} is out of office. Choose somebody who is there.")
    return to

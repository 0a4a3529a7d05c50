"""Out of office. What a mentor holds goes back with its age, and nobody waits for somebody who is not there.

An absence that begins later needs nobody to be awake at that moment: every lease and every first refusal of the mentor
ends with their presence (`Mentor.here_until`), and work of their cohorts is everybody's from the moment when none of
its mentors is left (`mentoring.pooling`). All of that is a date in a row, judged when it is read, as every lease is; a
timer could be late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from mentoring import announcing, regrouping
from mentoring.models import Cohort, Membership, Mentor, State, Thread
from roles.words import listed


@dataclass(frozen=True, slots=True)
class InHand:
    """What a mentor has, or had before it was handed back."""

    held: Sequence[Thread] = ()
    reserved: Sequence[Thread] = ()  # first refusals
    pooled: Sequence[Thread] = ()  # of cohorts that nobody else is there for
    learners: Sequence[Membership] = ()  # whom they look after by name
    cohorts: Sequence[Cohort] = ()  # that they lead

    def said(self, mentor: User) -> list[str]:
        """What was done with it, in sentences."""
        back = [_counted(len(self.held), "review"), _counted(len(self.reserved), "first refusal")]
        back = [each for each in back if each]
        said = [f"{mentor.name} handed back {listed(back)}."] if back else []
        if self.learners:
            names = listed([each.learner.name for each in self.learners])
            said.append(f"{names} {'was' if len(self.learners) == 1 else 'were'} told.")
        if self.cohorts:
            names = listed([each.name for each in self.cohorts])
            said.append(f"No longer a mentor of {names}.")
        if self.pooled:
            said.append(f"{_counted(len(self.pooled), 'submission')} went to everybody who covers the role.")
        return said


@transaction.atomic
def go_out(*, mentor: User, by: User, since: datetime, until: datetime | None, now: datetime) -> InHand:
    """Out of office from then until then, or until one comes back. Returns what was handed back at once.

    `by`: the mentor, or staff for them.
    """
    row = Mentor.objects.locked(mentor)  # first, as a claim does
    row.away_from, row.away_until = since, until
    row.save(update_fields=["away_from", "away_until"])
    held = reserved = []
    if row.is_away(now):
        held = regrouping.put_back(mentor=mentor, by=by, now=now, reason="Out of office")
        reserved = regrouping.let_first_refusals_go(mentor=mentor, now=now)
    else:
        regrouping.end_with_presence(mentor=row, now=now)
    pooled = regrouping.settle_pool(cohorts=_led_by(mentor), now=now)
    return InHand(held=held, reserved=reserved, pooled=pooled)


@transaction.atomic
def come_back(*, mentor: User, now: datetime) -> bool:
    """Be there again, or after all. False where no absence was stated."""
    row = Mentor.objects.locked(mentor)
    if row.away_from is None:
        return False
    row.away_from = row.away_until = None
    row.save(update_fields=["away_from", "away_until"])
    regrouping.settle_pool(cohorts=_led_by(mentor), now=now)
    return True


@transaction.atomic
def hand_everything_back(*, mentor: User, by: User | None, now: datetime, reason: str) -> InHand:
    """Before somebody stops being a mentor: reviews, first refusals, learners and cohorts. Nobody is left with nobody.

    The learners whom they looked after are told.
    """
    memberships = Membership.objects.current().filter(mentor=mentor).select_for_update(no_key=True, of=("self",))
    learners = list(memberships.select_related("learner", "cohort").order_by("pk"))
    Mentor.objects.select_for_update(no_key=True).filter(user=mentor).first()
    held = regrouping.put_back(mentor=mentor, by=by, now=now, reason=reason)
    reserved = regrouping.let_first_refusals_go(mentor=mentor, now=now)
    cohorts = list(Cohort.objects.of_mentor(mentor))
    for cohort in cohorts:
        cohort.mentors.remove(mentor)
    pooled = regrouping.settle_pool(cohorts=[cohort.pk for cohort in cohorts], now=now)
    for membership in learners:
        membership.mentor = None
        membership.save(update_fields=["mentor"])
        announcing.without_their_mentor(membership, mentor, now=now)
    return InHand(held, reserved, pooled, learners, cohorts)


def in_hand(*, mentor: User, now: datetime, of: Membership | None = None) -> InHand:
    """What the mentor would hand back now: all of it, or what is one learner's for a cohort's role."""
    threads = Thread.objects.select_related("learner", "role").defer("role__blueprint").order_by("queued_from", "pk")
    if of is not None:
        threads = threads.filter(learner=of.learner_id, role=of.role_id)
    return InHand(
        held=list(threads.filter(state=State.CLAIMED, holder=mentor)),
        reserved=list(threads.filter(state=State.SUBMITTED, reserved_for=mentor, reserved_until__gt=now)),
    )


def _led_by(mentor: User) -> Iterable[int]:
    return list(Cohort.objects.of_mentor(mentor).values_list("pk", flat=True))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}" if count else ""

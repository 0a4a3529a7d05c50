"""Who may take what waits for a mentor, and who is asked first. Only reads; `mentoring.review` writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.models import User
from mentoring import pooling
from mentoring.locking import Holding
from mentoring.models import Decision, Handover, Mentor, State, Thread
from mentoring.models.mentors import MentorQuerySet

FIRST_REFUSAL = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why not, in one sentence; and who has the submission in hand, where that is why."""

    reason: str
    holder: User | None = None


def first_of(among: Iterable[int], *, by: User, now: datetime) -> int | None:
    """The first of these threads that the mentor may take, locked; those that somebody else has locked come last.
    Returns its id.
    """
    ids = list(among)
    place = Func(
        Value(ids, output_field=ArrayField(models.BigIntegerField())),
        F("pk"),
        function="array_position",
        output_field=models.IntegerField(),
    )
    waiting = Thread.objects.claimable_by(by, now).filter(pk__in=ids).order_by(place)
    for skip in (True, False):
        locked = waiting.select_for_update(no_key=True, skip_locked=skip, of=("self",))
        # One row is one lock: its own statement stops at the first that it gets.
        found = locked.values_list("pk", flat=True).first()
        if found is not None:
            return found
    return None


def pooled_from(row: Thread, now: datetime) -> datetime:
    """From when on everybody who covers the role may take what is handed in now."""
    if row.cohort_id is None:
        return now
    mentors = pooling.leading([row.cohort_id]).get(row.cohort_id, ())
    return pooling.pooled_from(row, mentors, handed_in=now, now=now)


def obstacle_of_mentor(holding: Holding | None, now: datetime) -> Obstacle | None:
    """Why this mentor, whose row is locked, can take nothing at all."""
    if holding is None or not holding.may_review:
        return Obstacle("You are no mentor any more.")
    if holding.mentor.is_away(now):
        return Obstacle("You are out of office. Come back first.")
    held = holding.held
    if held >= holding.mentor.open_limit:
        return Obstacle(
            f"You hold {held} {'review' if held == 1 else 'reviews'}, which is your limit. Finish or release one first."
        )
    return None


def obstacle_of_thread(row: Thread, by: User, now: datetime) -> Obstacle | None:
    """Why nobody, or not this person, can take the thread at this moment."""
    if row.has_running_lease(now):
        holder = row.holder
        return Obstacle("You hold this already." if holder == by else f"{_name(holder)} holds this already.", holder)
    if row.shown_state(now) != State.SUBMITTED:
        return Obstacle("This is not waiting for a mentor any more.")
    if row.is_reserved_for_another(by, now):
        return Obstacle(f"{_name(row.reserved_for)} has first refusal on this.", row.reserved_for)
    return None


def first_refusal(row: Thread, now: datetime) -> tuple[User, datetime] | None:
    """Who returned it last, or took the learner over from them, and until when it is theirs before others'.

    None where that mentor is away, gone or left out.
    """
    last = last_decision(row)
    if last is None or last.mentor_id is None:
        return None
    heir = _heir(row, last)
    mentor = _eligible(row, Mentor.objects.present(now)).filter(user=heir).select_related("user").first()
    if mentor is None:
        return None
    return mentor.user, mentor.here_until(now + FIRST_REFUSAL, now)


def has_another_mentor(row: Thread) -> bool:
    """Whether somebody is left who could review it, now or later."""
    return _eligible(row, Mentor.objects.active()).exists()


def to_be_told(row: Thread, now: datetime) -> list[User]:
    """Everybody who is there and in whose queue it stands at once."""
    found = _eligible(row, Mentor.objects.present(now))
    if row.pooled_from is not None and row.pooled_from > now:
        found = found.filter(user__cohorts_led=row.cohort_id)
    return [mentor.user for mentor in found.select_related("user").distinct()]


def last_decision(row: Thread) -> Decision | None:
    return Decision.objects.filter(submission__thread=row).order_by("-submission__number").first()


def _heir(row: Thread, last: Decision) -> int | None:
    """Who looks after the learner in place of the mentor who decided: each handover since then passes it on."""
    passed = Handover.objects.filter(learner=row.learner_id, cohort=row.cohort_id, at__gte=last.decided_at)
    heir = last.mentor_id
    for giver, taker in passed.order_by("pk").values_list("giver", "taker"):
        heir = taker if giver == heir else heir
    return heir


def _eligible(row: Thread, mentors: MentorQuerySet) -> MentorQuerySet:
    """Those of them who cover the role or lead the cohort, and are neither left out nor the learner."""
    may = Q(roles=row.role_id)
    if row.cohort_id is not None:
        may |= Q(user__cohorts_led=row.cohort_id)
    return mentors.filter(may).exclude(user__in=row.excluded).exclude(user=row.learner_id)


def _name(person: User | None) -> str:
    return person.name if person else "Somebody"

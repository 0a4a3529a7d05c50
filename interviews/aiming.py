"""Roles that a learner practices for, and how much they practice a day. The only writer of `Aim` and `Habits`."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from interviews.models import Aim, Habits, Question
from roles.models import Role


def practicable(learner: User) -> QuerySet[Role]:
    """Roles that have questions and that the learner does not practice for yet."""
    asked = Question.roles.through.objects.filter(question__retired=False).values("role")
    taken = Aim.objects.of(learner).values("role")
    return Role.objects.filter(pk__in=asked).exclude(pk__in=taken).defer("blueprint")


@transaction.atomic
def add_aim(*, learner: User, role: Role, level: int, interview_on: date | None, now: datetime) -> Aim:
    """Practice for a role from now on. Whoever does already gets the new level and day."""
    aim, _ = Aim.objects.update_or_create(
        learner=learner,
        role=role,
        defaults={"level": level, "interview_on": interview_on},
        create_defaults={"level": level, "interview_on": interview_on, "added_at": now},
    )
    return aim


@transaction.atomic
def change_aim(*, aim: Aim, level: int, interview_on: date | None) -> Aim:
    aim.level, aim.interview_on = level, interview_on
    aim.save(update_fields=["level", "interview_on"])
    return aim


@transaction.atomic
def drop_aim(*, aim: Aim) -> None:
    """Practice for it no more. What was answered stays, and counts again once the role is taken up again."""
    aim.delete()


def habits_of(learner: User) -> Habits:
    """What the learner chose, or the defaults."""
    return Habits.objects.filter(learner=learner).first() or Habits(learner=learner)


@transaction.atomic
def set_habits(*, learner: User, reviews_a_day: int, new_a_day: int, keys: bool, recording: bool = False) -> Habits:
    chosen = {"reviews_a_day": reviews_a_day, "new_a_day": new_a_day, "keys": keys, "recording": recording}
    habits, _ = Habits.objects.update_or_create(learner=learner, defaults=chosen)
    return habits

"""Whom a mentor knows: learners in their cohorts, and whoever's submission they hold at this moment."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from mentoring.models import Agreement, Membership, Thread


def learners_of(mentor: User, now: datetime) -> QuerySet[User]:
    """The learners whose card a mentor may open. Never themselves.

    A learner who left a cohort is nobody's there any more; a lease that is over opens nothing.
    """
    if not mentor.is_mentor:
        return User.objects.none()
    in_cohort = _memberships(mentor).filter(learner=OuterRef("pk"))
    held = Thread.objects.held_by(mentor, now).filter(learner=OuterRef("pk"))
    return User.objects.filter(Q(Exists(in_cohort)) | Q(Exists(held))).exclude(pk=mentor.pk)


def with_roles(learners: QuerySet[User], *, mentor: User, now: datetime) -> QuerySet[User]:
    """With `led_roles` and `held_roles`, ids of the roles in which the mentor knows each of them, and from where."""
    in_cohort = _memberships(mentor).filter(learner=OuterRef("pk")).order_by("role")
    held = Thread.objects.held_by(mentor, now).filter(learner=OuterRef("pk")).order_by("role")
    return learners.annotate(
        led_roles=ArraySubquery(in_cohort.values("role")), held_roles=ArraySubquery(held.values("role"))
    )


def knows(mentor: User, learner: int, now: datetime) -> bool:
    return learners_of(mentor, now).filter(pk=learner).exists()


def agreements_concerning(person: User, now: datetime) -> QuerySet[Agreement]:
    """A learner's own, and those of the learners whom a mentor knows."""
    return Agreement.objects.filter(Q(learner=person) | Q(learner__in=learners_of(person, now)))


def _memberships(mentor: User) -> QuerySet[Membership]:
    return Membership.objects.current().filter(cohort__mentors=mentor)

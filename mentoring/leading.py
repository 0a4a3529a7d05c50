"""What a mentor reads about the cohorts that they lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from mentoring.models import Cohort, Invite, Membership, Thread


@dataclass(frozen=True, slots=True)
class Led:
    """A cohort, with counts."""

    cohort: Cohort
    learners: int
    waiting: int  # submissions that no mentor has decided on
    usable: int  # invites


def cohorts_of(mentor: User, *, now: datetime) -> Sequence[Led]:
    """Open ones first. One query, however many learners there are."""
    rows: QuerySet[Any] = (
        Cohort.objects.of_mentor(mentor)
        .select_related("role")
        .defer("role__blueprint")
        .annotate(
            learners=_count(Membership.objects.current()),
            waiting=_count(Thread.objects.open()),
            usable=_count(Invite.objects.usable(now)),
        )
        .order_by(F("closed_at").desc(nulls_first=True), "-starts_on", "name")
    )
    return [Led(row, row.learners, row.waiting, row.usable) for row in rows]


def _count(rows: QuerySet[Membership] | QuerySet[Thread] | QuerySet[Invite]) -> Coalesce:
    of_cohort = rows.filter(cohort=OuterRef("pk")).order_by().values("cohort")
    counted = of_cohort.annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

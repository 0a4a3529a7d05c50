"""Who is told what happens in a cohort. Called last in a transaction, as `accounts.notifying` asks."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.models import User
from accounts.notifying import Kind, notify, notify_all
from mentoring.models import Cohort, Handover, Membership, Mentor


def joined(membership: Membership, *, now: datetime) -> None:
    _to_mentors(
        membership.cohort,
        title=f"{membership.learner.name} joined {membership.cohort.name}",
        key=f"joined:{membership.pk}",
        now=now,
    )


def left(membership: Membership, *, now: datetime) -> None:
    _to_mentors(
        membership.cohort,
        title=f"{membership.learner.name} left {membership.cohort.name}",
        key=f"left:{membership.pk}",
        now=now,
    )


def handed_over(handover: Handover, *, by: User, now: datetime) -> None:
    """The learner, the new mentor, and the old one if staff did it."""
    learner, giver, taker, cohort = handover.learner, handover.giver, handover.taker, handover.cohort
    assert giver is not None, "both are there when it happens"
    assert taker is not None, "both are there when it happens"
    key = f"handover:{handover.pk}"
    notify(
        person=learner,
        kind=Kind.HANDOVER,
        title=f"{taker.name} looks after you in {cohort.name} from now on",
        text=f"{giver.name} handed you over. What you handed in keeps its place in the queue.",
        url=reverse("membership_list"),
        key=key,
        now=now,
    )
    notify(
        person=taker,
        kind=Kind.HANDED_OVER,
        title=f"{giver.name} hands {learner.name} over to you",
        text=handover.note,
        url=reverse("learner_card", args=[learner.pk]),
        key=key,
        now=now,
    )
    if by != giver:
        notify(
            person=giver,
            kind=Kind.COHORT,
            title=f"{taker.name} looks after {learner.name} from now on",
            text=f"{by.name} arranged it in {cohort.name}.",
            url=reverse("cohort_detail", args=[cohort.slug]),
            key=key,
            now=now,
        )


def without_their_mentor(membership: Membership, mentor: User, *, now: datetime) -> None:
    """A learner whose mentor is one no longer: everybody else of the cohort is there for them."""
    notify(
        person=membership.learner,
        kind=Kind.HANDOVER,
        title=f"{mentor.name} is no longer a mentor in {membership.cohort.name}",
        text="The other mentors look after you. What you handed in keeps its place in the queue.",
        url=reverse("membership_list"),
        key=f"without:{membership.pk}:{mentor.pk}:{now.isoformat()}",
        now=now,
    )


def _to_mentors(cohort: Cohort, *, title: str, key: str, now: datetime) -> None:
    mentors = Mentor.objects.active().filter(user__cohorts_led=cohort).select_related("user")
    notify_all(
        people=[mentor.user for mentor in mentors],
        kind=Kind.COHORT,
        title=title,
        url=reverse("cohort_detail", args=[cohort.slug]),
        key=key,
        now=now,
    )

"""Mentors, learners and threads in whatever state a test needs, made by the real actions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from accounts.models import User
from mentoring import gathering, review
from mentoring.asked import Asked, Criterion
from mentoring.deciding import Judgment
from mentoring.gathering import Piece
from mentoring.models import Cohort, Kind, Membership, Mentor, Met, Thread
from roles.models import Role
from tests.factories import UserFactory

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ASKED = Asked(
    title="Prediction models for the clinic",
    place="Milestone 3",
    text="Present a model with an explanation that a ward team can follow.",
    criteria=(
        Criterion("11111111-1111-4111-8111-111111111111", "Validation fits the question"),
        Criterion("22222222-2222-4222-8222-222222222222", "Calibration is shown and discussed"),
        Criterion("33333333-3333-4333-8333-333333333333", "Limits are stated", required=False),
    ),
)


def later(hours: float) -> datetime:
    """That many hours after `NOW`."""
    return NOW + timedelta(hours=hours)


def make_mentor(*roles: Role, name: str = "Ruth Adeyemi", limit: int = 5) -> User:
    user = UserFactory(is_mentor=True, display_name=name)
    Mentor.objects.create(user=user, open_limit=limit).roles.set(roles)
    return user


def make_cohort(
    role: Role, *, mentors: Iterable[User] = (), learners: Iterable[User] = (), slug: str = "winter"
) -> Cohort:
    cohort = Cohort.objects.create(name=slug.title(), slug=slug, role=role, starts_on=NOW.date())
    cohort.mentors.set(mentors)
    for learner in learners:
        Membership.objects.create(cohort=cohort, learner=learner, role=role, joined_at=NOW)
    return cohort


def make_draft(learner: User, role: Role, *, subject: UUID | None = None, now: datetime = NOW) -> Thread:
    """A thread with a note at hand, not handed in."""
    thread = review.open_thread(learner=learner, role=role, kind=Kind.MILESTONE, subject=subject or uuid4(), now=now)
    gathering.add(thread=thread, piece=Piece("Write-up", text="What I found."), by=learner, key=uuid4(), now=now)
    return thread


def make_submitted(learner: User, role: Role, *, now: datetime = NOW, message: str = "") -> Thread:
    thread = make_draft(learner, role, now=now)
    return review.submit(thread=thread, asked=ASKED, message=message, by=learner, key=uuid4(), now=now)


def make_claimed(learner: User, role: Role, mentor: User, *, now: datetime = NOW) -> Thread:
    return review.claim(thread=make_submitted(learner, role, now=now), by=mentor, key=uuid4(), now=now)


def make_returned(learner: User, role: Role, mentor: User, *, now: datetime = NOW) -> Thread:
    thread = make_claimed(learner, role, mentor, now=now)
    return review.return_(thread=thread, judgment=NOT_YET, by=mentor, key=uuid4(), now=now)


def make_approved(learner: User, role: Role, mentor: User, *, now: datetime = NOW) -> Thread:
    thread = make_claimed(learner, role, mentor, now=now)
    return review.approve(thread=thread, judgment=ALL_MET, by=mentor, key=uuid4(), now=now)


def resubmit(thread: Thread, *, now: datetime) -> Thread:
    """Hand in again what was returned."""
    return review.resubmit(thread=thread, asked=ASKED, message="", by=thread.learner, key=uuid4(), now=now)


ALL_MET = Judgment(met={each.key: Met.MET for each in ASKED.criteria}, text="Clear and honest.")
NOT_YET = Judgment(
    met={each.key: Met.MET for each in ASKED.criteria} | {ASKED.criteria[1].key: Met.PARTLY},
    remarks={ASKED.criteria[1].key: "The two highest groups lie below the line."},
    next_step="Refit on a held-out year and show the curve again.",
)

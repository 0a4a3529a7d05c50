"""Learners in a cohort at different points of their roadmap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import User
from mentoring.models import Cohort, Membership
from roadmaps.enrolling import enrol
from roadmaps.models import Enrolment, GoalState, State
from roles.models import Role
from tests.factories import UserFactory


def follow(learner: User, role: Role, states: Sequence[State] = (), *, since: datetime, every: float = 1) -> Enrolment:
    """Put a learner on a roadmap since then, its first goals in these states, one every so many days."""
    enrolment = enrol(learner=learner, role=role)
    Enrolment.objects.filter(pk=enrolment.pk).update(started_at=since)
    GoalState.objects.bulk_create(
        GoalState(
            enrolment=enrolment,
            goal_id=UUID(key),
            state=state,
            changed_at=since + timedelta(days=every * place),
            done_at=since + timedelta(days=every * place) if state == State.DONE else None,
        )
        for place, (key, state) in enumerate(zip(enrolment.publication.roadmap.live_goals, states, strict=False), 1)
    )
    return enrolment


def join(cohort: Cohort, states: Sequence[State] = (), *, name: str = "", since: datetime, every: float = 1) -> User:
    """A new learner in the cohort and on its roadmap since then."""
    learner = UserFactory(display_name=name)
    Membership.objects.create(cohort=cohort, learner=learner, role=cohort.role, joined_at=since)
    follow(learner, cohort.role, states, since=since, every=every)
    return learner

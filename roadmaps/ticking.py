"""Setting the state of a goal. The only writer of `GoalState` besides moving to a later edition.

A request names the state that it wants, so repeating it changes nothing. The enrolment's row is the lock: whatever a
learner does in two tabs happens one after the other, and each decision is made on what is really there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from roadmaps.models import Enrolment, GoalState, State
from roadmaps.standing import Standing, standings_of
from roles.blueprint import Goal


class NoSuchGoalError(Exception):
    """The learner's roadmap has no such goal, or it is retired."""


class NoCreditError(Exception):
    """Nothing that the learner finished elsewhere covers this goal."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What a request found and left behind."""

    standing: Standing  # afterwards
    goal: Goal
    before: State
    after: State

    @property
    def enrolment(self) -> Enrolment:
        return self.standing.enrolment


@transaction.atomic
def set_state(*, learner: User, role: str, goal: UUID, state: State, now: datetime) -> Tick:
    """Put one goal of the learner's roadmap into a state.

    Raises Enrolment.DoesNotExist where the learner is not on the role's roadmap, NoSuchGoalError for a foreign goal.
    """
    standing = _locked(learner, role)
    return _write(standing, _goal_of(standing, goal), state, now=now)


@transaction.atomic
def take_credit(*, learner: User, role: str, goal: UUID, now: datetime) -> Tick:
    """Take over what the learner finished on another roadmap.

    Raises Enrolment.DoesNotExist, NoSuchGoalError as `set_state` does; NoCreditError where nothing covers the goal.
    """
    standing = _locked(learner, role)
    found = _goal_of(standing, goal)
    credit = standing.credits.get(found.key)
    if credit is None:
        raise NoCreditError
    return _write(standing, found, State.DONE, now=now, credited_from=credit.goal.key)


def _locked(learner: User, role: str) -> Standing:
    # Lock first, read then: what was read before the lock could be gone by the time one has it.
    Enrolment.lock_all_of(learner)
    for standing in standings_of(learner):
        if standing.is_current and standing.enrolment.role.slug == role:
            return standing
    raise Enrolment.DoesNotExist


def _goal_of(standing: Standing, key: UUID) -> Goal:
    goal = standing.progress.roadmap.live_goals.get(str(key))
    if goal is None:
        raise NoSuchGoalError
    return goal


def _write(
    standing: Standing,
    goal: Goal,
    state: State,
    *,
    now: datetime,
    credited_from: str | None = None,
) -> Tick:
    before = standing.progress.state_of(goal.key)
    if before == state:
        return Tick(standing, goal, before, state)
    GoalState.put(standing.enrolment, goal.key, state, now=now, credited_from=credited_from)
    return Tick(standing.with_state(goal.key, state), goal, before, state)

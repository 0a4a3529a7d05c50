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
from roadmaps.standing import standings_of
from roles.blueprint import Goal


class NoSuchGoalError(Exception):
    """The learner's roadmap has no such goal, or it is retired."""


class NoCreditError(Exception):
    """Nothing that the learner finished elsewhere covers this goal."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What a request found and left behind."""

    enrolment: Enrolment
    goal: Goal
    before: State
    after: State


@transaction.atomic
def set_state(*, learner: User, role: str, goal: UUID, state: State, now: datetime) -> Tick:
    """Put one goal of the learner's roadmap into a state.

    Raises Enrolment.DoesNotExist where the learner is not on the role's roadmap, NoSuchGoalError for a foreign goal.
    """
    enrolment = _locked(learner, role)
    found = _goal_of(enrolment, goal)
    before = _write(enrolment, found, state, now=now)
    return Tick(enrolment, found, before, state)


@transaction.atomic
def take_credit(*, learner: User, role: str, goal: UUID, now: datetime) -> Tick:
    """Take over what the learner finished on another roadmap.

    Raises Enrolment.DoesNotExist, NoSuchGoalError as `set_state` does; NoCreditError where nothing covers the goal.
    """
    enrolment = _locked(learner, role)
    found = _goal_of(enrolment, goal)
    credit = next(each for each in standings_of(learner) if each.enrolment == enrolment).credits.get(found.key)
    if credit is None:
        raise NoCreditError
    before = _write(enrolment, found, State.DONE, now=now, credited_from=credit.goal.key)
    return Tick(enrolment, found, before, State.DONE)


def _locked(learner: User, role: str) -> Enrolment:
    # Lock first, read then: a row that was moved to another publication while we waited for it would drop out of a
    # join with the one it pointed to before.
    mine = Enrolment.objects.of(learner).current().in_role(role)
    pk = mine.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True).get()
    return Enrolment.objects.with_publications().get(pk=pk)


def _goal_of(enrolment: Enrolment, key: UUID) -> Goal:
    goal = enrolment.roadmap.live_goals.get(str(key))
    if goal is None:
        raise NoSuchGoalError
    return goal


def _write(
    enrolment: Enrolment,
    goal: Goal,
    state: State,
    *,
    now: datetime,
    credited_from: str | None = None,
) -> State:
    row = GoalState.objects.filter(enrolment=enrolment, goal_id=goal.key).first()
    before = State(row.state) if row else State.TODO
    if before == state:
        return before
    row = row or GoalState(enrolment=enrolment, goal_id=goal.key)
    row.state = state
    row.changed_at = now
    row.done_at = now if state == State.DONE else None
    row.credited_from_id = credited_from
    row.save()
    return before

"""Coming onto a roadmap, leaving it, and moving to a later edition of it. The only writer of `Enrolment`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from roadmaps.models import Enrolment, GoalState, Publication, State
from roles.blueprint import Goal, Roadmap
from roles.models import Role


class NoRoadmapError(Exception):
    """The role has no published roadmap."""


@transaction.atomic
def enrol(*, learner: User, role: Role) -> Enrolment:
    """Put the learner on the role's newest publication. Doing it again changes nothing; after leaving it resumes."""
    newest = Publication.objects.held(role)
    if newest is None:
        raise NoRoadmapError
    enrolment, created = Enrolment.objects.select_for_update(no_key=True).get_or_create(
        learner=learner, role=role, defaults={"publication": newest}
    )
    if not created and enrolment.left_at is not None:
        enrolment.left_at = None
        enrolment.save(update_fields=["left_at"])
    return enrolment


@transaction.atomic
def leave(*, learner: User, role: Role, now: datetime) -> Enrolment:
    """Take the learner off the roadmap. Progress stays for the day they come back."""
    enrolment = Enrolment.objects.of(learner).select_for_update(no_key=True).get(role=role)
    if enrolment.left_at is None:
        enrolment.left_at = now
        enrolment.save(update_fields=["left_at"])
    return enrolment


@transaction.atomic
def accept_newest(*, learner: User, role: Role, offered: int, now: datetime) -> Enrolment | None:
    """Move the learner to the publication they were shown, and carry credit over to what replaces finished goals.

    `offered` is the number of the publication whose diff was on the page. Returns None, and changes nothing, if a
    newer one came out meanwhile: nobody accepts what they have not seen. Accepting twice changes nothing.
    """
    enrolment = _locked(learner, role)
    newest = Publication.objects.held(role)
    if newest is None or newest.number != offered:
        return None
    if enrolment.publication_id != newest.pk:
        _carry_over(enrolment, newest.roadmap, now)
        enrolment.publication = newest
        enrolment.declined = None
        enrolment.accepted_at = now
        enrolment.save(update_fields=["publication", "declined", "accepted_at"])
    return enrolment


@transaction.atomic
def put_aside(*, learner: User, role: Role) -> Enrolment:
    """Stay on the edition that one has. The offer is shown small from now on, until there is a newer one."""
    enrolment = _locked(learner, role)
    enrolment.declined = Publication.objects.latest_of(role)
    enrolment.save(update_fields=["declined"])
    return enrolment


def _locked(learner: User, role: Role) -> Enrolment:
    return Enrolment.objects.of(learner).current().select_for_update(no_key=True).get(role=role)


def _carry_over(enrolment: Enrolment, roadmap: Roadmap, now: datetime) -> None:
    states = {str(row.goal_id): row for row in enrolment.goal_states.all()}
    carried = (
        _carried(enrolment, goal, states, now)
        for key, goal in roadmap.live_goals.items()
        if goal.replaces and _is_open(states.get(key))
    )
    for row in carried:
        if row is not None:
            GoalState.objects.bulk_create(
                [row],
                update_conflicts=True,
                unique_fields=["enrolment", "goal"],
                update_fields=["state", "changed_at", "done_at", "credited_from"],
            )


def _is_open(row: GoalState | None) -> bool:
    return row is None or row.state == State.TODO


def _carried(enrolment: Enrolment, goal: Goal, states: Mapping[str, GoalState], now: datetime) -> GoalState | None:
    """The state that a goal inherits from what it replaces: done if all of that was done, doing if any was begun."""
    old = [states.get(key) for key in goal.replaces]
    found = {State(row.state) if row else State.TODO for row in old}
    if found == {State.DONE}:
        first = next(row for row in old if row)
        return GoalState(
            enrolment=enrolment,
            goal_id=goal.key,
            state=State.DONE,
            changed_at=now,
            done_at=first.done_at,
            credited_from_id=first.goal_id,
        )
    if found == {State.SKIPPED}:
        return GoalState(enrolment=enrolment, goal_id=goal.key, state=State.SKIPPED, changed_at=now)
    if found & {State.DONE, State.DOING}:
        return GoalState(enrolment=enrolment, goal_id=goal.key, state=State.DOING, changed_at=now)
    return None
